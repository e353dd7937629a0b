"""The connection to one process of a kernel. It ends with the process: a restarted kernel gets a new one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Hashable
from typing import Any, Literal

from jupyter_aichat.kernels.activity import Activity
from jupyter_aichat.kernels.channels import Channel, Channels, Message, NotConnected
from jupyter_aichat.kernels.execution import Execution
from jupyter_aichat.kernels.manager import Kernels, OneKernel, alive, find, incarnation, interrupt

__all__ = ["Connection", "End", "Ended"]

log = logging.getLogger(__name__)

End = Literal["gone", "died", "restarted", "lost", "unused"]

_SENTENCES: dict[End, str] = {
    "gone": "The kernel was shut down.",
    "died": "The kernel's process ended.",
    "restarted": "The kernel was restarted.",
    "lost": "The connection to the kernel was lost.",
    "unused": "The connection was closed.",
}

_TICK = 0.5
"""Seconds between two looks at the kernel's manager."""
_REMOTE_TICKS = 4
"""A gateway is asked only at every fourth, because asking it is a request."""
_AGAIN = 10.0
"""Seconds after which a question that nobody answered is put again."""
_IOPUB = 0.5
"""Seconds in which iopub must be heard after an answer; it connects by itself, and says nothing before."""
_INTERRUPT = 5.0
"""Seconds that an interrupted request has to end."""
_BEGIN = 0.5
"""Seconds that a request has to begin before a cancellation leaves it where it is."""


class Ended(Exception):
    """The connection has ended; `end` says why."""

    def __init__(self, end: End) -> None:
        super().__init__(_SENTENCES[end])
        self.end = end


class Connection:
    """Channels that are read, and what is known from them."""

    def __init__(
        self, kernel_id: str, kernels: Kernels, kernel: OneKernel, channels: Channels, unused_after: float
    ) -> None:
        self.kernel = kernel
        self.incarnation: Hashable = incarnation(kernel)
        self.generation: str | None = None
        self.language = ""
        self.activity = Activity()
        self.spared = False
        """Whether the kernel keeps our results out of the user's `_` and `Out`."""
        self.users = 0
        """How many wait for this kernel now."""
        self.execution: Execution | None = None
        self._kernel_id = kernel_id
        self._kernels = kernels
        self._channels = channels
        self._unused_after = unused_after
        self._loop = asyncio.get_running_loop()
        self._used = self._loop.time()
        self._ended: asyncio.Future[End] = self._loop.create_future()
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._asked: dict[str, float] = {}  # questions on the shell channel that wait
        self._idle: dict[str, asyncio.Event] = {}
        self._echoes = False  # a kernel that writes the client's session into its messages instead of its own
        self._revoked: set[str] = set()
        self._interrupts: set[asyncio.Task[None]] = set()
        self._serving = asyncio.create_task(self._serve(), name=f"kernel {kernel_id}")

    # -- life ------------------------------------------------------------------------------------------------------

    @property
    def end(self) -> End | None:
        """Why it ended; None: it is open."""
        return self._ended.result() if self._ended.done() else None

    def finish(self, end: End) -> None:
        """End it. The first reason counts."""
        if not self._ended.done():
            self._ended.set_result(end)

    def when_closed(self, callback: Callable[[], None]) -> None:
        """Call back when it has ended and all is given back."""
        self._serving.add_done_callback(lambda _: callback())

    async def closed(self) -> None:
        """Wait until all sockets and tasks are given back."""
        await asyncio.shield(self._serving)

    async def _serve(self) -> None:
        tasks = [asyncio.create_task(self._read(channel)) for channel in ("shell", "control", "iopub")]
        tasks.append(asyncio.create_task(self._watch()))
        try:
            await asyncio.wait({self._ended})
        finally:
            self.finish("unused")
            tasks += self._interrupts
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(Exception):  # closing what the other side has closed already
                await self._channels.close()

    async def _read(self, channel: Channel) -> None:
        began = self._loop.time()
        try:
            while True:
                message = await self._channels.receive(channel)
                if channel == "iopub":
                    self._published(message)
                else:
                    self._replied(channel, message)
                del message  # it may be large, and the next one a while away
                if self._loop.time() - began > 0.005:
                    # messages that are there already are received without a pause; others want the loop too
                    await asyncio.sleep(0)
                    began = self._loop.time()
        except NotConnected:
            self.finish("lost")
        except Exception:
            log.exception("Reading a kernel's %s channel failed.", channel)
            self.finish("lost")

    async def _watch(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(_TICK)
            ticks += 1
            try:
                if find(self._kernels, self._kernel_id) is not self.kernel:
                    self.finish("gone")
                elif incarnation(self.kernel) != self.incarnation:
                    self.finish("restarted")
                elif (not self._channels.remote or ticks % _REMOTE_TICKS == 0) and not await alive(
                    self.kernel
                ):
                    self.finish("died")
            except KeyError:
                self.finish("gone")
            except Exception as error:  # noqa: BLE001 - each kind of manager fails in its own way
                if self._kernel_id not in self._kernels:
                    self.finish("gone")
                log.debug("A kernel's manager does not answer: %s", error)
            if self.users:
                self._used = self._loop.time()
                if ticks % 2 == 0:
                    with contextlib.suppress(NotConnected):
                        await self._channels.send("control", self._message("kernel_info_request", {}))
            elif self._loop.time() - self._used > self._unused_after:
                self.finish("unused")

    # -- messages --------------------------------------------------------------------------------------------------

    def _published(self, message: Message) -> None:
        if message.kind == "status":
            self._status(message)
        elif message.kind == "shutdown_reply":
            self.finish("restarted" if message.content.get("restart") else "gone")
        execution = self.execution
        if execution is not None and message.parent_id == execution.request:
            execution.published(message)

    def _status(self, message: Message) -> None:
        state, parent = str(message.content.get("execution_state", "")), message.parent
        if state in {"restarting", "autorestarting", "dead"}:  # the server's word, not the kernel's
            self.finish("died" if state == "dead" else "restarted")
            return
        if self.generation and not self._echoes and message.session != self.generation:
            self.finish("restarted")
            return
        self.activity.status(state, parent, self._loop.time())
        if state == "idle" and message.parent_id in self._idle:
            self._idle.pop(message.parent_id).set()
        if state == "busy" and message.parent_id in self._revoked:
            self._revoked.discard(message.parent_id)
            self._interrupts.add(asyncio.create_task(self._interrupt()))

    def _replied(self, channel: Channel, message: Message) -> None:
        request = message.parent_id
        if message.kind == "kernel_info_reply":
            self._learn(message)
            if channel == "shell" and (asked := self._asked.pop(request, None)) is not None:
                self.activity.answered(asked)
        if (answer := self._answers.pop(request, None)) is not None and not answer.done():
            answer.set_result(None)
        self._revoked.discard(request)
        if (
            self.execution is not None
            and request == self.execution.request
            and message.kind == "execute_reply"
        ):
            self.execution.replied(message)

    def _learn(self, message: Message) -> None:
        info = message.content.get("language_info")
        self.language = str(info.get("name", "")) if isinstance(info, dict) else self.language
        self._echoes = message.session == self._channels.session.session
        generation = f"{hash(self.incarnation):x}" if self._echoes else message.session
        if self.generation not in {None, generation}:
            self.finish("restarted")
            return
        self.generation = generation

    # -- questions -------------------------------------------------------------------------------------------------

    async def _question(self, channel: Literal["shell", "control"]) -> tuple[str, asyncio.Future[None]]:
        message = self._message("kernel_info_request", {})
        request = str(message["msg_id"])
        answer = self._answers[request] = self._loop.create_future()
        if channel == "shell":
            self._asked[request] = self._loop.time()
            self._idle[request] = asyncio.Event()
        try:
            await self._channels.send(channel, message)
        except NotConnected:
            self._forget(request)
            raise
        return request, answer

    def _message(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = self._channels.session.msg(kind, content)
        return message

    def _forget(self, request: str) -> None:
        for waiting in (self._idle, self._answers, self._asked):
            waiting.pop(request, None)

    async def _until(self, answer: asyncio.Future[None], seconds: float) -> bool:
        """Wait for an answer. Raises `Ended`."""
        waiting: set[asyncio.Future[Any]] = {answer, self._ended}
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if (end := self.end) is not None:
            raise Ended(end)
        return answer.done()

    async def settle(self) -> None:
        """Wait until the kernel is idle, all that was queued before has ended, and iopub is heard. Raises `Ended`.

        The question goes through the same queue as the user's cells. Kernels answer it in turn and never abort it.
        """
        unheard = 0
        while True:
            if (end := self.end) is not None:
                raise Ended(end)
            try:
                request, answer = await self._question("shell")
            except NotConnected:
                await asyncio.sleep(0.05)
                continue
            idle = self._idle[request]
            try:
                if not await self._until(answer, 0.2):
                    self.activity.held(self._loop.time())
                    if not await self._until(answer, _AGAIN):
                        continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(idle.wait(), _IOPUB)
            finally:
                self._forget(request)
            unheard += not idle.is_set()
            if (idle.is_set() or unheard >= 3) and self.activity.request is None:
                return

    async def look(self) -> None:
        """Learn generation, language and whether the kernel is idle, without waiting for it to be. Raises `Ended`."""
        began = self._loop.time()
        while self._loop.time() - began < 2:
            try:
                _, now = await self._question("control")
                idle = None
                if self.generation is None or (self.activity.request and not self._asked):
                    _, idle = await self._question("shell")
            except NotConnected:
                await asyncio.sleep(0.05)
                if self.end:
                    raise Ended(self.end) from None
                continue
            # kernels that read the control channel only between two requests answer both or none
            heard = await self._until(now, 2)
            if idle is not None and not await self._until(idle, 0.3) and (heard or self.generation):
                self.activity.held(began)
            return

    # -- executing -------------------------------------------------------------------------------------------------

    async def execute(self, execution: Execution, content: dict[str, Any]) -> bool:
        """Give the request to the kernel and wait for its end. False: the connection ended first.

        When it is cancelled it interrupts the kernel, if that executes this request, and waits for a while.
        Raises `NotConnected`: the request was not sent.
        """
        message = self._message("execute_request", content)
        execution.request = str(message["msg_id"])
        self.execution = execution
        try:
            await self._channels.send("shell", message)
            complete = await self._completed(execution)
            if execution.failure is not None and not execution.complete:
                await self._stop(execution)
            return complete
        except asyncio.CancelledError:
            await self._stop(execution)
            raise
        finally:
            self.execution = None

    async def _completed(self, execution: Execution, seconds: float | None = None) -> bool:
        until = None if seconds is None else self._loop.time() + seconds
        while not execution.complete and not execution.given_up():
            if until is None and execution.failure is not None:
                return True
            if self.end is not None or (until is not None and self._loop.time() > until):
                return False
            execution.changed.clear()
            changed = asyncio.ensure_future(execution.changed.wait())
            waiting: set[asyncio.Future[Any]] = {changed, self._ended}
            try:
                await asyncio.wait(waiting, timeout=_TICK, return_when=asyncio.FIRST_COMPLETED)
            finally:
                changed.cancel()
        return True

    async def _stop(self, execution: Execution) -> None:
        until = self._loop.time() + _BEGIN
        while not execution.started and self.end is None and self._loop.time() < until:
            execution.changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(execution.changed.wait(), 0.1)
        if not execution.started and execution.reply is None:
            self._revoked.add(execution.request)  # behind another's request: interrupted if it ever begins
            return
        if self.activity.request == execution.request:
            await self._interrupt()
        await self._completed(execution, _INTERRUPT)

    async def _interrupt(self) -> None:
        try:
            await interrupt(self.kernel)
        except Exception as error:  # noqa: BLE001 - each kind of manager fails in its own way
            log.warning("The kernel could not be interrupted: %s", error)
