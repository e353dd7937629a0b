"""A way to a server that can be cut and closed: a TCP forwarder on loopback.

In a test: `async with Forwarder(port) as way:`; clients use `way.port`. It forwards bytes and knows no protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

__all__ = ["Forwarder"]


class Forwarder:
    """Forwards to `port` until it is cut."""

    def __init__(self, port: int) -> None:
        self.connections = 0
        """How many were made."""
        self.closed = False
        """New connections are refused at once (the door is shut, the way is not gone)."""
        self.cut_after: int | None = None
        """Cut the next connection after so many bytes from the server; then no more of them."""
        self.cuts: list[int] = []
        """The same for the connections behind that one, in order."""
        self._to = port
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break all connections, both ways, without a good-bye."""
        for writer in [*self._open]:
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.closed:
            writer.transport.abort()
            return
        self.connections += 1
        limit, self.cut_after = self.cut_after, self.cuts.pop(0) if self.cuts else None
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, there_writer}
        tasks = {
            asyncio.ensure_future(_pump(reader, there_writer, None)),
            asyncio.ensure_future(_pump(there_reader, writer, limit)),
        }
        self._tasks |= tasks
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, there_writer):
            one.transport.abort()
        await asyncio.wait(tasks)
        self._tasks -= tasks
        self._open -= {writer, there_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None) -> None:
    passed = 0
    with contextlib.suppress(ConnectionError):
        while (limit is None or passed < limit) and (data := await reader.read(1024)):
            part = data if limit is None else data[: limit - passed]
            writer.write(part)
            await writer.drain()
            passed += len(part)
