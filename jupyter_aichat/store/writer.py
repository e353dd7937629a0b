"""The one thread that writes: it takes all that waits, commits once, tells the loop once.

Under no load a batch is one piece; under load it grows by itself, because the next one gathers while this one commits. No
timer. Events go through `append`, everything else through `write`, in the order in which they were given.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused, LeaseLost, StorageError
from jupyter_aichat.protocol.events import EventData
from jupyter_aichat.store.database import Database
from jupyter_aichat.store.fault import is_collision, storage_error
from jupyter_aichat.store.lease import Lease
from jupyter_aichat.store.log import Log, Row
from jupyter_aichat.store.scope import Changes, House, iso
from jupyter_aichat.store.transaction import Transaction

__all__ = ["Append", "Committed", "Piece", "Writer"]

T = TypeVar("T")

RELAXED = frozenset({"token", "reasoning", "tool_output", "status", "agent_change", "usage"})
"""Events that may be lost with a power cut (not with the end of a process): their commits need not wait for the disk."""

RETRIES = 3
"""How often a batch is tried again that met another server's."""


@dataclass(slots=True)
class Append:
    """One event for the log, under a lease. `time` is the wall clock when it happened, in seconds."""

    lease: Lease
    run_id: str | None
    event: EventData
    time: float


@dataclass(slots=True)
class Piece(Generic[T]):
    """A piece of work with its own savepoint. `lease`: what else is lost when it cannot be committed."""

    work: Callable[[Transaction], T]
    future: asyncio.Future[T]
    lease: Lease | None = None
    result: T | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class Committed:
    """What became of a batch. `error` is why nothing of it was committed."""

    rows: list[Row] = field(default_factory=list)
    pieces: list[Piece[Any]] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    failed: dict[Lease, StorageError] = field(default_factory=dict)
    error: StorageError | None = None


class Writer:
    """Runs from its making until `close`. `committed` is called on the loop after each batch."""

    def __init__(
        self,
        database: Database,
        house: House,
        leases: Mapping[str, Lease],
        committed: Callable[[Committed], None],
    ) -> None:
        self._database = database
        self._house = house
        self._leases = leases
        self._committed = committed
        self._loop = asyncio.get_running_loop()
        self._condition = threading.Condition()
        self._waiting: list[Append | Piece[Any]] = []
        self._closing = False
        self._connection: sa.Connection | None = None
        self._durable = True
        self._thread = threading.Thread(target=self._run, name="aichat-store", daemon=True)
        self._thread.start()

    def put(self, item: Append | Piece[Any]) -> None:
        """From the loop: have it written with the next batch. Raises `StorageError` when the store is closed."""
        with self._condition:
            if self._closing:
                raise StorageError("The chat store is closed: the server is shutting down.")
            self._waiting.append(item)
            if len(self._waiting) == 1:
                self._condition.notify()

    def close(self, seconds: float) -> None:
        """Write what waits, then end; blocks for at most so long."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._closing:
                    self._condition.wait()
                batch, self._waiting = self._waiting, []
            if not batch:
                break
            self._commit(batch, RETRIES)
        self._disconnect()

    def _commit(self, batch: list[Append | Piece[Any]], retries: int) -> None:
        done = Committed()
        try:
            if self._connection is None:
                self._connection = self._database.writing.connect()
                self._durable = True
            self._write(self._connection, batch, done)
        except Exception as error:  # noqa: BLE001  whatever it is, this batch failed and the next one is tried
            self._disconnect()
            if retries and is_collision(error):
                # Two servers wait for threads that the other one holds; who speaks of one thread only holds up nobody.
                for item in batch:
                    self._commit([item], retries - 1)
                return
            self._failed(batch, done, error)
        self._tell(done)
        if done.changes.purged and self._connection is not None:
            self._give_back(self._connection)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_back(self, connection: sa.Connection) -> None:
        """Some space of what was purged, and more while nothing waits to be written; the rest after the next purge."""
        while self._database.vacuum(connection) and not self._waiting and not self._closing:
            pass

    def _write(self, connection: sa.Connection, batch: list[Append | Piece[Any]], done: Committed) -> None:
        durable = any(isinstance(i, Piece) or i.event.event_type not in RELAXED for i in batch)
        if durable != self._durable:
            self._database.set_durable(connection, durable=durable)
            self._durable = durable
        with connection.begin():
            log = Log(connection)
            log.look_up(i.lease.thread_id for i in batch if isinstance(i, Append))
            for item in batch:
                if isinstance(item, Append):
                    self._append(log, item, done)
                else:
                    self._work(connection, log, item, done)
            log.flush()
        done.rows = log.written

    @staticmethod
    def _append(log: Log, item: Append, done: Committed) -> None:
        lease = item.lease
        if lease in done.failed or lease.failed is not None:
            return
        place = log.place(lease.thread_id)
        if place is None or (place.server, place.fence) != (lease.server, lease.fence):
            done.failed[lease] = LeaseLost("Another server has taken this conversation over.")
            return
        log.add(place, lease.thread_id, item.run_id, item.event, iso(item.time))

    def _work(self, connection: sa.Connection, log: Log, piece: Piece[Any], done: Committed) -> None:
        piece.error = None
        log.flush()
        written = len(log.written)
        leases = {**self._leases, **done.changes.taken}
        for released in done.changes.released:
            leases.pop(released.thread_id, None)
        transaction = Transaction(connection, self._house, log=log, leases=leases)
        savepoint = connection.begin_nested()
        try:
            piece.result = piece.work(transaction)
            log.flush()
            savepoint.commit()
        except Exception as error:
            if is_collision(error) or (isinstance(error, sa.exc.DBAPIError) and not savepoint.is_active):
                raise
            savepoint.rollback()
            log.forget(written)
            piece.error = storage_error(error) if isinstance(error, sa.exc.SQLAlchemyError) else error
        else:
            done.changes.add(transaction.changes)
        done.pieces.append(piece)

    def _failed(self, batch: list[Append | Piece[Any]], done: Committed, error: Exception) -> None:
        reason = storage_error(error) if isinstance(error, sa.exc.SQLAlchemyError) else None
        done.error = reason or StorageError(f"The chat store failed ({type(error).__name__}).")
        done.error.__cause__ = error
        done.rows, done.changes, done.pieces = [], Changes(), []
        for item in batch:
            if item.lease is not None:
                done.failed[item.lease] = done.error
                # At once: the next batch must not write what follows on what is lost.
                item.lease.failed = item.lease.failed or done.error
            if isinstance(item, Piece):
                refused = isinstance(item.error, CommandRefused)
                item.error = item.error if refused else done.error
                done.pieces.append(item)

    def _tell(self, done: Committed) -> None:
        try:
            self._loop.call_soon_threadsafe(self._committed, done)
        except RuntimeError:  # the loop has ended before the store was closed; what is committed is committed
            return
