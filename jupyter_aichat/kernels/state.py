"""What is known about a kernel, and how a request ended. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from jupyter_aichat.kernels.outputs import Error

__all__ = ["Condition", "KernelState", "Outcome", "Status"]

Condition = Literal["idle", "busy", "starting", "restarting", "dead"]

Status = Literal["ok", "error", "cancelled", "unknown", "not_executed"]


@dataclass(frozen=True, slots=True)
class KernelState:
    """One look at a kernel."""

    kernel_id: str
    state: Condition
    generation: str | None
    """The session id that the kernel writes into its messages: another one after a restart. None: not heard yet."""
    language: str
    """`python`, `R`, …; empty: not heard yet."""
    display_name: str
    """As the launcher shows it, such as `Python 3 (ipykernel)`."""
    busy_seconds: float | None = None
    """How long the kernel has been executing what it executes now, as far as we saw; None: nothing."""
    ours: bool = False
    """Whether what it executes is a request of this bridge."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request ended.

    `ok` and `error` are the kernel's word, and so is `error` when its process ended under the code. `cancelled`: it
    was executing and was interrupted. `not_executed`: the kernel never began. `unknown`: it was given to the kernel,
    and nothing tells what became of it.
    """

    status: Status
    error: Error | None = None
    """The exception; or, where the kernel's end stopped the code, a sentence in `value` and no traceback."""
    generation: str | None = None
    """Of the kernel that executed it."""
    outputs: tuple[dict[str, Any], ...] = ()
    """What a notebook's cell would show, as nbformat writes it, within the limits."""
    text_size: int = 0
    """Bytes that were printed, shown or not."""
    display_size: int = 0
    """Bytes that were displayed, shown or not."""
