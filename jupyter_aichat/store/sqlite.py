"""SQLite as the store's file: its settings, its file, its repair. The only module with pragmas.

Files beside `NAME`: `NAME-wal` and `NAME-shm` (SQLite's), `NAME.lock` (held while a server opens the store), `NAME.start`
(the sidecar: how often the store was opened and closed), `NAME.live-…` (one for each living server), `NAME.bak-v1` (a copy before a
migration), `NAME.damaged-…` (a file that could not be read).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import sqlalchemy as sa

from jupyter_aichat.store.filesystem import is_network, make_private, mount_type, mounts_text

__all__ = ["Sidecar", "SqliteFile"]

BUSY_SECONDS = 5.0
"""How long a transaction waits for another program's. `?timeout=` in the URL overrides it."""

LOG_BYTES = 64 * 1024 * 1024
VACUUM_PAGES = 2_000


class SqliteFile:
    """The file of one store and how it is opened."""

    def __init__(self, url: sa.URL, *, mounts: str | None = None) -> None:
        """`mounts` stands in for what the system says is mounted where."""
        self.url = url
        self.path = Path(str(url.database)).absolute()
        real = PurePosixPath(self.path.parent.resolve().as_posix())
        kind = mount_type(real, mounts_text() if mounts is None else mounts)
        self.network = kind if kind is not None and is_network(kind) else None
        """The type of the network file system that holds the file, `None` on a local disk."""

    def engine(self, *, readers: int = 0) -> sa.Engine:
        """An engine for the one writer, or for so many readers, which then cannot write."""
        engine = sa.create_engine(
            self.url.set(database=str(self.path)),
            connect_args={"timeout": BUSY_SECONDS} if "timeout" not in self.url.query else {},
            pool_size=max(readers, 2),
            max_overflow=0,
        )
        begin = (
            "BEGIN" if readers else "BEGIN IMMEDIATE"
        )  # a deferred one that turns to writing fails at once

        @sa.event.listens_for(engine, "connect")
        def settle(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # the driver begins nothing by itself
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")
            if readers:
                connection.execute("PRAGMA query_only=ON")

        @sa.event.listens_for(engine, "begin")
        def start(connection: sa.Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    @property
    def relaxed(self) -> str:
        """The setting of `synchronous` for tokens: the rollback journal is safe with nothing less than FULL."""
        return "FULL" if self.network else "NORMAL"

    def settle(self) -> str | None:
        """Make the file if need be, private, with its lasting settings. Returns a warning or `None`.

        Raises `sqlite3.Error`, also for a file that is no database.
        """
        make_private(self.path, create=True)
        for suffix in ("-wal", "-shm", "-journal"):
            make_private(self.path.with_name(self.path.name + suffix))
        wanted = "delete" if self.network else "wal"
        with contextlib.closing(
            sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # of effect before the first table only
            (got,) = connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if self.network:
            return (
                f"The chat store is on a network file system ({self.network}). It works, more slowly; put it on a local "
                "disk or use PostgreSQL (AiChatApp.db_url)."
            )
        if got != wanted:
            return f"SQLite could not use its write-ahead log for the chat store ({got!r} instead). It works, more slowly."
        return None

    def set_aside(self) -> str:
        """Move a file that cannot be read out of the way, with its log. Returns its new name."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        name = f"{self.path.name}.damaged-{stamp}"
        for suffix in ("", "-wal", "-shm", "-journal"):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.rename(self.path.with_name(name + suffix))
        return name

    def copy(self, version: int) -> None:
        """Keep the store as it is, before a migration from `version`."""
        target = self.path.with_name(f"{self.path.name}.bak-v{version}")
        make_private(target, create=True)
        with (
            contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)


def set_durable(connection: sa.Connection, setting: str) -> None:
    """Between transactions: how hard the next commits hold. `FULL` survives a power cut, `NORMAL` the end of the process."""
    connection.connection.cursor().execute(f"PRAGMA synchronous={setting}")


def vacuum(connection: sa.Connection) -> bool:
    """Between transactions: give some of the pages that deleted rows left back to the file system.

    `True` if there are more. A disk that is full, or another program that writes, leaves them for the next time.
    """
    cursor = connection.connection.cursor()
    try:
        (before,) = cursor.execute("PRAGMA freelist_count").fetchone()
        # As a script: `execute` takes the first page for the whole result and stops there.
        cursor.executescript(f"PRAGMA incremental_vacuum({VACUUM_PAGES})")
        (after,) = cursor.execute("PRAGMA freelist_count").fetchone()
    except sqlite3.Error:
        return False
    return bool(0 < after < before)


class Sidecar:
    """A small file beside the store that remembers its epoch and its number of starts.

    It tells what the store cannot tell of itself: that the file was emptied, or replaced by an older backup.
    """

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(f"{store.name}.start")

    def read(self) -> tuple[str, int] | None:
        """Epoch and starts, or `None` if nothing is known."""
        try:
            known = json.loads(self._path.read_bytes())
            return str(known["epoch"]), int(known["starts"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, epoch: str, starts: int) -> None:
        """Remember; a reader sees the old content or the new."""
        new = self._path.with_name(self._path.name + ".new")
        make_private(new, create=True)
        new.write_text(json.dumps({"epoch": epoch, "starts": starts}))
        new.replace(self._path)
