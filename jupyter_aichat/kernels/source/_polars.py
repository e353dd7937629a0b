"""DataFrames, Series and LazyFrames of polars. A LazyFrame is never collected."""

# ruff: noqa: B905  `strict` came with Python 3.10
from __future__ import annotations

import threading
from typing import Any

from jupyter_aichat.kernels.source._asked import (
    DISTINCT_ROWS,
    EXACT_ROWS,
    MOST_COLUMNS,
    Asked,
    attempt,
    few_texts,
    sample_note,
    step_for,
)
from jupyter_aichat.kernels.source._types import clean
from jupyter_aichat.kernels.source._values import plain

LAZY_SECONDS = 1.0


def describe_polars(frame: Any, asked: Asked) -> dict[str, Any]:
    """Shape, memory and columns, and the first rows at the level "rows"."""
    height, width = int(frame.height), int(frame.width)
    chosen = frame.get_columns()[:MOST_COLUMNS]
    columns = [describe_polars_column(column, asked) for column in chosen]
    result: dict[str, Any] = {
        "shape": [height, width],
        "memory": {"bytes": int(frame.estimated_size()), "exact": False},
        "columns": columns,
    }
    if width > len(columns):
        result["columns_omitted"] = width - len(columns)
    if asked.rows:
        parts = [polars_cells(column, entry, asked) for column, entry in zip(chosen, columns)]
        result["rows"] = [list(row) for row in zip(*parts)]
    return result


def describe_polars_series(series: Any, asked: Asked) -> dict[str, Any]:
    """A Series as a table of one column."""
    entry = describe_polars_column(series, asked)
    result = {
        "shape": [int(series.len())],
        "dtype": entry["dtype"],
        "memory": {"bytes": int(series.estimated_size()), "exact": False},
        "columns": [entry],
    }
    if asked.rows:
        result["rows"] = [[cell] for cell in polars_cells(series, entry, asked)]
    return result


def describe_polars_column(column: Any, asked: Asked) -> dict[str, Any]:
    """Name and dtype, and at a level that allows it what can be counted in bounded time."""
    dtype, length, name = column.dtype, int(column.len()), clean(column.name)
    entry: dict[str, Any] = {"name": name, "dtype": str(dtype)}
    if name in asked.masked:
        return {**entry, "masked": True}
    if asked.level == "schema" or str(dtype).startswith("Object"):
        return entry
    if not asked.counts():
        return {**entry, "note": "not counted: there was no more time"}
    entry["missing"] = int(column.null_count())
    step = step_for(length, EXACT_ROWS)
    part = column if step == 1 else column.gather_every(step)
    few = part if part.len() <= DISTINCT_ROWS else part.gather_every(step_for(part.len(), DISTINCT_ROWS))
    distinct = attempt(lambda: int(few.drop_nulls().n_unique()))
    if distinct is not None:
        entry["distinct"] = distinct
        if few.len() < length:
            entry["distinct_sample"] = int(few.len())
    if dtype.is_float():
        entry["nan"] = int(part.is_nan().sum() or 0)
    if (dtype.is_numeric() or dtype.is_temporal()) and entry["missing"] < length:
        smallest, largest = attempt(part.min), attempt(part.max)
        if smallest is not None and largest is not None:
            entry.update(min=plain(smallest), max=plain(largest))
    entry.update(sample_note(length, step))
    if str(dtype).startswith(("String", "Utf8", "Categorical", "Enum")):
        entry.update(few_texts(entry, lambda: part.drop_nulls().unique().to_list(), asked))
    return entry


def polars_cells(column: Any, entry: dict[str, Any], asked: Asked) -> list[Any]:
    """The first values of a column as JSON; of a masked one only that it is masked."""
    part = column.head(asked.rows)
    if entry.get("masked"):
        return [{"masked": True}] * int(part.len())
    return [plain(value) for value in part.to_list()]


def describe_lazy(frame: Any, asked: Asked) -> dict[str, Any]:
    """The columns of a LazyFrame. Its source may be far away, so that its answer is not waited for long."""
    found: list[Any] = []

    def look() -> None:
        found.append(attempt(lambda: list(frame.collect_schema().items())))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(min(LAZY_SECONDS, asked.budget.left() + 0.1))
    if not found or found[0] is None:
        why = "could not be told" if found else f"took longer than {LAZY_SECONDS:g} s to tell"
        return {"note": f"its columns {why} without reading its source"}
    columns: list[dict[str, Any]] = [
        {"name": clean(name), "dtype": str(dtype)} for name, dtype in found[0][:MOST_COLUMNS]
    ]
    for column in columns:
        if column["name"] in asked.masked:
            column["masked"] = True
    result: dict[str, Any] = {
        "columns": columns,
        "note": "lazy: only its columns are known, nothing was computed",
    }
    if len(found[0]) > len(columns):
        result["columns_omitted"] = len(found[0]) - len(columns)
    return result


def describe_relation(relation: Any, asked: Asked) -> dict[str, Any]:
    """The columns of a DuckDB relation, which is not executed."""
    pairs = list(zip(relation.columns, relation.types))
    columns: list[dict[str, Any]] = [
        {"name": clean(name), "dtype": str(dtype)} for name, dtype in pairs[:MOST_COLUMNS]
    ]
    for column in columns:
        if column["name"] in asked.masked:
            column["masked"] = True
    return {"columns": columns, "note": "a query: only its columns are known, nothing was computed"}
