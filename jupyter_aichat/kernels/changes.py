"""What happened to a kernel's variables between two snapshots (`source/snapshot.py`), in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jupyter_aichat.kernels.describe import Language, phrase, visible

__all__ = ["Change", "Changes", "compare"]

_NAMED: Final = 8
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "added": "new columns: {names}",
        "removed": "columns gone: {names}",
        "changed": "changed columns: {names}",
        "index": "index changed",
        "content": "content changed",
        "replaced": "replaced by another object",
        "more": "{names} and {count} more",
    },
    "ko": {
        "added": "새 열: {names}",
        "removed": "없어진 열: {names}",
        "changed": "바뀐 열: {names}",
        "index": "인덱스가 바뀜",
        "content": "내용이 바뀜",
        "replaced": "다른 객체로 바뀜",
        "more": "{names} 외 {count}개",
    },
}


@dataclass(frozen=True, slots=True)
class Change:
    """One variable. `before` and `after` say what it was and is; `None`: it did not, or does not, exist."""

    name: str
    before: str | None
    after: str | None
    detail: str = ""
    """What changed in it ("new columns: share"), where that is known."""

    def data(self) -> dict[str, str]:
        """It as JSON, without what is not there."""
        told = {"name": self.name, "before": self.before, "after": self.after, "detail": self.detail}
        return {key: value for key, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is different. `uncertain` names variables whose content may have changed without being noticed."""

    created: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    deleted: tuple[Change, ...] = ()
    uncertain: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.deleted)


def compare(before: Mapping[str, Any], after: Mapping[str, Any], language: Language = "en") -> Changes:
    """The difference of two snapshots. Modules do not count: an import is no work on the user's data."""
    old, new = _variables(before), _variables(after)
    created = [Change(name, None, phrase(new[name], language)) for name in new if name not in old]
    deleted = [Change(name, phrase(old[name], language), None) for name in old if name not in new]
    changed, uncertain = [], []
    for name in new:
        if name not in old:
            continue
        details = _details(old[name], new[name], language)
        if details is not None:
            was, is_now = phrase(old[name], language), phrase(new[name], language)
            changed.append(Change(name, was, is_now, "; ".join(details)))
        elif not (old[name]["exact"] and new[name]["exact"]):
            uncertain.append(name)
    return Changes(tuple(created), tuple(changed), tuple(deleted), tuple(uncertain))


def _variables(snapshot: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: told for name, told in snapshot["variables"].items() if told["kind"] != "module"}


def _details(old: Mapping[str, Any], new: Mapping[str, Any], language: Language) -> list[str] | None:
    """What is different; an empty list where the two phrases say it all, `None` where nothing is."""
    words = _WORDS[language]
    if any(old.get(key) != new.get(key) for key in ("type", "module", "kind")):
        return []
    details = []
    if "columns" in old and "columns" in new:
        details = _column_details(old["columns"], new["columns"], language)
    reshaped = any(old.get(key) != new.get(key) for key in ("shape", "length", "dtype"))
    if details or reshaped:
        return details
    if _differs(old["content"], new["content"]):
        return [words["index"] if "columns" in new else words["content"]]
    if old["id"] != new["id"] and not (old["exact"] and new["exact"]):
        return [words["replaced"]]
    return None


def _column_details(
    old: Sequence[Sequence[str]], new: Sequence[Sequence[str]], language: Language
) -> list[str]:
    """New, gone and changed columns. Columns of one name are told apart by their order."""
    before, after = _by_name(old), _by_name(new)
    added = [name for name, number in after if (name, number) not in before]
    removed = [name for name, number in before if (name, number) not in after]
    changed = [
        key[0]
        for key, (dtype, content) in after.items()
        if key in before and (before[key][0] != dtype or _differs(before[key][1], content))
    ]
    found = {"added": added, "removed": removed, "changed": changed}
    if list(before) != list(after) and not added and not removed:
        found["changed"] = [name for name, _ in after]  # another order
    return [
        _WORDS[language][word].format(names=_named(names, language)) for word, names in found.items() if names
    ]


def _by_name(columns: Sequence[Sequence[str]]) -> dict[tuple[str, int], tuple[str, str]]:
    seen: Counter[str] = Counter()
    found = {}
    for name, dtype, content in columns:
        seen[name] += 1
        found[name, seen[name]] = (dtype, content)
    return found


def _differs(old: str | None, new: str | None) -> bool:
    """Whether two fingerprints of alike parts are different; of other parts they say nothing."""
    return (
        old is not None and new is not None and old != new and old.partition("~")[2] == new.partition("~")[2]
    )


def _named(names: Sequence[str], language: Language) -> str:
    shown = ", ".join(visible(name) for name in names[:_NAMED])
    if len(names) <= _NAMED:
        return shown
    return _WORDS[language]["more"].format(names=shown, count=len(names) - _NAMED)
