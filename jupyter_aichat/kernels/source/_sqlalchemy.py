"""Queries through a SQLAlchemy engine or connection that the user has made in this kernel."""

from __future__ import annotations

import importlib
from typing import Any

from jupyter_aichat.kernels.source._duckdb import missing_sentence, result_library
from jupyter_aichat.kernels.source._registering import sentence_of
from jupyter_aichat.kernels.source._statements import Refused, require_reading
from jupyter_aichat.kernels.source._types import is_a, library

READ_ONLY = {"postgresql": "SET TRANSACTION READ ONLY", "mysql": "SET TRANSACTION READ ONLY"}


def engines_in(space: dict[str, Any]) -> dict[str, Any]:
    """The user's engines and connections by their names."""
    sqlalchemy = library("sqlalchemy")
    if sqlalchemy is None:
        return {}
    kinds = (sqlalchemy.engine.Engine, sqlalchemy.engine.Connection)
    return {name: value for name, value in space.items() if is_a(value, *kinds)}


def run_engine(sql: str, name: str, space: dict[str, Any], request: dict[str, Any]) -> Any:
    """The result as a dataframe with at most one row more than asked for."""
    engines = engines_in(space)
    if name not in engines:
        said = (
            missing_sentence(name, engines).replace("dataframes", "engines").replace("Dataframes", "Engines")
        )
        raise Refused("missing_engine", said.replace("dataframe named", "SQLAlchemy engine named"))
    write = bool(request.get("write"))
    if not write:
        require_reading(sql)
    sqlalchemy, engine = library("sqlalchemy"), engines[name]
    try:
        if is_a(engine, sqlalchemy.engine.Connection):
            return on_users_connection(engine, sql, request, write=write)
        with engine.connect() as connection:
            return on_own_connection(connection, sql, request, write=write)
    except sqlalchemy.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise Refused("query", f"The database of {name!r} answered: {sentence_of(cause)}") from None


def on_own_connection(connection: Any, sql: str, request: dict[str, Any], *, write: bool) -> Any:
    """Run it on a connection of this query; a reading one is told to be read-only and is rolled back."""
    dialect = connection.dialect.name
    if write:
        result = rows_of(connection, sql, request)
        connection.commit()
        return result
    if dialect == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only=ON")
    elif dialect in READ_ONLY:
        connection.exec_driver_sql(READ_ONLY[dialect])
    try:
        return rows_of(connection, sql, request)
    finally:
        connection.rollback()
        if dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only=OFF")


def on_users_connection(connection: Any, sql: str, request: dict[str, Any], *, write: bool) -> Any:
    """Run it on the user's own connection: what is open there stays open, and what this began is ended."""
    was_open = connection.in_transaction()
    try:
        result = rows_of(connection, sql, request)
        if write and not was_open:
            connection.commit()
        return result
    finally:
        if not was_open and connection.in_transaction():
            connection.rollback()


def rows_of(connection: Any, sql: str, request: dict[str, Any]) -> Any:
    """Execute and fetch; without parameters the text goes to the driver as it is."""
    params = request.get("params")
    found = (
        connection.execute(library("sqlalchemy").text(sql), params)
        if params
        else connection.exec_driver_sql(sql)
    )
    if not found.returns_rows:
        return None
    names, rows = list(found.keys()), found.fetchmany(int(request["max_rows"]) + 1)
    if result_library() == "polars":
        polars = importlib.import_module("polars")
        return polars.DataFrame(
            [tuple(row) for row in rows], schema=names, orient="row", infer_schema_length=None
        )
    pandas = importlib.import_module("pandas")
    return pandas.DataFrame.from_records([tuple(row) for row in rows], columns=names, coerce_float=False)
