"""The store's file: its settings, its modes, its copies, and a file system that cannot share memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from jupyter_aichat.store import Transaction
from jupyter_aichat.store.database import open_database
from jupyter_aichat.store.sqlite import Sidecar
from tests.store.desk import (
    OWNER,
    THREAD,
    Desk,
    begin,
    change,
    count_commits,
    database,
    desk,
    done,
    opened,
    rows,
    token,
    url,
)

NFS = "server:/ / nfs4 rw 0 0\n"
DISK = "/dev/sda1 / ext4 rw 0 0\n"


@pytest.fixture
def _careless() -> Iterator[None]:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """The mode of each file, without the part of its name that differs from run to run."""
    return {f.name.split("-2")[0].split("e-")[0]: oct(f.stat().st_mode & 0o777) for f in folder.iterdir()}


@pytest.mark.usefixtures("_careless")
async def test_everything_beside_the_store_is_private(tmp_path: Path) -> None:
    """0600 for the database, its log, shared memory, lock, sidecar and mark, under the most careless umask."""
    store = await opened(tmp_path / "a.db")
    await store.write(begin())
    names = {"a.db", "a.db-wal", "a.db-shm", "a.db.lock", "a.db.start", "a.db.liv"}
    assert modes(tmp_path) == dict.fromkeys(names, "0o600")
    await store.close()
    assert set(modes(tmp_path)) == {"a.db", "a.db.lock", "a.db.start"}


@pytest.mark.usefixtures("_careless")
def test_copies_and_damaged_files_are_private(tmp_path: Path) -> None:
    """What is kept before a migration or set aside holds the same conversations."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        one.write(begin("secret"))
    with database(path, migrations={1: lambda _: None}, version=2):
        pass
    path.write_bytes(b"garbage" * 1000)
    path.chmod(0o644)
    with database(path):
        pass
    found = modes(tmp_path)
    assert {"a.db.bak-v1", "a.db.damaged", "a.db"} <= set(found)
    assert set(found.values()) == {"0o600"}


@pytest.mark.usefixtures("_careless")
def test_a_store_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    """A file of mode 0644, and the log and shared memory that another program has open beside it, are tightened."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        one.write(begin())
        for part in ("a.db", "a.db-wal", "a.db-shm"):
            (tmp_path / part).chmod(0o644)
        with desk(path, "two") as two:
            assert set(modes(tmp_path).values()) == {"0o600"}
            assert two.read(lambda tx: tx.thread(OWNER, THREAD)).head == 1


def test_a_local_file_has_a_write_ahead_log_and_gives_space_back(tmp_path: Path) -> None:
    """`journal_mode` and `auto_vacuum` are in the file itself, so that every program finds them."""
    with database(tmp_path / "a.db"):
        pass
    assert rows(tmp_path / "a.db", "PRAGMA journal_mode") == [("wal",)]
    assert rows(tmp_path / "a.db", "PRAGMA auto_vacuum") == [(2,)]


async def test_what_is_purged_makes_the_file_smaller(tmp_path: Path) -> None:
    """Pages of a thread that is gone for good go back to the disk, when the store is next opened."""
    path = tmp_path / "a.db"
    store = await opened(path)
    lease = await store.write(begin())
    for _ in range(100):
        store.append(lease, "r1", token("매출 자료 " * 2000))
    await store.write(lambda tx: tx.delete(OWNER, THREAD))
    await store.close()
    before = path.stat().st_size
    long_ago = "2001-01-01T00:00:00.000Z"
    change(path, f"UPDATE aichat_thread SET deleted_at = '{long_ago}'")  # noqa: S608  a constant
    await (await opened(path)).close()
    assert rows(path, "SELECT count(*) FROM aichat_event") == [(0,)]
    assert path.stat().st_size < before / 10


def test_a_reading_connection_cannot_write(tmp_path: Path) -> None:
    """The engine for readers refuses, whatever it is told."""
    with (
        database(tmp_path / "a.db") as one,
        one.reading.begin() as connection,
        pytest.raises(sa.exc.OperationalError, match="readonly"),
    ):
        connection.exec_driver_sql("DELETE FROM aichat_thread")


async def test_only_tokens_may_wait_for_the_disk(tmp_path: Path) -> None:
    """A commit of tokens alone survives the process; one with anything else survives a power cut too."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    levels: list[int] = []

    @sa.event.listens_for(store._database.writing, "commit")
    def look(connection: sa.Connection) -> None:
        levels.append(connection.connection.cursor().execute("PRAGMA synchronous").fetchone()[0])

    cursor = store.follow(THREAD, 1)
    for event in (token(), done(), token()):
        store.append(lease, "r1", event)
        await cursor.next()
    assert levels == [1, 2, 1]
    cursor.close()
    await store.close()


def test_on_a_network_file_system_the_rollback_journal_is_used(tmp_path: Path) -> None:
    """Its machines share no memory: no write-ahead log, every commit to the disk, and a warning that names the type."""
    one = open_database(url(tmp_path / "a.db"), server="one", mounts=NFS)
    other = Desk(one)
    other.write(begin())
    levels: list[int] = []

    def look(tx: Transaction) -> None:
        one.set_durable(tx._connection, durable=False)
        levels.append(tx._connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    other.write(look)
    assert levels == [2]
    assert other.read(lambda tx: tx.thread(OWNER, THREAD)).head == 1
    assert {f.name for f in tmp_path.iterdir()} <= {"a.db", "a.db-journal", "a.db.start"}
    assert len(one.warnings) == 1
    assert "network file system (nfs4)" in one.warnings[0]
    assert "AiChatApp.db_url" in one.warnings[0]
    one.dispose()
    assert rows(tmp_path / "a.db", "PRAGMA journal_mode") == [("delete",)]


async def test_health_says_that_the_store_is_on_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person who runs the server reads it; the store works."""
    monkeypatch.setattr("jupyter_aichat.store.sqlite.mounts_text", lambda: NFS)
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    store.append(lease, "r1", done())
    cursor = store.follow(THREAD, 1)
    assert [e.seq for e in await cursor.next()] == [2]
    cursor.close()
    assert store.health.status == "degraded"
    assert "nfs4" in store.health.warnings[0]
    await store.close()


def test_a_store_moves_to_a_network_and_back_with_all_it_holds(tmp_path: Path) -> None:
    """The log of one kind is worked in before the other kind begins."""
    for mounts, mode in ((DISK, "wal"), (NFS, "delete"), (DISK, "wal")):
        one = open_database(url(tmp_path / "a.db"), server="one", mounts=mounts)
        Desk(one).write(lambda tx: tx.create_thread(OWNER, "kept"))
        assert one.epoch
        one.dispose()
        assert rows(tmp_path / "a.db", "PRAGMA journal_mode") == [(mode,)]
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM aichat_thread") == [(3,)]


def test_the_busy_time_of_the_url_counts(tmp_path: Path) -> None:
    """`?timeout=` says how long a commit waits for another program."""
    one = open_database(url(tmp_path / "a.db", "?timeout=0"), server="one")
    blocker = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(sa.exc.OperationalError, match="locked"):
        Desk(one).write(begin())
    blocker.close()
    Desk(one).write(begin())
    one.dispose()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"x"', b'{"epoch": "e"}', b'{"epoch": "e", "starts": "many"}', b"\xff\xfe"]
)
def test_a_sidecar_that_makes_no_sense_is_no_knowledge(tmp_path: Path, content: bytes) -> None:
    """It is beside the point of opening the store, so it never keeps it from opening."""
    sidecar = Sidecar(tmp_path / "a.db")
    (tmp_path / "a.db.start").write_bytes(content)
    assert sidecar.read() is None
    sidecar.write("e", 7)
    assert sidecar.read() == ("e", 7)


async def test_a_piece_of_work_is_one_commit(tmp_path: Path) -> None:
    """However much it does."""
    store = await opened(tmp_path / "a.db")
    commits = count_commits(store)
    await store.write(begin())
    assert len(commits) == 1
    await store.close()
