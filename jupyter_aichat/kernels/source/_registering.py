"""How a query of DuckDB comes to see the user's dataframes."""

# ruff: noqa: B905  `strict` came with Python 3.10
from __future__ import annotations

import importlib
from typing import Any

from jupyter_aichat.kernels.source._asked import is_missing, type_names
from jupyter_aichat.kernels.source._pandas import is_objects, known
from jupyter_aichat.kernels.source._statements import Refused
from jupyter_aichat.kernels.source._types import clean, container_kind, kind_of, scalar_kind
from jupyter_aichat.kernels.source._values import label

PROBE = "jupyter_aichat_probe"


def frames_in(space: dict[str, Any]) -> dict[str, Any]:
    """The user's dataframes of pandas and polars by their names."""
    return {name: value for name, value in space.items() if kind_of(value) in {"frame", "polars", "lazy"}}


def register(connection: Any, name: str, frame: Any) -> list[str]:
    """Let the query see a dataframe. Return the names of columns that DuckDB cannot read: they are left out."""
    kind = kind_of(frame)
    if kind == "lazy":
        raise Refused("lazy", f"{name!r} is a LazyFrame. Collect it first: {name} = {name}.collect().")
    if kind == "polars":
        try:
            importlib.import_module("pyarrow")
        except ImportError:
            raise Refused(
                "no_pyarrow",
                f"{name!r} is a DataFrame of polars, which DuckDB reads by pyarrow, and the kernel's environment has "
                "none. Install it there (%pip install pyarrow), or use polars' own methods.",
            ) from None
        try:
            connection.register(name, frame)
        except Exception as error:  # noqa: BLE001  what a library thinks of a column of any kind
            raise Refused("unreadable", f"DuckDB cannot read {name!r}: {sentence_of(error)}") from None
        return []
    return register_pandas(connection, name, frame)


def register_pandas(connection: Any, name: str, frame: Any) -> list[str]:
    """The same for pandas, under names of columns that SQL can say."""
    width = int(frame.shape[1])
    names = unique([label(frame.columns[position]) for position in range(width)])
    strange = [position for position in range(width) if not plain_column(frame.iloc[:, position])]
    if not strange:
        if all(type(given) is str and given == own for given, own in zip(frame.columns, names)):
            shown = frame
        else:
            shown = frame.copy(deep=False)
            shown.columns = names
        if registered(connection, name, shown):
            return []
    kept: list[int] = []
    for position in range(width):
        if position not in strange:
            one = frame.iloc[:, [position]]
            one.columns = ["value"]
            (kept if registered(connection, PROBE, one) else strange).append(position)
    connection.unregister(PROBE)
    # beside columns of pyarrow DuckDB reads all columns by pyarrow, which takes none of mixed types
    for chosen in (kept, [position for position in kept if not mixed(frame.iloc[:, position])]):
        shown = frame.iloc[:, chosen]
        shown.columns = [names[position] for position in chosen]
        if chosen and registered(connection, name, shown):
            return [own for position, own in enumerate(names) if position not in chosen]
    raise Refused("unreadable", f"DuckDB can read none of the columns of {name!r}.")


def mixed(series: Any) -> bool:
    """Whether a column holds Python objects of several types."""
    return is_objects(series.dtype) and len(type_names(series.array)) > 1


def registered(connection: Any, name: str, frame: Any) -> bool:
    """Whether DuckDB took the dataframe."""
    try:
        connection.register(name, frame)
        connection.table(name)  # older versions look at the columns only now
    except Exception:  # noqa: BLE001  what a library thinks of a column of any kind
        return False
    return True


def plain_column(series: Any) -> bool:
    """Whether the column holds nothing of a class that a user wrote: reading it would run that class's code."""
    if not known(series.dtype):
        return False
    if not is_objects(series.dtype):
        return True
    kinds = {id(type(value)): value for value in series.array}
    return all(
        is_missing(value) or bool(scalar_kind(value) or container_kind(value)) for value in kinds.values()
    )


def unique(names: list[str]) -> list[str]:
    """The names, a number behind those that were there before. SQL does not tell upper from lower case."""
    seen: set[str] = set()
    found = []
    for name in names:
        own, number = name, 1
        while own.lower() in seen:
            own, number = f"{name}_{number}", number + 1
        seen.add(own.lower())
        found.append(own)
    return found


def sentence_of(error: BaseException) -> str:
    """The first paragraph of a message, on one line."""
    said = " ".join(clean(str(error)).partition("\n\n")[0].split())
    return said[:500] or type(error).__name__
