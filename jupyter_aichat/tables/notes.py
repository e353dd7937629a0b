"""What was assumed while a file was read, as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_aichat.tables.markdown import code, escape
from jupyter_aichat.tables.numbers import whole
from jupyter_aichat.tables.phrases import PHRASES, Words
from jupyter_aichat.tables.table import Assumption

__all__ = ["render_notes", "split_notes"]

_MOST_COLUMNS = 6


def render_notes(assumptions: Sequence[Assumption], words: Words) -> str:
    """A headed list; columns of which the same is to be said share a line. "" if nothing was assumed."""
    lines = [f"- {_sentence(group, words)}" for group in _alike(assumptions)]
    return f"**{words('notes')}**\n\n" + "\n".join(lines) if lines else ""


def split_notes(markdown: str) -> tuple[str, str]:
    """A rendered result without its notes, and the notes."""
    for heading in PHRASES["notes"]:
        body, mark, notes = markdown.partition(f"**{heading}**\n")
        if mark:
            return body.rstrip(), mark + notes
    return markdown, ""


def _alike(assumptions: Sequence[Assumption]) -> list[list[Assumption]]:
    """Neighbours and others of one kind together, except those that have values of their own to tell."""

    def kind(one: Assumption) -> tuple[str, str]:
        own = one.misfits or one.code in {"renamed", "sheet", "zone_dropped"}
        return one.code, f"{one.column}\0{one.detail}" if own else ""

    ordered: dict[tuple[str, str], list[Assumption]] = {}
    for one in assumptions:
        ordered.setdefault(kind(one), []).append(one)
    return list(ordered.values())


def _sentence(group: list[Assumption], words: Words) -> str:
    first = group[0]
    names = [code(one.column) for one in group[:_MOST_COLUMNS] if one.column]
    columns = ", ".join(names) + (f" (+{len(group) - _MOST_COLUMNS})" if len(group) > _MOST_COLUMNS else "")
    examples = list(dict.fromkeys(example for one in group for example in one.examples))
    shown = ", ".join(f"“{escape(example)}”" for example in examples[:6])
    if first.code == "format":
        if first.examples:
            encoding, delimiter = first.examples
            return words("format_text", format=first.detail, encoding=encoding, delimiter=words(delimiter))
        return words("format", format=first.detail)
    key = {
        "renamed": "renamed" if first.detail else "renamed_blank",
        "numbers": "numbers" if first.detail else "numbers_plain",
    }.get(first.code, first.code)
    sentence = words(
        key,
        columns=columns,
        detail=escape(first.detail),
        values=whole(sum(one.values for one in group)),
        misfits=whole(sum(one.misfits for one in group)),
        examples=shown,
    )
    if first.misfits and not first.code.startswith("mostly"):
        sentence += " " + words("misfits", misfits=whole(first.misfits), examples=shown)
    return sentence
