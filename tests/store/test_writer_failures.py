"""When the file cannot be written for a while: it is said in words, nothing is half there, and no restart is needed."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused, LeaseLost, StorageError
from jupyter_aichat.store import Store, Transaction
from tests.store.desk import (
    OWNER,
    THREAD,
    begin,
    busy,
    change,
    count_commits,
    done,
    failure_of,
    given,
    limit_pages,
    locked,
    opened,
    rows,
    token,
)

ALL_PAGES = 1_073_741_823


def status(store: Store) -> str:
    """How the store is, in a word."""
    return store.health.status


def refuse(_tx: Transaction) -> None:
    """Work that is refused."""
    raise CommandRefused("busy", "on purpose")


async def test_while_another_program_holds_the_file_tokens_are_late_and_none_is_lost(tmp_path: Path) -> None:
    """Nothing is shown that is not stored; when the file is free, all of it comes, in order."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    cursor = store.follow(THREAD, 1)
    with locked(tmp_path / "a.db"):
        for i in range(50):
            store.append(lease, "r1", token(f"{i}"))
        waiting = asyncio.create_task(given(cursor, 50))
        assert await asyncio.wait([waiting], timeout=0.3) == (set(), {waiting})
        assert (await store.read(lambda tx: tx.thread(OWNER, THREAD))).head == 1
    assert await waiting == list(range(2, 52))
    assert lease.failed is None
    assert status(store) == "ok"
    cursor.close()
    await store.close()


async def test_a_file_that_stays_locked_is_said_and_the_store_recovers(tmp_path: Path) -> None:
    """After its time the write is refused in words and its lease has failed; the next one works without a restart."""
    store = await opened(tmp_path / "a.db", query="?timeout=0.1")
    lease = await store.write(begin())
    with locked(tmp_path / "a.db"):
        store.append(lease, "r1", token("late"))
        working = store.write(lambda tx: tx.append(THREAD, "r1", token()))
        assert "locked by another program" in str(await failure_of(lease))
        with pytest.raises(StorageError, match="Try again in a moment"):
            await working
        assert status(store) == "failed"
        assert "locked" in store.health.warnings[0]
        with pytest.raises(StorageError, match="locked"):
            store.append(lease, "r1", token())
    again = await store.write(lambda tx: tx.take_lease(THREAD))
    store.append(again, "r1", done())
    cursor = store.follow(THREAD, 1)
    assert await given(cursor, 1) == [2]
    assert status(store) == "ok"
    cursor.close()
    await store.close()


@pytest.mark.parametrize("by_work", [True, False])
async def test_a_full_disk_is_said_and_the_store_recovers(tmp_path: Path, by_work: bool) -> None:  # noqa: FBT001  a table
    """Whether a plain append or a work meets it: a sentence, nothing half written, and on it goes when space is back."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    pages = await store.write(limit_pages(1))
    big = token("x" * 30_000)
    if by_work:
        with pytest.raises(StorageError, match="disk that holds the chat store is full"):
            await store.write(lambda tx: tx.append(THREAD, "r1", big))
    else:
        store.append(lease, "r1", big)
        assert "disk that holds the chat store is full" in str(await failure_of(lease))
    assert pages > 1
    assert status(store) == "failed"
    assert "full" in store.health.warnings[0]
    with pytest.raises(StorageError, match="full"):
        await store.write(begin("x" * 30_000, "ana/t2"))
    assert (await store.read(lambda tx: tx.thread(OWNER, THREAD))).head == 1
    await store.write(limit_pages(ALL_PAGES))
    assert status(store) == "ok"
    again = await store.write(lambda tx: tx.take_lease(THREAD))
    store.append(again, "r1", big)
    await store.write(begin("x" * 30_000, "ana/t2"))
    assert [e.seq for e in await store.read(lambda tx: tx.events(THREAD))] == [1, 2]
    await store.close()
    assert rows(tmp_path / "a.db", "PRAGMA integrity_check") == [("ok",)]


async def test_a_refusal_stays_a_refusal_when_its_commit_fails(tmp_path: Path) -> None:
    """Who was refused is told why; who was not, is told of the disk."""
    store = await opened(tmp_path / "a.db")
    await store.write(begin())
    await store.write(limit_pages(1))
    async with busy(store):
        refused = store.write(refuse)
        full = store.write(lambda tx: tx.append(THREAD, "r1", token("x" * 30_000)))
        beside = store.write(lambda tx: tx.pin(OWNER, THREAD, pinned=True))
    answers = await asyncio.gather(refused, full, beside, return_exceptions=True)
    assert [type(a).__name__ for a in answers] == ["CommandRefused", "StorageError", "StorageError"]
    assert not (await store.read(lambda tx: tx.thread(OWNER, THREAD))).pinned
    await store.write(limit_pages(ALL_PAGES))
    await store.close()


async def test_an_old_lease_of_our_own_fails_alone(tmp_path: Path) -> None:
    """A run that slept through a takeover is told so; the lease that its server holds by now is kept."""
    one, two = await opened(tmp_path / "a.db"), await opened(tmp_path / "a.db", "two")
    old = await one.write(begin())
    change(tmp_path / "a.db", "UPDATE aichat_thread SET lease_expires = 0")
    theirs = await two.write(lambda tx: tx.take_lease(THREAD))
    await two.write(lambda tx: tx.release_lease(theirs))
    new = await one.write(lambda tx: tx.take_lease(THREAD))
    assert (old.fence, theirs.fence, new.fence) == (1, 2, 3)
    one.append(old, "r1", token("too late"))
    assert isinstance(await failure_of(old), LeaseLost)
    one.append(new, "r1", done())
    assert await one.write(lambda tx: tx.take_lease(THREAD)) is new
    assert [e.event_type for e in await two.read(lambda tx: tx.events(THREAD))] == ["run_start", "done"]
    await asyncio.gather(one.close(), two.close())


def collision() -> sa.exc.OperationalError:
    """What PostgreSQL says to one of two servers that wait for each other."""
    origin = sqlite3.OperationalError("deadlock detected")
    origin.sqlstate = "40P01"  # type: ignore[attr-defined]  # as psycopg has it
    return sa.exc.OperationalError("SELECT 1", None, origin)


async def test_two_servers_in_each_other_s_way_lose_nothing(tmp_path: Path) -> None:
    """The whole batch is undone and done anew, in its order, each item once; nobody notices."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    commits = count_commits(store)
    tries: list[int] = []

    def collide(tx: Transaction) -> int:
        tries.append(tx.append(THREAD, "r1", token("c")))
        if len(tries) == 1:
            raise collision()
        return tries[-1]

    async with busy(store):
        store.append(lease, "r1", token("a"))
        refused = store.write(refuse)
        store.append(lease, "r1", token("b"))
        colliding = store.write(collide)
        store.append(lease, "r1", token("d"))
        last = store.write(lambda tx: tx.append(THREAD, "r1", done("e")))
    assert await colliding == 4
    assert await last == 6
    with pytest.raises(CommandRefused, match="on purpose"):
        await refused
    assert tries == [4, 4]
    assert len(commits) == 7
    texts = b"".join(e.data for e in await store.read(lambda tx: tx.events(THREAD, 1))).decode()
    assert [letter for letter in "abcde" if f'"{letter}"' in texts] == list("abcde")
    assert lease.failed is None
    assert status(store) == "ok"
    await store.close()


async def test_servers_that_stay_in_each_other_s_way_are_told(tmp_path: Path) -> None:
    """After a few tries the work fails in words; what stood beside it in the batch does not."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    tries: list[int] = []

    def collide(_tx: Transaction) -> None:
        tries.append(1)
        raise collision()

    async with busy(store):
        store.append(lease, "r1", token())
        colliding = store.write(collide)
        beside = store.write(lambda tx: tx.append(THREAD, "r1", token()))
    with pytest.raises(StorageError):
        await colliding
    assert await beside == 3
    assert 1 < len(tries) < 10
    assert lease.failed is None
    await store.close()


async def test_what_a_work_was_to_say_fails_its_lease_when_the_commit_fails(tmp_path: Path) -> None:
    """Given a lease, as an append has one: nothing that comes later is written behind what was lost."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    await store.write(limit_pages(1))
    async with busy(store):
        first = store.write(lambda tx: tx.append(THREAD, "r1", token("x" * 30_000)), lease)
    with pytest.raises(StorageError, match="full"):
        await first
    assert "full" in str(await failure_of(lease))
    await store.write(limit_pages(ALL_PAGES))
    with pytest.raises(StorageError, match="full"):
        store.append(lease, "r1", token())
    assert (await store.read(lambda tx: tx.thread(OWNER, THREAD))).head == 1
    await store.close()
