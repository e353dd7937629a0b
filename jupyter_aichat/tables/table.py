"""A table as it was read: the frame, what its columns hold, and everything that was assumed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jupyter_aichat.tables.values import Granularity

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Assumption", "AssumptionCode", "Column", "Kind", "Table"]

Kind = Literal["integer", "number", "date", "datetime", "boolean", "text"]
"""What a column holds. "text" is also the kind of everything that none of the others fits."""

AssumptionCode = Literal[
    "format",  # detail: "CSV", "Parquet", "Excel"; examples: encoding and delimiter of a text file
    "sheet",  # detail: the sheet that was read; examples: the other ones
    "no_header",  # values: columns that were named
    "rows_above_header",  # values: rows left out
    "empty_rows",  # values: rows left out
    "empty_columns",  # values: columns left out
    "renamed",  # column: new name; detail: name in the file
    "trimmed",  # values: cells with spaces around them
    "missing_markers",  # values: cells; examples: the markers
    "numbers",  # detail: how the first of them is written; examples: what did not fit
    "dates",  # detail: how the first of them is written; examples: what did not fit
    "quarters",  # the same, for dates written as quarters: read as the quarter's first day
    "day_first",  # detail: a date that could be read two ways; read as day/month/year
    "month_first",  # the same, read as month/day/year
    "zone_dropped",  # detail: the one time zone of all values
    "zone_utc",  # values were written in several time zones
    "leading_zeros",  # kept as text; examples
    "long_digits",  # kept as text; examples
    "mixed_units",  # kept as text; examples: the units
    "mostly_numbers",  # kept as text although most values are numbers; misfits, examples
    "mostly_dates",  # kept as text although most values are dates; misfits, examples
]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that the reader of a file decided, so that it can be said.

    `values` is how many cells (or rows, columns) it concerns, `misfits` how many cells did not fit and count as
    missing from then on (or, where the column stayed text, are why it did).
    """

    code: AssumptionCode
    column: str = ""
    detail: str = ""
    values: int = 0
    misfits: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and how its values were written."""

    name: str
    kind: Kind
    unit: str = ""
    """The currency or "%" that its numbers carried; empty where none."""
    granularity: Granularity | None = None
    """How fine its dates are; `None` where it holds none."""

    @property
    def numeric(self) -> bool:
        """Whether it can be added up."""
        return self.kind in {"integer", "number"}

    @property
    def dated(self) -> bool:
        """Whether it can be cut into months."""
        return self.kind in {"date", "datetime"}


@dataclass(frozen=True, slots=True)
class Table:
    """A file's table. `frame` has exactly the columns of `columns`, in their order."""

    name: str
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    assumptions: tuple[Assumption, ...] = ()
    sheet: str | None = None
    """The workbook's sheet it comes from; `None` for other files."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.frame.height
