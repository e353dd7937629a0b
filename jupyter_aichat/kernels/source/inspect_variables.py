"""What the user's variables are: names, types, shapes; of tables the columns; more only at a level that allows it.

Request: `names` (all where it is left out), `level` ("schema", "aggregates", "rows"), `rows` (how many to show),
`mask` ({variable: [columns]}; the variable "*" stands for all), `limit` (of variables), `seconds`.
"""

from __future__ import annotations

import platform
from typing import Any

from jupyter_aichat.kernels.source._asked import LEVELS, SIZED_ROWS, Asked, memory_of, type_names
from jupyter_aichat.kernels.source._limits import Budget, TooLong, can_limit, limited, quiet, short_repr
from jupyter_aichat.kernels.source._numpy import describe_array
from jupyter_aichat.kernels.source._pandas import describe_frame, describe_index, describe_series
from jupyter_aichat.kernels.source._polars import (
    describe_lazy,
    describe_polars,
    describe_polars_series,
    describe_relation,
)
from jupyter_aichat.kernels.source._types import (
    container_kind,
    container_length,
    first_items,
    kind_of,
    module_of,
    name_of,
    own_size,
    user_variables,
)
from jupyter_aichat.kernels.source._values import plain

MOST_VARIABLES = 200
MOST_TAKEN = 500
SECONDS = 4.0
ONE_SECONDS = 2.0
UNASKED = {"module", "function", "class"}


def main(request: dict[str, Any]) -> dict[str, Any]:
    """Describe the variables that are asked for, or all."""
    level = request.get("level", "schema")
    if level not in LEVELS:
        return {"status": "error", "error": f"There is no level {level!r}; there are {', '.join(LEVELS)}."}
    names = request.get("names")
    mask = request.get("mask") or {}
    budget = Budget(float(request.get("seconds", SECONDS)))
    space = user_variables(hidden=names is not None)
    chosen = (
        names if names is not None else [n for n, value in space.items() if kind_of(value) not in UNASKED]
    )
    limit = max(0, int(request.get("limit", MOST_VARIABLES)))
    present = [name for name in chosen if name in space]
    with quiet():
        variables = [
            describe(
                name,
                space,
                Asked(level, int(request.get("rows", 5)), masked_in(name, space, mask), budget),
                mask,
            )
            for name in present[:limit]
        ]
    result = {"status": "ok", "python": platform.python_version(), "level": level, "variables": variables}
    if level == "rows":
        result["taken"] = sorted(user_variables())[:MOST_TAKEN]
    if len(present) > limit:
        result["omitted"] = len(present) - limit
    if len(present) < len(chosen):
        result["absent"] = [name for name in chosen if name not in space]
    return result


def masked_in(name: str, space: dict[str, Any], mask: dict[str, list[str]]) -> set[str]:
    """The masked columns of a variable: under its name, under every other name of the same object, and under "*"."""
    masked = set(mask.get("*", ()))
    for other, columns in mask.items():
        if other == name or (other in space and space[other] is space[name]):
            masked.update(columns)
    return masked


def describe(name: str, space: dict[str, Any], asked: Asked, mask: dict[str, Any]) -> dict[str, Any]:
    """One variable; where it cannot be looked at, its type and why."""
    value = space[name]
    cls, kind = type(value), kind_of(value)
    entry: dict[str, Any] = {"name": name, "type": name_of(cls), "module": module_of(cls), "kind": kind}
    try:
        if can_limit() and kind != "object":
            seconds = min(ONE_SECONDS, max(asked.budget.left(), 0.2))
            entry.update(limited(lambda: details(value, kind, asked, mask), seconds))
        else:
            entry.update(details(value, kind, asked, mask))
    except TooLong:
        entry["note"] = "looking at it took too long"
    except Exception as error:  # noqa: BLE001  an object of the user may raise anything
        entry["note"] = f"it could not be looked at ({name_of(type(error))})"
    return entry


def details(value: Any, kind: str, asked: Asked, mask: dict[str, Any]) -> dict[str, Any]:
    """What is known about a value of this kind."""
    tables = {
        "frame": describe_frame,
        "series": describe_series,
        "polars": describe_polars,
        "polars_series": describe_polars_series,
        "lazy": describe_lazy,
        "relation": describe_relation,
        "array": describe_array,
    }
    if kind in tables:
        return tables[kind](value, asked)
    if kind == "index":
        return {
            "shape": [int(value.shape[0])],
            "dtype": str(value.dtype),
            "columns": describe_index(value, asked),
        }
    shown = asked.level == "rows"
    if container_kind(value):
        return describe_container(value, shown=shown and not mask)
    if kind in {"text", "bytes"}:
        size = container_length(value)
        told = {"length": size, "memory": memory_of([], size, own_size(value))}
        return {**told, "value": plain(value)} if shown else told
    if kind == "value":
        return {"value": plain(value)} if shown else {}
    return short_repr(value) if shown and not mask and kind == "object" and asked.budget.left() > 0 else {}


def describe_container(value: Any, *, shown: bool) -> dict[str, Any]:
    """A list, dict, set or the like: how many items of which types."""
    size = container_length(value)
    some = first_items(value, SIZED_ROWS)
    items = [item for _, item in some] if container_kind(value) == "mapping" else some
    told: dict[str, Any] = {
        "length": size,
        "types": type_names(items),
        "memory": memory_of(items, size, own_size(value)),
    }
    if shown:
        told["value"] = plain(value)
    return told
