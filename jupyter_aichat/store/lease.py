"""Lease: this server's right to append to a thread, for a while, under a fencing number."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_aichat.errors import StorageError

__all__ = ["Lease"]


class Lease:
    """The right of one server to append to one thread. Made by `Transaction.take_lease`, kept alive by the store.

    `fence` grows at each takeover; the store compares it inside the transaction of every append, so that a server
    that was thought dead and wakes up cannot write any more.

    `failed` is the reason why nothing more can be appended with this lease, `None` while all is well. The functions in
    `on_failure` are called once, on the event loop, when that happens.
    """

    __slots__ = ("_told", "failed", "fence", "on_failure", "renewed", "server", "thread_id")

    def __init__(self, thread_id: str, server: str, fence: int, *, renewed: float) -> None:
        self.thread_id = thread_id
        self.server = server
        self.fence = fence
        self.failed: StorageError | None = None
        self.on_failure: list[Callable[[StorageError], None]] = []
        self.renewed = renewed
        """When it was taken or last renewed, by the monotonic clock, in seconds."""
        self._told = False

    def fail(self, error: StorageError) -> None:
        """On the event loop: no more appends with this lease; tell those who asked to be told. The first reason stays."""
        if self.failed is None:
            self.failed = error
        if not self._told:
            self._told = True
            for tell in self.on_failure:
                tell(self.failed)

    def __repr__(self) -> str:
        """Show thread, fence and state."""
        return f"<Lease {self.thread_id!r} fence {self.fence}{' failed' if self.failed else ''}>"
