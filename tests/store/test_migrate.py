"""From an older schema to this one, after a copy; never from a newer one."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from jupyter_aichat.errors import SchemaTooNew, StorageError
from jupyter_aichat.store.database import open_database
from jupyter_aichat.store.migrate import MIGRATIONS
from jupyter_aichat.store.schema import VERSION
from tests.store.desk import OWNER, THREAD, Desk, begin, change, database, desk, done, rows, url

EVENTS = "SELECT seq, type, data FROM aichat_event ORDER BY seq"


def add_colour(connection: sa.Connection) -> None:
    """A step from version 1 to 2: threads get a colour."""
    connection.exec_driver_sql("ALTER TABLE aichat_thread ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'")


def add_label(connection: sa.Connection) -> None:
    """A step from version 2 to 3: labels get a table."""
    connection.exec_driver_sql("CREATE TABLE aichat_label (name TEXT PRIMARY KEY)")


def fail_half_way(connection: sa.Connection) -> None:
    """A step that changes something and then cannot go on."""
    add_colour(connection)
    connection.exec_driver_sql("DELETE FROM aichat_event")
    connection.exec_driver_sql("ALTER TABLE aichat_nothing ADD COLUMN x TEXT")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of version 1 with a conversation."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        one.write(begin("분기별 매출"))
        one.write(lambda tx: tx.append(THREAD, "r1", done("다 찾았습니다")))
    return path


def meta(path: Path, key: str) -> str:
    """What the store says of itself."""
    ((value,),) = rows(path, "SELECT value FROM aichat_meta WHERE key = ?", key)
    return str(value)


def dump(path: Path) -> list[str]:
    """All that is in the file, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_new_store_knows_its_version_and_its_epoch(tmp_path: Path) -> None:
    """Both are in the file, and the steps lead from the first version to this one without a hole."""
    with database(tmp_path / "a.db") as one:
        assert meta(tmp_path / "a.db", "epoch") == one.epoch
        assert len(one.epoch) >= 32
    assert meta(tmp_path / "a.db", "version") == str(VERSION)
    assert sorted(MIGRATIONS) == list(range(1, VERSION))


def test_each_start_is_counted_and_the_epoch_stays(tmp_path: Path) -> None:
    """Opening and closing move the count and change nothing else."""
    epochs, counts = set(), []
    for _ in range(3):
        with database(tmp_path / "a.db") as one:
            epochs.add(one.epoch)
            assert one.warnings == ()
            counts.append(int(meta(tmp_path / "a.db", "starts")))
        counts.append(int(meta(tmp_path / "a.db", "starts")))
    assert counts == [1, 2, 3, 4, 5, 6]
    assert len(epochs) == 1


def test_an_older_store_is_migrated_with_all_it_holds(old: Path) -> None:
    """Every step is taken in order, after a copy of the file as it was, and no position is lost."""
    events, epoch = rows(old, EVENTS), meta(old, "epoch")
    with database(old, migrations={1: add_colour, 2: add_label}, version=3) as new:
        assert new.epoch == epoch
        assert new.warnings == ()
        assert Desk(new).read(lambda tx: tx.threads(OWNER, query="매출")).threads[0].id == THREAD
    assert (meta(old, "version"), rows(old, EVENTS)) == ("3", events)
    assert rows(old, "SELECT colour FROM aichat_thread") == [("blue",)]
    assert rows(old, "SELECT * FROM aichat_label") == []
    copy = old.with_name("a.db.bak-v1")
    assert (meta(copy, "version"), rows(copy, EVENTS)) == ("1", events)
    with database(old, migrations={1: fail_half_way, 2: fail_half_way}, version=3):
        pass  # a migrated store is not migrated again


def test_the_copy_is_a_whole_store(old: Path) -> None:
    """It can be opened by the version that wrote it, at its own place."""
    with database(old, migrations={1: add_colour}, version=2):
        pass
    with desk(old.with_name("a.db.bak-v1")) as copy:
        assert [e.event_type for e in copy.read(lambda tx: tx.events(THREAD))] == ["run_start", "done"]
        assert len(copy.read(lambda tx: tx.threads(OWNER, query="찾았")).threads) == 1


def test_a_step_that_fails_changes_nothing(old: Path) -> None:
    """The store is as it was, usable by the older version; the copy is whole; a later step may succeed."""
    events = rows(old, EVENTS)
    with pytest.raises(StorageError, match="chat store"):
        open_database(url(old), server="one", migrations={1: fail_half_way}, version=2)
    assert (meta(old, "version"), rows(old, EVENTS)) == ("1", events)
    with pytest.raises(sqlite3.OperationalError, match="colour"):
        rows(old, "SELECT colour FROM aichat_thread")
    assert rows(old.with_name("a.db.bak-v1"), EVENTS) == events
    with desk(old) as one:
        assert one.write(begin("noch eine")).fence == 2
    with database(old, migrations={1: add_colour}, version=2):
        assert rows(old, "SELECT colour FROM aichat_thread") == [("blue",)]


def test_a_server_of_the_older_version_goes_on_beside_us(old: Path) -> None:
    """Steps only add: what it writes has a place in the new tables."""
    with desk(old, "older") as older:
        with database(old, "newer", migrations={1: add_colour}, version=2) as newer:
            older.write(begin("still here", "ana/t2"))
            assert Desk(newer, "newer").read(lambda tx: tx.thread(OWNER, "ana/t2")).head == 1
        assert older.read(lambda tx: tx.thread(OWNER, THREAD)).head == 2


def test_a_newer_store_is_refused_and_left_alone(old: Path) -> None:
    """In a sentence that names both versions and says what to do; not a row of it is changed."""
    change(old, "UPDATE aichat_meta SET value = '7' WHERE key = 'version'")
    before = dump(old)
    with pytest.raises(SchemaTooNew, match=f"schema 7, .* knows {VERSION}. Upgrade jupyterlab-aichat"):
        open_database(url(old), server="one")
    assert dump(old) == before
    assert not list(old.parent.glob("a.db.bak*"))
    assert not list(old.parent.glob("a.db.damaged*"))


def test_servers_that_start_together_make_one_store(tmp_path: Path) -> None:
    """They agree on the epoch, and each start counts."""
    epochs: list[str] = []

    def start(server: str) -> None:
        with database(tmp_path / "a.db", server) as one:
            epochs.append(one.epoch)

    threads = [threading.Thread(target=start, args=(f"s{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(epochs) == 4
    assert set(epochs) == {meta(tmp_path / "a.db", "epoch")}
    assert meta(tmp_path / "a.db", "starts") == "8"
