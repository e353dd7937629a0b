"""A client of the wire for tests: reads frames, remembers them, sends commands."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

from tornado.websocket import WebSocketClientConnection

__all__ = ["Client", "Frame", "text_of"]

Frame = dict[str, Any]
TERMINAL = ("done", "error")


class Client:
    """One socket. `frames` is all that came, in order."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self._numbers = itertools.count(1)

    async def read(self, seconds: float = 30.0) -> Frame:
        """The next frame. Raises `ConnectionError` with the close code when the socket has closed."""
        text = await asyncio.wait_for(self.socket.read_message(), seconds)
        if text is None:
            raise ConnectionError(self.socket.close_code)
        frame: Frame = json.loads(text)
        self.frames.append(frame)
        return frame

    async def until(self, *event_types: str, **data: Any) -> Frame:
        """Read up to a frame of one of these types whose data has these values."""
        while True:
            frame = await self.read()
            if frame["event_type"] in event_types and data.items() <= frame["data"].items():
                return frame

    async def end(self) -> Frame:
        """Read up to the terminal event of a run."""
        while True:
            frame = await self.until(*TERMINAL)
            if "seq" in frame:
                return frame

    async def send(self, **command: Any) -> Frame:
        """Send a command; its `ack` or `error`."""
        ref = f"c{next(self._numbers)}"
        await self.socket.write_message(json.dumps({"id": ref, **command}))
        return await self.until("ack", "error", ref=ref)

    async def ask(self, message: str, **fields: Any) -> Frame:
        """Send a message and read until its run has ended."""
        accepted = await self.send(type="message", message=message, **fields)
        if accepted["event_type"] == "error":
            return accepted
        run_id = accepted["data"]["run_id"]
        for frame in self.frames:  # a short answer may have come before the ack
            if frame.get("run_id") == run_id and frame["event_type"] in TERMINAL:
                return frame
        while True:
            frame = await self.end()
            if frame["run_id"] == run_id:
                return frame

    @property
    def events(self) -> list[Frame]:
        """Frames of the log."""
        return [f for f in self.frames if "seq" in f]

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def text_of(frames: list[Frame], agent: str | None = None) -> str:
    """The joined tokens, of one agent or of all."""
    tokens = (f["data"] for f in frames if f["event_type"] == "token")
    return "".join(t["token"] for t in tokens if agent in {None, t["agent"]})
