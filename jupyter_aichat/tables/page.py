"""A page of Markdown in the making, and how cells are written on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jupyter_aichat.tables.markdown import escape
from jupyter_aichat.tables.numbers import Figures, whole
from jupyter_aichat.tables.periods import period_label
from jupyter_aichat.tables.phrases import Words
from jupyter_aichat.tables.results import Cell
from jupyter_aichat.tables.table import Column

__all__ = [
    "COLUMNS", "NOTHING", "ROWS", "STEPS", "Page", "cell_text", "figure_text", "heading", "headings", "say_how_many",
    "writers",
]  # fmt: skip

ROWS: Final = 10
"""How many rows of a finding a table shows,"""
STEPS: Final = 12
"""how many periods (a year of months),"""
COLUMNS: Final = 40
"""and how many rows where each of them is one of the file's columns."""
NOTHING: Final = "–"
"""What stands where there is no value."""


@dataclass(slots=True)
class Page:
    """A result's parts as they are written; `rounded` is set by whoever rounds."""

    title: str = ""
    sentences: list[str] = field(default_factory=list)
    table: str = ""
    below: list[str] = field(default_factory=list)
    rounded: bool = False

    def figures(self, values: Sequence[Cell], column: Column | None = None) -> Figures:
        """What writes these values alike; remembers whether it rounds."""
        figures = Figures(values, column)
        self.rounded = self.rounded or figures.rounded
        return figures


def say_how_many(page: Page, say: Words, most: int, of: int) -> None:
    """Say below the table that it shows `most` of `of`, if it does not show all."""
    if of > most:
        page.below.append(say("shown", shown=whole(most), of=whole(of)))


def heading(column: Column) -> str:
    """A column's name with its unit."""
    return escape(column.name) + (f" ({escape(column.unit)})" if column.unit else "")


def headings(columns: Sequence[Column]) -> list[tuple[str, bool]]:
    """Headings for a table of these columns."""
    return [(heading(column), column.numeric) for column in columns]


def writers(
    rows: Sequence[Sequence[Cell]], columns: Sequence[Column], page: Page, say: Words
) -> list[Callable[[Cell], str]]:
    """For each column, what writes its cells alike."""

    def writer(column: Column, cells: list[Cell]) -> Callable[[Cell], str]:
        figures = page.figures(cells, column)
        return lambda cell: cell_text(cell, column, say, figures)

    return [writer(column, [row[index] for row in rows]) for index, column in enumerate(columns)]


def cell_text(cell: Cell, column: Column | None, say: Words, figures: Figures | None = None) -> str:
    """A cell as Markdown; dates as fine as their column is."""
    if cell is None:
        return NOTHING
    if isinstance(cell, bool | str):
        return escape(str(cell).lower() if isinstance(cell, bool) else cell)
    if isinstance(cell, int | float):
        return (figures or Figures([cell], column))(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    fine = column.granularity if column else None
    return period_label(cell, fine, say.language) if fine and fine != "time" else cell.isoformat()


def figure_text(value: Cell, figures: Figures) -> str:
    """A number, or a dash where there is none."""
    return figures(value) if isinstance(value, int | float) else NOTHING
