"""From a database driver's error to a sentence a person can act on. No path, no SQL, no traceback: it travels to browsers."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from jupyter_aichat.errors import StorageError

__all__ = ["is_collision", "is_damage", "storage_error"]

SENTENCES = {
    "SQLITE_BUSY": "The chat store is locked by another program. Try again in a moment.",
    "SQLITE_LOCKED": "The chat store is locked by another program. Try again in a moment.",
    "SQLITE_FULL": "The disk that holds the chat store is full. Free some space, then try again.",
    "SQLITE_IOERR": "The disk that holds the chat store cannot be read or written. Check it, then try again.",
    "SQLITE_READONLY": "The chat store is read-only. Make its file writable, then try again.",
    "SQLITE_CANTOPEN": "The chat store's file cannot be opened. Check that it exists and may be written.",
    "SQLITE_CORRUPT": "The chat store's file is damaged. Restart the server: it will set the file aside if it must.",
    "SQLITE_NOTADB": "The chat store's file is damaged. Restart the server: it will set the file aside if it must.",
}

COLLISIONS = frozenset({"40P01", "40001"})
"""PostgreSQL's words for a deadlock and for two transactions that cannot both be."""

DAMAGE = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})


def storage_error(error: sa.exc.SQLAlchemyError | sqlite3.Error) -> StorageError:
    """The sentence for what the driver said."""
    name = _name(error)
    if name in SENTENCES:
        return StorageError(SENTENCES[name])
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return StorageError("The connection to the chat store's database was lost. Try again in a moment.")
    if isinstance(error, sa.exc.OperationalError | sa.exc.TimeoutError):
        return StorageError(
            "The chat store's database cannot be reached. Check that it runs, then try again."
        )
    return StorageError(f"The chat store failed ({type(error).__name__}). The server's log says more.")


def is_damage(error: sa.exc.SQLAlchemyError | sqlite3.Error) -> bool:
    """Whether the file is not, or no longer, a database that can be read."""
    return _name(error) in DAMAGE


def is_collision(error: BaseException) -> bool:
    """Whether another server's transaction stood in the way, so that the same one succeeds when it is tried again."""
    return isinstance(error, sa.exc.DBAPIError) and getattr(error.orig, "sqlstate", None) in COLLISIONS


def _name(error: sa.exc.SQLAlchemyError | sqlite3.Error) -> str:
    # On a full disk SQLite undoes the whole transaction and its savepoints with it, so that going back to one fails too,
    # with words of no use: what failed before says more.
    failure: BaseException | None = error
    while failure is not None:
        if (name := _own_name(failure)) in SENTENCES:
            return name
        failure = failure.__context__
    return ""


def _own_name(error: BaseException) -> str:
    # `SQLITE_IOERR_WRITE` is a kind of `SQLITE_IOERR`.
    origin = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return "_".join(str(getattr(origin, "sqlite_errorname", "")).split("_")[:2])
