"""The ledger of actions: begun at most once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aichat.errors import StorageError
from tests.store.desk import OWNER, THREAD, Desk, begin, desk


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a thread."""
    with desk(tmp_path / "a.db") as made:
        made.write(begin())
        yield made


def test_an_action_is_begun_once(one: Desk) -> None:
    """A second time says no, also after it has ended; another run's action of the same id is another one."""
    assert one.write(lambda tx: tx.begin_action(THREAD, "r1", "a1"))
    assert not one.write(lambda tx: tx.begin_action(THREAD, "r1", "a1"))
    one.write(lambda tx: tx.end_action(THREAD, "r1", "a1", '{"status":"ok"}'))
    assert not one.write(lambda tx: tx.begin_action(THREAD, "r1", "a1"))
    assert one.write(lambda tx: tx.begin_action(THREAD, "r2", "a1"))


def test_what_came_of_it_is_known_afterwards(one: Desk) -> None:
    """Never begun, begun without an end, ended with a result."""
    assert one.read(lambda tx: tx.action(THREAD, "r1", "a1")) is None
    one.write(lambda tx: tx.begin_action(THREAD, "r1", "a1"))
    begun = one.read(lambda tx: tx.action(THREAD, "r1", "a1"))
    assert begun is not None
    assert begun.result is None
    one.write(lambda tx: tx.end_action(THREAD, "r1", "a1", '{"status":"ok"}'))
    ended = one.read(lambda tx: tx.action(THREAD, "r1", "a1"))
    assert ended is not None
    assert ended.result == '{"status":"ok"}'


def test_a_purged_thread_leaves_no_ledger(one: Desk) -> None:
    """It may hold what the person's code printed."""
    one.write(lambda tx: tx.begin_action(THREAD, "r1", "a1"))
    one.write(lambda tx: tx.delete(OWNER, THREAD))
    one.clock.now += 8 * 86_400
    one.write(lambda tx: tx.purge())
    assert one.read(lambda tx: tx.action(THREAD, "r1", "a1")) is None


def test_a_reader_begins_nothing(one: Desk) -> None:
    """It says so."""
    with pytest.raises(StorageError, match="only reads"):
        one.read(lambda tx: tx.begin_action(THREAD, "r1", "a1"))
