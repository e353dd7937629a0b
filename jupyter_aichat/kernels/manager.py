"""The server's kernel manager as this folder sees it, and the questions that differ between its kinds.

Jupyter Server has one of three: kernels as processes of this machine, managed asynchronously (the default) or not, and
kernels behind a Kernel Gateway. All are `MultiKernelManager`s; what they return may have to be awaited.
"""

from __future__ import annotations

from collections.abc import Hashable
from inspect import isawaitable
from typing import Any, Protocol

from jupyter_aichat.errors import KernelGone

__all__ = ["Kernels", "OneKernel", "alive", "display_name", "find", "incarnation", "interrupt"]


class OneKernel(Protocol):
    """The manager of one kernel."""

    def client(self, **kwargs: Any) -> Any:
        """Make a client that is connected to the kernel."""

    def get_connection_info(self, session: bool = ...) -> Any:  # noqa: FBT001 - its signature in jupyter_client
        """Ports, transport and keys."""

    def interrupt_kernel(self) -> Any:
        """Interrupt what it executes."""

    def is_alive(self) -> Any:
        """Whether its process runs."""


class Kernels(Protocol):
    """The manager of all kernels."""

    def __contains__(self, kernel_id: str) -> bool: ...

    def get_kernel(self, kernel_id: str) -> Any:
        """Give the manager of one kernel, a `OneKernel`."""


def find(kernels: Kernels, kernel_id: str) -> OneKernel:
    """The manager of this kernel. Raises `KernelGone`."""
    kernel: OneKernel | None = kernels.get_kernel(kernel_id) if kernel_id in kernels else None
    if kernel is None:
        raise KernelGone(f"There is no kernel {kernel_id!r} any more; start one and ask again.")
    return kernel


def incarnation(kernel: OneKernel) -> Hashable:
    """Differs when the kernel's process or its ports are others; the same as before proves nothing."""
    info = kernel.get_connection_info()
    ports = tuple(info.get(f"{channel}_port") for channel in ("shell", "iopub", "control"))
    process = getattr(getattr(kernel, "provisioner", None), "pid", None)
    return (id(kernel), info.get("ip"), ports, info.get("key"), process)


async def alive(kernel: OneKernel) -> bool:
    """Whether the kernel's process runs, as far as its manager knows."""
    if getattr(kernel, "has_kernel", True) is False:
        return False
    answer = kernel.is_alive()
    return bool(await answer if isawaitable(answer) else answer)


async def interrupt(kernel: OneKernel) -> None:
    """Interrupt whatever the kernel executes."""
    answer = kernel.interrupt_kernel()
    if isawaitable(answer):
        await answer


def display_name(kernel: OneKernel) -> str:
    """The kernel's name as a launcher shows it; behind a gateway only its short name is known."""
    try:
        shown = getattr(getattr(kernel, "kernel_spec", None), "display_name", "")
    except Exception:  # noqa: BLE001 - the property looks for files, and each kind of manager fails in its own way
        shown = ""
    return str(shown or getattr(kernel, "kernel_name", ""))
