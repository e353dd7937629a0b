"""Tails and cursors: how everybody who looks reads the log. All on the event loop.

A tail is the recent past of one followed thread, shared by its cursors, so that a commit costs no reading. A cursor is a position; one
that lags behind the tail reads the table.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import islice

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.store.records import LoggedEvent

__all__ = ["Cursor", "Tail"]

KEPT_EVENTS = 2_000
KEPT_BYTES = 1024 * 1024
"""What a tail keeps at most."""

Read = Callable[[str, int, int], Awaitable[list[LoggedEvent]]]
"""From thread, position and limit to events of the table."""


class Tail:
    """Recent events of one thread, without a gap, and who waits for more."""

    def __init__(self, thread_id: str) -> None:
        self.thread_id = thread_id
        self.head = 0
        """The last `seq` known to be committed."""
        self.deleted = False
        self.cursors: set[Cursor] = set()
        self._events: deque[LoggedEvent] = deque()
        self._bytes = 0

    def push(self, event: LoggedEvent) -> None:
        """A committed event. One that does not follow (another server wrote between) starts the tail anew."""
        if self._events and event.seq != self._events[-1].seq + 1:
            self._events.clear()
            self._bytes = 0
        self._events.append(event)
        self._bytes += len(event.data)
        while len(self._events) > KEPT_EVENTS or (self._bytes > KEPT_BYTES and len(self._events) > 1):
            self._bytes -= len(self._events.popleft().data)
        self.head = max(self.head, event.seq)

    def after(self, position: int, limit: int) -> list[LoggedEvent] | None:
        """Events behind a position, `None` if they are older than what is kept."""
        if not self._events or self._events[0].seq > position + 1:
            return None
        skip = position + 1 - self._events[0].seq
        return list(islice(self._events, skip, skip + limit))

    def wake(self) -> None:
        """Something has changed for all who look."""
        for cursor in self.cursors:
            cursor.wake()


class Cursor:
    """A reader of one thread's log. `position` is the `seq` of the last event that `next` gave."""

    def __init__(self, tail: Tail, position: int, read: Read, forget: Callable[[Cursor], None]) -> None:
        self.position = position
        self._tail = tail
        self._read = read
        self._forget = forget
        self._waiter: asyncio.Future[None] | None = None
        self._caught_up = False
        tail.cursors.add(self)

    @property
    def tail(self) -> Tail:
        """The tail that it shares."""
        return self._tail

    @property
    def head(self) -> int:
        """The last `seq` known to be committed."""
        return self._tail.head

    async def next(self, limit: int = 500) -> list[LoggedEvent]:
        """Wait for events behind the position and give them, in order.

        Raises `CommandRefused` (`not_found`) when the thread was deleted, `StorageError` when it cannot be read.
        """
        while True:
            if self._tail.deleted:
                raise CommandRefused("not_found", "This conversation was deleted.")
            found = self._tail.after(self.position, limit)
            if not found and (self._tail.head > self.position or not self._caught_up):
                found = await self._read(self._tail.thread_id, self.position, limit)
                self._caught_up = len(found) < limit
            if found:
                self.position = found[-1].seq
                self._tail.head = max(self._tail.head, self.position)
                return found
            if self._tail.head <= self.position and not self._tail.deleted:
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter

    def wake(self) -> None:
        """Look again."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        """Look no longer."""
        self._tail.cursors.discard(self)
        self._forget(self)
