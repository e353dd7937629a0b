"""The store, on real SQLite files."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.errors import CommandRefused, LeaseLost, SchemaTooNew
from jupyter_aichat.protocol.events import Done, RunStart, Token, UserMessage
from jupyter_aichat.store import Lease, Store, Transaction

OWNER, THREAD = "local", "local/t1"


def start(text: str) -> RunStart:
    """The event that begins a run."""
    return RunStart(message=UserMessage(id="m1", content=text), agent="supervisor", model="offline:rules")


def token(text: str) -> Token:
    """A piece of an answer."""
    return Token(token=text, agent="supervisor", message_id="m1.1")


async def opened(path: Path, server: str = "one", **options: Any) -> Store:
    """A store on a file."""
    return await Store.open(f"sqlite:///{path}", root="/root", server=server, **options)


def begin(text: str, thread_id: str = THREAD, owner: str = OWNER) -> Callable[[Transaction], Lease]:
    """Work that makes a thread, takes its lease, and begins a run."""

    def work(tx: Transaction) -> Lease:
        tx.thread(owner, thread_id, create=True)
        lease = tx.take_lease(thread_id)
        run = tx.insert_run(thread_id, state="running", client_id=None, body_digest=None, request=b"{}")
        tx.append(thread_id, run.id, start(text))
        return lease

    return work


async def read_all(store: Store, thread_id: str, count: int) -> list[int]:
    """The numbers that a cursor gives, up to so many events."""
    cursor, seen = store.follow(thread_id, 0), list[int]()
    while len(seen) < count:
        seen += [e.seq for e in await asyncio.wait_for(cursor.next(7), 20)]
    cursor.close()
    return seen


async def test_appends_of_many_threads_are_numbered_without_a_gap(tmp_path: Path) -> None:
    """Each thread's log is 1, 2, 3 …, however the appends were mixed, and every cursor sees all of it."""
    store = await opened(tmp_path / "a.db")
    leases = [await store.write(begin("hi", f"local/t{i}")) for i in range(5)]
    readers = [asyncio.create_task(read_all(store, f"local/t{i}", 101)) for i in range(5)]
    for k in range(100):
        for lease in leases:
            store.append(lease, "r1", token(f"{k} "))
        if k % 9 == 0:
            await asyncio.sleep(0)
    assert await asyncio.gather(*readers) == [list(range(1, 102))] * 5
    await store.close()


async def test_a_failing_work_undoes_itself_only(tmp_path: Path) -> None:
    """Works and appends of one batch share a commit; one that raises takes nothing with it."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin("hi"))

    def fail(tx: Transaction) -> None:
        tx.append(THREAD, "r1", token("never"))
        raise CommandRefused("busy", "on purpose")

    store.append(lease, "r1", token("a"))
    failing = store.write(fail)
    store.append(lease, "r1", token("b"))
    with pytest.raises(CommandRefused, match="on purpose"):
        await failing
    assert await read_all(store, THREAD, 3) == [1, 2, 3]
    texts = [e.data for e in await store.read(lambda tx: tx.events(THREAD))]
    assert b"never" not in b"".join(texts)
    await store.close()


async def test_a_thread_of_another_owner_is_like_one_that_is_missing(tmp_path: Path) -> None:
    """The same refusal, word for word."""
    store = await opened(tmp_path / "a.db")
    await store.write(begin("secret"))
    said = []
    for owner, thread_id in (("other", THREAD), (OWNER, "local/none")):
        with pytest.raises(CommandRefused) as refused:
            await store.read(lambda tx, o=owner, t=thread_id: tx.thread(o, t))  # type: ignore[misc]  # bound at once
        said.append(str(refused.value).replace(thread_id.rpartition("/")[2], "…"))
    assert said[0] == said[1]
    assert (await store.read(lambda tx: tx.threads("other"))).threads == ()
    await store.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("매출", True),
        ("REVENUE", True),
        ("분기별", True),
        ("없음", False),
        ("x') OR 1=1--", False),
        ("%", False),
        ('"', False),
    ],
)
async def test_search_finds_words_inside_words(tmp_path: Path, query: str, found: bool) -> None:  # noqa: FBT001  a table
    """Korean syllables inside inflected words, any case; characters that mean something to SQL mean nothing here."""
    store = await opened(tmp_path / "a.db")
    await store.write(begin("분기별 매출을 알려줘: Revenue by quarter"))
    page = await store.read(lambda tx: tx.threads(OWNER, query=query))
    assert bool(page.threads) is found
    await store.close()


async def test_another_server_is_refused_until_the_lease_has_ended(tmp_path: Path) -> None:
    """A held thread answers `conflict`, naming its server; after the release the other one may write."""
    one, two = await opened(tmp_path / "a.db"), await opened(tmp_path / "a.db", "two")
    lease = await one.write(begin("hi"))
    with pytest.raises(CommandRefused, match="one"):
        await two.write(lambda tx: tx.take_lease(THREAD))
    await one.write(lambda tx: tx.release_lease(lease))
    taken = await two.write(lambda tx: tx.take_lease(THREAD))
    assert taken.fence > lease.fence
    await asyncio.gather(one.close(), two.close())


async def test_a_server_that_lost_its_lease_cannot_write(tmp_path: Path) -> None:
    """The fencing number refuses an old owner that wakes up; whoever holds the lease is told."""
    one = await opened(tmp_path / "a.db", lease_seconds=0.2)
    lease = await one.write(begin("hi"))
    for task in one._keeping:  # the server sleeps: nothing renews its leases
        task.cancel()
    await asyncio.sleep(0.3)
    two = await opened(tmp_path / "a.db", "two")
    one._database.presence.close()
    await two.write(lambda tx: tx.take_lease(THREAD))
    failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    lease.on_failure.append(failed.set_result)
    one.append(lease, "r1", token("too late"))
    assert isinstance(await asyncio.wait_for(failed, 10), LeaseLost)
    with pytest.raises(LeaseLost):
        one.append(lease, "r1", token("again"))
    assert [e.event_type for e in await two.read(lambda tx: tx.events(THREAD))] == ["run_start"]
    await asyncio.gather(one.close(), two.close())


async def test_a_follower_sees_what_another_server_writes(tmp_path: Path) -> None:
    """By looking from time to time, and only while somebody follows."""
    one, two = await opened(tmp_path / "a.db"), await opened(tmp_path / "a.db", "two")
    lease = await one.write(begin("hi"))
    follower = asyncio.create_task(read_all(two, THREAD, 3))
    one.append(lease, "r1", token("a"))
    one.append(lease, "r1", token("b"))
    assert await follower == [1, 2, 3]
    await asyncio.gather(one.close(), two.close())


async def test_what_is_deleted_can_be_restored(tmp_path: Path) -> None:
    """A deleted thread is not found, its followers are told, and it comes back whole."""
    store = await opened(tmp_path / "a.db")
    await store.write(begin("hi"))
    cursor = store.follow(THREAD, 1)
    waiting = asyncio.create_task(cursor.next())
    await asyncio.sleep(0)
    await store.write(lambda tx: tx.delete(OWNER, THREAD))
    with pytest.raises(CommandRefused):
        await asyncio.wait_for(waiting, 10)
    cursor.close()
    restored = await store.write(lambda tx: tx.restore(OWNER, THREAD))
    assert restored.head == 1
    await store.close()


async def test_the_file_is_private_and_a_newer_one_is_refused(tmp_path: Path) -> None:
    """0600 for the database and its log; a schema of a later version is left alone, in words."""
    path = tmp_path / "deep" / "a.db"
    store = await opened(path)
    await store.write(begin("hi"))
    assert {oct(f.stat().st_mode & 0o777) for f in path.parent.glob("a.db*")} == {"0o600"}
    await store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE aichat_meta SET value = '99' WHERE key = 'version'")
    connection.close()
    with pytest.raises(SchemaTooNew):
        await opened(path)


async def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    """Garbage is never overwritten: it is moved, a new store with a new epoch is begun, and health says so."""
    path = tmp_path / "a.db"
    store = await opened(path)
    epoch = store.epoch
    await store.close()
    path.write_bytes(b"this is no database" * 1000)
    again = await opened(path)
    assert again.epoch != epoch
    assert again.health.status == "degraded"
    assert list(tmp_path.glob("a.db.damaged-*"))
    await again.close()


async def test_the_epoch_stays_over_a_restart(tmp_path: Path) -> None:
    """A client's position is still good after the server was started again."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin("hi"))
    store.append(lease, "r1", token("a"))
    await store.write(
        lambda tx: tx.append(THREAD, "r1", Done(content="a", agent="s", outcome="completed", duration_ms=1))
    )
    epoch = store.epoch
    await store.close()
    again = await opened(tmp_path / "a.db")
    assert again.epoch == epoch
    assert [e.seq for e in await again.read(lambda tx: tx.events(THREAD))] == [1, 2, 3]
    await again.close()
