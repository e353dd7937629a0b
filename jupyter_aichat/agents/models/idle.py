"""Silence: a read that waits too long is ended. One timer for a whole stream.

`asyncio.wait_for` around every chunk would do the same at 20-40 µs a token, and loses cancellations (on Python 3.11,
one in four cancels did not stop the stream). Here an event costs one reading of the clock; the timer looks when it
fires whether it was meant, and ends the read by cancelling its task, as `asyncio.timeout` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import cast

from jupyter_aichat.agents.models.decode import StreamError

__all__ = ["IdleWatch", "ServerSilent"]


class ServerSilent(StreamError):
    """Nothing of an answer came for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"nothing came for {seconds:g} s")
        self.seconds = seconds


class IdleWatch:
    """Watches the reads of one stream. To be closed at its end.

    Only time spent waiting for the server counts: while the consumer works on what has come, nobody is silent.
    """

    __slots__ = ("_cancelling", "_handle", "_limit", "_loop", "_reader", "_since", "expired")

    def __init__(self, limit: float, since: float) -> None:
        """Watch from the loop's time `since`; `limit` is in seconds."""
        self.expired = False
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._since = since
        self._reader: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._handle: asyncio.TimerHandle | None = self._loop.call_at(since + limit, self._look)

    def heard(self) -> None:
        """Take note that the server has said something: the silence begins anew."""
        self._since = self._loop.time()

    def allow(self, limit: float) -> None:
        """Allow another length of silence from here on."""
        self._limit = limit
        self.close()
        self._handle = self._loop.call_at(self._loop.time() + limit, self._look)

    def close(self) -> None:
        """Stop watching."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    async def read(self, blocks: AsyncIterator[bytes]) -> bytes | None:
        """Read on; `None` at the end. Raises `ServerSilent` when the silence got too long, once it has ended the read.

        A cancel that comes at the same time wins: whoever cancels always gets their way.
        """
        reader = cast("asyncio.Task[object]", asyncio.current_task())
        self._cancelling = reader.cancelling()
        self._reader = reader
        try:
            return await anext(blocks, None)
        except asyncio.CancelledError:
            if self.expired and reader.uncancel() <= self._cancelling:
                raise ServerSilent(self._limit) from None
            raise
        finally:
            self._reader = None

    def _look(self) -> None:
        if self._reader is None:
            self._handle = self._loop.call_later(self._limit, self._look)
        elif self._loop.time() < self._since + self._limit:
            self._handle = self._loop.call_at(self._since + self._limit, self._look)
        else:
            self._handle = None
            self.expired = True
            self._reader.cancel()
