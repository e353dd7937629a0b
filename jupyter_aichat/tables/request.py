"""What can be asked of a table. Mirrors the arguments of the tools `profile_table` and `analyse_table`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.periods import Period

__all__ = ["MOST", "SIGNS", "Aggregate", "Operation", "Request", "Sign", "Value"]

Operation = Literal[
    "profile", "missing", "duplicates", "describe", "group_by", "top_n", "trend", "correlation"
]
Aggregate = Literal["sum", "mean", "count", "distinct", "min", "max", "median"]
Sign = Literal[">", ">=", "<", "<="]
Value = str | int | float | bool
"""What a filter compares with. A date column takes "2026", "2026-03" and "2026년 3분기"."""

SIGNS: tuple[Sign, ...] = get_args(Sign)
"""How a range compares: {">=": 10, "<": 20}."""

MOST = 50
"""The largest number of rows or groups that `top_n` gives."""


@dataclass(frozen=True, slots=True)
class Request:
    """One analysis.

    - profile, missing: `columns` (all where none are named)
    - duplicates: rows alike in `columns` (in all)
    - describe, correlation: `columns` (all that hold numbers)
    - group_by: `aggregate` of `value` for each combination of `columns`; with a date column in `by`, also for each
      `period`. Without `value` rows are counted; without any key the result is one figure for all rows
    - top_n: the `n` rows with the largest `value` (smallest if `n` is negative); with a key in `by`, the groups with
      the largest `aggregate` of `value`; `columns` are shown beside it
    - trend: `aggregate` of `value` for each `period` of the date column `by` (may be left out where there is only one)

    `where` keeps the rows whose column has the value, or one of the values; `where_not` leaves those rows out and keeps
    every other one, also those without a value; `where_range` keeps the rows whose number or date lies above or below
    a bound. A month or a quarter as a bound counts whole: "<= 2026-03" ends with 31 March, "> 2026-03" begins after it.
    Raises `TableError` if a word is not one of those known.
    """

    operation: Operation
    columns: Sequence[str] = ()
    value: str | None = None
    by: str | None = None
    aggregate: Aggregate = "sum"
    n: int = 10
    period: Period = "month"
    where: Mapping[str, Value | Sequence[Value]] = field(default_factory=dict)
    where_not: Mapping[str, Value | Sequence[Value]] = field(default_factory=dict)
    where_range: Mapping[str, Mapping[Sign, Value]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, word, known in (
            ("operation", self.operation, get_args(Operation)),
            ("aggregate", self.aggregate, get_args(Aggregate)),
            ("period", self.period, get_args(Period)),
        ):
            if word not in known:
                raise TableError(f"There is no {what} {word!r}. Use one of {', '.join(known)}.")
        for name, bounds in self.where_range.items():
            if not bounds:
                raise TableError(f"The range of {name!r} has no bound. Use {', '.join(SIGNS)} with a value.")
            for sign in bounds:
                if sign not in SIGNS:
                    raise TableError(
                        f"The range of {name!r} has {sign!r}; use {', '.join(SIGNS)} with a value."
                    )
        if not 1 <= abs(self.n) <= MOST:
            raise TableError(f"n is {self.n!r}; use 1 to {MOST} (or -1 to -{MOST} for the smallest).")
