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
        self.cut_before: list[bytes] = []
        """Cut the next connections, one each, where the server sends these bytes; what it sent before them arrives."""
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
        limit, self.cut_after = self.cut_after, None
        mark = self.cut_before.pop(0) if self.cut_before else None
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, there_writer}
        tasks = {
            asyncio.ensure_future(_pump(reader, there_writer)),
            asyncio.ensure_future(_pump(there_reader, writer, limit, mark)),
        }
        self._tasks |= tasks
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        there_writer.transport.abort()
        if mark is None:
            writer.transport.abort()
        else:
            writer.close()
        await asyncio.wait(tasks)
        self._tasks -= tasks
        self._open -= {writer, there_writer}


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    limit: int | None = None,
    mark: bytes | None = None,
) -> None:
    passed, tail = 0, b""
    with contextlib.suppress(ConnectionError):
        while (limit is None or passed < limit) and (data := await reader.read(1024)):
            part = data if limit is None else data[: limit - passed]
            found = -1 if mark is None else (tail + part).find(mark)
            if found >= 0:
                writer.write(part[: max(0, found - len(tail))])
                await writer.drain()
                return
            writer.write(part)
            await writer.drain()
            passed += len(part)
            tail = (tail + part)[1 - len(mark) :] if mark else b""
