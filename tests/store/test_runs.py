"""Runs: numbers, one run per message of a client, and their states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.store import RunRecord, Transaction
from tests.store.desk import OWNER, THREAD, Desk, desk


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with two threads."""
    with desk(tmp_path / "a.db") as made:
        for thread_id, owner in ((THREAD, OWNER), ("bo/t1", "bo")):
            made.write(lambda tx, o=owner, t=thread_id: tx.thread(o, t, create=True))  # type: ignore[misc]  # bound at once
        yield made


def insert(tx: Transaction, client_id: str | None = None, thread_id: str = THREAD) -> RunRecord:
    """A queued run."""
    return tx.insert_run(
        thread_id, state="queued", client_id=client_id, body_digest="b", request='{"message":"매출"}'.encode()
    )


def test_runs_are_numbered_within_their_thread(one: Desk) -> None:
    """r1, r2 … in each, and the record says whose they are and what was asked."""
    made = [one.write(insert), one.write(insert), one.write(lambda tx: insert(tx, thread_id="bo/t1"))]
    assert [(r.id, r.number, r.owner) for r in made] == [("r1", 1, OWNER), ("r2", 2, OWNER), ("r1", 1, "bo")]
    assert made[0].request.decode() == '{"message":"매출"}'
    assert made[0].created_at == "2027-01-15T08:00:00.000Z"
    assert one.read(lambda tx: tx.run(THREAD, "r2")) == made[1]
    assert one.read(lambda tx: tx.run(THREAD, "r3")) is None


def test_a_client_id_begins_one_run(one: Desk) -> None:
    """The second is refused and leaves no number behind; another thread, or no id at all, is another matter."""
    first = one.write(lambda tx: insert(tx, "c1"))
    with pytest.raises(CommandRefused, match="'c1'") as refused:
        one.write(lambda tx: insert(tx, "c1"))
    assert refused.value.code == "conflict"
    assert one.read(lambda tx: tx.run_by_client(THREAD, "c1")) == first
    assert one.read(lambda tx: tx.run_by_client("bo/t1", "c1")) is None
    assert one.write(lambda tx: insert(tx, "c1", "bo/t1")).id == "r1"
    assert [one.write(insert).id for _ in range(2)] == ["r2", "r3"]


def test_a_run_needs_a_thread(one: Desk) -> None:
    """There is none without."""
    with pytest.raises(CommandRefused, match="no thread"):
        one.write(lambda tx: insert(tx, thread_id="ana/none"))


def test_a_run_changes_where_it_is_told_to(one: Desk) -> None:
    """What is not given stays; `None` clears a checkpoint; bytes come back as they were."""
    one.write(insert)
    blob = bytes(range(256))
    one.write(lambda tx: tx.set_run(THREAD, "r1", state="waiting", checkpoint=blob))
    one.write(lambda tx: tx.set_run(THREAD, "r1", state="running"))
    kept = one.read(lambda tx: tx.run(THREAD, "r1"))
    assert kept is not None
    assert (kept.state, kept.checkpoint) == ("running", blob)
    one.write(lambda tx: tx.set_run(THREAD, "r1", checkpoint=None))
    one.write(lambda tx: tx.set_run(THREAD, "r1"))
    cleared = one.read(lambda tx: tx.run(THREAD, "r1"))
    assert cleared is not None
    assert (cleared.state, cleared.checkpoint) == ("running", None)
    with pytest.raises(CommandRefused, match="no run 'r9'"):
        one.write(lambda tx: tx.set_run(THREAD, "r9", state="failed"))


def test_runs_are_listed_by_state_in_order(one: Desk) -> None:
    """Also when there are more than nine: by number, not by name."""
    for _ in range(11):
        one.write(insert)
    one.write(lambda tx: tx.set_run(THREAD, "r3", state="completed"))
    one.write(lambda tx: tx.set_run(THREAD, "r5", state="running"))
    listed = one.read(lambda tx: tx.runs(THREAD, ["queued", "running"]))
    assert [r.number for r in listed] == [1, 2, 4, 5, 6, 7, 8, 9, 10, 11]
    assert one.read(lambda tx: tx.runs("bo/t1", ["queued"])) == []
    assert one.read(lambda tx: tx.runs(THREAD, [])) == []


@pytest.mark.parametrize(
    ("state", "runs"), [("running", True), ("waiting", True), ("queued", False), ("failed", False)]
)
def test_a_thread_says_whether_it_is_being_answered(one: Desk, state: str, runs: bool) -> None:  # noqa: FBT001  a table
    """While one of its runs is running or waits for a person."""
    one.write(insert)
    one.write(lambda tx: tx.set_run(THREAD, "r1", state=state))  # type: ignore[arg-type]  # from a table
    assert one.read(lambda tx: tx.thread(OWNER, THREAD)).running is runs


def test_a_reader_changes_no_run(one: Desk) -> None:
    """It says so, and nothing happens."""
    for work in (insert, lambda tx: tx.set_run(THREAD, "r1", state="failed")):
        with pytest.raises(StorageError, match="only reads"):
            one.read(work)
    assert one.read(lambda tx: tx.run(THREAD, "r1")) is None
