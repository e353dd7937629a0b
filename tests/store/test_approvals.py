"""Approvals: one decision wins, and only for what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aichat.errors import StorageError
from tests.store.desk import THREAD, Desk, approval, begin, desk, opened

DIGEST = "d" * 64


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a thread that waits for a decision."""
    with desk(tmp_path / "a.db") as made:
        made.write(begin())
        made.write(lambda tx: tx.insert_approval(approval("p1")))
        yield made


def test_an_approval_comes_back_as_it_was_asked(one: Desk) -> None:
    """With its files, in any language; another thread has none of that id."""
    assert one.read(lambda tx: tx.approval(THREAD, "p1")) == approval("p1")
    assert one.read(lambda tx: tx.approval("bo/t1", "p1")) is None
    assert one.read(lambda tx: tx.approval(THREAD, "p2")) is None


def test_the_first_decision_counts(one: Desk) -> None:
    """Whoever comes later is told that it does not, and what was decided stays."""
    decide = [
        lambda tx: tx.settle_approval(THREAD, "p1", state="denied", reason="아니요"),
        lambda tx: tx.settle_approval(THREAD, "p1", state="approved", scope="thread"),
        lambda tx: tx.settle_approval(THREAD, "p1", state="expired"),
    ]
    assert [one.write(work) for work in decide] == [True, False, False]
    assert one.read(lambda tx: tx.approval(THREAD, "p1")) == approval("p1", state="denied", reason="아니요")


@pytest.mark.parametrize(
    ("thread_id", "approval_id", "digest", "now"),
    [
        ("ana/other", "p1", DIGEST, "2027-01-15T08:30:00.000Z"),
        (THREAD, "p9", DIGEST, "2027-01-15T08:30:00.000Z"),
        (THREAD, "p1", "e" * 64, "2027-01-15T08:30:00.000Z"),
        (THREAD, "p1", DIGEST, "2027-01-15T09:00:00.000Z"),
        (THREAD, "p1", DIGEST, "2028-01-01T00:00:00.000Z"),
    ],
    ids=["thread", "id", "digest", "just expired", "long expired"],
)
def test_a_decision_about_something_else_changes_nothing(
    one: Desk, thread_id: str, approval_id: str, digest: str, now: str
) -> None:
    """Another thread, another id, another action, or too late: still pending, for who decides rightly."""
    assert not one.write(
        lambda tx: tx.settle_approval(thread_id, approval_id, state="approved", digest=digest, now=now)
    )
    assert one.read(lambda tx: tx.approval(THREAD, "p1")) == approval("p1")
    in_time = "2027-01-15T08:59:59.999Z"
    assert one.write(
        lambda tx: tx.settle_approval(THREAD, "p1", state="approved", scope="run", digest=DIGEST, now=in_time)
    )
    assert one.read(lambda tx: tx.approval(THREAD, "p1")) == approval("p1", state="approved", scope="run")


def test_approvals_are_listed_oldest_first(one: Desk) -> None:
    """All of a thread, of one run, or in one state."""
    one.write(
        lambda tx: tx.insert_approval(approval("p0", run_id="r2", created_at="2027-01-15T08:00:01.000Z"))
    )
    one.write(lambda tx: tx.insert_approval(approval("p3", created_at="2026-01-01T00:00:00.000Z")))
    one.write(lambda tx: tx.insert_approval(approval("p4", thread_id="ana/t2")))
    one.write(lambda tx: tx.settle_approval(THREAD, "p3", state="cancelled"))

    def ids(**chosen: str) -> list[str]:
        return [a.id for a in one.read(lambda tx: tx.approvals(THREAD, **chosen))]  # type: ignore[arg-type]  # from a table

    assert ids() == ["p3", "p1", "p0"]
    assert ids(run_id="r1") == ["p3", "p1"]
    assert ids(state="pending") == ["p1", "p0"]
    assert ids(state="pending", run_id="r2") == ["p0"]


def test_an_approval_is_asked_once(one: Desk) -> None:
    """The same id a second time is an error, never another pending one."""
    with pytest.raises(Exception, match="UNIQUE"):
        one.write(lambda tx: tx.insert_approval(approval("p1", state="approved")))
    assert one.read(lambda tx: tx.approvals(THREAD)) == [approval("p1")]


def test_a_reader_decides_nothing(one: Desk) -> None:
    """It says so."""
    for work in (
        lambda tx: tx.insert_approval(approval("p2")),
        lambda tx: tx.settle_approval(THREAD, "p1", state="approved"),
    ):
        with pytest.raises(StorageError, match="only reads"):
            one.read(work)
    assert one.read(lambda tx: tx.approvals(THREAD)) == [approval("p1")]


async def test_of_two_servers_one_decision_wins(tmp_path: Path) -> None:
    """Two tabs on two servers, at the same moment, many times: each approval has exactly one winner."""
    one, two = await opened(tmp_path / "a.db"), await opened(tmp_path / "a.db", "two")
    await one.write(begin())
    ids = [f"p{i}" for i in range(50)]
    await asyncio.gather(*[one.write(lambda tx, i=i: tx.insert_approval(approval(i))) for i in ids])  # type: ignore[misc]  # bound at once
    pairs = [
        (
            one.write(lambda tx, i=i: tx.settle_approval(THREAD, i, state="approved")),  # type: ignore[misc]  # bound at once
            two.write(lambda tx, i=i: tx.settle_approval(THREAD, i, state="denied")),  # type: ignore[misc]  # bound at once
        )
        for i in ids
    ]
    won = [await asyncio.gather(*pair) for pair in pairs]
    assert [sum(pair) for pair in won] == [1] * 50
    states = {a.id: a.state for a in await one.read(lambda tx: tx.approvals(THREAD))}
    assert [states[i] for i in ids] == ["approved" if first else "denied" for first, _ in won]
    await asyncio.gather(one.close(), two.close())
