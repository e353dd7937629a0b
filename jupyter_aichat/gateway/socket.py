"""The WebSocket: Tornado's side of a session. Authenticates, measures, passes on; decides nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from jupyter_aichat.errors import AichatError, CommandRefused
from jupyter_aichat.gateway.access import refusal, refusal_now, refusal_to_execute, refusal_to_write
from jupyter_aichat.gateway.identity import owner_of

if TYPE_CHECKING:
    from jupyter_aichat.gateway.door import Door
    from jupyter_aichat.gateway.gateway import Gateway
    from jupyter_aichat.gateway.session import Position, Session

__all__ = ["MAX_FRAME", "ThreadSocket"]

MAX_FRAME = 256 * 1024
"""Bytes of the largest frame from a client."""
_PING, _PONG = 15, 15
"""Seconds between pings, and for their answer: a half-open connection is noticed after at most both together."""
_SEND = 10.0
"""Seconds after which a frame that does not leave means that the client lags."""


class ThreadSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """`WS api/aichat/ws/{thread_id}` and the seed's address. The order of the bases matters: mixin, Tornado, Jupyter."""

    _session: Session | None = None
    _serving: asyncio.Task[None] | None = None

    def initialize(self, door: Door, approvals: str) -> None:
        """`approvals` is what the route stands for: "wait" where somebody can answer, "deny" where nobody can."""
        self._door = door
        self._approvals = approvals

    def set_default_headers(self) -> None:
        """A socket needs none of Jupyter's."""

    @property
    def ping_interval(self) -> int:
        """In seconds, as Tornado takes it; the server's own settings stay untouched."""
        return _PING

    @property
    def ping_timeout(self) -> int:
        """In seconds."""
        return _PONG

    @property
    def max_message_size(self) -> int:
        """In bytes; a larger frame closes the connection with 1009."""
        return MAX_FRAME

    @ws_authenticated
    async def get(self, thread_id: str) -> None:
        """The handshake. All that can be refused is refused here, before the upgrade."""
        if await refusal(self, "read") is not None:
            raise web.HTTPError(403)
        try:
            self._gateway: Gateway = await self._door.gateway()
        except AichatError as error:
            raise web.HTTPError(503, str(error)) from error
        self._position = self._wanted()
        self._owner = owner_of(self)
        await super().get(thread_id)

    def open(self, thread_id: str) -> None:
        """The upgrade is done."""
        from jupyter_aichat.gateway.session import TOO_MANY, Session

        WebSocketHandler.open(self, thread_id)  # past the mixin's own pings, which would double Tornado's
        if not self._gateway.admit(self):
            return self.close(TOO_MANY, "too many connections to this server")
        approvals: Literal["wait", "deny"] = "deny" if self._approvals == "deny" else "wait"
        self._session = Session(self._gateway, self._owner, thread_id, self._position, approvals, self)
        self._serving = asyncio.create_task(self._session.serve(), name=f"socket {thread_id}")
        self._serving.add_done_callback(self._served)
        return None

    def on_message(self, message: str | bytes) -> None:
        """Validate, enqueue, return: Tornado reads no pong while this runs."""
        if self._session is None:
            return
        if isinstance(message, bytes):
            self._session.refuse(CommandRefused("bad_request", "Commands are text frames, not binary ones."))
        else:
            self._session.receive(message)

    def on_close(self) -> None:
        """The connection is gone; runs go on."""
        if self._serving is not None:
            self._serving.cancel()
        if hasattr(self, "_gateway"):
            self._gateway.dismiss(self)
        super().on_close()

    def beat(self, now: float) -> None:
        """Say where the log stands, if nothing was said for a while."""
        if self._session is not None:
            self._session.beat(now)

    # -- the session's link -------------------------------------------------------------------------------------

    async def send(self, frame: bytes) -> None:
        """Write, and wait until it has left: without the wait a client that never reads fills this process."""
        connection = self.ws_connection
        if connection is None:
            raise ConnectionResetError
        try:
            written = self.write_message(frame)
            written.add_done_callback(_note)
            if connection.stream is None or not connection.stream.writing():
                return
            left, _ = await asyncio.wait(
                [written], timeout=_SEND
            )  # a cancelled write is an error in Tornado's log
            if not left:
                raise ConnectionAbortedError
            await written
        except WebSocketClosedError as error:
            raise ConnectionError from error

    async def may(self, action: str) -> CommandRefused | None:
        """Asked anew for each command: rights may have been withdrawn since the handshake."""
        return await refusal_now(self, action)

    async def may_execute(self) -> CommandRefused | None:
        """Asked anew too."""
        return await refusal_to_execute(self)

    async def may_write(self) -> CommandRefused | None:
        """Asked anew too."""
        return await refusal_to_write(self)

    def _served(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            self.log.error("a chat connection failed", exc_info=error)
            self.close(1011, "the connection failed in the server")

    def _wanted(self) -> Position:
        from jupyter_aichat.gateway.session import Position

        after = self.get_query_argument("after", None)
        if after is None:
            return Position()
        if not after.isascii() or not after.isdigit() or int(after) >= 2**53:
            raise web.HTTPError(400, f"after is the number of an event, not {after[:40]!r}")
        return Position(int(after), self.get_query_argument("epoch", None))


def _note(written: Any) -> None:
    if not written.cancelled():
        written.exception()  # a connection that closed meanwhile: `on_close` tells
