"""Leases: who may append, until when, and what becomes of an owner that wakes up too late. The clock is the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused, LeaseLost
from jupyter_aichat.store import Lease, Store
from tests.store.desk import (
    LEASE_SECONDS,
    OWNER,
    THREAD,
    Clock,
    Desk,
    begin,
    change,
    database,
    desk,
    done,
    failure_of,
    given,
    opened,
    rows,
    token,
)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Desk, Desk, Clock]]:
    """Two servers on one file, and the clock of both. Neither can tell that the other is dead: only time counts."""
    clock = Clock()
    with database(tmp_path / "a.db", "one") as first, database(tmp_path / "a.db", "two") as second:
        one, two = Desk(first, "one", clock), Desk(second, "two", clock)
        one.write(begin())
        yield one, two, clock


def take(one: Desk) -> Lease:
    """The lease on the thread."""
    return one.write(lambda tx: tx.take_lease(THREAD))


def test_a_lease_that_is_held_is_given_again(pair: tuple[Desk, Desk, Clock]) -> None:
    """The same object, so that whoever asks to be told of its end is told."""
    one, _, _ = pair
    assert take(one) is one.leases[THREAD] is take(one)


def test_a_held_thread_answers_conflict_and_names_its_server(pair: tuple[Desk, Desk, Clock]) -> None:
    """Up to the last millisecond of the lease."""
    _, two, clock = pair
    clock.now += LEASE_SECONDS - 0.001
    with pytest.raises(CommandRefused, match="answered by one") as refused:
        take(two)
    assert refused.value.code == "conflict"
    assert two.read(lambda tx: tx.lease_owner(THREAD)) == "one"
    assert two.read(lambda tx: tx.orphans()) == []


def test_an_expired_lease_is_taken_over_under_the_next_number(pair: tuple[Desk, Desk, Clock]) -> None:
    """From the moment at which it ends; the runs that nobody looks after are seen then."""
    one, two, clock = pair
    clock.now += LEASE_SECONDS
    assert two.read(lambda tx: tx.lease_owner(THREAD)) is None
    assert [run.id for run in two.read(lambda tx: tx.orphans())] == ["r1"]
    assert take(two).fence == one.leases[THREAD].fence + 1
    assert one.read(lambda tx: tx.lease_owner(THREAD)) == "two"
    with pytest.raises(CommandRefused, match="answered by two"):
        take(one)


def test_renewing_moves_the_end(pair: tuple[Desk, Desk, Clock]) -> None:
    """Each time by a whole lease, for as long as its server lives."""
    one, two, clock = pair
    for _ in range(5):
        clock.now += LEASE_SECONDS * 2 / 3
        assert one.write(lambda tx: tx.renew_leases([one.leases[THREAD]])) == []
        with pytest.raises(CommandRefused, match="one"):
            take(two)


def test_a_lost_lease_is_not_renewed(pair: tuple[Desk, Desk, Clock]) -> None:
    """It is named as lost, and the new owner's end stays where it is."""
    one, two, clock = pair
    clock.now += LEASE_SECONDS
    take(two)
    clock.now += LEASE_SECONDS / 2
    old = one.leases[THREAD]
    assert one.write(lambda tx: tx.renew_leases([old])) == [old]
    with pytest.raises(LeaseLost, match="Another server"):
        one.write(lambda tx: tx.check_lease(old))
    clock.now += LEASE_SECONDS / 2
    assert one.read(lambda tx: tx.lease_owner(THREAD)) is None


def test_a_released_thread_is_free_at_once(pair: tuple[Desk, Desk, Clock]) -> None:
    """And its number goes on growing; releasing what one no longer holds changes nothing."""
    one, two, _ = pair
    old = one.leases[THREAD]
    one.write(lambda tx: tx.release_lease(old))
    assert take(two).fence == 2
    one.write(lambda tx: tx.release_lease(old))
    assert one.read(lambda tx: tx.lease_owner(THREAD)) == "two"


def test_there_is_no_lease_on_a_missing_thread(pair: tuple[Desk, Desk, Clock]) -> None:
    """Taking is refused like any other command; the owner of nothing is nobody."""
    one, _, _ = pair
    with pytest.raises(CommandRefused, match="no thread"):
        one.write(lambda tx: tx.take_lease("ana/none"))
    assert one.read(lambda tx: tx.lease_owner("ana/none")) is None
    with pytest.raises(LeaseLost):
        one.write(lambda tx: tx.check_lease(Lease("ana/none", "one", 1, renewed=0)))


def test_a_clock_that_jumps_back_takes_no_lease_away(pair: tuple[Desk, Desk, Clock]) -> None:
    """An hour earlier by the wall clock a held lease is still held, and the log goes on."""
    one, two, clock = pair
    clock.now -= 3600
    with pytest.raises(CommandRefused, match="one"):
        take(two)
    assert one.write(lambda tx: tx.append(THREAD, "r1", done())) == 2


def test_orphans_are_all_owners_unfinished_runs_in_order(tmp_path: Path) -> None:
    """Recovery sees those of every owner, and none that has ended or is looked after."""
    clock = Clock()
    with desk(tmp_path / "a.db", clock=clock) as one, desk(tmp_path / "a.db", "two", clock=clock) as two:
        for thread_id, owner in (("bo/t1", "bo"), (THREAD, OWNER), (THREAD, OWNER), ("ana/t2", OWNER)):
            one.write(begin(thread_id=thread_id, owner=owner))
        one.write(lambda tx: tx.set_run("ana/t2", "r1", state="completed"))
        one.write(lambda tx: tx.set_run(THREAD, "r2", state="waiting"))
        clock.now += LEASE_SECONDS
        two.write(begin(thread_id="ana/t3"))
        found = two.read(lambda tx: tx.orphans())
    assert [(r.thread_id, r.id, r.owner, r.state) for r in found] == [
        (THREAD, "r1", OWNER, "running"),
        (THREAD, "r2", OWNER, "waiting"),
        ("bo/t1", "r1", "bo", "running"),
    ]


async def test_an_old_owner_that_wakes_up_cannot_append(tmp_path: Path) -> None:
    """Its number is compared inside the append's own transaction: nothing of it reaches the log after a takeover."""
    one, two = await opened(tmp_path / "a.db"), await opened(tmp_path / "a.db", "two")
    old = await one.write(begin())
    change(tmp_path / "a.db", "UPDATE aichat_thread SET lease_expires = 0")
    new = await two.write(lambda tx: tx.take_lease(THREAD))
    one.append(old, "r1", token("too late"))
    two.append(new, "r1", done("in time"))
    assert isinstance(await failure_of(old), LeaseLost)
    cursor = two.follow(THREAD, 0)
    assert await given(cursor, 2) == [1, 2]
    assert rows(tmp_path / "a.db", "SELECT type FROM aichat_event ORDER BY seq") == [
        ("run_start",),
        ("done",),
    ]
    cursor.close()
    await asyncio.gather(one.close(), two.close())


async def renewed(path: Path, store: Store, since: int) -> int:
    """Wait until the lease ends later than it did."""
    while True:
        await store.write(lambda _: None)
        ((ends,),) = rows(path, "SELECT lease_expires FROM aichat_thread")
        if ends > since:
            return int(ends)
        await asyncio.sleep(0.01)


async def test_the_store_renews_its_leases_by_itself(tmp_path: Path) -> None:
    """For as long as it is open, without anybody asking."""
    path = tmp_path / "a.db"
    store = await opened(path, lease_seconds=0.3)
    lease = await store.write(begin())
    ends = 0
    for _ in range(3):
        ends = await asyncio.wait_for(renewed(path, store, ends), 20)
    assert lease.failed is None
    await store.close()


async def test_the_store_notices_a_takeover_by_itself(tmp_path: Path) -> None:
    """A quiet owner, which appends nothing, is told at the next renewal."""
    store = await opened(tmp_path / "a.db", lease_seconds=0.3)
    lease = await store.write(begin())
    change(tmp_path / "a.db", "UPDATE aichat_thread SET lease_server = 'two', lease_fence = 2")
    assert isinstance(await failure_of(lease), LeaseLost)
    assert await store.read(lambda tx: tx.lease_owner(THREAD)) != "one"
    await store.close()


async def test_telling_of_a_failure_happens_once(tmp_path: Path) -> None:
    """The first reason stays, and shows."""
    lease = Lease(THREAD, "one", 3, renewed=0.0)
    told: list[Exception] = []
    lease.on_failure.append(told.append)
    first, second = LeaseLost("first"), LeaseLost("second")
    lease.fail(first)
    lease.fail(second)
    assert told == [first]
    assert lease.failed is first
    assert repr(lease) == "<Lease 'ana/t1' fence 3 failed>"
