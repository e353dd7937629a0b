"""Arrays of numpy."""

# ruff: noqa: B905  `strict` came with Python 3.10
from __future__ import annotations

from typing import Any

from jupyter_aichat.kernels.source._asked import (
    DISTINCT_ROWS,
    EXACT_ROWS,
    SIZED_ROWS,
    Asked,
    count_objects,
    sample_note,
    sizes,
    step_for,
    type_names,
)
from jupyter_aichat.kernels.source._types import clean, exactly, library
from jupyter_aichat.kernels.source._values import plain

MEMMAP_VALUES = 100_000
MOST_FIELDS = 200


def describe_array(given: Any, asked: Asked) -> dict[str, Any]:
    """Shape, dtype and memory; at a level that allows it missing values, smallest and largest, first values."""
    numpy = library("numpy")
    array = given.view(numpy.ndarray)
    dtype, size = array.dtype, int(array.size)
    result: dict[str, Any] = {
        "shape": [int(length) for length in array.shape],
        "dtype": clean(str(dtype)) if dtype.names is None else "structured",
        "memory": {"bytes": int(array.nbytes), "exact": dtype.kind != "O"},
    }
    if dtype.names is not None:
        return {**result, **describe_fields(array, asked)}
    if dtype.kind == "O" and size:
        some = list(array.flat[:: step_for(size, SIZED_ROWS)])
        result["types"] = type_names(some)
        result["memory"]["bytes"] += sizes(some) * size // len(some)
    if asked.counts() and size:
        most = MEMMAP_VALUES if exactly(given, "numpy", "memmap") else EXACT_ROWS
        step = step_for(size, most)
        part = array if step == 1 else array.flat[::step]
        result.update(count_values(part, whole=step == 1), **sample_note(size, step))
    if asked.rows and size:
        result["rows"] = first_values(array, asked.rows)
    return result


def describe_fields(array: Any, asked: Asked) -> dict[str, Any]:
    """The fields of a structured array as columns."""
    columns = []
    for name in array.dtype.names[:MOST_FIELDS]:
        entry: dict[str, Any] = {"name": clean(name), "dtype": str(array.dtype[name])}
        if entry["name"] in asked.masked:
            entry["masked"] = True
        columns.append(entry)
    if not asked.rows or array.ndim != 1:
        return {"columns": columns}
    rows = [
        [
            {"masked": True} if entry.get("masked") else plain(record[name])
            for name, entry in zip(array.dtype.names, columns)
        ]
        for record in array[: asked.rows]
    ]
    return {"columns": columns, "rows": rows}


def count_values(part: Any, *, whole: bool) -> dict[str, Any]:
    """Missing, distinct, smallest and largest of an array."""
    numpy = library("numpy")
    kind = part.dtype.kind
    if kind == "O":
        few = list(part.flat[: min(part.size, DISTINCT_ROWS // 2)])
        counted = count_objects(few)
        return (
            counted
            if len(few) == part.size
            else {**counted, "sample": {"rows": len(few), "of": int(part.size)}}
        )
    counted = {}
    if kind in "fcmM":
        lost = numpy.isnat(part) if kind in "mM" else numpy.isnan(part)
        counted["missing"] = int(lost.sum())
        if counted["missing"]:
            part = part[~lost]
    elif whole:
        counted["missing"] = 0
    if part.size and part.size <= DISTINCT_ROWS and kind != "V":
        counted["distinct"] = int(numpy.unique(part).size)
    if part.size and kind in "iufmM":
        counted.update(min=plain(part.min()), max=plain(part.max()))
    return counted


def first_values(array: Any, rows: int) -> list[Any]:
    """The first values; of an array of more dimensions the beginnings of its first rows."""
    if array.ndim == 0:
        return [plain(array[()])]
    if array.ndim == 1:
        return [plain(value) for value in array[:rows]]
    return [[plain(value) for value in row.flat[:rows]] for row in array[:rows]]
