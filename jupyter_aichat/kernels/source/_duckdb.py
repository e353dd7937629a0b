"""DuckDB over the user's dataframes, on a connection of its own that can reach nothing else."""

from __future__ import annotations

import difflib
import glob
import importlib
import itertools
import os
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_aichat.kernels.source._registering import register, sentence_of
from jupyter_aichat.kernels.source._statements import (
    Refused,
    require_written_names,
    tables_of,
    texts_of,
    tree_of,
    with_root,
    words,
)
from jupyter_aichat.kernels.source._types import clean, library

CLOSED = (
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET allow_community_extensions=false",
    "SET python_enable_replacements=false",
)
NAMED_SHOWN = 12
MOST_FILES = 10_000


def open_duckdb() -> tuple[Any, Any]:
    """The library and a new connection in memory. Raises `Refused` where the kernel's environment has no DuckDB."""
    try:
        duckdb = importlib.import_module("duckdb")
    except ImportError:
        raise Refused(
            "no_duckdb",
            "The kernel's environment has no DuckDB. Install it there (%pip install duckdb), or use pandas instead.",
        ) from None
    connection = duckdb.connect(":memory:")
    for setting in CLOSED:
        try:
            connection.execute(setting)
        except duckdb.Error:  # an older DuckDB does not know it
            continue
    return duckdb, connection


def lock(duckdb: Any, connection: Any, root: str | None) -> None:
    """Close the connection to files, network and extensions; files below `root` stay open where it is given."""
    if root is not None:
        folder = below(root).replace("'", "''")
        try:
            connection.execute(f"SET allowed_directories=['{folder}']")
        except duckdb.Error:
            raise Refused(
                "old_duckdb", "Files can be read only with DuckDB 1.2 or newer in the kernel."
            ) from None
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")


def require_one_select(duckdb: Any, connection: Any, sql: str) -> None:
    """Raise `Refused` unless DuckDB itself reads one SELECT."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise Refused("syntax", sentence_of(error)) from None
    kinds = [str(statement.type).rpartition(".")[2] for statement in statements]
    if not kinds:
        raise Refused("syntax", "The query is empty.")
    if len(kinds) > 1:
        raise Refused(
            "not_select", f"Only a single statement is run; this has {len(kinds)}. Send one SELECT."
        )
    if kinds[0] == "MULTI":
        raise Refused("not_select", "A PIVOT is run only where its values are named: PIVOT … ON … IN (…).")
    if kinds[0] not in {"SELECT", "EXPLAIN"}:
        raise Refused("not_select", f"Only a SELECT is run here; this is {kinds[0]}.")


def named_frames(connection: Any, sql: str, frames: dict[str, Any], *, files: bool) -> dict[str, Any]:
    """The dataframes that the query names. Raises `Refused` for a table that is none of them."""
    lower = {name.lower(): name for name in reversed(list(frames))}
    tree = tree_of(connection, sql)
    if tree is None:
        return {
            lower[word.lower()]: frames[lower[word.lower()]] for word in words(sql) if word.lower() in lower
        }
    found = {}
    for table in tables_of(tree):
        name = table if table in frames else lower.get(table.lower())
        if name is not None:
            found[name] = frames[name]
        elif looks_like_file(table):
            if not files:
                raise Refused(
                    "forbidden", f"Only dataframes may be read here, not files such as {clean(table)!r}."
                )
        elif not is_catalog(connection, table):
            raise Refused("missing_table", missing_sentence(table, frames))
    return found


def is_catalog(connection: Any, table: str) -> bool:
    """Whether DuckDB itself has such a view."""
    query = "SELECT 1 FROM duckdb_views() WHERE view_name = ? LIMIT 1"
    return bool(connection.execute(query, [table.lower()]).fetchall())


def looks_like_file(name: str) -> bool:
    """Whether a table's name is rather that of a file."""
    return "/" in name or "\\" in name or re.search(r"\.[A-Za-z0-9]{1,8}$", name) is not None


def missing_sentence(table: str, frames: Iterable[str]) -> str:
    """Say that there is no such dataframe, which there are, and which one may be meant."""
    names = list(frames)
    said = f"There is no dataframe named {table!r} in the kernel."
    near = difflib.get_close_matches(table.lower(), [name.lower() for name in names], n=3, cutoff=0.5)
    meant = [name for name in names if name.lower() in near]
    if meant:
        said += f" Did you mean {' or '.join(repr(name) for name in meant)}?"
    if not names:
        return f"{said} There are no dataframes yet."
    shown = ", ".join(names[:NAMED_SHOWN])
    more = f" and {len(names) - NAMED_SHOWN} more" if len(names) > NAMED_SHOWN else ""
    return f"{said} Dataframes here: {shown}{more}."


def check_files(sql: str, root: str) -> None:
    """Raise `Refused` where a file that the query names is, or leads, outside `root`."""
    base = below(root)
    for text in texts_of(sql):
        if not looks_like_file(text) or "\0" in text:
            continue
        pattern = text if text.startswith(os.sep) else base + text
        found = itertools.islice(glob.iglob(pattern, recursive=True), MOST_FILES)  # noqa: PTH207  patterns may be absolute
        for path in [pattern, *found]:
            if not below(path).startswith(base):
                raise Refused("outside", f"{clean(text)!r} is outside the folder that may be read.")


def below(folder: str) -> str:
    """What the paths of all that is below a folder begin with; links are followed."""
    return os.path.realpath(folder).rstrip(os.sep) + os.sep


def run_duckdb(sql: str, frames: dict[str, Any], request: dict[str, Any]) -> tuple[Any, dict[str, list[str]]]:
    """The result as a dataframe with at most one row more than asked for, and what was read, each with the columns that
    DuckDB could not read.
    """
    duckdb, connection = open_duckdb()
    timer = threading.Timer(float(request.get("seconds", 60)), connection.interrupt)
    timer.daemon = True
    try:
        if not request.get("write"):
            require_one_select(duckdb, connection, sql)
        used = named_frames(connection, sql, frames, files=bool(request.get("allow_files")))
        left_out = {name: register(connection, name, frame) for name, frame in used.items()}
        root = None
        if request.get("allow_files"):
            root = str(request.get("root") or Path.cwd())
            tree = tree_of(connection, sql)
            if tree is not None:
                require_written_names(tree)
            elif not request.get("write"):
                raise Refused(
                    "old_duckdb", "Files can be read only with a DuckDB that has its JSON extension."
                )
            check_files(sql, root)
            if os.path.realpath(root) != os.path.realpath("."):
                sql = with_root(sql, below(root))
        lock(duckdb, connection, root)
        timer.start()
        return fetch(duckdb, connection, sql, request), left_out
    except duckdb.Error as error:
        raise Refused(kind_of_error(error), explained(error, request, frames)) from None
    finally:
        timer.cancel()
        connection.close()


def fetch(duckdb: Any, connection: Any, sql: str, request: dict[str, Any]) -> Any:
    """Run the query and take the rows as a dataframe of the library that the kernel uses."""
    most, params = int(request["max_rows"]) + 1, request.get("params")
    relation = connection.sql(sql, params=params) if params else connection.sql(sql)
    if relation is None:
        return None
    home = result_library()
    if home == "polars":
        return relation.limit(most).pl()
    if "HUGEINT" in map(str, relation.types) and len(set(relation.columns)) == len(relation.columns):
        try:
            return (
                relation.project(", ".join(map(narrowed, relation.columns, relation.types))).limit(most).df()
            )
        except duckdb.ConversionException:
            pass  # larger than 64 bits: pandas has only floats for these
    return relation.limit(most).df()


def narrowed(name: str, dtype: Any) -> str:
    """A column for pandas: sums of integers, 128 bits wide in DuckDB, as integers and not as floats."""
    quoted = '"' + name.replace('"', '""') + '"'
    return f"CAST({quoted} AS BIGINT) AS {quoted}" if str(dtype) == "HUGEINT" else quoted


def result_library() -> str:
    """pandas, unless only polars is there. Raises `Refused` where there is neither."""
    if library("pandas") is not None or library("polars") is None:
        for name in ("pandas", "polars"):
            try:
                importlib.import_module(name)
            except ImportError:
                continue
            return name
        raise Refused(
            "no_frames", "The kernel's environment has neither pandas nor polars. Install one of them there."
        )
    return "polars"


def kind_of_error(error: Any) -> str:
    """A word for what went wrong in DuckDB."""
    name = type(error).__name__
    words_for = {
        "ParserException": "syntax",
        "CatalogException": "missing_table",
        "InterruptException": "timeout",
    }
    return words_for.get(name, "forbidden" if name == "PermissionException" else "query")


def explained(error: Any, request: dict[str, Any], frames: dict[str, Any]) -> str:
    """DuckDB's message as a sentence a person can act on."""
    said = sentence_of(error)
    if type(error).__name__ == "InterruptException":
        return f"The query was stopped after {float(request.get('seconds', 60)):g} seconds. Ask for less."
    if type(error).__name__ == "PermissionException":
        allowed = "only files below the working folder" if request.get("allow_files") else "only dataframes"
        return f"That is not allowed here; the query may read {allowed}. ({said})"
    table = re.search(r"Table with name (.+?) does not exist", str(error))
    if table and not looks_like_file(table[1]):
        return missing_sentence(table[1], frames)
    return said
