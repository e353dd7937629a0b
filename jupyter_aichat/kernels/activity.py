"""What a kernel executes now, told from the statuses that it publishes. Pure; the caller gives the time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Activity"]

_PASSING = frozenset(
    {
        "kernel_info_request",
        "interrupt_request",
        "shutdown_request",
        "debug_request",
        "usage_request",
        "comm_info_request",
    }
)
"""Requests that do not keep a kernel, or that come on another channel while it executes."""


class Activity:
    """The requests that have begun and not ended, whoever sent them."""

    def __init__(self) -> None:
        self._running: dict[str, float] = {}

    def status(self, state: str, parent: Mapping[str, Any], now: float) -> None:
        """Take a status that the kernel published for a request."""
        request = str(parent.get("msg_id", ""))
        if not request or parent.get("msg_type") in _PASSING:
            return
        if state == "busy":
            self._running.setdefault(request, now)
        elif state == "idle":
            self._running.pop(request, None)

    def answered(self, asked: float) -> None:
        """A question that was put on the shell channel at this time was answered: all that ran then has ended."""
        self._running.pop("?", None)
        self._running = {request: since for request, since in self._running.items() if since > asked}

    def held(self, asked: float) -> None:
        """A question waits, and no status says for what: something runs that began before we came."""
        if not self._running:
            self._running["?"] = asked

    @property
    def request(self) -> str | None:
        """The request that is being executed; `?`: one that began before we came; None: none."""
        return next(reversed(self._running), None)

    def seconds(self, now: float) -> float | None:
        """How long the kernel has been at it; None: it is idle."""
        return now - min(self._running.values()) if self._running else None
