"""What something is, told without asking it: an object's own code (`__class__`, `__len__`, …) never runs here."""

from __future__ import annotations

import itertools
import sys
from typing import Any

TYPE_NAME = type.__dict__["__name__"]
TYPE_MODULE = type.__dict__["__module__"]
TYPE_MRO = type.__dict__["__mro__"]
INDEXES = frozenset(
    {
        "Index",
        "RangeIndex",
        "MultiIndex",
        "DatetimeIndex",
        "TimedeltaIndex",
        "PeriodIndex",
        "IntervalIndex",
        "CategoricalIndex",
    }
)
NOT_DATA = frozenset(
    {
        "module",
        "function",
        "builtin_function_or_method",
        "method",
        "method_descriptor",
        "classmethod_descriptor",
        "_lru_cache_wrapper",
        "ufunc",
        "_ArrayFunctionDispatcher",
        "_Feature",
    }
)


def clean(text: str) -> str:
    """The text as it can stand in JSON: half characters are written as escapes."""
    return str.encode(text, "utf-8", "backslashreplace").decode()


def name_of(cls: type) -> str:
    """The name of a class, whatever its metaclass says."""
    return clean(TYPE_NAME.__get__(cls))


def module_of(cls: type) -> str:
    """The module of a class; empty where it was set to something else than text."""
    module = TYPE_MODULE.__get__(cls)
    return clean(module) if type(module) is str else ""


def is_a(value: Any, *classes: Any) -> bool:
    """Whether the type of `value` is one of `classes` or made from one. `isinstance` would ask `__class__`."""
    return any(base is cls for base in TYPE_MRO.__get__(type(value)) for cls in classes)


def library(name: str) -> Any:
    """A library that the kernel has imported already; `None` where it has not."""
    return sys.modules.get(name)


def exactly(value: Any, module: str, *names: str) -> bool:
    """Whether `value` is of one of these classes of a library, not of a class made from them."""
    found = library(module)
    return found is not None and any(type(value) is getattr(found, name, None) for name in names)


def kind_of(value: Any) -> str:
    """What can be said about `value`: one of the words below; `object` for all that is not known here."""
    cls = type(value)
    if is_a(value, type):
        return "class"
    if name_of(cls) in NOT_DATA and module_of(cls) in {"builtins", "functools", "numpy", "__future__"}:
        return "module" if name_of(cls) == "module" else "function"
    if module_of(cls) == "typing":
        return "class"
    if exactly(value, "pandas", "DataFrame") or exactly(value, "geopandas", "GeoDataFrame"):
        return "frame"
    if exactly(value, "pandas", "Series") or exactly(value, "geopandas", "GeoSeries"):
        return "series"
    if exactly(value, "pandas", *INDEXES):
        return "index"
    if exactly(value, "polars", "DataFrame"):
        return "polars"
    if exactly(value, "polars", "Series"):
        return "polars_series"
    if exactly(value, "polars", "LazyFrame"):
        return "lazy"
    if exactly(value, "numpy", "ndarray", "matrix", "memmap", "recarray"):
        return "array"
    if name_of(cls) == "DuckDBPyRelation" and module_of(cls).partition(".")[0] in {"duckdb", "_duckdb"}:
        return "relation"
    return container_kind(value) or scalar_kind(value) or "object"


def container_kind(value: Any) -> str:
    """`mapping`, `sequence` or `set` for Python's own and what is made from them; else nothing."""
    if is_a(value, dict):
        return "mapping"
    if is_a(value, list, tuple, range) or exactly(value, "collections", "deque"):
        return "sequence"
    return "set" if is_a(value, set, frozenset) else ""


def scalar_kind(value: Any) -> str:
    """`text`, `bytes`, or `value` for a single number, date or truth of a known type; else nothing."""
    if is_a(value, str):
        return "text"
    if is_a(value, bytes, bytearray):
        return "bytes"
    if any(type(value) is cls for cls in (int, float, bool, complex, type(None))):
        return "value"
    if exactly(value, "datetime", "datetime", "date", "time", "timedelta"):
        return "value"
    if exactly(value, "decimal", "Decimal") or exactly(value, "fractions", "Fraction"):
        return "value"
    if exactly(value, "pandas", "Timestamp", "Timedelta", "Period"):
        return "value"
    numpy = library("numpy")
    known = numpy is not None and module_of(type(value)) == "numpy"
    return "value" if known and is_a(value, numpy.generic) else ""


OWN: tuple[Any, ...] = (dict, list, tuple, set, frozenset, str, bytes, bytearray, range)


def container_length(value: Any) -> int:
    """How many items one of Python's containers holds, not asking a `__len__` that a user wrote."""
    for cls in OWN:
        if is_a(value, cls):
            return int(cls.__len__(value))
    return len(value)  # a deque


def own_size(value: Any) -> int:
    """The bytes of the value itself, without what it refers to, not asking a `__sizeof__` that a user wrote."""
    for cls in OWN:
        if is_a(value, cls):
            return int(cls.__sizeof__(value))
    return object.__sizeof__(value)


def first_items(value: Any, limit: int) -> list[Any]:
    """The first items of a container; of a mapping its pairs."""
    if is_a(value, dict):
        return list(itertools.islice(dict.items(value), limit))
    for cls in OWN:
        if is_a(value, cls):
            return list(itertools.islice(cls.__iter__(value), limit))
    return list(itertools.islice(value, limit))  # a deque


def user_variables(*, hidden: bool = False) -> dict[str, Any]:
    """What the user has named in this kernel. With `hidden` also IPython's own and names with an underscore."""
    space, own = namespace(), {}
    ipython = library("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and not hidden:
        own = shell.user_ns_hidden
    found = dict(space)
    absent = object()
    return {
        name: value
        for name, value in found.items()
        if type(name) is str and (hidden or (not name.startswith("_") and own.get(name, absent) is not value))
    }


def namespace() -> dict[str, Any]:
    """The dictionary that the user's cells run in."""
    ipython = library("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    found: dict[str, Any] = shell.user_ns if shell is not None else vars(sys.modules["__main__"])
    return found
