"""A WebSocket client that opens a connection and then does not read from it, until it is told to.

Its receive buffer is the smallest that the system gives, so that the server notices soon. Not realistic: it answers no ping and
no close, and masks nothing because it sends nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, Self

__all__ = ["LazyClient"]


class LazyClient:
    """`await LazyClient.open(port, path, headers)`, then `await client.drain()` for all that had been sent."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.code: int | None = None
        """The close code, when it has come."""

    @classmethod
    async def open(cls, port: int, path: str, headers: Mapping[str, str]) -> Self:
        """Shake hands, and stop reading there."""
        loop = asyncio.get_running_loop()
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await loop.sock_connect(connection, ("127.0.0.1", port))
        fields = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version": "13",
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        await loop.sock_sendall(connection, f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += await loop.sock_recv(connection, 1)
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        return cls(connection)

    async def drain(self) -> list[dict[str, Any]]:
        """Read at last: the frames up to the end of the connection."""
        loop = asyncio.get_running_loop()
        raw = bytearray()
        with contextlib.suppress(ConnectionError):
            while self.code is None and (part := await loop.sock_recv(self._connection, 65_536)):
                raw += part
                self._frames(bytes(raw))
        self.close()
        return self._frames(bytes(raw))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _frames(self, raw: bytes) -> list[dict[str, Any]]:
        at, frames = 0, []
        while len(raw) - at >= 4:
            kind, size, head = raw[at] & 0x0F, raw[at + 1], 2
            if size >= 126:
                form, head = ("!H", 4) if size == 126 else ("!Q", 10)
                if len(raw) - at < head:
                    break
                (size,) = struct.unpack_from(form, raw, at + 2)
            payload = raw[at + head : at + head + size]
            if len(payload) < size:
                break
            if kind == 1:
                frames.append(json.loads(payload))
            elif kind == 8:
                (self.code,) = struct.unpack_from("!H", payload)
            at += head + size
        return frames
