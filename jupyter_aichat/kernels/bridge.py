"""KernelBridge: runs code in the kernels that a Jupyter server manages, next to the users who work in them.

One request of ours at a time goes to a kernel, and only when the kernel has done all that was queued before. So a
failing request of ours aborts no cell of the user's (it also asks not to), and a failing cell none of ours.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import zmq
import zmq.asyncio

from jupyter_aichat.errors import KernelBusy, KernelChanged, KernelGone, KernelUnsupported, SourceFailed
from jupyter_aichat.kernels.asking import ANSWER_LIMIT, answer_in, question, sparing
from jupyter_aichat.kernels.channels import NotConnected, open_channels
from jupyter_aichat.kernels.connection import Connection, Ended
from jupyter_aichat.kernels.execution import Execution
from jupyter_aichat.kernels.limiter import OutputLimits
from jupyter_aichat.kernels.manager import Kernels, alive, display_name, find, incarnation
from jupyter_aichat.kernels.outputs import Output
from jupyter_aichat.kernels.state import Condition, KernelState, Outcome

__all__ = ["KernelBridge"]

_AWAY = 10.0
"""Seconds that a kernel's process may be away, as it is during a restart, before the kernel counts as dead."""
_SAY_AFTER, _SAY_EVERY = 0.3, 1.0
"""Seconds before somebody who waits is told why, and between two tellings."""


@dataclass
class _Slot:
    """What the bridge keeps for one kernel."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    connection: Connection | None = None
    requests: set[asyncio.Task[Any]] = field(default_factory=set)
    stopped: set[asyncio.Task[Any]] = field(default_factory=set)
    """Requests that `interrupt_ours` ended, not their caller."""


@dataclass
class _Request:
    """One request on its way."""

    content: dict[str, Any]
    generation: str | None
    limits: OutputLimits
    on_output: Callable[[Output], None] | None = None
    on_state: Callable[[KernelState], None] | None = None
    language: str = ""
    """The kernel's language that is needed; empty: any."""
    sent: bool = False
    stopped: bool = False
    """By `interrupt_ours`."""
    reply: Mapping[str, Any] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=lambda: Outcome("not_executed"))


class KernelBridge:
    """The way from the server to its kernels. Close it before the server ends."""

    def __init__(
        self, kernels: Kernels, *, limits: OutputLimits | None = None, unused_after: float = 300.0
    ) -> None:
        self._kernels = kernels
        self._limits = limits or OutputLimits()
        self._unused_after = unused_after
        self._slots: dict[str, _Slot] = {}
        self._connections: set[Connection] = set()
        self._context = zmq.asyncio.Context()
        # without a connection nothing is queued: what was meant for one process must not reach its successor
        self._context.setsockopt(zmq.IMMEDIATE, 1)

    # -- what it does ----------------------------------------------------------------------------------------------

    def knows(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, dead or alive."""
        return kernel_id in self._kernels

    async def state(self, kernel_id: str) -> KernelState:
        """Look at the kernel; takes 2 s at most. Raises `KernelGone`."""
        slot = self._slot(kernel_id)
        with contextlib.suppress(Ended):
            connection = await self._connect(kernel_id, slot)
            if connection is not None:
                await connection.look()
        return self._seen(kernel_id, slot)

    async def execute(
        self,
        kernel_id: str,
        code: str,
        *,
        on_output: Callable[[Output], None] | None = None,
        on_state: Callable[[KernelState], None] | None = None,
        on_end: Callable[[Outcome], None] | None = None,
        generation: str | None = None,
        silent: bool = False,
        limits: OutputLimits | None = None,
    ) -> Outcome:
        """Execute the code when the kernel is idle, outside the user's history, and without stdin.

        Where `generation` is given the code runs in that one or not at all (`KernelChanged`). `on_state` is told, at
        once and then every second, what a request waits for. A cancelled request that the kernel has not got yet is
        dropped; one that it executes is interrupted, and has some seconds to end. `on_end` hears the outcome before
        the call returns or the cancellation goes on. Raises `KernelGone`, `KernelChanged`, and what `on_output` raises.
        """
        content = {"code": code, "silent": silent}
        request = _Request(content, generation, limits or self._limits, on_output or _ignore, on_state)
        try:
            await self._run(kernel_id, request)
        except asyncio.CancelledError:
            if on_end is not None:
                on_end(request.outcome)
            raise
        if on_end is not None:
            on_end(request.outcome)
        return request.outcome

    async def ask(
        self,
        kernel_id: str,
        source: str,
        request: Mapping[str, Any],
        timeout: float,  # noqa: ASYNC109 - it interrupts the kernel too
        *,
        generation: str | None = None,
        limit: int = ANSWER_LIMIT,
        on_state: Callable[[KernelState], None] | None = None,
    ) -> Any:
        """Call `main(request)` of a self-contained Python source in the kernel, give the JSON that it returns.

        It leaves no trace in the user's namespace or history. `main` reaches the user's variables by
        `IPython.get_ipython().user_ns`. `timeout` counts from the call on, in seconds. Raises `KernelBusy` when it
        ends before the kernel was idle, `SourceFailed`, `KernelUnsupported`, `KernelGone`, `KernelChanged`.
        """
        asked = _Request(question(source, request, limit), generation, self._limits, None, on_state, "python")
        try:
            async with asyncio.timeout(timeout):
                await self._run(kernel_id, asked)
        except TimeoutError:
            if asked.sent:
                raise SourceFailed(
                    f"The question took the kernel longer than {timeout:g} s.", name="Timeout"
                ) from None
            raise KernelBusy(
                f"The kernel was busy for {timeout:g} s; ask again when it is idle, or interrupt it."
            ) from None
        error = asked.outcome.error
        if asked.stopped or asked.outcome.status == "not_executed":
            raise SourceFailed("The question was stopped before it was answered.", name="Cancelled")
        if asked.outcome.status == "ok":
            return answer_in(asked.reply)
        if error is not None and error.name == "KernelGone":
            raise KernelGone(error.value)
        raise SourceFailed(f"The kernel did not answer: {error.value if error else 'no reply'}")

    async def interrupt_ours(self, kernel_id: str) -> bool:
        """End the requests of this bridge in the kernel: waiting ones are dropped, an executing one is interrupted.

        The user's cells are left alone. Returns whether there were any, when they have ended.
        """
        slot = self._slots.get(kernel_id)
        tasks = set(slot.requests) if slot else set()
        if slot is None or not tasks:
            return False
        slot.stopped |= tasks
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        return True

    async def close(self) -> None:
        """Stop all requests, close all connections."""
        for kernel_id in list(self._slots):
            await self.interrupt_ours(kernel_id)
        for connection in self._connections:
            connection.finish("unused")
        await asyncio.gather(*(connection.closed() for connection in self._connections))
        self._slots.clear()
        self._context.destroy(linger=0)

    # -- one request -----------------------------------------------------------------------------------------------

    async def _run(self, kernel_id: str, request: _Request) -> None:
        """Bring the request to its end; its outcome is in it, also when this is cancelled."""
        slot = self._slot(kernel_id)
        task = asyncio.create_task(self._in_turn(kernel_id, slot, request))
        slot.requests.add(task)
        try:
            await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if task not in slot.stopped or (current is not None and current.cancelling()):
                raise
            request.stopped = True
        finally:
            slot.requests.discard(task)
            slot.stopped.discard(task)
            self._tidy(kernel_id, slot)

    async def _in_turn(self, kernel_id: str, slot: _Slot, request: _Request) -> None:
        async with self._telling(kernel_id, slot, request), slot.turn:
            for _ in range(3):
                connection = await self._ready(kernel_id, slot, request)
                if request.language and connection.language != request.language:
                    raise KernelUnsupported(
                        f"Variables can be looked at in Python kernels only, and this one runs {connection.language!r}."
                    )
                connection.users += 1
                try:
                    if connection.language == "python" and not connection.spared:
                        await self._perform(connection, _Request(sparing(), None, self._limits))
                        connection.spared = True
                        continue  # somebody may have come in between
                    await self._perform(connection, request)
                finally:
                    connection.users -= 1
                if request.outcome.status != "not_executed":
                    break

    async def _perform(self, connection: Connection, request: _Request) -> None:
        execution = Execution(request.limits, request.on_output)
        content = {"store_history": False, "allow_stdin": False, "stop_on_error": False} | request.content
        request.sent, interrupted = True, False
        try:
            await connection.execute(execution, content)
        except NotConnected:
            request.sent = False  # the kernel goes; the next look tells how
            return
        except asyncio.CancelledError:
            interrupted = True
            raise
        finally:
            if request.sent:
                ended = str(Ended(connection.end)) if connection.end else ""
                request.outcome = execution.outcome(
                    connection.generation, interrupted=interrupted, ended=ended
                )
                request.reply = execution.reply or {}
            execution.close()
        if execution.failure is not None:
            raise execution.failure
        if request.outcome.status == "not_executed":
            request.sent = False

    async def _ready(self, kernel_id: str, slot: _Slot, request: _Request) -> Connection:
        """Wait until the kernel is idle and is the one that is meant."""
        loop = asyncio.get_running_loop()
        away_since: float | None = None
        while True:
            connection = await self._connect(kernel_id, slot)
            if connection is None:
                if request.generation is not None:
                    raise _changed(request.generation)
                away_since = away_since or loop.time()
                if loop.time() - away_since > _AWAY and not _starting(find(self._kernels, kernel_id)):
                    raise KernelGone("The kernel is dead; restart it and ask again.")
                await asyncio.sleep(0.1)
                continue
            away_since = None
            connection.users += 1
            try:
                await connection.settle()
            except Ended as ended:
                if ended.end in {"died", "restarted"} and request.generation is not None:
                    raise _changed(request.generation) from None
                await connection.closed()
                continue
            finally:
                connection.users -= 1
            if request.generation not in {None, connection.generation}:
                raise _changed(str(request.generation))
            return connection

    @contextlib.asynccontextmanager
    async def _telling(self, kernel_id: str, slot: _Slot, request: _Request) -> AsyncIterator[None]:
        """Tell `on_state` meanwhile what the request waits for, until it is sent."""
        on_state = request.on_state
        if on_state is None:
            yield
            return

        async def tell() -> None:
            await asyncio.sleep(_SAY_AFTER)
            while True:
                if not request.sent:
                    with contextlib.suppress(KernelGone):
                        on_state(self._seen(kernel_id, slot))
                await asyncio.sleep(_SAY_EVERY)

        telling = asyncio.create_task(tell())
        try:
            yield
        finally:
            telling.cancel()

    # -- connections -----------------------------------------------------------------------------------------------

    def _slot(self, kernel_id: str) -> _Slot:
        find(self._kernels, kernel_id)
        return self._slots.setdefault(kernel_id, _Slot())

    def _tidy(self, kernel_id: str, slot: _Slot) -> None:
        if slot.connection is not None and slot.connection.end is not None:
            slot.connection = None
        if slot.connection is None and not slot.requests and self._slots.get(kernel_id) is slot:
            del self._slots[kernel_id]

    async def _connect(self, kernel_id: str, slot: _Slot) -> Connection | None:
        """Give the connection to the kernel's process; None: there is no process now. Raises `KernelGone`."""
        async with slot.opening:
            kernel = find(self._kernels, kernel_id)
            connection = slot.connection
            if connection is not None:
                if connection.end is None and connection.incarnation == incarnation(kernel):
                    return connection
                connection.finish("restarted")
                await connection.closed()
                slot.connection = None
            if _starting(kernel) or not await alive(kernel):
                return None
            try:
                channels = await open_channels(kernel, self._context)
            except Exception as error:  # a gateway's WebSocket, whose library is not known here
                raise KernelGone(
                    f"The kernel cannot be reached ({type(error).__name__}); try again later."
                ) from error
            connection = slot.connection = Connection(
                kernel_id, self._kernels, kernel, channels, self._unused_after
            )
            self._connections.add(connection)

            def closed() -> None:
                self._connections.discard(connection)
                self._tidy(kernel_id, slot)

            connection.when_closed(closed)
            return connection

    def _seen(self, kernel_id: str, slot: _Slot) -> KernelState:
        kernel = find(self._kernels, kernel_id)
        connection = slot.connection
        name = display_name(kernel)
        if connection is None or connection.end is not None:
            away: Condition = "restarting" if getattr(kernel, "autorestart", True) else "dead"
            return KernelState(kernel_id, "starting" if _starting(kernel) else away, None, "", name)
        seconds = connection.activity.seconds(asyncio.get_running_loop().time())
        running, execution = connection.activity.request, connection.execution
        state: Condition = "idle" if running is None else "busy"
        return KernelState(
            kernel_id,
            state if connection.generation else "starting",
            connection.generation,
            connection.language,
            name,
            seconds if connection.generation else None,
            ours=execution is not None and execution.request == running,
        )


def _starting(kernel: Any) -> bool:
    """Whether the kernel's manager is still launching its process for the first time."""
    ready = getattr(kernel, "ready", None)
    return ready is not None and not ready.done() and getattr(kernel, "has_kernel", True) is False


def _changed(generation: str) -> KernelChanged:
    return KernelChanged(
        f"The kernel was restarted since (it was {generation!r} then), so its variables are gone; look at it anew."
    )


def _ignore(_: Output) -> None:
    """Take an output of which only the outcome's summary is wanted."""
