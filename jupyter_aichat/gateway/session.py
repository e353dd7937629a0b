"""Session: one client looking at one thread. Reads after a position, takes commands; knows nothing of Tornado.

What goes out is the log, read by a cursor: connecting, a second tab and a reconnect are the same operation. Commands are carried
out one after another beside it, so that neither waits for the other; none before it is settled from where the log is followed,
else a client that sends at once could miss the beginning of its own answer.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, assert_never

from jupyter_aichat.errors import AichatError, CommandRefused, StorageError
from jupyter_aichat.protocol.commands import Approve, Cancel, Claim, Command, Message, Performed
from jupyter_aichat.protocol.frames import Ack, CommandError, Heartbeat, Hello, Reset, connection_frame
from jupyter_aichat.protocol.parse import parse_command

if TYPE_CHECKING:
    from jupyter_aichat.gateway.gateway import Gateway
    from jupyter_aichat.runs.request import Approvals

__all__ = ["DELETED", "LAGGING", "POLICY", "TOO_MANY", "WITHDRAWN", "Link", "Position", "Session"]

LAGGING = 4408
WITHDRAWN = 4501
TOO_MANY = 4503
DELETED = 4504
POLICY = 4508

_WITHDRAWN = frozenset({"unauthenticated", "forbidden"})
"""Refusals that say that somebody may not, whatever is asked."""

_BAD_FRAMES, _BAD_WINDOW = 20, 10.0
"""So many bad frames in so many seconds end the connection."""
_COMMANDS = 256
"""Commands that may wait in one session."""
_BEAT = 15.0
"""Seconds of silence after which the client is told that all is well."""
_LOOK = 30.0
"""Seconds between looks at whether a client that sends nothing may still read."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a client wants to go on: after `after` of the log `epoch`. Without `after`: live from now."""

    after: int | None = None
    epoch: str | None = None


class Link(Protocol):
    """The connection under a session."""

    async def send(self, frame: bytes) -> None:
        """Send a text frame; returns when it has left this process. Raises `ConnectionError` when it cannot."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close the connection, with a code that tells the client what to do."""
        ...

    async def may(self, action: str) -> CommandRefused | None:
        """Whether this user may still "read" or "write"; the refusal if not."""
        ...

    async def may_execute(self) -> CommandRefused | None:
        """Whether this user may run code in kernels; the refusal if not."""
        ...

    async def may_write(self) -> CommandRefused | None:
        """Whether this user may write files; the refusal if not."""
        ...


class Session:
    """Serve one connection. `serve` runs until the connection or the thread goes away."""

    def __init__(
        self,
        gateway: Gateway,
        owner: str,
        thread_id: str,
        position: Position,
        approvals: Approvals,
        link: Link,
    ) -> None:
        self._gateway = gateway
        self._owner = owner
        self._thread_id = thread_id
        self._key = gateway.key(owner, thread_id)
        self._position = position
        self._approvals: Approvals = approvals
        self._link = link
        self._head = 0
        self._sent = time.monotonic()
        self._bad: deque[float] = deque(maxlen=_BAD_FRAMES)
        self._waiting: deque[Command | CommandRefused] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._beating: asyncio.Task[None] | None = None
        self._looked = time.monotonic()
        self._looking: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Say hello, go on from the client's position, then follow the log."""
        store = self._gateway.store
        try:
            state = await self._gateway.state(self._owner, self._key)
            hello = Hello(
                protocol=self._gateway.protocol,
                version=self._gateway.version,
                epoch=store.epoch,
                head=state.head,
                run_id=state.run_id,
                approvals=list(state.approvals),
            )
            await self._send(connection_frame(hello))
            cursor = store.follow(self._key, await self._begin(state.head))
            self._begun.set()
            try:
                while True:
                    for event in await cursor.next():
                        self._head = event.seq
                        await self._send(event.frame)
            finally:
                cursor.close()
        except CommandRefused as refusal:
            if refusal.code == "not_found":
                self._link.close(DELETED, "the conversation was deleted")
            else:
                self._link.close(1011, "the conversation cannot be read")
        except StorageError:
            self._link.close(1013, "the conversation cannot be read now")
        except ConnectionError:
            self._link.close(LAGGING, "the connection is too slow; come back with your position")
        finally:
            for task in (self._worker, self._beating, self._looking):
                if task is not None:
                    task.cancel()

    def receive(self, text: str) -> None:
        """A text frame from the client: validate, enqueue, return."""
        try:
            command: Command | CommandRefused = parse_command(text)
        except CommandRefused as refusal:
            command = refusal
        self._enqueue(command)

    def refuse(self, refusal: CommandRefused) -> None:
        """A frame that is no command at all (a binary one)."""
        self._enqueue(refusal)

    def beat(self, now: float) -> None:
        """Tell a silent client where the log stands; called for all sessions from time to time."""
        if now - self._looked >= _LOOK:
            self._looked = now
            self._begin_look()
        if now - self._sent >= _BEAT and (self._beating is None or self._beating.done()):
            self._beating = asyncio.create_task(self._try(connection_frame(Heartbeat(head=self._head))))

    async def _begin(self, head: int) -> int:
        """Where the cursor begins; a position that cannot be continued is answered with a snapshot."""
        wanted = self._position
        self._head = head
        if wanted.after is None:
            return head
        known = wanted.epoch == self._gateway.store.epoch and wanted.after <= head
        if known and await self._gateway.replayable(self._key, wanted.after):
            self._head = wanted.after
            return wanted.after
        snapshot = await self._gateway.snapshot(self._owner, self._key, self._thread_id)
        self._head = snapshot.head
        await self._send(connection_frame(Reset(epoch=snapshot.epoch, head=snapshot.head, snapshot=snapshot)))
        return snapshot.head

    def _enqueue(self, command: Command | CommandRefused) -> None:
        if isinstance(command, CommandRefused):
            now = time.monotonic()
            self._bad.append(now)
            if len(self._bad) == _BAD_FRAMES and now - self._bad[0] < _BAD_WINDOW:
                self._link.close(POLICY, f"{_BAD_FRAMES} bad frames in {_BAD_WINDOW:.0f} s")
                return
        if len(self._waiting) >= _COMMANDS:
            ref = command.ref if isinstance(command, CommandRefused) else command.id
            command = CommandRefused("rate", f"More than {_COMMANDS} commands wait; send slower.", ref=ref)
            if len(self._waiting) >= 2 * _COMMANDS:
                self._link.close(POLICY, "too many commands at once")
                return
        self._waiting.append(command)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name=f"commands {self._key}")

    async def _work(self) -> None:
        await self._begun.wait()
        while self._waiting:
            command = self._waiting.popleft()
            await self._try(connection_frame(await self._answer(command)))

    async def _answer(self, command: Command | CommandRefused) -> Ack | CommandError:
        ref = command.ref if isinstance(command, CommandRefused) else command.id
        try:
            if isinstance(command, CommandRefused):
                raise command
            refusal = await self._link.may("write")
            if refusal is not None:
                raise refusal
            return await self._carry_out(command)
        except CommandRefused as refused:
            if refused.code in _WITHDRAWN:
                asyncio.get_running_loop().call_soon(self._begin_look)  # when the refusal has been sent
            return CommandError(ref=ref, error=str(refused), code=refused.code, retryable=refused.retryable)
        except StorageError as error:
            sentence = f"The conversation cannot be saved: {error}"
            return CommandError(ref=ref, error=sentence, code="storage", retryable=True)
        except AichatError as error:
            return CommandError(ref=ref, error=str(error), code="bad_request", retryable=False)

    def _begin_look(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Who may no longer read is shown the door; who may not write goes on reading."""
        refusal = await self._link.may("read")
        if refusal is not None and refusal.code in _WITHDRAWN:
            self._link.close(WITHDRAWN, "access was withdrawn")

    async def _carry_out(self, command: Command) -> Ack:
        runs = self._gateway.runs
        if isinstance(command, Message):
            rights = await self._rights()
            accepted = await runs.submit(self._owner, self._key, command, self._approvals, **rights)
            return Ack(ref=command.id, run_id=accepted.run_id, queued=accepted.queued or None)
        if isinstance(command, Cancel):
            await runs.cancel(self._owner, self._key, command)
        elif isinstance(command, Approve):
            await runs.approve(self._owner, self._key, command, **await self._rights())
        elif isinstance(command, Claim):
            runs.claim(self._owner, self._key, command, self)
        elif isinstance(command, Performed):
            runs.performed(self._owner, self._key, command, self)
        else:
            assert_never(command)
        return Ack(ref=command.id)

    async def _rights(self) -> dict[str, bool]:
        return {
            "kernels": await self._link.may_execute() is None,
            "files": await self._link.may_write() is None,
        }

    async def _send(self, frame: bytes) -> None:
        self._sent = time.monotonic()
        await self._link.send(frame)

    async def _try(self, frame: bytes) -> None:
        """Send beside the cursor; a broken connection is the cursor's to notice."""
        try:
            await self._send(frame)
        except ConnectionError:
            self._link.close(LAGGING, "the connection is too slow; come back with your position")
