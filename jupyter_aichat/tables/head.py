"""The first line of a profile's text: the columns in a form that rules can read back.

It is an HTML comment, so a reader of the Markdown does not see it; a model does, and gets the exact column names,
their kinds and the distinct values of short lists from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jupyter_aichat.tables.results import ColumnProfile, Profile, Result
from jupyter_aichat.tables.table import Column

__all__ = ["TableHead", "head_line", "split_head"]

_OPEN: Final = "<!-- table "
_CLOSE: Final = " -->"
_MOST_COLUMNS: Final = 200
_LONGEST_VALUE: Final = 40
_ROOM_FOR_VALUES: Final = 4000


@dataclass(frozen=True, slots=True)
class TableHead:
    """What a profile says of a table, for planning. `values` holds a text column's distinct values where few."""

    name: str
    sheet: str | None
    rows: int
    columns: tuple[Column, ...]
    values: dict[str, tuple[str, ...]]
    spans: dict[str, tuple[date, date]]
    """The first and the last day of each date column."""


def head_line(result: Result) -> str:
    """The line for a profile; "" for every other finding."""
    if not isinstance(result.finding, Profile):
        return ""
    profiles = result.finding.columns
    listed: list[list[Any]] = []
    room = _ROOM_FOR_VALUES
    for profile in profiles[:_MOST_COLUMNS]:
        values = _short(profile)
        room -= sum(map(len, values))
        column = profile.column
        listed.append([column.name, column.kind, column.unit, column.granularity, values if room > 0 else []])
    head = {"name": result.name, "sheet": result.sheet, "rows": result.total, "columns": listed}
    if len(profiles) > _MOST_COLUMNS:
        head["more"] = len(profiles) - _MOST_COLUMNS
    # ">" can only stand inside strings here; escaped, no name can end the comment
    return (
        _OPEN + json.dumps(head, ensure_ascii=False, separators=(",", ":")).replace(">", "\\u003e") + _CLOSE
    )


def _short(profile: ColumnProfile) -> Sequence[str]:
    if isinstance(profile.minimum, date) and isinstance(profile.maximum, date):
        return [profile.minimum.isoformat()[:10], profile.maximum.isoformat()[:10]]
    values = profile.values if profile.column.kind == "text" else ()
    return list(values) if all(len(value) <= _LONGEST_VALUE for value in values) else []


def split_head(text: str) -> tuple[TableHead | None, str]:
    """The head of a tool's text and the rest of it; no head if the text has none, or a damaged one."""
    line, _, rest = text.partition("\n")
    if not (line.startswith(_OPEN) and line.endswith(_CLOSE)):
        return None, text
    try:
        head = json.loads(line[len(_OPEN) : -len(_CLOSE)])
        columns = tuple(Column(name, kind, unit, fine) for name, kind, unit, fine, _ in head["columns"])
        listed = {name: tuple(values) for name, *_, values in head["columns"] if values}
        dated = {column.name for column in columns if column.dated}
        values = {name: texts for name, texts in listed.items() if name not in dated}
        spans = {
            name: (date.fromisoformat(first), date.fromisoformat(last))
            for name, (first, last) in ((name, listed[name]) for name in dated & set(listed))
        }
        return TableHead(head["name"], head["sheet"], head["rows"], columns, values, spans), rest.lstrip("\n")
    except (ValueError, KeyError, TypeError):
        return None, text
