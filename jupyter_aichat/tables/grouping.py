"""Adding up: groups, the largest and smallest, and how a value goes over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import polars as pl

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.columns import column_named, columns_named, need_numbers, one_date_column
from jupyter_aichat.tables.periods import Period, next_start, start_of
from jupyter_aichat.tables.request import Aggregate
from jupyter_aichat.tables.results import Cell, Group, Groups, Step, Top, Trend
from jupyter_aichat.tables.table import Column, Table

__all__ = ["group_by", "top_groups", "top_rows", "trend"]

_EVERY: Final[dict[Period, str]] = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
_MOST_STEPS: Final = 20_000
_SHOWN_BESIDE: Final = 5
_OPEN_SHARE: Final = 0.1


def group_by(
    table: Table,
    keys: Sequence[str],
    value: str | None,
    aggregate: Aggregate,
    *,
    by: str | None = None,
    period: Period = "month",
) -> Groups:
    """`aggregate` of `value` for each combination of `keys` (and `period` of the date column `by`), largest first.

    Groups by period stand in the order of time.
    """
    columns = columns_named(table, keys)
    measured = _measure(table, value, aggregate)
    aggregate = aggregate if measured else "count"
    dated = None
    if by is not None:
        named = column_named(table, by)
        if named.dated:
            dated, period = named, _no_finer(period, named)
            columns = (*(column for column in columns if column != named), named)
        elif named not in columns:
            columns = (*columns, named)
    frame = table.frame.select(
        *(
            (
                pl.col(c.name).dt.truncate(_EVERY[period]).cast(pl.Date) if c == dated else pl.col(c.name)
            ).alias(f"k{i}")
            for i, c in enumerate(columns)
        ),
        _values(measured),
    )
    names = [f"k{i}" for i in range(len(columns))]
    aggregated = [
        _expression(measured, aggregate).alias("value"),
        pl.len().alias("rows"),
        pl.col("v").count().alias("used"),
    ]
    grouped = frame.group_by(names).agg(aggregated) if names else frame.select(aggregated)
    order = [pl.col("value").is_null(), pl.col("value"), *names]
    down = [False, True, *(False for _ in names)]
    if dated:
        order, down = [names[-1], *order], [False, *down]
    grouped = grouped.sort(order, descending=down, nulls_last=True, maintain_order=True)
    overall: Cell = frame.select(_expression(measured, aggregate)).item()
    unused = frame["v"].null_count()
    shares = aggregate in {"sum", "count"} and _adds_up(grouped["value"], overall)
    groups = tuple(
        Group(
            key=tuple(row[: len(names)]),
            value=row[-3],
            rows=row[-2],
            used=row[-1],
            share=row[-3] / overall if shares and row[-3] is not None else None,
        )
        for row in grouped.select(*names, "value", "rows", "used").iter_rows()
    )
    return Groups(
        columns, measured, aggregate, groups, len(groups), overall, unused, period if dated else None
    )


def _measure(table: Table, value: str | None, aggregate: Aggregate) -> Column | None:
    """The column that is added up; `None` counts rows."""
    if value is None:
        if aggregate not in {"count", "sum"}:
            raise TableError(
                f"{aggregate!r} needs a value column to work on. Columns with numbers: {_numeric(table)}."
            )
        return None
    column = column_named(table, value)
    if aggregate in {"sum", "mean", "median"}:
        need_numbers(table, column, aggregate)
    return column


def _values(measured: Column | None) -> pl.Expr:
    """The column "v" that is aggregated, one value for each row; a literal by itself would be one row."""
    return (pl.col(measured.name) if measured else pl.repeat(1, pl.len())).alias("v")


def _numeric(table: Table) -> str:
    return ", ".join(repr(column.name) for column in table.columns if column.numeric) or "none"


def _expression(measured: Column | None, aggregate: Aggregate) -> pl.Expr:
    """The aggregate of the column "v". Whole numbers are added up in 128 bits; no values at all give null."""
    if measured is None:
        return pl.len()
    value = pl.col("v")
    if aggregate == "sum":
        wide = value.cast(pl.Int128) if measured.kind == "integer" else value
        return pl.when(value.count() > 0).then(wide.sum())
    return {
        "mean": value.mean(),
        "median": value.median(),
        "count": value.count(),
        "distinct": value.drop_nulls().n_unique(),
        "min": value.min(),
        "max": value.max(),
    }[aggregate]


def _adds_up(values: pl.Series, overall: Any) -> bool:
    """Whether shares of the total mean anything: nothing below zero, something above."""
    return bool(overall) and overall > 0 and not (values < 0).any()


def top_groups(table: Table, keys: Sequence[str], value: str | None, aggregate: Aggregate, n: int) -> Groups:
    """The `n` groups with the largest aggregate, or the smallest if `n` is negative; none without one."""
    found = group_by(table, keys, value, aggregate)
    groups = [group for group in found.groups if group.value is not None]
    if n < 0:
        groups = _ascending(groups)
    return replace(found, groups=tuple(groups[: abs(n)]), limit=n)


def _ascending(groups: list[Group]) -> list[Group]:
    """Smallest first, equal ones still in the order of their keys."""
    values: list[Any] = list(dict.fromkeys(group.value for group in groups))
    return [group for value in reversed(values) for group in groups if group.value == value]


def top_rows(table: Table, value: str, names: Sequence[str], n: int) -> Top:
    """The `n` rows with the largest `value` (smallest if negative) and the columns called `names`, or the first few."""
    measured = column_named(table, value)
    if measured.kind in {"text", "boolean"}:
        raise TableError(
            f"Column {measured.name!r} of {table.name!r} holds {measured.kind} and has no largest. "
            f"Columns with numbers: {_numeric(table)}."
        )
    beside = columns_named(table, names) or tuple(c for c in table.columns if c != measured)[:_SHOWN_BESIDE]
    columns = (measured, *(column for column in beside if column != measured))
    present = table.frame.filter(pl.col(measured.name).is_not_null())
    ordered = present.sort(measured.name, descending=n > 0, maintain_order=True)
    shown = ordered.head(abs(n))
    ties = 0
    if shown.height:
        last = shown[measured.name][-1]
        ties = (
            present.filter(pl.col(measured.name) == last).height
            - shown.filter(pl.col(measured.name) == last).height
        )
    rows = tuple(shown.select([column.name for column in columns]).iter_rows())
    return Top(measured, columns, rows, n < 0, ties, present.height)


def trend(table: Table, by: str | None, value: str | None, aggregate: Aggregate, period: Period) -> Trend:
    """`aggregate` of `value` (rows, where it is `None`) for each period of the date column `by`."""
    dated = one_date_column(table, by)
    measured = _measure(table, value, aggregate)
    aggregate = aggregate if measured else "count"
    period = _no_finer(period, dated)
    frame = table.frame.select(
        pl.col(dated.name).cast(pl.Date).alias("day"),
        _values(measured),
    )
    present = frame.drop_nulls("day")
    if not present.height:
        raise TableError(
            f"Column {dated.name!r} of {table.name!r} has no dates, so there is nothing to follow."
        )
    grouped = present.group_by(pl.col("day").dt.truncate(_EVERY[period]).alias("start")).agg(
        _expression(measured, aggregate).alias("value"),
        pl.len().alias("rows"),
        pl.col("v").count().alias("used"),
    )
    found = {start: tuple(figures) for start, *figures in grouped.iter_rows()}
    nothing = (0 if aggregate in {"count", "distinct"} else None, 0, 0)
    steps: list[Step] = []
    start, last = min(found), max(found)
    while start <= last:
        total, rows, used = found.get(start, nothing)
        steps.append(Step(start, total, rows, used, _change(steps[-1].value if steps else None, total)))
        if len(steps) > _MOST_STEPS:
            raise TableError(f"{dated.name!r} spans more than {_MOST_STEPS:,} periods. Use a longer period.")
        start = next_start(start, period)
    return Trend(
        dated,
        measured,
        aggregate,
        period,
        tuple(steps),
        frame.height - present.height,
        present["v"].null_count(),
        _open_end(present, dated, period),
    )


def _no_finer(period: Period, dated: Column) -> Period:
    """The period, or the one the dates were written in where that is longer: quarters have no months."""
    written: Period = dated.granularity if dated.granularity in {"year", "quarter", "month"} else "day"
    return max(period, written, key=list(_EVERY).index)


def _change(before: Any, now: Any) -> float | None:
    if not isinstance(before, int | float) or not isinstance(now, int | float) or before <= 0:
        return None
    return now / before - 1


def _open_end(present: pl.DataFrame, dated: Column, period: Period) -> date | None:
    """The last date, if it is written to the day and a good part of its period comes after it."""
    last = present["day"].max()
    if dated.granularity not in {"day", "time"} or period == "day" or not isinstance(last, date):
        return None
    start = start_of(last, period)
    ends = next_start(start, period)
    return last if (ends - last).days - 1 > _OPEN_SHARE * (ends - start).days else None
