"""Trouble: commits of a store that fail at a chosen moment."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Self

import sqlalchemy as sa

from jupyter_aichat.store import Store

__all__ = ["Trouble"]

PATIENCE = 20.0


class Trouble:
    """While it is entered, `strike` makes the store's next transaction fail as soon as something waits behind it.

    Not realistic: the transaction fails at its beginning, and the very next one goes well.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._armed = False
        self._struck = False
        self._taken = threading.Event()
        self._after = threading.Event()

    def __enter__(self) -> Self:
        """Listen to the writer's transactions."""
        sa.event.listen(self._store._database.writing, "begin", self._begin)
        sa.event.listen(self._store._database.writing, "commit", self._commit)
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the store alone."""
        sa.event.remove(self._store._database.writing, "begin", self._begin)
        sa.event.remove(self._store._database.writing, "commit", self._commit)

    def strike(self, *_: object) -> None:
        """The next transaction fails."""
        self._armed = True

    def taken(self, *_: object) -> None:
        """Hold the event loop up until the transaction that will fail has begun: what comes now waits behind it."""
        assert self._taken.wait(PATIENCE), "nothing was written"

    def settle(self, *_: object) -> None:
        """Hold the event loop up until the transaction behind the one that failed is on its way."""
        assert self._after.wait(PATIENCE), "no transaction came behind the one that failed"

    def _begin(self, _connection: sa.Connection) -> None:
        if self._armed:
            self._armed = False
            self._taken.set()
            deadline = time.monotonic() + PATIENCE
            while not self._store._writer._waiting and time.monotonic() < deadline:
                time.sleep(0.001)
            self._struck = True
            raise sqlite3.OperationalError("disk I/O error")

    def _commit(self, _connection: sa.Connection) -> None:
        if self._struck:
            self._after.set()
