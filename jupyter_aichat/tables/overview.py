"""What columns look like: profile, missing values, duplicates, statistics, correlation."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.columns import columns_named, need_numbers
from jupyter_aichat.tables.results import (
    ColumnProfile,
    Correlation,
    Describe,
    Duplicates,
    Missing,
    MissingColumn,
    Pair,
    Profile,
    Repeated,
    Statistics,
)
from jupyter_aichat.tables.table import Column, Table

__all__ = ["correlation", "describe", "duplicates", "missing", "profile"]

_TOP: Final = 3
_FEW_VALUES: Final = 30
_EXAMPLES: Final = 5
_MOST_CORRELATED: Final = 30


def profile(table: Table, names: Sequence[str] = ()) -> Profile:
    """A first look at the columns called `names`, or all."""
    columns = columns_named(table, names) or table.columns
    return Profile(tuple(_column_profile(table.frame[c.name], c) for c in columns), _extra_rows(table.frame))


def _column_profile(series: pl.Series, column: Column) -> ColumnProfile:
    present = series.drop_nulls()
    missing, unique = series.null_count(), present.n_unique()
    if column.kind in {"text", "boolean"}:
        counts = present.cast(pl.String).alias("text").value_counts(name="count")
        counts = counts.sort("count", "text", descending=[True, False])
        top = tuple((text, count) for text, count in counts.head(_TOP).iter_rows())
        values = tuple(counts["text"].sort().to_list()) if unique <= _FEW_VALUES else ()
        return ColumnProfile(column, missing, unique, top=top, values=values)
    low: Any = present.min()
    high: Any = present.max()
    mean = _number(present.mean()) if column.numeric else None
    return ColumnProfile(column, missing, unique, low, high, mean)


def _extra_rows(frame: pl.DataFrame) -> int:
    return frame.height - frame.n_unique() if frame.height else 0


def missing(table: Table, names: Sequence[str] = ()) -> Missing:
    """How many values of each column called `names`, or of all, are missing."""
    columns = columns_named(table, names) or table.columns
    frame = table.frame.select(column.name for column in columns)
    counts = frame.null_count().row(0)
    found = [
        MissingColumn(column, count, count / frame.height if frame.height else 0.0)
        for column, count in zip(columns, counts, strict=True)
    ]
    complete = frame.drop_nulls().height
    return Missing(tuple(sorted(found, key=lambda one: -one.count)), complete)


def duplicates(table: Table, names: Sequence[str] = ()) -> Duplicates:
    """Which rows are alike in the columns called `names`, or in all. Missing values are alike."""
    columns = columns_named(table, names) or table.columns
    keys = [column.name for column in columns]
    frame = table.frame.select(keys)
    count = _free_name("count", keys)
    counts = frame.group_by(keys, maintain_order=True).agg(pl.len().alias(count)).filter(pl.col(count) > 1)
    first = counts.sort(count, descending=True, maintain_order=True).head(_EXAMPLES)
    examples = tuple(Repeated(row[:-1], row[-1]) for row in first.iter_rows())
    extra = int(counts[count].sum()) - counts.height
    return Duplicates(columns, extra, counts.height, examples)


def describe(table: Table, names: Sequence[str] = ()) -> Describe:
    """Statistics of the number columns called `names`, or of all there are."""
    columns = _number_columns(table, names, "describing", at_least=1)
    return Describe(tuple(_statistics(table.frame[column.name], column) for column in columns))


def _statistics(series: pl.Series, column: Column) -> Statistics:
    present = series.drop_nulls()
    p25, p50, p75 = (_number(present.quantile(q, "linear")) for q in (0.25, 0.5, 0.75))
    low: Any = present.min()
    high: Any = present.max()
    return Statistics(
        column, len(present), _number(present.mean()), _number(present.std()), low, p25, p50, p75, high
    )


def correlation(table: Table, names: Sequence[str] = ()) -> Correlation:
    """Pearson's r of every pair of the number columns called `names`, or of all there are (at most 30)."""
    columns = _number_columns(table, names, "correlation", at_least=2)
    if len(columns) > _MOST_CORRELATED:
        raise TableError(
            f"{table.name!r} has {len(columns)} columns with numbers; correlation takes up to {_MOST_CORRELATED}. "
            "Name the ones that matter."
        )
    pairs = [_pair(table.frame, first, second) for first, second in itertools.combinations(columns, 2)]
    return Correlation(
        tuple(sorted(pairs, key=lambda pair: -1.0 if pair.r is None else abs(pair.r), reverse=True))
    )


def _pair(frame: pl.DataFrame, first: Column, second: Column) -> Pair:
    both = frame.select(
        pl.col(first.name).cast(pl.Float64).alias("x"), pl.col(second.name).cast(pl.Float64).alias("y")
    ).drop_nulls()
    if both.height < 2 or both["x"].n_unique() < 2 or both["y"].n_unique() < 2:
        return Pair(first, second, None, both.height)
    r = both.select(pl.corr("x", "y")).item()
    return Pair(first, second, max(-1.0, min(1.0, r)), both.height)


def _number_columns(table: Table, names: Sequence[str], purpose: str, *, at_least: int) -> tuple[Column, ...]:
    columns = columns_named(table, names)
    for column in columns:
        need_numbers(table, column, purpose)
    columns = columns or tuple(column for column in table.columns if column.numeric)
    if len(columns) < at_least:
        has = ", ".join(repr(column.name) for column in columns) or "none"
        raise TableError(
            f"{purpose.capitalize()} needs at least {at_least} column{'s' if at_least > 1 else ''} with numbers; "
            f"{table.name!r} has {has}."
        )
    return columns


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted
