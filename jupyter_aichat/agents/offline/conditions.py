"""The filters of a calculation as parts of an expression, the same for both libraries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.tables.periods import next_start
from jupyter_aichat.tables.values import parse_day, parse_number

__all__ = ["Compared", "OneOf", "conditions_of"]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Rows with one of the values of a column, or, if `out`, with none of them."""

    column: str
    values: tuple[Any, ...]
    out: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows within bounds: numbers, or days as (sign, day). Several spans are joined by "or"."""

    column: str
    spans: tuple[tuple[tuple[str, Any], ...], ...]
    out: bool = False


def conditions_of(frame: Frame, request: Mapping[str, Any]) -> list[OneOf | Compared]:
    """The filters of a request."""
    columns = {column.name: column for column in frame.head.columns}
    found: list[OneOf | Compared] = []
    for field, out in (("where", False), ("where_not", True)):
        for name, wanted in request.get(field, {}).items():
            values = wanted if isinstance(wanted, list) else [wanted]
            column = columns[name]
            if column.dated:
                spans = tuple(((">=", first), ("<", end)) for first, end in map(_days, values))
                found.append(Compared(name, spans, out))
            elif column.numeric:
                numbers = tuple(number.value for value in values if (number := parse_number(str(value))))
                found.append(OneOf(name, numbers, out))
            elif column.kind == "boolean":
                found.append(OneOf(name, tuple(str(value).lower() == "true" for value in values), out))
            else:
                found.append(OneOf(name, tuple(map(str, values)), out))
    for name, bounds in request.get("where_range", {}).items():
        limits: list[tuple[Any, Any]] = []
        for sign, bound in bounds.items():
            if columns[name].dated:
                first, end = _days(str(bound))
                limits.append({">": (">=", end), "<=": ("<", end)}.get(sign, (sign, first)))
            else:
                limits.append((sign, bound))
        found.append(Compared(name, (tuple(limits),)))
    return found


def _days(text: Any) -> tuple[date, date]:
    """The first day of a period, and the first one after it."""
    text = str(text)
    read = parse_day(f"{text}년" if text.isdigit() and len(text) == 4 else text, hinted=True)
    if read is None or read.granularity == "time":
        raise ValueError(text)
    first = date(read.when.year, read.when.month, read.when.day)
    return first, next_start(first, read.granularity)
