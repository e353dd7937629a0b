"""From no tables, or an older version's, to this version's. Additive steps only, after a copy where the store is a file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from jupyter_aichat.errors import SchemaTooNew
from jupyter_aichat.store import schema

__all__ = ["MIGRATIONS", "Opened", "Step", "count", "new_epoch", "prepare"]

Step = Callable[[sa.Connection], None]

MIGRATIONS: Mapping[int, Step] = {}
"""What leads from version n to n + 1. Steps only add, so that a server of the older version can go on beside us."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found. `starts` counts how often the store was opened and closed, this time included."""

    epoch: str
    starts: int
    created: bool


def prepare(
    engine: sa.Engine,
    *,
    keep_copy: Callable[[int], None],
    migrations: Mapping[int, Step] = MIGRATIONS,
    version: int = schema.VERSION,
) -> Opened:
    """Make or migrate the tables and count the start.

    `keep_copy` gets the old version before the first step. Raises `SchemaTooNew` when a newer version of this package
    wrote the store.
    """
    found = _version(engine)
    if found is not None and found < version:
        keep_copy(found)
    try:
        return _prepare(engine, migrations, version)
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError):
        # Two servers made the tables of a PostgreSQL database at the same moment. The other one has.
        return _prepare(engine, migrations, version)


def new_epoch(engine: sa.Engine) -> str:
    """Give the store a new epoch: no position that a client holds is of use any more."""
    epoch = secrets.token_hex(16)
    with engine.begin() as connection:
        _set(connection, "epoch", epoch)
    return epoch


def count(engine: sa.Engine) -> tuple[str, int]:
    """Count on, so that whatever was copied before is known to be older. Returns the epoch and the new count."""
    with engine.begin() as connection:
        values = _meta(connection)
        starts = int(values["starts"]) + 1
        _set(connection, "starts", str(starts))
    return values["epoch"], starts


def _prepare(engine: sa.Engine, migrations: Mapping[int, Step], version: int) -> Opened:
    with engine.begin() as connection:
        values = _meta(connection)
        created = "version" not in values
        if created:
            schema.METADATA.create_all(connection)
            values = {"epoch": secrets.token_hex(16), "version": str(version), "starts": "0"}
            connection.execute(sa.insert(schema.META), [{"key": k, "value": v} for k, v in values.items()])
        found = int(values["version"])
        if found > version:
            msg = (
                f"The chat store has schema {found}, this version of jupyterlab-aichat knows {version}. "
                "Upgrade jupyterlab-aichat, or point it to another store."
            )
            raise SchemaTooNew(msg)
        for step in range(found, version):
            migrations[step](connection)
        starts = int(values["starts"]) + 1
        _set(connection, "version", str(version))
        _set(connection, "starts", str(starts))
        return Opened(values["epoch"], starts, created)


def _version(engine: sa.Engine) -> int | None:
    with engine.begin() as connection:
        value = _meta(connection).get("version")
    return None if value is None else int(value)


def _meta(connection: sa.Connection) -> dict[str, str]:
    if not sa.inspect(connection).has_table(schema.META.name):
        return {}
    rows = connection.execute(sa.select(schema.META.c.key, schema.META.c.value).with_for_update())
    return {str(key): str(value) for key, value in rows}


def _set(connection: sa.Connection, key: str, value: str) -> None:
    connection.execute(sa.update(schema.META).where(schema.META.c.key == key).values(value=value))
