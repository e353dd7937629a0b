"""DataFrames, Series and indexes of pandas, described without changing anything about them, caches included."""

# ruff: noqa: B905  `strict` came with Python 3.10
from __future__ import annotations

from typing import Any

from jupyter_aichat.kernels.source._asked import (
    DISTINCT_ROWS,
    EXACT_ROWS,
    MOST_COLUMNS,
    OBJECT_ROWS,
    SIZED_ROWS,
    Asked,
    attempt,
    count_objects,
    few_texts,
    is_missing,
    sample_note,
    sizes,
    step_for,
    type_names,
)
from jupyter_aichat.kernels.source._types import exactly, is_a, library, module_of, name_of, scalar_kind
from jupyter_aichat.kernels.source._values import label, plain

DTYPE_HOMES = ("pandas", "numpy", "geopandas", "pyarrow")
MASKED = {"masked": True}


def describe_frame(frame: Any, asked: Asked) -> dict[str, Any]:
    """Shape, memory, index and columns of a DataFrame, and its first rows at the level "rows"."""
    height, width = int(frame.shape[0]), int(frame.shape[1])
    labels = [frame.columns[position] for position in range(min(width, MOST_COLUMNS))]
    names = [label(one) for one in labels]
    columns, memory, exact = [], 0, True
    for position in range(width):
        column = frame.iloc[:, position]
        own, certain = memory_of_series(column)
        memory, exact = memory + own, exact and certain
        if position < len(names):
            entry = describe_column(column, names[position], asked)
            if not is_a(labels[position], str):
                entry["label"] = plain(labels[position])
            if names.count(names[position]) > 1:
                entry["duplicate"] = True
            columns.append(entry)
    index_bytes, certain = memory_of_index(frame.index)
    result: dict[str, Any] = {
        "shape": [height, width],
        "memory": {"bytes": memory + index_bytes, "exact": exact and certain},
        "columns": columns,
        "index": describe_index(frame.index, asked),
    }
    if width > len(columns):
        result["columns_omitted"] = width - len(columns)
    if getattr(frame.columns, "nlevels", 1) > 1:
        result["column_levels"] = [label(name) for name in frame.columns.names]
    if asked.rows:
        parts = [cells(frame.iloc[:, position], entry, asked) for position, entry in enumerate(columns)]
        result["rows"] = [list(row) for row in zip(*parts)]
        add_labels(result, frame.index, asked)
    return result


def describe_series(series: Any, asked: Asked) -> dict[str, Any]:
    """A Series as a table of one column."""
    own, exact = memory_of_series(series)
    index_bytes, certain = memory_of_index(series.index)
    entry = describe_column(series, label(series.name), asked)
    result = {
        "shape": [int(series.shape[0])],
        "dtype": entry["dtype"],
        "memory": {"bytes": own + index_bytes, "exact": exact and certain},
        "columns": [entry],
        "index": describe_index(series.index, asked),
    }
    if asked.rows:
        result["rows"] = [[cell] for cell in cells(series, entry, asked)]
        add_labels(result, series.index, asked)
    return result


def add_labels(result: dict[str, Any], index: Any, asked: Asked) -> None:
    """Add the labels of the shown rows, where they are more than positions and none of them is masked."""
    if exactly(index, "pandas", "RangeIndex") or any(level.get("masked") for level in result["index"]):
        return
    if not exactly(index, "pandas", "MultiIndex"):
        result["labels"] = [plain(one) for one in index[: asked.rows]]
        return
    parts = [
        [None if code < 0 else plain(values[code]) for code in codes[: asked.rows]]
        for values, codes in multi_levels(index)
    ]
    result["labels"] = [{"items": list(row), "length": len(row)} for row in zip(*parts)]


def describe_index(index: Any, asked: Asked) -> list[dict[str, Any]]:
    """The levels of an index, each like a column."""
    if exactly(index, "pandas", "MultiIndex"):
        return [
            describe_level(label(name), values, codes, asked)
            for name, (values, codes) in zip(index.names, multi_levels(index))
        ]
    index = index[:]  # caches of its own
    name = label(index.name)
    if exactly(index, "pandas", "RangeIndex"):
        return [
            {"name": name, "dtype": "range", "start": index.start, "stop": index.stop, "step": index.step}
        ]
    return [describe_column(nameless(index.array), name, asked)]


def multi_levels(index: Any) -> list[tuple[Any, Any]]:
    """Values and codes of each level. The public `levels` would be remembered by the index."""
    return [(values[:], codes) for values, codes in zip(index._levels, index._codes)]  # noqa: SLF001


def describe_level(name: str, values: Any, codes: Any, asked: Asked) -> dict[str, Any]:
    """One level of a MultiIndex, by its codes."""
    entry: dict[str, Any] = {"name": name, "dtype": dtype_text(values.dtype)}
    if entry["name"] in asked.masked:
        return {**entry, **MASKED}
    if asked.counts():
        used = library("numpy").unique(codes)
        used = used[used >= 0]
        entry.update(missing=int((codes == -1).sum()), distinct=int(used.size))
        if ordered(values.dtype) and used.size:
            taken = values.take(used)
            entry.update(min=plain(taken.min()), max=plain(taken.max()))
    return entry


def describe_column(series: Any, name: str, asked: Asked) -> dict[str, Any]:
    """Name and dtype, and at a level that allows it what can be counted in bounded time."""
    if scalar_kind(series.name) != "text" and series.name is not None:
        series = nameless(series.array)
    dtype, length = series.dtype, int(series.shape[0])
    entry: dict[str, Any] = {"name": name, "dtype": dtype_text(dtype)}
    if name in asked.masked:
        return {**entry, **MASKED}
    if not known(dtype):
        return entry
    categories = getattr(dtype, "categories", None) if name_of(type(dtype)) == "CategoricalDtype" else None
    if categories is not None:
        entry["categories"] = len(categories)
        entry["ordered"] = bool(dtype.ordered)
    objects = is_objects(dtype)
    if objects:
        entry["types"] = type_names(series.iloc[:: step_for(length, SIZED_ROWS)].array)
    if asked.level == "schema":
        return entry
    if not asked.counts():
        return {**entry, "note": "not counted: there was no more time"}
    step = step_for(length, OBJECT_ROWS if objects else EXACT_ROWS)
    part = series.iloc[::step]
    if objects:
        counted = {**count_objects(list(part.array)), **sample_note(length, step)}
    else:
        counted = {**count_known(part, dtype, categories), **sample_note(length, step)}
    texts = few_texts(counted, lambda: [one for one in part.unique() if not is_missing(one)], asked)
    return {**entry, **counted, **texts}


def nameless(array: Any) -> Any:
    """A Series of the same values without a name: a name of a user's own class would be asked for its hash."""
    return library("pandas").Series(array, dtype=array.dtype, copy=False)


def count_known(part: Any, dtype: Any, categories: Any) -> dict[str, Any]:
    """Missing, distinct, smallest and largest of a column whose dtype is a library's own."""
    numpy = library("numpy")
    if categories is not None:
        codes = part.array.codes
        return {"missing": int((codes == -1).sum()), "distinct": int(numpy.unique(codes[codes >= 0]).size)}
    counted: dict[str, Any] = {"missing": int(part.isna().sum())}
    few = part.iloc[:: step_for(int(part.shape[0]), DISTINCT_ROWS)]
    distinct = attempt(few.nunique)
    if distinct is not None:
        counted["distinct"] = int(distinct)
        if few.shape[0] < part.shape[0]:
            counted["distinct_sample"] = int(few.shape[0])
    if ordered(dtype) and counted["missing"] < part.shape[0]:
        smallest, largest = attempt(part.min), attempt(part.max)
        if smallest is not None and largest is not None:
            counted.update(min=plain(smallest), max=plain(largest))
    return counted


def cells(series: Any, entry: dict[str, Any], asked: Asked) -> list[Any]:
    """The first values of a column as JSON; of a masked one only that it is masked."""
    part = series.iloc[: asked.rows]
    if entry.get("masked"):
        return [MASKED] * int(part.shape[0])
    if not known(series.dtype):
        return [{"type": entry["dtype"]}] * int(part.shape[0])
    return [plain(value) for value in part.array]


def known(dtype: Any) -> bool:
    """Whether the dtype is one of a library's own, whose methods run no user's code."""
    return module_of(type(dtype)).partition(".")[0] in DTYPE_HOMES


def dtype_text(dtype: Any) -> str:
    """The dtype as people write it; of one that a user made only the type."""
    return str(dtype) if known(dtype) else name_of(type(dtype))


def is_objects(dtype: Any) -> bool:
    """Whether the values are Python objects of any kind."""
    return is_a(dtype, library("numpy").dtype) and dtype.kind == "O"


def ordered(dtype: Any) -> bool:
    """Whether a smallest and a largest value mean something: numbers, dates, durations."""
    if not known(dtype) or name_of(type(dtype)) in {"CategoricalDtype", "IntervalDtype", "SparseDtype"}:
        return False
    return getattr(dtype, "kind", "O") in "iufmM" or name_of(type(dtype)) == "PeriodDtype"


def memory_of_series(series: Any) -> tuple[int, bool]:
    """Bytes of the values, and whether that is exact; Python objects are estimated from some of them."""
    array = series.array
    inner = getattr(array, "_ndarray", None) if known(series.dtype) else None
    own = attempt(lambda: int(array.nbytes)) if known(series.dtype) else None
    if own is None:
        return 0, False
    if inner is None or not is_objects(inner.dtype) or not len(inner):
        return own, True
    some = list(inner[:: step_for(len(inner), SIZED_ROWS)])
    return own + sizes(some) * len(inner) // len(some), False


def memory_of_index(index: Any) -> tuple[int, bool]:
    """Bytes of an index without its caches."""
    if exactly(index, "pandas", "RangeIndex"):
        return 0, True
    if exactly(index, "pandas", "MultiIndex"):
        levels = multi_levels(index)
        parts = [memory_of_index(values) for values, _ in levels]
        own = sum(int(codes.nbytes) for _, codes in levels) + sum(size for size, _ in parts)
        return own, all(exact for _, exact in parts)
    index = index[:]  # caches of its own
    size: int | None = attempt(lambda: int(index.nbytes))
    return size or 0, size is not None and not is_objects(index.dtype)
