"""An HTTP server that sends exactly the bytes it is told to, with pauses and cuts, on loopback.

In a test: `async with RawServer([head, event, Pause(0.1), event, Cut()]) as server:`; `server.url` is a base URL that
ends in `/v1`. It understands one request per connection and closes the connection after its answer. What it is not: a
check of the request (`openai_server` is), TLS, or keep-alive.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

__all__ = [
    "STREAM_HEAD",
    "Cut",
    "Hold",
    "Pause",
    "RawServer",
    "Received",
    "Step",
    "chunked",
    "data",
    "response",
]

STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
"""Head of a streamed answer that ends with the connection."""

CHUNKED_HEAD = STREAM_HEAD.replace(b"Connection: close", b"Transfer-Encoding: chunked\r\nConnection: close")


@dataclass(frozen=True)
class Pause:
    """Send nothing for so many seconds, unless the client leaves."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """Reset the connection."""


@dataclass(frozen=True)
class Hold:
    """Send nothing until the client leaves."""


Step = bytes | Pause | Cut | Hold


@dataclass(frozen=True)
class Received:
    """A request as it came. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


@dataclass
class RawServer:
    """Plays one script for each request, in turn; the last one again and again."""

    scripts: Sequence[Sequence[Step] | Callable[[Received], Sequence[Step]]]
    requests: list[Received] = field(default_factory=list)
    left: int = 0
    """How many clients closed the connection before their answer was complete."""
    open: int = 0
    """How many connections there are right now."""

    def __init__(self, *scripts: Sequence[Step] | Callable[[Received], Sequence[Step]]) -> None:
        self.scripts = scripts
        self.requests = []
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self.host = f"127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            await self.until(lambda: self.open == 0)
            await self._server.wait_closed()

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait for something that the server counts."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count(opened=1)
        try:
            request = await _receive(reader)
            script = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
            self.requests.append(request)
            gone = asyncio.ensure_future(
                reader.read(1)
            )  # nothing more is sent: the end of it is the client's leaving
            playing = asyncio.ensure_future(_play(script(request) if callable(script) else script, writer))
            await asyncio.wait({gone, playing}, return_when=asyncio.FIRST_COMPLETED)
            self.left += not playing.done() or playing.exception() is not None
            for task in (gone, playing):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await task
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left before it had asked
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            self._count(opened=-1)

    def _count(self, opened: int) -> None:
        self.open += opened
        self._changed.set()


def data(*chunks: Any, done: bool = False) -> bytes:
    """Events of a stream; a chunk is JSON, or bytes as they are."""
    texts = [chunk if isinstance(chunk, bytes) else orjson.dumps(chunk) for chunk in chunks]
    return b"".join(b"data: %b\n\n" % text for text in (*texts, *([b"[DONE]"] if done else [])))


def chunked(*parts: bytes, end: bool = True) -> bytes:
    """A head and a body in chunked encoding; without `end` the body is visibly incomplete when the connection ends."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return CHUNKED_HEAD + body + (b"0\r\n\r\n" if end else b"")


def response(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole answer; a body that is not bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    kind = "text/html" if isinstance(body, bytes) else "application/json"
    fields = {"Content-Type": kind, "Content-Length": str(len(raw)), "Connection": "close", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode() + raw


async def _receive(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    return Received(method, path, headers, await reader.readexactly(int(headers.get("content-length", 0))))


async def _play(script: Sequence[Step], writer: asyncio.StreamWriter) -> None:
    for step in script:
        match step:
            case bytes():
                writer.write(step)
                await writer.drain()
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case Hold():
                await asyncio.Event().wait()
            case Cut():
                # closing with lingering time 0 sends a reset instead of an orderly end
                connection = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return
