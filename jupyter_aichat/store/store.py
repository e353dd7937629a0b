"""Store: what the rest of the product sees. Its methods are called on the event loop; threads do the work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa

from jupyter_aichat.errors import LeaseLost, StorageError
from jupyter_aichat.protocol.events import EventData
from jupyter_aichat.store.database import READERS, Database, open_database
from jupyter_aichat.store.fault import storage_error
from jupyter_aichat.store.lease import Lease
from jupyter_aichat.store.records import LoggedEvent, StoreHealth
from jupyter_aichat.store.scope import House
from jupyter_aichat.store.tail import Cursor, Tail
from jupyter_aichat.store.transaction import Transaction
from jupyter_aichat.store.writer import Append, Committed, Piece, Writer

__all__ = ["Store"]

T = TypeVar("T")

POLL_SECONDS = 0.4
"""How often followed threads are looked at that another server may write to."""
CLOSE_SECONDS = 10.0
PURGE_SECONDS = 86_400.0


class Store:
    """One database of threads, logs, runs and approvals. Made by `open`."""

    def __init__(self, database: Database, server: str, root: str, lease_seconds: float) -> None:
        self.epoch = database.epoch
        self.server = server
        self.lease_seconds = lease_seconds
        self.closing = False
        self._database = database
        self._house = House(server, root, lease_seconds, time.time, database.presence, database.indexed)
        self._health = StoreHealth(database.url, "degraded" if database.warnings else "ok", database.warnings)
        self._failure: StorageError | None = None
        self._leases: dict[str, Lease] = {}
        self._tails: dict[str, Tail] = {}
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="aichat-read")
        self._writer = Writer(database, self._house, self._leases, self._committed)
        self._keeping: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, url: str, *, root: str, server: str, lease_seconds: float = 15.0) -> Store:
        """Open the store, or make it. `root`: what threads made here belong to. `server`: this process's unique name.

        Raises `ConfigurationError`, `SchemaTooNew`, `StorageError`.
        """
        database = await asyncio.to_thread(open_database, url, server=server)
        store = cls(database, server, root, lease_seconds)
        try:
            await store.write(lambda tx: tx.purge())
        except BaseException:
            await store.close()
            raise
        store._keeping = [
            asyncio.create_task(store._renew_for_ever(), name="aichat leases"),
            asyncio.create_task(store._poll_for_ever(), name="aichat poll"),
        ]
        return store

    async def close(self) -> None:
        """Write what waits, give leases back, close the database."""
        self.closing = True
        for task in self._keeping:
            task.cancel()
        held = list(self._leases.values())
        if held:
            await asyncio.wait([self.write(lambda tx: _release(tx, held))])
        await asyncio.to_thread(self._writer.close, CLOSE_SECONDS)
        await asyncio.to_thread(self._readers.shutdown)
        await asyncio.to_thread(self._database.dispose)

    @property
    def health(self) -> StoreHealth:
        """How the store is now."""
        if self._failure is None:
            return self._health
        return replace(self._health, status="failed", warnings=(*self._health.warnings, str(self._failure)))

    def append(self, lease: Lease, run_id: str | None, event: EventData) -> None:
        """Append to the lease's thread: a plain call. Who looks sees it when it is committed.

        Raises the lease's failure, if it has failed, and `StorageError` when the store is closed.
        """
        if lease.failed is not None:
            raise lease.failed
        self._writer.put(Append(lease, run_id, event, time.time()))

    def write(self, work: Callable[[Transaction], T], lease: Lease | None = None) -> asyncio.Future[T]:
        """Have work done in the next transaction, in order with appends. The future has its result after the commit.

        An exception of the work undoes this work only. It is queued by the call; awaiting may come later. With a `lease`,
        a commit that fails fails the lease too, as with `append`: later appends must not follow on what is lost.
        The work may be done anew after all that it did was undone: two servers can be in each other's way on PostgreSQL.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._writer.put(Piece(work, future, lease))
        except StorageError as error:
            future.set_exception(error)
        return future

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Have work done in a transaction that only reads. Raises `StorageError` and what the work raises."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._reading, work)

    def follow(self, thread_id: str, after: int) -> Cursor:
        """A cursor behind a position. The thread need not exist yet."""
        tail = self._tails.get(thread_id)
        if tail is None:
            tail = self._tails[thread_id] = Tail(thread_id)
        return Cursor(tail, after, self._events, self._forget)

    def _reading(self, work: Callable[[Transaction], T]) -> T:
        try:
            with self._database.reading.connect() as connection, connection.begin():
                return work(Transaction(connection, self._house))
        except sa.exc.SQLAlchemyError as error:
            raise storage_error(error) from error

    async def _events(self, thread_id: str, after: int, limit: int) -> list[LoggedEvent]:
        def read(connection: Transaction) -> list[LoggedEvent]:
            return connection.events(thread_id, after, limit)

        return await self.read(read)

    def _forget(self, cursor: Cursor) -> None:
        if not cursor.tail.cursors and self._tails.get(cursor.tail.thread_id) is cursor.tail:
            del self._tails[cursor.tail.thread_id]

    # -- after each commit, on the loop -------------------------------------------------------------------------

    def _committed(self, done: Committed) -> None:
        self._failure = done.error
        changes = done.changes
        for lease in changes.released:
            if self._leases.get(lease.thread_id) is lease:
                del self._leases[lease.thread_id]
        self._leases.update(changes.taken)
        self._push(done)
        for piece in done.pieces:
            if piece.future.done():
                continue
            if piece.error is not None:
                piece.future.set_exception(piece.error)
            else:
                piece.future.set_result(piece.result)
        for lease, error in done.failed.items():
            if (
                self._leases.get(lease.thread_id) is lease
            ):  # an older one of ours fails beside the one that is held
                del self._leases[lease.thread_id]
            lease.fail(error)

    def _push(self, done: Committed) -> None:
        touched: set[str] = set()
        for row in done.rows:
            tail = self._tails.get(row.thread_id)
            if tail is not None:
                tail.push(LoggedEvent(row.seq, None, row.run_id, row.event_type, row.time, row.data))
                touched.add(row.thread_id)
        for thread_id in done.changes.deleted | done.changes.restored:
            if thread_id in self._tails:
                self._tails[thread_id].deleted = thread_id in done.changes.deleted
                touched.add(thread_id)
        for thread_id in touched:
            self._tails[thread_id].wake()

    # -- leases and other servers -------------------------------------------------------------------------------

    async def _renew_for_ever(self) -> None:
        purged = time.monotonic()
        while True:
            await asyncio.sleep(self.lease_seconds / 3)
            await self._renew()
            if time.monotonic() - purged > PURGE_SECONDS:
                purged = time.monotonic()
                await asyncio.wait([self.write(lambda tx: tx.purge())])
                await asyncio.to_thread(self._database.remember)

    async def _renew(self) -> None:
        held = list(self._leases.values())
        if not held:
            return
        now = time.monotonic()
        try:
            lost = await self.write(lambda tx: tx.renew_leases(held))
        except StorageError:
            lost = []
        else:
            for lease in held:
                lease.renewed = now
        for lease in held:
            expired = now - lease.renewed > self.lease_seconds
            if (lease in lost or expired) and self._leases.get(lease.thread_id) is lease:
                del self._leases[lease.thread_id]
                lease.fail(LeaseLost("Another server has taken this conversation over."))

    async def _poll_for_ever(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            foreign = [t for t in self._tails if t not in self._leases]
            if not foreign:
                continue
            try:
                heads = await self.read(lambda tx, ids=foreign: tx.heads(ids))  # type: ignore[misc]  # bound at once
            except StorageError:
                continue
            self._seen(heads)

    def _seen(self, heads: dict[str, tuple[int, bool]]) -> None:
        for thread_id, (head, deleted) in heads.items():
            tail = self._tails.get(thread_id)
            if tail is not None and (head > tail.head or deleted != tail.deleted):
                tail.head = max(tail.head, head)
                tail.deleted = deleted
                tail.wake()


def _release(tx: Transaction, held: list[Lease]) -> None:
    for lease in held:
        tx.release_lease(lease)
