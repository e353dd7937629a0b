"""The channels to one kernel: ZeroMQ sockets, or a gateway's WebSocket. Sends and receives messages, knows no meaning.

A message is `(header, parent, content)`; the content of a message that is not for us is never decoded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hmac import compare_digest
from inspect import iscoroutinefunction
from itertools import chain
from queue import Empty
from typing import Any, Literal, Protocol, cast

import orjson
import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.session import Session

from jupyter_aichat.kernels.harness import USERNAME
from jupyter_aichat.kernels.large import pieces
from jupyter_aichat.kernels.manager import OneKernel

__all__ = ["Channel", "Channels", "Message", "NotConnected", "open_channels"]

log = logging.getLogger(__name__)

Channel = Literal["shell", "control", "iopub"]

_KEYS = ("curve_publickey", "curve_secretkey")


class NotConnected(Exception):
    """The message was not sent: there is no connection to the kernel now."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the kernel."""

    kind: str
    session: str
    """The session id that its writer gave."""
    parent: Mapping[str, Any]
    """The header of the request that it belongs to; empty: none."""
    content: Mapping[str, Any]
    """Empty where the parent is not ours, except for a status."""

    @property
    def parent_id(self) -> str:
        """The id of the request that it belongs to."""
        return str(self.parent.get("msg_id", ""))


class Channels(Protocol):
    """Open channels."""

    session: Session
    """Its own, so that no other client takes our messages for its own."""
    remote: bool
    """Whether the kernel is behind a gateway, so that asking its manager costs a request."""

    async def send(self, channel: Literal["shell", "control"], message: dict[str, Any]) -> None:
        """Send a message of the session. Raises `NotConnected`; then it is certain that nothing was sent."""

    async def receive(self, channel: Channel) -> Message:
        """Wait for the next message. Raises `NotConnected` when there will be none."""

    async def close(self) -> None:
        """Give back all sockets."""


async def open_channels(kernel: OneKernel, context: zmq.asyncio.Context) -> Channels:
    """Connect to the kernel with a session of our own."""
    theirs = kernel.get_connection_info(session=True)["session"]
    session = Session(key=theirs.key, signature_scheme=theirs.signature_scheme, username=USERNAME)
    factory = getattr(kernel, "client_factory", None)
    if iscoroutinefunction(getattr(factory, "start_channels", None)):
        client = kernel.client(session=session)
        # it connects with blocking calls
        await asyncio.to_thread(asyncio.run, client.start_channels())
        return _GatewayChannels(client, session)
    # a manager that is not asynchronous would make a blocking client; the connection is all that is needed of it
    info = dict(kernel.get_connection_info(session=True)) | {"session": session}
    info |= {key: info[key].encode("ascii") for key in _KEYS if isinstance(info.get(key), str)}
    return _ZmqChannels(AsyncKernelClient(**info, context=context), session)


def _bare(header: Mapping[str, Any], parent: Mapping[str, Any] | None) -> Message:
    """The message without its content."""
    return Message(str(header.get("msg_type", "")), str(header.get("session", "")), parent or {}, {})


def _wanted(session: Session, message: Message) -> bool:
    """Whether anybody here reads its content."""
    return message.parent.get("session") == session.session or message.kind in {"status", "shutdown_reply"}


class _ZmqChannels:
    remote = False

    def __init__(self, client: AsyncKernelClient, session: Session) -> None:
        self.session = session
        self._client = client
        # no heartbeat: it would be a thread for each kernel, and the manager is asked instead
        client.start_channels(stdin=False, hb=False)
        self._sockets: dict[str, zmq.asyncio.Socket] = {
            "shell": client.shell_channel.socket,
            "control": client.control_channel.socket,
            "iopub": client.iopub_channel.socket,
        }
        # messages may have many megabytes each: let them wait in the kernel's process rather than in this one
        self._sockets["iopub"].set(zmq.RCVHWM, 16)
        self._rest: dict[str, Iterator[Message]] = {channel: iter(()) for channel in self._sockets}

    async def send(self, channel: Literal["shell", "control"], message: dict[str, Any]) -> None:
        try:
            # not Session.send: its message would wait in a queue of its own, and reach the kernel's successor
            await self._sockets[channel].send_multipart(self.session.serialize(message), zmq.NOBLOCK)
        except zmq.ZMQError as error:
            raise NotConnected(f"the kernel's {channel} channel takes nothing") from error

    async def receive(self, channel: Channel) -> Message:
        while True:
            for message in self._rest[channel]:
                return message
            try:
                parts = await self._sockets[channel].recv_multipart(copy=False)
            except zmq.ZMQError as error:
                raise NotConnected("the channels are closed") from error
            try:
                self._rest[channel] = self._read(parts)
            except (
                Exception
            ):  # a kernel of any language writes these, and one bad message must not stop the others
                log.warning("A message on a kernel's %s channel cannot be read.", channel, exc_info=True)
            del parts

    def _read(self, parts: list[zmq.Frame]) -> Iterator[Message]:
        """Check the signature, give the messages. Not `Session.deserialize`, which copies a large message thrice."""
        _, frames = self.session.feed_identities(parts, copy=False)
        signature, header, parent, metadata, content = (
            frame.buffer for frame in cast("list[zmq.Frame]", frames[:5])
        )
        if self.session.auth is not None and not compare_digest(
            bytes(signature), self.session.sign([header, parent, metadata, content])
        ):
            raise ValueError("its signature is wrong")
        bare = _bare(self.session.unpack(bytes(header)), self.session.unpack(bytes(parent)))
        if not _wanted(self.session, bare):
            return iter((bare,))
        if bare.kind == "stream":
            several = (replace(bare, content=piece) for piece in pieces(content))
            for one in several:
                return chain((one,), several)
        return iter((replace(bare, content=self._decoded(content)),))

    def _decoded(self, content: memoryview) -> Any:
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            return self.session.unpack(bytes(content))  # Python's JSON has a NaN, and half characters

    async def close(self) -> None:
        self._client.stop_channels()


class _GatewayChannels:
    remote = True

    def __init__(self, client: Any, session: Session) -> None:
        self.session = session
        self._client = client
        # its queues exist once they were asked for, and its thread needs all of them
        self._queues = {
            name: getattr(client, f"{name}_channel") for name in ("shell", "iopub", "stdin", "hb", "control")
        }

    async def send(self, channel: Literal["shell", "control"], message: dict[str, Any]) -> None:
        try:
            await asyncio.to_thread(self._queues[channel].send, message | {"channel": channel})
        except Exception as error:  # the library of its WebSocket is not known here
            raise NotConnected("the gateway's connection takes nothing") from error

    async def receive(self, channel: Channel) -> Message:
        queue = self._queues[channel]
        while True:
            try:
                # not its get_msg, which spins
                raw = queue.get_nowait()
            except Empty:
                if queue.response_router_finished:
                    raise NotConnected("the gateway's connection is closed") from None
                await asyncio.sleep(0.02)
                continue
            message = _bare(raw["header"], raw.get("parent_header"))
            return replace(message, content=raw["content"]) if _wanted(self.session, message) else message

    async def close(self) -> None:
        await asyncio.to_thread(self._client.stop_channels)
