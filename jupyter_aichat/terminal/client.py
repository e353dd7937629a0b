"""The command's side of the wire: one message over a socket that may break, and the server's health.

The token travels in a header, never in a URL. A message is sent with a `client_id`, so sending it again after a broken
connection is the same message; reading goes on after the last event that was seen.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketError,
    websocket_connect,
)

from jupyter_aichat.errors import AichatError, CommandRefused
from jupyter_aichat.terminal.answer import Answer
from jupyter_aichat.terminal.screen import Screen
from jupyter_aichat.terminal.servers import Server
from jupyter_aichat.terminal.words import Words

__all__ = ["PROTOCOL", "Asking", "Unusable", "health"]

PROTOCOL = 1
"""The version of the wire that is spoken here."""

ASK, STOP = "ask", "stop"
"""Ids of our two commands; `ack` and `error` repeat them."""

READY = 60.0
"""Seconds that a server has for its first answer: it may still be loading."""

GONE = 60.0
"""Seconds after which a lost connection is given up."""

STAY_AWAY = 4500
"""Close codes from here on ask a client not to come back."""


class Unusable(AichatError):
    """A server cannot be used. `absent`: there is no server, or AI chat is not enabled in it."""

    def __init__(self, sentence: str, *, absent: bool = False) -> None:
        super().__init__(sentence)
        self.absent = absent


async def health(server: Server, words: Words) -> dict[str, Any]:
    """Ask a server how it is. Raises `Unusable`."""
    try:
        response = await AsyncHTTPClient().fetch(_request(server, server.address("health")))
    except (HTTPClientError, OSError) as error:
        raise _unusable(error, server, words) from error
    try:
        told = json.loads(response.body)
    except ValueError:
        told = None
    if not isinstance(told, dict) or "protocol" not in told:
        raise Unusable(words.say("disabled", url=server.url), absent=True)
    _check_protocol(told["protocol"], server, words)
    return told


class Line(Protocol):
    """What a command is written to."""

    def write_message(self, message: str, /) -> Awaitable[None]:
        """Write one text frame."""


@dataclass
class Asking:
    """One message, from sending it to the end of its answer."""

    server: Server
    thread: str
    message: dict[str, Any]
    answer: Answer
    screen: Screen
    words: Words
    as_json: bool = False
    """Show the frames as they come instead of what they say."""

    def __post_init__(self) -> None:
        self._epoch: str | None = None
        self._sent = self._stored = self._stopping = False

    async def run(self) -> None:
        """Send, and follow until the answer has ended.

        Raises `Unusable`, and `CommandRefused` when the server does not take the message.
        """
        loop = asyncio.get_running_loop()
        lost: float | None = None
        wait = 0.25
        while True:
            before = (self._stored, self.answer.head)
            try:
                await self._connect_and_follow()
            except _Broken as broken:
                if self._epoch is None:
                    raise broken.why from broken
            if self.answer.ending is not None:
                return
            if before != (self._stored, self.answer.head):
                lost, wait = None, 0.25  # it got on, so it is a new loss
            if lost is None:
                lost = loop.time()
                self.screen.note(self.words.say("lost"))
            elif loop.time() - lost > GONE:
                raise Unusable(
                    self.words.say("gone", url=self.server.url, seconds=f"{GONE:.0f}", thread=self.thread)
                )
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311  jitter
            wait = min(wait * 2, 5.0)

    async def stop(self, patience: float = 5.0) -> None:
        """Ask the server to stop the run, and wait a moment for its last words."""
        if not self._sent or self.answer.ending is not None:
            return
        self._stopping = True
        try:
            async with asyncio.timeout(patience):
                await self._connect_and_follow()
        except (_Broken, AichatError, TimeoutError, BrokenPipeError):
            return  # it could not be told; whoever stops does not want to wait

    async def _connect_and_follow(self) -> None:
        socket = await self._connect()
        try:
            await self._follow(socket)
        except WebSocketClosedError:
            return  # between two frames: the same as an end
        finally:
            socket.close()

    async def _connect(self) -> WebSocketClientConnection:
        address = self.server.address(f"ws/{self.thread}", socket=True)
        if self._epoch is not None:
            address += f"?after={self.answer.head}&epoch={self._epoch}"
        connecting = asyncio.ensure_future(
            websocket_connect(
                _request(self.server, address),
                max_message_size=256 * 2**20,
                ping_interval=15,
                ping_timeout=15,
            )
        )
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(
                _close
            )  # whoever leaves during the handshake leaves no connection behind
            raise
        except (HTTPClientError, WebSocketError, OSError) as error:
            raise _Broken(_unusable(error, self.server, self.words)) from error

    async def _follow(self, socket: WebSocketClientConnection) -> None:
        """Take frames until the answer or the connection has ended. Raises `Unusable`, `CommandRefused`."""
        while self.answer.ending is None:
            text = await socket.read_message()
            if text is None:
                code = socket.close_code or 1006
                if code >= STAY_AWAY:
                    reason = socket.close_reason or f"code {code}"
                    raise Unusable(self.words.say("broken", url=self.server.url, reason=reason))
                return
            frame = json.loads(text)
            if "seq" in frame:
                mine = self.answer.take(frame)
                if mine and self.as_json:
                    self.screen.line(text if isinstance(text, str) else text.decode())
            else:
                await self._take(frame["event_type"], frame["data"], socket)
                if self.as_json and frame["event_type"] == "reset":
                    self.screen.line(text if isinstance(text, str) else text.decode())

    async def _take(self, kind: str, data: dict[str, Any], socket: WebSocketClientConnection) -> None:
        """Take a frame that speaks of this connection only."""
        match kind:
            case "hello":
                _check_protocol(data["protocol"], self.server, self.words)
                if self._epoch is None:
                    self._epoch, self.answer.head = data["epoch"], data["head"]
                if not self._stored:
                    self._sent = True
                    await socket.write_message(json.dumps(self.message))
                elif self._stopping:
                    await self.cancel(socket)
            case "reset":
                self._epoch = data["epoch"]
                self.answer.reset(data["head"], data["snapshot"])
            case "ack" if data.get("ref") == ASK:
                self._stored = True
                self.answer.accepted(data["run_id"], data.get("queued") or 0)
                if self._stopping:
                    await self.cancel(socket)
            case "error" if data.get("ref") == ASK:
                raise CommandRefused(data["code"], data["error"], retryable=data["retryable"])
            case _:
                pass  # a heartbeat, or an answer to `stop`

    async def cancel(self, line: Line) -> None:
        """Send the command that stops the run."""
        command = {"type": "cancel", "id": STOP, "run_id": self.answer.run_id}
        await line.write_message(json.dumps(command))


class _Broken(Exception):
    """A connection could not be made; `why` is what to say where that is final."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(str(why))
        self.why = why


def _close(connecting: asyncio.Future[WebSocketClientConnection]) -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().close()


def _request(server: Server, address: str) -> HTTPRequest:
    headers = {"Authorization": f"token {server.token}"} if server.token else {}
    return HTTPRequest(
        address,
        headers=headers,
        connect_timeout=10,
        request_timeout=READY,
        follow_redirects=False,  # to a login page: nothing for us there
        validate_cert=server.verify,
    )


def _unusable(error: Exception, server: Server, words: Words) -> Unusable:
    if isinstance(error, WebSocketError):  # something answers there, but not a socket of ours
        return Unusable(words.say("disabled", url=server.url), absent=True)
    if isinstance(error, HTTPTimeoutError | HTTPStreamClosedError) or not isinstance(error, HTTPClientError):
        return Unusable(words.say("unreachable", url=server.url), absent=True)
    if error.code in {401, 403} or 300 <= error.code < 400:
        return Unusable(words.say("forbidden", url=server.url))
    if error.code in {404, 405}:
        return Unusable(words.say("disabled", url=server.url), absent=True)
    return Unusable(words.say("broken", url=server.url, reason=f"HTTP {error.code}"))


def _check_protocol(theirs: object, server: Server, words: Words) -> None:
    if theirs != PROTOCOL:
        raise Unusable(words.say("version", url=server.url, theirs=theirs, ours=PROTOCOL))
