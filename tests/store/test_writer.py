"""The one writer: order, grouping, and what a failure takes with it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.protocol.events import Title
from jupyter_aichat.store import Transaction
from tests.store.desk import (
    OWNER,
    THREAD,
    Gate,
    begin,
    busy,
    count_commits,
    done,
    given,
    opened,
    rows,
    start,
    token,
)


async def test_all_that_waits_is_one_commit(tmp_path: Path) -> None:
    """200 tokens and 20 works that came while the writer was busy cost one commit; no timer holds the next one back."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    commits = count_commits(store)
    async with busy(store):
        works: list[asyncio.Future[Any]] = []
        for i in range(20):
            for _ in range(10):
                store.append(lease, "r1", token(f"{i} "))
            works.append(store.write(lambda tx: tx.thread(OWNER, THREAD).head))
    assert await asyncio.gather(*works) == [1 + 10 * (i + 1) for i in range(20)]
    assert len(commits) == 2
    await store.write(lambda _: None)
    assert len(commits) == 3
    await store.close()


async def test_appends_and_works_keep_the_order_in_which_they_were_given(tmp_path: Path) -> None:
    """A token before a work stands before what the work appends, within one commit and over many."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())

    def put(text: str) -> Callable[[Transaction], int]:
        return lambda tx: tx.append(THREAD, "r1", token(text))

    for held in (True, False):
        async with busy(store):
            for i in range(0, 40, 2):
                store.append(lease, "r1", token(f"{held}{i}"))
                store.write(put(f"{held}{i + 1}"))
                if not held:
                    await asyncio.sleep(0)
    await store.write(lambda _: None)
    said = [f'"{held}{i}"' for held in (True, False) for i in range(40)]
    events = await store.read(lambda tx: tx.events(THREAD, 1))
    assert [e.data.decode().split(":")[1].split(",")[0] for e in events] == said
    assert [e.seq for e in events] == list(range(2, 82))
    await store.close()


async def test_one_thread_does_all_the_writing(tmp_path: Path) -> None:
    """Never the loop's, and never two."""
    store = await opened(tmp_path / "a.db")
    writers = {await store.write(lambda _: threading.get_ident()) for _ in range(20)}
    assert len(writers) == 1
    assert threading.get_ident() not in writers
    await store.close()


async def test_followers_are_woken_by_the_commit_and_never_before(tmp_path: Path) -> None:
    """While the commit is held back neither cursor nor future says anything; when they speak, it is on the disk."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    cursor = store.follow(THREAD, 1)
    seeing = asyncio.create_task(cursor.next())
    gate = Gate()
    sa.event.listen(store._database.writing, "commit", gate)
    working = store.write(lambda tx: tx.append(THREAD, "r1", token()))
    told: list[object] = []
    working.add_done_callback(lambda _: told.extend(rows(tmp_path / "a.db", "SELECT seq FROM aichat_event")))
    await gate.entered()
    store.append(lease, "r1", token())
    for _ in range(50):
        await asyncio.sleep(0)
    assert not seeing.done()
    assert not working.done()
    assert rows(tmp_path / "a.db", "SELECT max(seq) FROM aichat_event") == [(1,)]
    gate.open()
    assert (await asyncio.wait_for(seeing, 20))[0].seq == 2
    assert await working == 2
    assert told[:2] == [(1,), (2,)]
    await store.write(lambda _: None)
    assert (await store.read(lambda tx: tx.thread(OWNER, THREAD))).head == 3
    cursor.close()
    await store.close()


async def test_a_failing_work_takes_nothing_else_with_it(tmp_path: Path) -> None:
    """Its rows, its numbers, its title, its search text and its lease are undone; its neighbours in the commit stay."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())

    def fail(tx: Transaction) -> None:
        tx.append(THREAD, "r1", token("never"))
        tx.append(THREAD, None, Title(title="never"))
        tx.thread(OWNER, "ana/t2", create=True)
        tx.take_lease("ana/t2")
        tx.append("ana/t2", "r1", start("never"))
        tx.delete(OWNER, THREAD)
        raise CommandRefused("busy", "on purpose")

    cursor = store.follow(THREAD, 1)
    async with busy(store):
        store.append(lease, "r1", token("a"))
        pinned = store.write(lambda tx: tx.pin(OWNER, THREAD, pinned=True))
        failing = store.write(fail)
        store.append(lease, "r1", token("b"))
        last = store.write(lambda tx: tx.append(THREAD, "r1", done("c")))
    with pytest.raises(CommandRefused, match="on purpose"):
        await failing
    assert (await pinned).pinned
    assert await last == 4
    assert await given(cursor, 3) == [2, 3, 4]
    assert (await store.read(lambda tx: tx.threads(OWNER, query="never"))).threads == ()
    assert (await store.read(lambda tx: tx.thread(OWNER, THREAD))).title == ""
    with pytest.raises(CommandRefused, match="no thread"):
        await store.read(lambda tx: tx.thread(OWNER, "ana/t2"))
    assert (await store.write(begin(thread_id="ana/t2"))).fence == 1
    cursor.close()
    await store.close()


async def test_a_work_that_breaks_the_database_s_rules_fails_alone(tmp_path: Path) -> None:
    """A statement that SQLite refuses is a `StorageError` of that work; what stands beside it is committed."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    async with busy(store):
        store.append(lease, "r1", token())
        broken = store.write(
            lambda tx: tx._connection.exec_driver_sql("INSERT INTO aichat_run (id) VALUES ('x')")
        )
        fine = store.write(lambda tx: tx.append(THREAD, "r1", token()))
    with pytest.raises(StorageError):
        await broken
    assert await fine == 3
    assert store.health.status == "ok"
    await store.close()


async def test_a_programming_error_is_the_work_s_own(tmp_path: Path) -> None:
    """It reaches whoever asked, as it is; the writer goes on."""
    store = await opened(tmp_path / "a.db")
    with pytest.raises(ZeroDivisionError):
        await store.write(lambda _: 1 // 0)
    assert (await store.write(begin())).fence == 1
    await store.close()


async def test_closing_writes_what_waits(tmp_path: Path) -> None:
    """Everything that was given before is on the disk, and the leases are free for the next server."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    async with busy(store):
        for _ in range(30):
            store.append(lease, "r1", token())
        closing = asyncio.create_task(store.close())
    await closing
    assert rows(tmp_path / "a.db", "SELECT max(seq) FROM aichat_event") == [(31,)]
    assert rows(tmp_path / "a.db", "SELECT lease_server FROM aichat_thread") == [(None,)]


async def test_a_closed_store_refuses(tmp_path: Path) -> None:
    """In words, and at once: nobody waits for a writer that has gone."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    await store.close()
    with pytest.raises(StorageError, match="closed"):
        await asyncio.wait_for(store.write(lambda _: None), 20)
    with pytest.raises(StorageError, match="closed"):
        store.append(lease, "r1", token())


async def test_an_asker_who_gave_up_does_not_disturb_the_others(tmp_path: Path) -> None:
    """A cancelled future is left alone; the work is done all the same."""
    store = await opened(tmp_path / "a.db")
    async with busy(store):
        gone = store.write(begin())
        gone.cancel()
        here = store.write(lambda tx: tx.thread(OWNER, THREAD).head)
    assert await here == 1
    await store.close()
