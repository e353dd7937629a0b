"""Locks on files beside the store: who is opening it, and which servers are alive. The only POSIX calls of the package.

A lock belongs to the open file, so the operating system gives it up when the process dies, however it dies. That tells
at once what a lease tells only after its time: a server that was killed is gone. Where there are no such locks
(Windows, a network file system) the lease's time has to pass.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from jupyter_aichat.errors import StorageError
from jupyter_aichat.store.filesystem import make_private

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the module is there or it is not

__all__ = ["Presence", "opening"]

HAS_LOCKS = bool(fcntl)

OPENING_SECONDS = 30.0
STALE_SECONDS = 86_400.0


@contextlib.contextmanager
def opening(store: Path, seconds: float = OPENING_SECONDS) -> Iterator[None]:
    """One server at a time opens, repairs or migrates the store.

    Raises `StorageError` when another one takes longer than so many seconds.
    """
    if fcntl is None:
        yield
        return
    path = store.with_name(f"{store.name}.lock")
    make_private(path, create=True)
    deadline = time.monotonic() + seconds
    with path.open("rb+") as file:
        while not _lock(file.fileno()):
            if time.monotonic() > deadline:
                msg = f"Another server has been opening the chat store for {seconds:.0f} s; end it, then try again."
                raise StorageError(msg)
            time.sleep(0.02)
        yield


class Presence:
    """Shows that this server is alive, as long as its process lives; tells the same of others."""

    def __init__(self, store: Path | None, server: str) -> None:
        """Without a `store` (no file, or one on a network) nothing is shown and nothing can be told."""
        self._store = store if HAS_LOCKS else None
        self._file: int | None = None
        self._path: Path | None = None
        if self._store is None:
            return
        self._sweep(self._store)
        self._path = self._mark(self._store, server)
        make_private(self._path, create=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        _lock(self._file)

    def is_dead(self, server: str) -> bool:
        """Whether that server's process is known to have ended. `False` where it cannot be told."""
        if self._store is None:
            return False
        try:
            file = os.open(self._mark(self._store, server), os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            return _lock(file, shared=True)  # shared: two who ask at the same time get the same answer
        finally:
            os.close(file)

    def close(self) -> None:
        """Take the mark away."""
        if self._file is not None and self._path is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    @staticmethod
    def _mark(store: Path, server: str) -> Path:
        return store.with_name(f"{store.name}.live-{hashlib.sha256(server.encode()).hexdigest()[:16]}")

    @staticmethod
    def _sweep(store: Path) -> None:
        # Marks of servers that were killed. For a day they are kept: as long as a lease of theirs may be asked about.
        for path in store.parent.glob(f"{store.name}.live-*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime < STALE_SECONDS:
                    continue
                file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
                try:
                    if _lock(file):
                        path.unlink(missing_ok=True)
                finally:
                    os.close(file)


def _lock(file: int, *, shared: bool = False) -> bool:
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
