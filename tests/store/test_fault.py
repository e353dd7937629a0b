"""What a driver says, in words for a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from jupyter_aichat.store.fault import is_collision, is_damage, storage_error


def failure(name: str) -> sqlite3.OperationalError:
    """An error as SQLite gives it."""
    error = sqlite3.OperationalError("secret detail in /home/ana/chat.db")
    error.sqlite_errorname = name
    return error


def wrapped(name: str) -> sa.exc.OperationalError:
    """The same, as SQLAlchemy hands it on, with the statement."""
    return sa.exc.OperationalError("INSERT INTO aichat_event", {"data": "secret"}, failure(name))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_BUSY", "locked by another program"),
        ("SQLITE_BUSY_SNAPSHOT", "locked by another program"),
        ("SQLITE_LOCKED_SHAREDCACHE", "locked by another program"),
        ("SQLITE_FULL", "disk that holds the chat store is full"),
        ("SQLITE_IOERR", "cannot be read or written"),
        ("SQLITE_IOERR_WRITE", "cannot be read or written"),
        ("SQLITE_READONLY_DIRECTORY", "read-only"),
        ("SQLITE_CANTOPEN_ISDIR", "cannot be opened"),
        ("SQLITE_CORRUPT_INDEX", "damaged"),
        ("SQLITE_NOTADB", "damaged"),
        ("SQLITE_ERROR", "chat store"),
        ("", "chat store"),
    ],
)
def test_each_failure_has_a_sentence(name: str, words: str) -> None:
    """It says what is wrong and what to do, and carries no path, no statement and no value."""
    for error in (failure(name), wrapped(name)):
        sentence = str(storage_error(error))
        assert words in sentence
        assert sentence.endswith(".")
        assert not any(part in sentence for part in ("/", "secret", "INSERT", "Traceback"))


@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        ("SQLITE_CORRUPT", True),
        ("SQLITE_NOTADB", True),
        ("SQLITE_FULL", False),
        ("SQLITE_BUSY", False),
        ("", False),
    ],
)
def test_only_a_file_that_cannot_be_read_is_damaged(name: str, damaged: bool) -> None:  # noqa: FBT001  a table
    """One that is locked, or on a full disk, is never set aside."""
    assert is_damage(failure(name)) is damaged
    assert is_damage(wrapped(name)) is damaged


def both(first: sa.exc.OperationalError, second: sa.exc.OperationalError) -> sa.exc.OperationalError:
    """The second error, raised while the first one was being dealt with."""
    second.__context__ = first
    return second


def test_what_failed_first_is_said_when_what_followed_says_nothing() -> None:
    """An error while tidying up after another one does not hide it; one that says more than that is the one to tell."""
    assert "full" in str(storage_error(both(wrapped("SQLITE_FULL"), wrapped("SQLITE_ERROR"))))
    assert "full" in str(storage_error(both(wrapped("SQLITE_CORRUPT"), wrapped("SQLITE_FULL"))))


def test_a_lost_connection_is_said_as_such() -> None:
    """A database server that went away may be back in a moment."""
    error = sa.exc.OperationalError("SELECT 1", None, Exception("gone"), connection_invalidated=True)
    assert "connection to the chat store's database was lost" in str(storage_error(error))


def test_a_real_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    """As the driver says it, not as a test makes it up."""
    (tmp_path / "a.db").write_bytes(b"no database" * 500)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(sa.exc.DatabaseError) as raised, engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    assert is_damage(raised.value)
    engine.dispose()


@pytest.mark.parametrize(
    ("state", "again"), [("40P01", True), ("40001", True), ("53100", False), (None, False)]
)
def test_only_two_transactions_in_each_other_s_way_are_tried_again(state: str | None, again: bool) -> None:  # noqa: FBT001  a table
    """PostgreSQL says so by its own number; nothing else is worth a second try at once."""
    origin = failure("")
    origin.sqlstate = state  # type: ignore[attr-defined]  # as psycopg has it
    assert is_collision(sa.exc.OperationalError("SELECT 1", None, origin)) is again
    assert not is_collision(origin)
