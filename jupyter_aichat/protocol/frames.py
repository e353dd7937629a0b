"""Frames: what travels on a socket. Bytes are made here and nowhere else; `event_type` comes first in every frame.

A frame with `seq` is an event of the log; one without speaks of this connection only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import orjson

from jupyter_aichat.errors import CommandCode
from jupyter_aichat.protocol.events import ApprovalRequest, EventData, Part
from jupyter_aichat.protocol.snapshot import Snapshot

__all__ = [
    "CONNECTION_FRAMES",
    "PROTOCOL",
    "Ack",
    "CommandError",
    "ConnectionFrame",
    "Heartbeat",
    "Hello",
    "Reset",
    "connection_frame",
    "encode",
    "event_frame",
    "utc_now",
]

PROTOCOL = 1
"""The version of the wire."""


class ConnectionFrame(Part):
    """Base of frames without `seq`."""

    event_type: ClassVar[str]


class Hello(ConnectionFrame):
    """First frame: where the thread stands, what runs and what waits for a person."""

    event_type: ClassVar[str] = "hello"
    protocol: int
    version: str
    epoch: str
    head: int
    run_id: str | None = None
    approvals: list[ApprovalRequest]


class Ack(ConnectionFrame):
    """The command `ref` is stored. `queued`: how many runs stand before this one."""

    event_type: ClassVar[str] = "ack"
    ref: str | None = None
    run_id: str | None = None
    queued: int | None = None


class CommandError(ConnectionFrame):
    """The command `ref` was refused, the socket stays open, nothing happened."""

    event_type: ClassVar[str] = "error"
    ref: str | None = None
    error: str
    code: CommandCode
    retryable: bool


class Reset(ConnectionFrame):
    """The client's position can't be continued; it starts from this."""

    event_type: ClassVar[str] = "reset"
    epoch: str
    head: int
    snapshot: Snapshot


class Heartbeat(ConnectionFrame):
    """The log's head, at most 20 s apart, so that a silent loss shows."""

    event_type: ClassVar[str] = "heartbeat"
    head: int


CONNECTION_FRAMES: tuple[type[ConnectionFrame], ...] = (Hello, Ack, CommandError, Reset, Heartbeat)


def encode(part: Part) -> bytes:
    """The part as compact JSON, without what is `None`."""
    return part.__pydantic_serializer__.to_json(part, exclude_none=True)


def connection_frame(frame: ConnectionFrame) -> bytes:
    """The bytes of a frame that speaks of this connection only."""
    return b'{"event_type":"%b","data":%b}' % (frame.event_type.encode(), encode(frame))


def event_frame(
    event_type: str,
    seq: int,
    data: bytes,
    *,
    run_id: str | None = None,
    time: str | None = None,
    from_seq: int | None = None,
) -> bytes:
    """The bytes of an event of the log; `data` is its JSON. `from_seq` when neighbouring tokens are joined."""
    head = b'{"event_type":"%b"' % event_type.encode()
    if from_seq is not None:
        head += b',"from_seq":%d' % from_seq
    head += b',"seq":%d' % seq
    if run_id is not None:
        head += b',"run_id":%b' % orjson.dumps(run_id)
    if time is not None:
        head += b',"time":"%b"' % time.encode()
    return head + b',"data":' + data + b"}"


def event_bytes(event: EventData) -> bytes:
    """The `data` of an event as JSON."""
    return encode(event)


def utc_now() -> str:
    """Now, as the wire writes it: ISO 8601, UTC, milliseconds, `Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
