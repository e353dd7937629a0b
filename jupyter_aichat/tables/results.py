"""What the analyses find: one frozen class each, exact values, nothing rounded and nothing worded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from jupyter_aichat.tables.periods import Period
from jupyter_aichat.tables.request import Aggregate, Request, Sign
from jupyter_aichat.tables.table import Assumption, Column

__all__ = [
    "Cell",
    "ColumnProfile",
    "Condition",
    "Correlation",
    "Describe",
    "Duplicates",
    "Finding",
    "Group",
    "Groups",
    "Missing",
    "MissingColumn",
    "Pair",
    "Profile",
    "Repeated",
    "Result",
    "Statistics",
    "Step",
    "Top",
    "Trend",
]

Cell = str | int | float | bool | date | datetime | None
"""One value of a table; `None` is missing."""


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What one column looks like. `unique`, `top` and `values` leave missing values out."""

    column: Column
    missing: int
    unique: int
    minimum: Cell = None
    maximum: Cell = None
    mean: float | None = None
    """Of numbers."""
    top: tuple[tuple[str, int], ...] = ()
    """The most frequent texts and how often; ties in the order of the text."""
    values: tuple[str, ...] = ()
    """All distinct texts where there are few, in order; else empty."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A first look. `duplicates` counts the rows that repeat an earlier one."""

    columns: tuple[ColumnProfile, ...]
    duplicates: int


@dataclass(frozen=True, slots=True)
class MissingColumn:
    """`count` of its values are missing; `share` is 0 to 1 (0 of an empty table)."""

    column: Column
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Missing:
    """All columns asked about, most missing first. `complete_rows` have a value in each of them."""

    columns: tuple[MissingColumn, ...]
    complete_rows: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A row that occurs `count` times."""

    cells: tuple[Cell, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    """`extra` rows repeat an earlier one; `groups` different rows are repeated. Examples: most frequent first."""

    columns: tuple[Column, ...]
    extra: int
    groups: int
    examples: tuple[Repeated, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the values that are there. `std` is the sample's (n - 1); percentiles are interpolated linearly."""

    column: Column
    count: int
    mean: float | None
    std: float | None
    minimum: int | float | None
    p25: float | None
    p50: float | None
    p75: float | None
    maximum: int | float | None


@dataclass(frozen=True, slots=True)
class Describe:
    """The statistics of each column asked about."""

    columns: tuple[Statistics, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that share `key`. `value` is `None` where none of them has one; `share` where shares mean nothing."""

    key: tuple[Cell, ...]
    value: Cell
    rows: int
    used: int
    """Rows that have a value, from which `value` comes."""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """`aggregate` of `value` (rows, where `value` is `None`) for each key, largest first.

    `period` is how the last key, a date, was cut. `of` is how many groups there are in all, `limit` how many were
    asked for (negative: the smallest). `overall` is the aggregate of all rows together.
    """

    keys: tuple[Column, ...]
    value: Column | None
    aggregate: Aggregate
    groups: tuple[Group, ...]
    of: int
    overall: Cell
    unused: int
    """Rows without a value."""
    period: Period | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """The rows with the largest (`smallest`: smallest) `value`; of equal ones the first in the file.

    `ties` more rows have the last one's value, `of` rows have a value at all.
    """

    value: Column
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    smallest: bool
    ties: int
    of: int


@dataclass(frozen=True, slots=True)
class Step:
    """One period. `change` is relative to the period before (0.1: 10 % more), `None` where that has no meaning."""

    start: date
    value: Cell
    rows: int
    used: int
    """Rows that have a value."""
    change: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Every period from the first to the last, also those without rows. `undated` rows have no date."""

    by: Column
    value: Column | None
    aggregate: Aggregate
    period: Period
    steps: tuple[Step, ...]
    undated: int
    unused: int
    """Dated rows without a value."""
    last_day: date | None
    """The last date in the data if more than a tenth of its period comes after it: that may be incomplete."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Pearson's r of two columns over the `rows` that have both; `None` where one of them does not vary."""

    first: Column
    second: Column
    r: float | None
    rows: int


@dataclass(frozen=True, slots=True)
class Correlation:
    """All pairs, strongest first."""

    pairs: tuple[Pair, ...]


Finding = Profile | Missing | Duplicates | Describe | Groups | Top | Trend | Correlation


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter as it was applied: dates as the periods that were meant, texts as they stand in the table.

    `sign` is "=" for one of the values, "≠" for none of them, or how the one value is compared.
    """

    column: Column
    values: tuple[str, ...]
    sign: Literal["=", "≠"] | Sign = "="


@dataclass(frozen=True, slots=True)
class Result:
    """A finding and what it was found in. `rows` is how many were left by `conditions`, of `total`."""

    name: str
    sheet: str | None
    columns: tuple[Column, ...]
    total: int
    rows: int
    conditions: tuple[Condition, ...]
    request: Request
    finding: Finding
    assumptions: tuple[Assumption, ...]
