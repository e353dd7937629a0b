"""Cursors: everybody who looks gets every event once, in order, wherever they begin and however they lag."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.store.records import LoggedEvent
from jupyter_aichat.store.tail import KEPT_BYTES, KEPT_EVENTS, Cursor, Tail
from tests.store.desk import OWNER, THREAD, begin, given, opened, token


class Table:
    """A log in memory with the store's two ways to it: the table, and the tail that is told of each commit.

    Not realistic: reading takes no time, and a commit is one event.
    """

    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []
        self.tail = Tail(THREAD)
        self.reads = 0

    def commit(self, *, told: bool = True, size: int = 1) -> None:
        """One more event; another server's is told to nobody."""
        event = LoggedEvent(len(self.events) + 1, None, "r1", "token", None, b"x" * size)
        self.events.append(event)
        if told:
            self.tail.push(event)
            self.tail.wake()

    def look(self) -> None:
        """The poll: how far is the log?"""
        self.tail.head = max(self.tail.head, len(self.events))
        self.tail.wake()

    def follow(self, after: int) -> Cursor:
        """A cursor behind a position."""
        return Cursor(self.tail, after, self._read, lambda _: None)

    async def _read(self, _thread_id: str, after: int, limit: int) -> list[LoggedEvent]:
        self.reads += 1
        return self.events[after : after + limit]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.integers(1, 5)),
        st.tuples(st.just("elsewhere"), st.integers(1, 5)),
        st.tuples(st.just("follow"), st.integers(0, 12)),
        st.tuples(st.just("next"), st.integers(1, 4)),
    ),
    max_size=40,
)


@settings(deadline=None)  # a busy machine is no failure
@examples(STEPS)
def test_every_cursor_sees_each_event_once_and_in_order(steps: list[tuple[str, int]]) -> None:
    """However commits here, commits elsewhere, new cursors and pages of any size follow each other."""

    async def play() -> None:
        table = Table()
        seen: list[tuple[Cursor, int, list[int]]] = []

        async def read(cursor: Cursor, numbers: list[int], limit: int) -> None:
            numbers += [e.seq for e in await asyncio.wait_for(cursor.next(limit), 10)]

        for what, number in steps:
            if what == "commit":
                for _ in range(number):
                    table.commit()
            elif what == "elsewhere":
                for _ in range(number):
                    table.commit(told=False)
                table.look()
            elif what == "follow":
                after = min(number, len(table.events))
                seen.append((table.follow(after), after, []))
            else:
                for cursor, _, numbers in seen:
                    if cursor.position < len(table.events):
                        await read(cursor, numbers, number)
        for cursor, after, numbers in seen:
            while cursor.position < len(table.events):
                await read(cursor, numbers, 3)
            assert numbers == list(range(after + 1, len(table.events) + 1))

    asyncio.run(play())


async def test_who_keeps_up_reads_no_table() -> None:
    """A commit costs its followers no reading, however many they are."""
    table = Table()
    table.commit()
    cursors = [table.follow(1) for _ in range(10)]
    waiting = [asyncio.create_task(c.next()) for c in cursors]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first = table.reads
    for n in range(2, 50):
        table.commit()
        assert [[e.seq for e in page] for page in await asyncio.gather(*waiting)] == [[n]] * 10
        waiting = [asyncio.create_task(c.next()) for c in cursors]
        await asyncio.sleep(0)
    assert table.reads == first <= 10
    for task in waiting:
        task.cancel()


async def test_who_lags_too_far_reads_the_table() -> None:
    """What the tail has dropped is in the table; the cursor notices nothing."""
    table = Table()
    slow = table.follow(0)
    for _ in range(3 * KEPT_EVENTS):
        table.commit()
    assert table.tail.after(0, 10) is None
    assert await given(slow, 3 * KEPT_EVENTS) == list(range(1, 3 * KEPT_EVENTS + 1))


async def test_the_tail_keeps_a_bounded_past() -> None:
    """By number and by bytes; the last event stays, whatever its size."""
    table = Table()
    for _ in range(2 * KEPT_EVENTS):
        table.commit()
    kept = table.tail.after(KEPT_EVENTS, 10 * KEPT_EVENTS)
    assert kept is not None
    assert len(kept) == KEPT_EVENTS
    for _ in range(5):
        table.commit(size=KEPT_BYTES)
    assert table.tail.after(len(table.events) - 1, 10) == table.events[-1:]
    assert table.tail.after(len(table.events) - 2, 10) is None


async def test_events_of_another_server_leave_no_hole() -> None:
    """A tail that missed some starts anew behind them; the missed ones come from the table."""
    table = Table()
    cursor = table.follow(0)
    table.commit()
    table.commit(told=False)
    table.commit()
    assert table.tail.after(0, 10) is None
    assert await given(cursor, 3) == [1, 2, 3]


async def test_a_page_is_no_longer_than_asked_for() -> None:
    """From the tail and from the table."""
    table = Table()
    for _ in range(10):
        table.commit()
    for cursor in (table.follow(0), table.follow(5)):
        assert len(await cursor.next(2)) == 2


async def test_a_failed_reading_leaves_the_cursor_where_it_was() -> None:
    """The next try gives the same events: an error is no progress."""

    class Broken(Table):
        async def _read(self, thread_id: str, after: int, limit: int) -> list[LoggedEvent]:
            if self.reads == 0:
                self.reads = 1
                raise StorageError("The chat store is locked by another program. Try again in a moment.")
            return await super()._read(thread_id, after, limit)

    table = Broken()
    table.commit(told=False)
    cursor = table.follow(0)
    with pytest.raises(StorageError):
        await cursor.next()
    assert [e.seq for e in await cursor.next()] == [1]


async def test_a_position_ahead_of_the_log_waits_for_it(tmp_path: Path) -> None:
    """Nothing is repeated to one who has seen it already."""
    store = await opened(tmp_path / "a.db")
    lease = await store.write(begin())
    cursor = store.follow(THREAD, 3)
    for text in ("2", "3", "4"):
        store.append(lease, "r1", token(text))
    assert await given(cursor, 1) == [4]
    cursor.close()
    await store.close()


async def test_a_thread_may_be_followed_before_it_exists(tmp_path: Path) -> None:
    """Its first event comes as any other."""
    store = await opened(tmp_path / "a.db")
    cursor = store.follow(THREAD, 0)
    waiting = asyncio.create_task(cursor.next())
    await store.write(begin())
    assert [e.seq for e in await asyncio.wait_for(waiting, 20)] == [1]
    cursor.close()
    await store.close()


async def test_deleting_ends_every_cursor_and_restoring_begins_anew(tmp_path: Path) -> None:
    """Those who wait and those who come are told that the thread is gone, until it is back."""
    store = await opened(tmp_path / "a.db")
    await store.write(begin())
    waiting, late = store.follow(THREAD, 1), store.follow(THREAD, 0)
    seeing = asyncio.create_task(waiting.next())
    await asyncio.sleep(0)
    await store.write(lambda tx: tx.delete(OWNER, THREAD))
    for reading in (seeing, late.next()):
        with pytest.raises(CommandRefused, match="deleted"):
            await asyncio.wait_for(reading, 20)
    await store.write(lambda tx: tx.restore(OWNER, THREAD))
    assert await given(late, 1) == [1]
    for cursor in (waiting, late):
        cursor.close()
    await store.close()


async def test_a_thread_that_nobody_follows_is_forgotten(tmp_path: Path) -> None:
    """What is kept for followers goes with the last of them; closing twice does no harm."""
    store = await opened(tmp_path / "a.db")
    first, second = store.follow(THREAD, 0), store.follow(THREAD, 0)
    assert first.tail is second.tail
    first.close()
    assert store.follow(THREAD, 0).tail is second.tail
    for cursor in list(second.tail.cursors):
        cursor.close()
        cursor.close()
    assert store.follow(THREAD, 0).tail is not second.tail
    await store.close()
