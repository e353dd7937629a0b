"""Reading what a calculation in the kernel printed, and writing it as Markdown. No figure comes from anywhere else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.tables.markdown import escape, table
from jupyter_aichat.tables.numbers import Figures, percent
from jupyter_aichat.tables.periods import Period, period_label
from jupyter_aichat.tables.phrases import words

__all__ = ["MOST_ROWS", "Printed", "markdown", "read"]

_TITLE: Final = re.compile(r"^# (?P<title>.+) \| (?P<kept>\d+) of (?P<all>\d+) rows$")
_SHOWN: Final = 12
MOST_ROWS: Final = 500
"""How many rows of a table the code prints; with so many it may have left some out."""
_PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "quarter", "year")
_UNITS: Final = {"day", "week", "month", "quarter", "year"}


@dataclass(frozen=True, slots=True)
class Printed:
    """One calculation: how many rows it looked at, and its table as text."""

    title: str
    kept: int
    all: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read(output: str) -> list[Printed]:
    """The calculations of an output, in order; what does not look like one is left out."""
    found: list[Printed] = []
    block: list[str] = []
    head: re.Match[str] | None = None
    for line in [*output.splitlines(), "# end | 0 of 0 rows"]:
        match = _TITLE.match(line)
        if match is None:
            block.append(line)
            continue
        if head and (cells := list(csv.reader(io.StringIO("\n".join(block).strip()), delimiter="\t"))):
            width = len(cells[0])
            rows = tuple(tuple(row) for row in cells[1:] if row)
            if any(len(row) != width for row in rows):  # the middle was cut out, or the code was another one
                return []
            found.append(Printed(head["title"], int(head["kept"]), int(head["all"]), tuple(cells[0]), rows))
        head, block = match, []
    return found


def markdown(one: Printed, heading: str, filters: str, language: Language) -> str:
    """A calculation as the answer shows it, in the form that those of files have."""
    parts = [f"### {heading}"]
    sentences: list[str] = []
    if filters:
        sentences.append(
            words(language)("filtered", conditions=filters, rows=f"{one.kept:,}", total=f"{one.all:,}")
        )
    if len(one.columns) == 1 and len(one.rows) == 1:
        [[figure]] = one.rows
        shown = (
            _figures(one.rows, 0)([figure])[0] if _number(figure) is not None else say(language, "no_value")
        )
        sentences.append(
            words(language)("figure", measure=heading, value=shown, rows=words(language).rows(one.kept))
        )
        return "\n\n".join([*parts, " ".join(sentences)])
    sentences += _extremes(one, language)
    rows = one.rows[-_SHOWN:] if _time(one) is not None else one.rows[:_SHOWN]
    writers = [_figures(one.rows, index, one.columns[index]) for index in range(len(one.columns))]
    columns = [write([row[index] for row in rows]) for index, write in enumerate(writers)]
    numeric = [
        all(_number(row[i]) is not None or not row[i] for row in one.rows) for i in range(len(one.columns))
    ]
    parts += [" ".join(sentences)] if sentences else []
    parts.append(
        table(list(zip(_headings(one, language), numeric, strict=True)), list(zip(*columns, strict=True)))
    )
    if len(one.rows) > _SHOWN:
        parts.append(
            words(language)(
                "shown", shown=str(_SHOWN), of=f"{len(one.rows):,}{'+' if len(one.rows) >= MOST_ROWS else ''}"
            )
        )
    return "\n\n".join(parts)


def _headings(one: Printed, language: Language) -> list[str]:
    known = {
        "total",
        "mean",
        "median",
        "smallest",
        "largest",
        "count",
        "different",
        "rows",
        "share",
        "change",
        "missing",
        *_UNITS,
    }
    return [say(language, f"h_{name}") if name in known else escape(name) for name in one.columns]


def _time(one: Printed) -> int | None:
    return next((i for i, name in enumerate(one.columns) if name in _UNITS and "change" in one.columns), None)


_MEASURES: Final = ("total", "mean", "median", "smallest", "largest", "count", "different")


def _extremes(one: Printed, language: Language) -> list[str]:
    """The largest and the smallest, where the table is a figure for each of several things."""
    measure = next((i for i, name in enumerate(one.columns) if name in _MEASURES), None)
    if measure is None or measure == 0 or not 1 < len(one.rows) < MOST_ROWS:
        return []
    known = [row for row in one.rows if _number(row[measure]) is not None]
    if len(known) < 2:
        return []
    ranked = sorted(known, key=lambda row: _number(row[measure]) or 0)
    write = _figures(one.rows, measure)

    def named(row: Sequence[str]) -> str:
        keys = [_figures(one.rows, i, one.columns[i])([row[i]])[0] for i in range(measure)]
        return f"{' · '.join(keys)}, {write([row[measure]])[0]}"

    return [words(language)("extremes", high=named(ranked[-1]), low=named(ranked[0]))]


def _number(text: str) -> int | float | None:
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124  not a number


class _Writer:
    """Writes the cells of one column alike."""

    def __init__(self, cells: Sequence[str], name: str) -> None:
        values = [_number(cell) for cell in cells]
        self._numeric = name in {*_MEASURES, "rows", "share", "change"} or all(
            isinstance(value, float) or cell == "" for value, cell in zip(values, cells, strict=True)
        )
        self._name = name
        self._figures = Figures([value for value in values if value is not None])

    def __call__(self, cells: Sequence[str]) -> list[str]:
        return [self._one(cell) for cell in cells]

    def _one(self, cell: str) -> str:
        value = _number(cell)
        if self._name in {"share", "change"}:
            return "–" if value is None else percent(value, signed=self._name == "change")
        if self._numeric:
            return "–" if value is None else self._figures(value)
        if self._name in _UNITS:
            return _label(cell, self._name)
        return escape(cell) if cell else "–"


def _figures(rows: Sequence[Sequence[str]], index: int, name: str = "total") -> _Writer:
    return _Writer([row[index] for row in rows], name)


def _label(cell: str, unit: str) -> str:
    try:
        day = date.fromisoformat(cell[:10])
    except ValueError:
        return escape(cell)
    return period_label(day, next(period for period in _PERIODS if period == unit), "en")
