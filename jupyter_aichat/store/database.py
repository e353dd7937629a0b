"""Opening the store: engines for writing and reading, tables, epoch; repair of what can be repaired, words for the rest."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from jupyter_aichat.errors import ConfigurationError, SchemaTooNew, StorageError
from jupyter_aichat.store import migrate, schema, search, sqlite
from jupyter_aichat.store.fault import is_damage, storage_error
from jupyter_aichat.store.filesystem import make_private_folder
from jupyter_aichat.store.locks import Presence, opening
from jupyter_aichat.store.sqlite import Sidecar, SqliteFile

__all__ = ["Database", "open_database"]

READERS = 4
REMEMBER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Database:
    """An open store. `indexed`: search has an index. `warnings`: what the person who runs the server should know."""

    url: str
    epoch: str
    indexed: bool
    warnings: tuple[str, ...]
    writing: sa.Engine
    reading: sa.Engine
    presence: Presence
    file: SqliteFile | None

    def set_durable(self, connection: sa.Connection, *, durable: bool) -> None:
        """Between transactions: whether the next commits have to survive a power cut. PostgreSQL's always do."""
        if self.file is not None and not self.file.network:
            sqlite.set_durable(connection, "FULL" if durable else self.file.relaxed)

    def vacuum(self, connection: sa.Connection) -> bool:
        """Between transactions: give back some of the space of what was deleted. `True` if there is more.

        PostgreSQL does so by itself.
        """
        return self.file is not None and sqlite.vacuum(connection)

    def remember(self) -> None:
        """Count this moment, so that a copy of the file that was made before it is known to be older when it is put back.

        At the end, and now and then, since a server may run for months. What cannot be counted is counted another time.
        """
        if self.file is None:
            return
        path = self.file.path
        alone = contextlib.nullcontext() if self.file.network else opening(path, REMEMBER_SECONDS)
        with contextlib.suppress(StorageError, sa.exc.SQLAlchemyError, OSError, KeyError), alone:
            Sidecar(path).write(*migrate.count(self.writing))

    def dispose(self) -> None:
        """Close all connections."""
        self.remember()
        self.reading.dispose()
        self.writing.dispose()
        self.presence.close()


def open_database(
    url: str,
    *,
    server: str,
    migrations: Mapping[int, migrate.Step] = migrate.MIGRATIONS,
    version: int = schema.VERSION,
    mounts: str | None = None,
) -> Database:
    """Open the store at a SQLAlchemy URL (`sqlite:////home/me/chat.db`, `postgresql://user@host/name`), or make it.

    Raises `ConfigurationError` for a URL that does not fit, `SchemaTooNew`, and `StorageError` for the rest.
    """
    parsed = _parse(url)
    shown = parsed.set(query={}).render_as_string(hide_password=True)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(SqliteFile(parsed, mounts=mounts), shown, server, migrations, version)
        return _open_postgresql(parsed, shown, server, migrations, version)
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        raise storage_error(error) from error
    except OSError as error:
        msg = f"The chat store cannot be opened: {os.strerror(error.errno or 0).lower()}. Check where db_url points to."
        raise StorageError(msg) from error


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except sa.exc.ArgumentError:
        msg = "db_url is not a database URL. Write for example 'sqlite:////home/me/chat.db'."
        raise ConfigurationError(msg) from None
    if backend == "sqlite":
        if parsed.database in {None, "", ":memory:"} or str(parsed.database).startswith("file:"):
            msg = f"db_url names no file: {url!r}. Write for example 'sqlite:////home/me/chat.db'."
            raise ConfigurationError(msg)
        return parsed
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    msg = f"db_url names the database {backend!r}; the chat store works with sqlite and postgresql."
    raise ConfigurationError(msg)


def _open_sqlite(
    file: SqliteFile, shown: str, server: str, migrations: Mapping[int, migrate.Step], version: int
) -> Database:
    warnings: list[str] = []
    make_private_folder(file.path.parent)
    with opening(file.path) if not file.network else contextlib.nullcontext():
        try:
            opened, indexed, warning = _prepare_sqlite(file, migrations, version)
        except (sqlite3.Error, sa.exc.DBAPIError) as error:
            if not is_damage(error):
                raise
            name = file.set_aside()
            warnings.append(
                f"The chat store could not be read and was set aside as {name!r}; a new one was begun. "
                "A backup can be put in its place while the server is stopped."
            )
            opened, indexed, warning = _prepare_sqlite(file, migrations, version)
        epoch = opened.epoch
        sidecar = Sidecar(file.path)
        known = sidecar.read()
        if known is not None and opened.created and not warnings:
            warnings.append(
                "The chat store was found empty or missing, and a new one was begun. Earlier threads are gone."
            )
        elif known is not None and not opened.created and (known[0] != epoch or known[1] >= opened.starts):
            warnings.append(
                "The chat store was replaced by an older copy. What was written after that copy is gone."
            )
            engine = file.engine()
            epoch = migrate.new_epoch(engine)
            engine.dispose()
        sidecar.write(epoch, opened.starts)
    warnings.extend([warning] if warning else [])
    presence = Presence(None if file.network else file.path, server)
    reading = file.engine(readers=READERS)
    return Database(shown, epoch, indexed, tuple(warnings), file.engine(), reading, presence, file)


def _prepare_sqlite(
    file: SqliteFile, migrations: Mapping[int, migrate.Step], version: int
) -> tuple[migrate.Opened, bool, str | None]:
    warning = file.settle()
    engine = file.engine()
    try:
        opened = migrate.prepare(engine, keep_copy=file.copy, migrations=migrations, version=version)
        with engine.begin() as connection:
            return opened, search.prepare(connection), warning
    finally:
        engine.dispose()


def _open_postgresql(
    url: sa.URL, shown: str, server: str, migrations: Mapping[int, migrate.Step], version: int
) -> Database:
    try:
        writing = sa.create_engine(url, pool_size=1, pool_pre_ping=True)
    except ModuleNotFoundError:
        msg = "PostgreSQL needs a driver: pip install 'jupyterlab-aichat[postgres]'."
        raise ConfigurationError(msg) from None
    reading = sa.create_engine(
        url, pool_size=READERS, max_overflow=0, pool_pre_ping=True, isolation_level="REPEATABLE READ"
    ).execution_options(postgresql_readonly=True)
    try:
        opened = migrate.prepare(writing, keep_copy=lambda _: None, migrations=migrations, version=version)
    except (sa.exc.SQLAlchemyError, SchemaTooNew):
        writing.dispose()
        raise
    return Database(shown, opened.epoch, False, (), writing, reading, Presence(None, server), None)
