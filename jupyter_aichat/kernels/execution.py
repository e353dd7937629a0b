"""One request that was given to the kernel, from its sending to its end. Does no I/O but calls `on_output`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from jupyter_aichat.kernels.channels import Message
from jupyter_aichat.kernels.limiter import Limiter, OutputLimits
from jupyter_aichat.kernels.outputs import Error, Output, error_of, output_of
from jupyter_aichat.kernels.state import Outcome, Status

__all__ = ["Execution"]

_WINDOW, _MANY, _WIDE = 0.05, 1_000, 1.0
"""Seconds in which outputs are joined; after how many outputs that becomes longer; how long then."""

_QUIET = 2.0
"""Seconds without a word on iopub after the reply, until what is missing there is given up."""

_NO_REPLY = 5.0
"""Seconds after the idle status, until the reply is given up."""


class Execution:
    """Collects the messages that belong to one execute request."""

    def __init__(self, limits: OutputLimits, on_output: Callable[[Output], None] | None) -> None:
        self.request = ""
        """The request's id; empty: not sent yet."""
        self.reply: Mapping[str, Any] | None = None
        self.started = False
        self.idle = False
        self.changed = asyncio.Event()
        """Set at every step; whoever waits clears it."""
        self.failure: Exception | None = None
        """What `on_output` raised."""
        self._on_output = on_output
        self._limiter = Limiter(limits)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._given = 0
        self._heard = self._loop.time()

    @property
    def complete(self) -> bool:
        """Whether all that can come has come."""
        return self.reply is not None and self.idle

    def given_up(self) -> bool:
        """Whether what is missing has been missing for too long."""
        silent = self._loop.time() - self._heard
        return (self.reply is not None and silent > _QUIET) or (self.idle and silent > _NO_REPLY)

    def published(self, message: Message) -> None:
        """Take a message of iopub."""
        self._heard = self._loop.time()
        if message.kind == "status":
            state = message.content.get("execution_state")
            self.started = self.started or state == "busy"
            self.idle = self.idle or (state == "idle" and self.started)
            self.changed.set()
        elif self._on_output is not None:
            output = output_of(message.kind, message.content)
            if output is not None:
                self._limiter.add(output)
                self._schedule()

    def replied(self, message: Message) -> None:
        """Take the kernel's reply."""
        self._heard = self._loop.time()
        self.reply = message.content
        if self.reply.get("status") in {"aborted", "abort"}:
            self.idle = True  # it never began, and shows nothing
        self.changed.set()

    def _schedule(self) -> None:
        if self._timer is None and self._limiter.waiting:
            window = _WINDOW if self._given < _MANY else _WIDE
            self._timer = self._loop.call_later(window, self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._give(self._limiter.flush())

    def _give(self, outputs: list[Output]) -> None:
        if self._on_output is None or self.failure is not None:
            return
        self._given += len(outputs)
        try:
            for output in outputs:
                self._on_output(output)
        except Exception as error:  # noqa: BLE001 - it is raised again where the request is awaited
            self.failure = error
            self.changed.set()

    def close(self) -> None:
        """Give nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._on_output = None

    def outcome(
        self, generation: str | None, *, interrupted: bool = False, ended: str = "", lost: bool = False
    ) -> Outcome:
        """Give what is left of the output, and say how it ended.

        `ended`: why there is no kernel any more; `lost`: only the connection is known to have ended.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._give(self._limiter.finish())
        status, error = self._verdict(interrupted=interrupted, ended=ended, lost=lost)
        limiter = self._limiter
        return Outcome(
            status,
            error,
            generation,
            tuple(limiter.cell.outputs()),
            text_size=limiter.text_total,
            display_size=limiter.display_total,
        )

    def _verdict(self, *, interrupted: bool, ended: str, lost: bool) -> tuple[Status, Error | None]:
        if self.reply is not None:
            match self.reply.get("status"):
                case "ok":
                    return "ok", None
                case "aborted" | "abort":
                    return "not_executed", None
                case _:
                    return ("cancelled" if interrupted else "error"), error_of(self.reply)
        if ended:
            # it was idle when it got the request; a process that ends at once may not have said that it began
            return ("unknown" if lost else "error"), Error("KernelGone", ended, "")
        if interrupted and self.idle:
            return "cancelled", None
        return "unknown", None
