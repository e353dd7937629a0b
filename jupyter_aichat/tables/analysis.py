"""One request, one result: the door to the analyses."""

from __future__ import annotations

from typing import assert_never

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import grouping, overview
from jupyter_aichat.tables.filters import keep
from jupyter_aichat.tables.request import Request
from jupyter_aichat.tables.results import Finding, Result
from jupyter_aichat.tables.table import Table

__all__ = ["run"]


def run(table: Table, request: Request) -> Result:
    """What `request` finds in `table`. Raises `TableError` if the table does not have what is asked for."""
    kept, conditions = keep(table, request.where, request.where_not, request.where_range)
    return Result(
        name=table.name,
        sheet=table.sheet,
        columns=table.columns,
        total=table.rows,
        rows=kept.rows,
        conditions=conditions,
        request=request,
        finding=_find(kept, request),
        assumptions=table.assumptions,
    )


def _find(table: Table, request: Request) -> Finding:
    match request.operation:
        case "profile":
            return overview.profile(table, request.columns)
        case "missing":
            return overview.missing(table, request.columns)
        case "duplicates":
            return overview.duplicates(table, request.columns)
        case "describe":
            return overview.describe(table, _named(request))
        case "correlation":
            return overview.correlation(table, request.columns)
        case "group_by":
            return grouping.group_by(
                table, request.columns, request.value, request.aggregate, by=request.by, period=request.period
            )
        case "top_n":
            return _top(table, request)
        case "trend":
            return grouping.trend(table, request.by, request.value, request.aggregate, request.period)
        case _:
            assert_never(request.operation)


def _named(request: Request) -> tuple[str, ...]:
    """The columns to describe; whoever puts the one column into `value` means the same."""
    return tuple(request.columns) or ((request.value,) if request.value is not None else ())


def _top(table: Table, request: Request) -> Finding:
    if request.by is not None:
        return grouping.top_groups(table, [request.by], request.value, request.aggregate, request.n)
    if request.value is None:
        raise TableError("The largest of what? Name the column in 'value', and a key in 'by' to rank groups.")
    return grouping.top_rows(table, request.value, request.columns, request.n)
