"""Finding the columns that a request names."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.table import Column, Table

__all__ = ["column_named", "columns_named", "need_numbers", "one_date_column"]

_MOST_NAMES = 20


def column_named(table: Table, name: str) -> Column:
    """The column called `name`, if need be in other capitals or spacing. Raises `TableError` listing what there is."""
    for column in table.columns:
        if column.name == name:
            return column
    alike = [column for column in table.columns if _folded(column.name) == _folded(name)]
    if len(alike) == 1:
        return alike[0]
    names = [column.name for column in table.columns]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise TableError(f"{table.name!r} has no column {name!r}. {hint}Its columns: {_listed(names)}.")


def columns_named(table: Table, names: Sequence[str]) -> tuple[Column, ...]:
    """The columns with these names, each once, in the order asked for."""
    return tuple(dict.fromkeys(column_named(table, name) for name in names))


def need_numbers(table: Table, column: Column, purpose: str) -> None:
    """Raise `TableError`, naming the columns that would do, unless `column` holds numbers."""
    if not column.numeric:
        others = _listed(other.name for other in table.columns if other.numeric)
        raise TableError(
            f"Column {column.name!r} of {table.name!r} holds {column.kind}, and {purpose} needs numbers. "
            + (f"Columns with numbers: {others}." if others else "No column of it holds numbers.")
        )


def one_date_column(table: Table, name: str | None) -> Column:
    """The date column called `name`, or the only one there is. Raises `TableError` saying which there are."""
    dated = [column for column in table.columns if column.dated]
    if name is not None:
        column = column_named(table, name)
        if not column.dated:
            others = _listed(other.name for other in dated)
            raise TableError(
                f"Column {column.name!r} of {table.name!r} holds {column.kind}, not dates. "
                + (f"Columns with dates: {others}." if others else "No column of it holds dates.")
            )
        return column
    if not dated:
        raise TableError(f"No column of {table.name!r} holds dates, so nothing can be followed over time.")
    if len(dated) > 1:
        raise TableError(
            f"{table.name!r} has several date columns: {_listed(c.name for c in dated)}. Name one."
        )
    return dated[0]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().replace("_", " ").split())


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(map(repr, names[:_MOST_NAMES])) + more
