"""What the user's variables are at this moment, so that a later snapshot tells what has changed in between.

Request: `action` ("take"), `seconds` (for all fingerprints together). The answer names every variable with its type,
its shape, and a fingerprint of its content; `exact` is false where that does not cover all of the content. A table has
one for each column: `columns` are [name, dtype, fingerprint], and `content` is that of its index.
"""

from __future__ import annotations

from typing import Any

from jupyter_aichat.kernels.source._fingerprints import (
    Digest,
    Effort,
    add_index,
    add_polars,
    add_series,
    fingerprint,
)
from jupyter_aichat.kernels.source._limits import TooLong, can_limit, limited, quiet
from jupyter_aichat.kernels.source._pandas import dtype_text
from jupyter_aichat.kernels.source._types import (
    clean,
    container_kind,
    container_length,
    kind_of,
    library,
    module_of,
    name_of,
    user_variables,
)
from jupyter_aichat.kernels.source._values import label

SECONDS = 2.0
MOST_COLUMNS_READ = 500


def main(request: dict[str, Any]) -> dict[str, Any]:
    """Take a snapshot."""
    if request.get("action", "take") != "take":
        return {"status": "error", "error": f"There is no action {request['action']!r}; there is 'take'."}
    effort = Effort(float(request.get("seconds", SECONDS)))
    with quiet():
        variables = {clean(name): take(value, effort) for name, value in user_variables().items()}
    return {"status": "ok", "variables": variables}


def take(value: Any, effort: Effort) -> dict[str, Any]:
    """One variable. `id` is which object it is."""
    cls, kind = type(value), kind_of(value)
    entry: dict[str, Any] = {
        "id": str(id(value)),
        "type": name_of(cls),
        "module": module_of(cls),
        "kind": kind,
        "content": None,
        "exact": False,
    }
    try:
        if can_limit():
            limit = max(effort.budget.left(), 0.05) + 1
            entry.update(limited(lambda: read(value, kind, effort), limit))
        else:
            entry.update(read(value, kind, effort))
    except (TooLong, Exception):  # noqa: BLE001  an object of the user may raise anything
        entry["note"] = "its content could not be read"
    return entry


def read(value: Any, kind: str, effort: Effort) -> dict[str, Any]:
    """Shape, columns and content."""
    if kind == "frame":
        return read_frame(value, effort)
    if kind == "series":
        digest = Digest()
        add_index(digest, value.index, effort)
        digest.add(label(value.name).encode())
        add_series(digest, value, effort)
        seen = {"shape": [int(value.shape[0])], "dtype": dtype_text(value.dtype)}
        return {**seen, "content": digest.text(), "exact": digest.exact}
    if kind in {"polars", "polars_series"}:
        return read_polars(value, kind, effort)
    if kind in {"module", "function", "class", "lazy", "relation"}:
        return {"exact": True, "content": str(id(value))}  # these are replaced, not changed
    content, exact = fingerprint(value, effort)
    told: dict[str, Any] = {"content": content, "exact": exact}
    if kind == "array":
        told.update(shape=[int(length) for length in value.shape], dtype=clean(str(value.dtype)))
    elif kind == "index":
        told.update(shape=[int(value.shape[0])], dtype=str(value.dtype))
    elif container_kind(value) or kind in {"text", "bytes"}:
        told["length"] = container_length(value)
    return told


def read_frame(frame: Any, effort: Effort) -> dict[str, Any]:
    """A DataFrame of pandas: each column has its own fingerprint."""
    height, width = int(frame.shape[0]), int(frame.shape[1])
    columns, exact = [], width <= MOST_COLUMNS_READ
    for position in range(min(width, MOST_COLUMNS_READ)):
        column, digest = frame.iloc[:, position], Digest()
        add_series(digest, column, effort)
        exact = exact and digest.exact
        columns.append([label(frame.columns[position]), dtype_text(column.dtype), digest.text()])
    index = Digest()
    add_index(index, frame.index, effort)
    return {
        "shape": [height, width],
        "columns": columns,
        "content": index.text(),
        "exact": exact and index.exact,
    }


def read_polars(value: Any, kind: str, effort: Effort) -> dict[str, Any]:
    """A DataFrame or Series of polars."""
    series = kind == "polars_series"
    chosen = [value] if series else value.get_columns()[:MOST_COLUMNS_READ]
    columns, exact = [], series or int(value.width) <= MOST_COLUMNS_READ
    for column in chosen:
        digest = Digest()
        add_polars(digest, library("polars").DataFrame([column]), effort)
        exact = exact and digest.exact
        columns.append([clean(column.name), str(column.dtype), digest.text()])
    if series:
        _, dtype, content = columns[0]
        return {"shape": [int(value.len())], "dtype": dtype, "content": content, "exact": exact}
    return {"shape": [int(value.height), int(value.width)], "columns": columns, "content": "", "exact": exact}
