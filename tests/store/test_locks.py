"""Locks beside the store, between threads and between real processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.store.locks import HAS_LOCKS, Presence, opening
from tests.store.desk import NOON, OWNER, THREAD, Clock, begin, desk, rows

pytestmark = pytest.mark.skipif(not HAS_LOCKS, reason="this system has no such locks")

ROOT = Path(__file__).parents[2]

SERVER = """
import sys
from pathlib import Path
from tests.store.desk import Clock, begin, desk
with desk(Path(sys.argv[1]), sys.argv[2]) as one:
    one.write(begin())
    print("holding", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(path: Path, server: str) -> Iterator[subprocess.Popen[str]]:
    """A real server's process that has the store open and holds the thread's lease; it ends with its input."""
    command = [sys.executable, "-c", SERVER, str(path), server]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "holding\n"
        yield running
        running.kill()


def test_a_killed_process_is_known_to_be_dead_at_once(tmp_path: Path) -> None:
    """While it lives its lease holds; after `kill -9` its thread can be taken over in the same second of its lease."""
    path = tmp_path / "a.db"
    with process(path, "two") as other, desk(path, clock=Clock(NOON)) as one:
        assert not one.database.presence.is_dead("two")
        with pytest.raises(CommandRefused, match="two"):
            one.write(begin())
        assert one.read(lambda tx: tx.orphans()) == []
        other.kill()
        other.wait()
        assert one.database.presence.is_dead("two")
        assert [run.id for run in one.read(lambda tx: tx.orphans())] == ["r1"]
        assert one.read(lambda tx: tx.lease_owner(THREAD)) is None
        assert one.write(lambda tx: tx.take_lease(THREAD)).fence == 2


def test_a_killed_process_leaves_the_store_open_to_others(tmp_path: Path) -> None:
    """What it had committed is there; neither its lock nor its log is in the way."""
    path = tmp_path / "a.db"
    with process(path, "two") as other:
        other.kill()
        other.wait()
    with desk(path) as one:
        assert one.read(lambda tx: tx.thread(OWNER, THREAD)).head == 1
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_presence_tells_the_living_from_those_who_left(tmp_path: Path) -> None:
    """One who lives is not dead, however many ask; of one who closed properly, or never was, nothing is claimed."""
    one, two = Presence(tmp_path / "a.db", "one"), Presence(tmp_path / "a.db", "two")
    assert [p.is_dead(s) for p in (one, two) for s in ("one", "two")] == [False] * 4
    assert not one.is_dead("never")
    two.close()
    two.close()
    assert not one.is_dead("two")
    one.close()
    assert not list(tmp_path.glob("*.live-*"))


def test_without_a_file_nothing_is_shown_and_nothing_is_told(tmp_path: Path) -> None:
    """PostgreSQL and network file systems: only the lease's time counts there."""
    nobody = Presence(None, "one")
    assert not nobody.is_dead("two")
    nobody.close()
    assert not list(tmp_path.iterdir())


def test_marks_of_the_dead_are_swept_after_a_day(tmp_path: Path) -> None:
    """An old mark goes, unless somebody still holds it; a fresh one stays, because its lease may be asked about."""
    living = Presence(tmp_path / "a.db", "living")
    (held,) = tmp_path.glob("*.live-*")
    old, fresh = tmp_path / "a.db.live-old", tmp_path / "a.db.live-fresh"
    for path in (old, fresh):
        path.write_bytes(b"")
    for path in (old, held):
        os.utime(path, (time.time() - 90_000,) * 2)
    new = Presence(tmp_path / "a.db", "new")
    assert not old.exists()
    assert fresh.exists()
    assert held.exists()
    assert not new.is_dead("living")
    for presence in (living, new):
        presence.close()


def test_one_server_at_a_time_opens_the_store(tmp_path: Path) -> None:
    """The second comes in when the first has left, and not before."""
    order: list[str] = []
    trying = threading.Event()

    def second() -> None:
        trying.set()
        with opening(tmp_path / "a.db"):
            order.append("second")

    thread = threading.Thread(target=second)
    with opening(tmp_path / "a.db"):
        thread.start()
        assert trying.wait(10)
        thread.join(0.1)
        assert thread.is_alive()
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_waiting_for_another_server_to_open_has_an_end(tmp_path: Path) -> None:
    """A server that hangs while it opens the store is named as the reason."""
    with (
        opening(tmp_path / "a.db"),
        pytest.raises(StorageError, match="Another server"),
        opening(tmp_path / "a.db", 0.05),
    ):
        pass
