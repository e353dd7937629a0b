"""One query over the kernel's dataframes (DuckDB), or through an engine of SQLAlchemy that the kernel has.

Request: `sql`; `into` (the variable that gets the result; without it nothing is bound); `params`; `max_rows`; `engine`
(the name of an engine or connection; without it DuckDB); `allow_files` and `root` (files below it, by default below
the working folder); `write` (more than a single SELECT); `level`, `rows`, `mask` (what of the result is told, as in
inspect_variables); `seconds`.
"""

from __future__ import annotations

import keyword
import time
from typing import Any

from jupyter_aichat.kernels.source._asked import LEVELS, Asked
from jupyter_aichat.kernels.source._duckdb import run_duckdb
from jupyter_aichat.kernels.source._limits import Budget, quiet
from jupyter_aichat.kernels.source._pandas import describe_frame
from jupyter_aichat.kernels.source._polars import describe_polars
from jupyter_aichat.kernels.source._registering import frames_in
from jupyter_aichat.kernels.source._sqlalchemy import run_engine
from jupyter_aichat.kernels.source._statements import Refused
from jupyter_aichat.kernels.source._types import kind_of, module_of, name_of, namespace, user_variables
from jupyter_aichat.kernels.source._values import label

MOST_ROWS_BOUND = 1_000_000
DESCRIBE_SECONDS = 3.0


def main(request: dict[str, Any]) -> dict[str, Any]:
    """Run the query, bind its result, and tell about it what the level allows."""
    try:
        with quiet():
            return answer({"max_rows": MOST_ROWS_BOUND, **request})
    except Refused as refused:
        return {"status": "error", "kind": refused.kind, "error": str(refused)}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request. Raises `Refused`."""
    sql, into, level = request.get("sql", ""), request.get("into"), request.get("level", "schema")
    if not isinstance(sql, str) or not sql.strip():
        raise Refused("syntax", "The query is empty.")
    if level not in LEVELS:
        raise Refused("request", f"There is no level {level!r}; there are {', '.join(LEVELS)}.")
    space = user_variables()
    check_name(into, space)
    mask: dict[str, list[str]] = request.get("mask") or {}
    used: dict[str, list[str]] = {}
    started = time.perf_counter()
    if request.get("engine"):
        result = run_engine(sql, str(request["engine"]), space, request)
    else:
        result, used = run_duckdb(sql, frames_in(space), request)
    seconds = time.perf_counter() - started
    told: dict[str, Any] = {"status": "ok", "duration_ms": round(seconds * 1000, 3), "tables": list(used)}
    if any(used.values()):
        told["left_out"] = {name: columns for name, columns in used.items() if columns}
    if result is None:
        return told
    most = int(request["max_rows"])
    if int(result.shape[0]) > most:
        result = result.head(most)
        told["truncated"] = True
    hidden = [name for name in used if hides(name, space, mask)]
    if hidden and level != "schema":
        level = "schema"
        told["note"] = f"{', '.join(hidden)} has masked columns: of the result only the columns are told."
    asked = Asked(level, int(request.get("rows", 5)), mask.get("*", ()), Budget(DESCRIBE_SECONDS))
    entry: dict[str, Any] = {
        "name": into or "",
        "type": name_of(type(result)),
        "module": module_of(type(result)),
    }
    entry["kind"] = kind_of(result)
    entry.update((describe_polars if entry["kind"] == "polars" else describe_frame)(result, asked))
    if into:
        told["replaced"] = into in space
        namespace()[into] = result
    return {**told, "row_count": int(result.shape[0]), "result": entry}


def check_name(into: Any, space: dict[str, Any]) -> None:
    """Raise `Refused` where the result cannot have this name."""
    if into is None:
        return
    if not isinstance(into, str) or not into.isidentifier() or keyword.iskeyword(into):
        raise Refused(
            "name", f"{into!r} cannot be the name of a variable. Use letters, digits and underscores."
        )
    if into.startswith("_") or (into not in space and into in namespace()):
        raise Refused("name", f"{into!r} belongs to IPython. Choose another name.")


def hides(name: str, space: dict[str, Any], mask: dict[str, list[str]]) -> bool:
    """Whether a dataframe has columns that stay untold; a query could give them other names."""
    everywhere = set(mask.get("*", ()))
    if everywhere and everywhere & {label(one) for one in space[name].columns}:
        return True
    return any(
        columns and (other == name or (other in space and space[other] is space[name]))
        for other, columns in mask.items()
        if other != "*"
    )
