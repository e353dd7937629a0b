"""Stores for tests, and work to do with them.

`opened` gives the product's own `Store`. `Desk` is one server's transactions on the same database with a clock that
stands still until it is moved. Not realistic: a desk has no writer thread, so each of its works is a commit by itself,
and nobody who looks is told.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from jupyter_aichat.protocol.events import Done, RunStart, Token, UserMessage
from jupyter_aichat.store import ApprovalRecord, Cursor, Lease, Store, Transaction
from jupyter_aichat.store.database import Database, open_database
from jupyter_aichat.store.log import Log
from jupyter_aichat.store.scope import House

T = TypeVar("T")

OWNER, THREAD = "ana", "ana/t1"
NOON = 1_800_000_000.0
DAY = 86_400.0
LEASE_SECONDS = 15.0


def url(path: Path, query: str = "") -> str:
    """The `db_url` of a file."""
    return f"sqlite:///{path}{query}"


async def opened(path: Path, server: str = "one", *, query: str = "", **options: Any) -> Store:
    """The product's store on a file."""
    return await Store.open(url(path, query), **{"root": "/root", "server": server, **options})


@contextmanager
def database(path: Path, server: str = "one", **options: Any) -> Iterator[Database]:
    """A database by itself: no writer, no loop."""
    made = open_database(url(path), server=server, **options)
    try:
        yield made
    finally:
        made.dispose()


@dataclass
class Clock:
    """A wall clock that a test moves."""

    now: float = NOON

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now


@dataclass
class Desk:
    """One server's transactions, one by one."""

    database: Database
    server: str = "one"
    clock: Clock = field(default_factory=Clock)
    root: str = "/root"
    indexed: bool | None = None
    leases: dict[str, Lease] = field(default_factory=dict)

    @property
    def house(self) -> House:
        """Who this server is."""
        indexed = self.database.indexed if self.indexed is None else self.indexed
        return House(self.server, self.root, LEASE_SECONDS, self.clock, self.database.presence, indexed)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do the work and commit; when it raises, nothing has happened."""
        with self.database.writing.connect() as connection, connection.begin():
            log = Log(connection)
            tx = Transaction(connection, self.house, log=log, leases=dict(self.leases))
            result = work(tx)
            log.flush()
        for lease in tx.changes.released:
            self.leases.pop(lease.thread_id, None)
        self.leases.update(tx.changes.taken)
        return result

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Do work that only reads."""
        with self.database.reading.connect() as connection, connection.begin():
            return work(Transaction(connection, self.house))


@contextmanager
def desk(path: Path, server: str = "one", **options: Any) -> Iterator[Desk]:
    """A desk on a file."""
    with database(path, server) as made:
        yield Desk(made, server, **options)


def start(text: str = "hi", message_id: str = "m1") -> RunStart:
    """The event that begins a run."""
    return RunStart(
        message=UserMessage(id=message_id, content=text), agent="supervisor", model="offline:rules"
    )


def token(text: str = "a") -> Token:
    """A piece of an answer."""
    return Token(token=text, agent="supervisor", message_id="m1.1")


def done(text: str = "an answer") -> Done:
    """The event that ends a run."""
    return Done(content=text, agent="supervisor", outcome="completed", duration_ms=1)


def begin(text: str = "hi", thread_id: str = THREAD, owner: str = OWNER) -> Callable[[Transaction], Lease]:
    """Work that makes a thread if need be, takes its lease, and begins a run with this question."""

    def work(tx: Transaction) -> Lease:
        tx.thread(owner, thread_id, create=True)
        lease = tx.take_lease(thread_id)
        run = tx.insert_run(thread_id, state="running", client_id=None, body_digest=None, request=b"{}")
        tx.append(thread_id, run.id, start(text, f"m{run.number}"))
        return lease

    return work


def approval(
    approval_id: str, *, thread_id: str = THREAD, run_id: str = "r1", **fields: Any
) -> ApprovalRecord:
    """Something that a person is asked; it expires an hour after noon."""
    given: dict[str, Any] = {
        "action_id": "a1",
        "call_id": "c1",
        "agent": "analyst",
        "kind": "share_files",
        "digest": "d" * 64,
        "host": "model.example",
        "files": ("매출.csv", "b.csv"),
        "state": "pending",
        "scope": None,
        "reason": None,
        "created_at": "2027-01-15T08:00:00.000Z",
        "expires_at": "2027-01-15T09:00:00.000Z",
    }
    return ApprovalRecord(thread_id=thread_id, run_id=run_id, id=approval_id, **{**given, **fields})


def rows(path: Path, statement: str, *parameters: object) -> list[Any]:
    """What another program sees in the file: only what is committed."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement, parameters).fetchall()


def change(path: Path, *statements: str) -> None:
    """Change the file with another program."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def limit_pages(pages: int) -> Callable[[Transaction], int]:
    """Work after which the writer's file cannot grow beyond so many pages: SQLite then says that the disk is full."""

    def work(tx: Transaction) -> int:
        return int(tx._connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one())

    return work


def count_commits(store: Store) -> list[int]:
    """A list that grows by one with each commit of the store's writer."""
    commits: list[int] = []
    sa.event.listen(store._database.writing, "commit", lambda _: commits.append(1))
    return commits


async def failure_of(lease: Lease) -> Exception:
    """Wait until the lease has failed; why."""
    if lease.failed is not None:
        return lease.failed
    told: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    lease.on_failure.append(told.set_result)
    return await asyncio.wait_for(told, 20)


class Gate:
    """Work that keeps the writer busy until it is opened: what is given meanwhile waits."""

    def __init__(self) -> None:
        self._entered = threading.Event()
        self._opened = threading.Event()

    def __call__(self, *_: object) -> None:
        """In the writer's thread."""
        self._entered.set()
        assert self._opened.wait(20)

    async def entered(self) -> None:
        """Wait until the writer stands at the gate."""
        assert await asyncio.to_thread(self._entered.wait, 20)

    def open(self) -> None:
        """Let the writer go on."""
        self._opened.set()


@asynccontextmanager
async def busy(store: Store) -> AsyncIterator[None]:
    """Inside, the writer is busy; afterwards it takes all that was given, at once."""
    gate = Gate()
    working = store.write(gate)
    await gate.entered()
    yield
    gate.open()
    await working


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program has the file for itself."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def given(cursor: Cursor, count: int) -> list[int]:
    """The next numbers, up to so many."""
    seen: list[int] = []
    while len(seen) < count:
        seen += [e.seq for e in await asyncio.wait_for(cursor.next(), 20)]
    return seen
