"""Keeping the rows that a request's filters ask for."""

from __future__ import annotations

import difflib
import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import polars as pl

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.columns import column_named
from jupyter_aichat.tables.periods import next_start, period_label
from jupyter_aichat.tables.request import Sign, Value
from jupyter_aichat.tables.results import Condition
from jupyter_aichat.tables.table import Column, Table
from jupyter_aichat.tables.values import parse_day, parse_number

__all__ = ["keep"]

_COMPARE: Final[Mapping[Sign, Callable[[pl.Expr, Any], pl.Expr]]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


def keep(
    table: Table,
    where: Mapping[str, Value | Sequence[Value]],
    where_not: Mapping[str, Value | Sequence[Value]] | None = None,
    where_range: Mapping[str, Mapping[Sign, Value]] | None = None,
) -> tuple[Table, tuple[Condition, ...]]:
    """The table with only the rows that fit all filters, and what was understood.

    A date column takes a year ("2026"), a quarter, a month or a day. Raises `TableError` if a column is unknown, or
    if no row has any of a column's values: then it says which there are.
    """
    conditions: list[Condition] = []
    frame = table.frame
    for name, wanted in where.items():
        condition, fits = _one_of(table, name, wanted)
        frame = frame.filter(fits)
        conditions.append(condition)
    for name, unwanted in (where_not or {}).items():
        condition, fits = _one_of(table, name, unwanted)
        frame = frame.filter(~fits.fill_null(value=False))
        conditions.append(replace(condition, sign="≠"))
    for name, bounds in (where_range or {}).items():
        for sign, bound in bounds.items():
            condition, fits = _compared(table, column_named(table, name), sign, bound)
            frame = frame.filter(fits)
            conditions.append(condition)
    if conditions and not frame.height:
        if len(conditions) == 1:
            raise _nothing(table, conditions[0])
        said = " and ".join(map(_said, conditions))
        raise TableError(f"No row of {table.name!r} has {said} at once. Leave one of the filters out.")
    return replace(table, frame=frame), tuple(conditions)


def _said(condition: Condition) -> str:
    sign = "" if condition.sign == "=" else f"{condition.sign} "
    return f"{condition.column.name!r} {sign}{' or '.join(map(repr, condition.values))}"


def _one_of(table: Table, name: str, wanted: Value | Sequence[Value]) -> tuple[Condition, pl.Expr]:
    """Which rows have one of the values. Raises `TableError` if no row has any."""
    column = column_named(table, name)
    values = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    if not values:
        raise TableError(f"The filter on {column.name!r} has no value. Name one, or leave the filter out.")
    tests = [_test(table, column, value) for value in values]
    condition = Condition(column, tuple(shown for _, shown in tests))
    fits = functools.reduce(operator.or_, (test for test, _ in tests))
    if not table.frame.select(fits.any()).item():
        raise _nothing(table, condition)
    return condition, fits


def _compared(table: Table, column: Column, sign: Sign, bound: Value) -> tuple[Condition, pl.Expr]:
    """Which rows lie above or below a bound; rows without a value lie nowhere."""
    if column.dated:
        start, end, shown = _days(table, column, str(bound))
        # what lies after a month begins with the next one
        edge, compare = (end, {">": ">=", "<=": "<"}[sign]) if sign in {">", "<="} else (start, sign)
        return Condition(column, (shown,), sign), _COMPARE[compare](pl.col(column.name), edge)  # type: ignore[index]  # a sign again
    number = parse_number(str(bound))
    if not column.numeric:
        raise TableError(f"Column {column.name!r} holds {column.kind}; only numbers and dates have a range.")
    if number is None or isinstance(bound, bool):
        raise TableError(f"Column {column.name!r} holds numbers; {bound!r} is none. Use a number.")
    return Condition(column, (str(bound),), sign), _COMPARE[sign](pl.col(column.name), number.value)


def _test(table: Table, column: Column, value: Value) -> tuple[pl.Expr, str]:
    """Which rows have the value, and the value as it was understood."""
    if column.dated:
        test, shown = _date_test(table, column, str(value))
    elif column.numeric:
        number = parse_number(str(value))
        if number is None or isinstance(value, bool):
            raise TableError(f"Column {column.name!r} holds numbers; {value!r} is none. Use a number.")
        test, shown = pl.col(column.name) == number.value, str(value)
    elif column.kind == "boolean":
        truth = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
            str(value).lower()
        )
        if truth is None:
            raise TableError(f"Column {column.name!r} holds true and false, not {value!r}.")
        test, shown = pl.col(column.name) == truth, str(truth).lower()
    else:
        shown = _stored_text(table, column, str(value))
        test = pl.col(column.name) == shown
    return test, shown


def _nothing(table: Table, condition: Condition) -> TableError:
    """What to say if no row has any of the values."""
    column = condition.column
    said = f"No row of {table.name!r} has {_said(condition)}."
    series = table.frame[column.name]
    if series.count() and (column.dated or column.numeric):
        return TableError(f"{said} It goes from {series.min()!s} to {series.max()!s}.")
    return TableError(said)


def _date_test(table: Table, column: Column, text: str) -> tuple[pl.Expr, str]:
    start, end, shown = _days(table, column, text)
    return pl.col(column.name).is_between(start, end, closed="left"), shown


def _days(table: Table, column: Column, text: str) -> tuple[date, date, str]:
    """The first day of a period, the first one after it, and what it is called."""
    text = text.strip()
    day = parse_day(f"{text}년" if text.isdigit() and len(text) == 4 else text, hinted=True)
    if day is None or day.granularity == "time":
        raise TableError(
            f"Column {column.name!r} of {table.name!r} holds dates; {text!r} is none. "
            "Use a year (2026), a quarter (2026 Q3), a month (2026-03) or a day (2026-03-05)."
        )
    start = date(day.when.year, day.when.month, day.when.day)
    end = next_start(start, day.granularity)
    return start, end, period_label(start, day.granularity, "en")


def _stored_text(table: Table, column: Column, text: str) -> str:
    """The text as the column has it: capitals and spaces around it may differ."""
    stored = table.frame[column.name].drop_nulls().unique().sort()
    if text in stored:
        return text
    alike = stored.filter(stored.str.strip_chars().str.to_lowercase() == text.strip().lower())
    if len(alike) == 1:
        return str(alike[0])
    near = difflib.get_close_matches(text, stored.head(5000).to_list(), n=3, cutoff=0.5)
    listed = ", ".join(map(repr, near or stored.head(10).to_list()))
    raise TableError(
        f"No row of {table.name!r} has {column.name!r} {text!r}. "
        + (f"Near it: {listed}." if near else f"It has {len(stored):,} values, such as {listed}.")
    )
