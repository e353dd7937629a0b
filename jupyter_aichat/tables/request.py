"""What can be asked of a table. Mirrors the arguments of the tools `profile_table` and `analyse_table`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.periods import Period

__all__ = ["MOST", "Aggregate", "Operation", "Request", "Value"]

Operation = Literal[
    "profile", "missing", "duplicates", "describe", "group_by", "top_n", "trend", "correlation"
]
Aggregate = Literal["sum", "mean", "count", "min", "max", "median"]
Value = str | int | float | bool
"""What a filter compares with. A date column takes "2026", "2026-03" and "2026년 3분기"."""

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

    `where` keeps the rows whose column has the value, or one of the values.
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

    def __post_init__(self) -> None:
        for what, word, known in (
            ("operation", self.operation, get_args(Operation)),
            ("aggregate", self.aggregate, get_args(Aggregate)),
            ("period", self.period, get_args(Period)),
        ):
            if word not in known:
                raise TableError(f"There is no {what} {word!r}. Use one of {', '.join(known)}.")
        if not 1 <= abs(self.n) <= MOST:
            raise TableError(f"n is {self.n!r}; use 1 to {MOST} (or -1 to -{MOST} for the smallest).")
