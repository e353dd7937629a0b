"""Which rows a question speaks of: values it names or excludes, and bounds on the columns it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from jupyter_aichat.agents.offline.bounds import Bound
from jupyter_aichat.agents.offline.columns import Mention, ValueMention, meaning
from jupyter_aichat.agents.offline.language import Token
from jupyter_aichat.tables import Column, Sign, TableHead

__all__ = ["Rows", "bounded", "excluded", "quoted_values"]

_EXCLUDING: Final = re.compile(
    r"\b(?:excluding|excl\.?|ex|w/o|except(?:ing)?(?: for)?|exclude|leaving out|leave out|ignoring|ignore|without|other than|apart from"
    r"|aside from|besides|minus|outside(?: of)?|non"
    r"|(?:all|every\w*|any\w*|\w+) but(?= (?!only|not|for|in|by|just|also))"
    r"|(?:but |and |is |are |was |were )?not(?: in| from| for| including| counting| via| through| equal to)?"
    r"|(?:isn|aren|wasn|weren)['’]t(?: in| from| for)?)\b|≠|!=|<>",
    re.IGNORECASE,
)
"""What comes next is left out."""
_EXCLUDED: Final = re.compile(
    r"(?:만|은|는|을|를|이|가)?\s*(?:빼고(?:는)?|빼면|뺀|제외하고(?:는)?|제외하면|제외한|제외(?:하여|해서?)?|말고(?:는)?|아닌|이외(?:의|에)?"
    r"|외(?:의|에)?(?![가-힣])|없이)"
)
"""What came before is left out."""
_JOINERS: Final = frozenset(
    {
        "",
        ",",
        "and",
        ", and",
        "or",
        ", or",
        "&",
        "nor",
        "-",
        "/",
        "및",
        "그리고",
        "또는",
        "이나",
        "혹은",
        ", ≠",
    }
)
_LINKS: Final = frozenset(
    {"the", "in", "from", "for", "any", "all", "a", "of", "is", "are", "those", "at", "on"}
)
_QUOTED: Final = re.compile(r"[\"'“‘]([^\"'”’\n]{1,60})[\"'”’]")
_FILLER: Final = frozenset(
    {"", "is", "are", "was", "were", "of", "the", "a", "with", "has", "have", ":", "=", ",", "values", "value", "being", "that is",
     "that are", "which is", "greater", "amount", "가", "이", "은", "는", "을", "를"}
)  # fmt: skip
_BEHIND: Final = frozenset({"", "in", "of", "worth of", "의", "인", "짜리", "in total", "of total"})


@dataclass(slots=True)
class Rows:
    """Which rows are meant. Names and values are those of the table."""

    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    where_not: dict[str, tuple[str, ...]] = field(default_factory=dict)
    where_range: dict[str, dict[Sign, int | float | str]] = field(default_factory=dict)
    loose: list[Bound] = field(default_factory=list)
    """Bounds that might be on several columns, or on none."""
    used: list[tuple[int, int]] = field(default_factory=list)
    """Where the words stand that are understood with that."""

    def add(self, column: str, value: str, *, out: bool) -> None:
        """Keep a value, or leave it out."""
        target = self.where_not if out else self.where
        target[column] = tuple(dict.fromkeys((*target.get(column, ()), value)))


def excluded(
    text: str, words: Sequence[Token], found: Sequence[Mention], values: Sequence[ValueMention], rows: Rows
) -> set[int]:
    """The numbers of the values that the sentence excludes; the words that say so are noted in `rows`."""
    out: set[int] = set()
    for trigger in _EXCLUDING.finditer(text):
        position, chosen = trigger.end(), list[int]()
        for number, value in enumerate(values):
            if words[value.first].start < trigger.end():
                continue
            between = _without_column(text, position, words[value.first].start, words, found, value.column)
            if between.lower() not in _JOINERS and not set(between.lower().split()) <= _LINKS:
                break
            if chosen and between.lower() not in _JOINERS - {""}:
                break
            chosen.append(number)
            position = words[value.last].end
        if chosen:
            out.update(chosen)
            start = trigger.start()
            if trigger[0].lower().endswith(" but"):  # "regions but Seoul": the word before it stays
                start = trigger.end() - 3
            rows.used += [(start, trigger.end()), (trigger.end(), words[values[chosen[0]].first].start)]
    for number, value in enumerate(values):
        end = words[value.last].end
        behind = [
            one
            for one in found
            if one.first == value.last + 1 and any(c.name == value.column for c in one.columns)
        ]
        starts = [end, *(words[one.last].end for one in behind)]
        # the particle belongs to the token: 서울을, 서울만
        for start in starts:
            if trigger_ := _EXCLUDED.match(text, start):
                out.add(number)
                rows.used.append((start, trigger_.end()))
                out.update(_before(text, words, values, number))
                break
    return out


def _before(text: str, words: Sequence[Token], values: Sequence[ValueMention], last: int) -> set[int]:
    """The values that are joined with the one called `last`: 서울과 부산 제외."""
    joined: set[int] = set()
    for number in range(last - 1, -1, -1):
        one, following = values[number], values[number + 1]
        between = text[words[one.last].end : words[following.first].start].strip()
        if one.column != following.column or not (
            (between and between in _JOINERS)
            or (not between and words[one.last].text.endswith(("와", "과", "랑", "하고", "이나", "나")))
        ):
            break
        joined.add(number)
    return joined


def _without_column(
    text: str, first: int, last: int, words: Sequence[Token], found: Sequence[Mention], column: str
) -> str:
    """What stands between, without a mention of the value's own column: "excluding the region Seoul"."""
    between = text[first:last]
    for one in found:
        start, end = words[one.first].start, words[one.last].end
        if first <= start and end <= last and any(c.name == column for c in one.columns):
            between = between[: start - first] + between[end - first :]
    return between.strip(" \"'“‘")


def quoted_values(text: str, words: Sequence[Token], found: list[Mention], rows: Rows) -> list[Mention]:
    """Quoted texts behind a column's name are values of it: customer is "Kim" or "Lee", region: not "Seoul"."""
    anchors: list[Mention] = []
    out = False
    for quoted in _QUOTED.finditer(text):
        inside = range(quoted.start(), quoted.end())
        found = [one for one in found if words[one.first].start not in inside]
        before = [one for one in found if words[one.last].end <= quoted.start() and len(one.columns) == 1]
        if not before:
            continue
        ahead = text[words[before[-1].last].end : quoted.start()]
        negated = re.search(rf"(?:{_EXCLUDING.pattern})\s*$", ahead, re.IGNORECASE)
        continued = re.fullmatch(r".*[\"'”’]\s*(?:,|and|or|,\s*and|,\s*or)\s*", ahead, re.DOTALL)
        out = bool(negated) or (out and bool(continued)) or bool(_EXCLUDED.match(text, quoted.end()))
        if negated:
            start = words[before[-1].last].end + negated.start()
            rows.used.append((start, quoted.start()))
        anchors.append(before[-1])
        rows.add(before[-1].columns[0].name, quoted[1].strip(), out=out)
        rows.used.append((quoted.start(), quoted.end()))
    return [one for one in found if one not in anchors]


def bounded(
    text: str,
    words: Sequence[Token],
    found: Sequence[Mention],
    bounds: Sequence[Bound],
    head: TableHead,
    rows: Rows,
) -> list[Mention]:
    """The mentions of columns that a bound is on; `rows` gets the bounds."""
    taken: list[Mention] = []
    last: tuple[Bound, Column] | None = None
    for bound in bounds:
        mention = _before_bound(text, words, found, bound)
        if mention is None and not bound.hint:
            mention = _behind(text, words, found, bound)
        column = mention.columns[0] if mention and len(mention.columns) == 1 else None
        if (
            mention is None
            and last
            and text[last[0].last : bound.first].strip().lower() in {"", "and", "but", ",", "그리고"}
        ):
            column = last[1]
        if mention is None and column is None and bound.hint:
            fitting = [one for one in head.columns if one.numeric and meaning(one.name) == bound.hint]
            column = fitting[0] if len(fitting) == 1 else None
        if column is None:
            rows.loose.append(bound)
        else:
            own = rows.where_range.setdefault(column.name, {})
            own.update(dict(bound.limits))
            last = (bound, column)
        if mention:
            taken.append(mention)
        rows.used.append((bound.first, bound.last))
    return taken


def _numbers(found: Sequence[Mention]) -> list[Mention]:
    narrowed = [one.among(lambda column: column.numeric) for one in found]
    return [one for one in narrowed if one.columns[0].numeric]


def _before_bound(
    text: str, words: Sequence[Token], found: Sequence[Mention], bound: Bound
) -> Mention | None:
    """The column of numbers that stands directly before a bound."""
    for one in reversed(_numbers(found)):
        end = words[one.last].end
        if end <= bound.first:
            between = text[end : bound.first].strip().lower()
            return one if between in _FILLER or set(between.split()) <= _FILLER else None
    return None


def _behind(text: str, words: Sequence[Token], found: Sequence[Mention], bound: Bound) -> Mention | None:
    """The column of numbers that stands directly behind a bound: "over 1000 in revenue", "10만원 이상 매출"."""
    for one in _numbers(found):
        start = words[one.first].start
        if start >= bound.last:
            return one if text[bound.last : start].strip().lower() in _BEHIND else None
    return None
