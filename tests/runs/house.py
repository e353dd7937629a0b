"""House: a store on a file, a manager and a scripted engine, as one server has them; and what must hold of every log."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any, Self

import orjson
import pytest

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.commands import Approve, Cancel, Message
from jupyter_aichat.runs.kernel_desk import KernelDesk
from jupyter_aichat.runs.limits import Limits
from jupyter_aichat.runs.manager import Accepted, RunManager
from jupyter_aichat.runs.queueing import accept
from jupyter_aichat.runs.request import Approvals, Request
from jupyter_aichat.runs.run import Run
from jupyter_aichat.runs.state import is_terminal
from jupyter_aichat.store import Lease, LoggedEvent, RunRecord, Store, Transaction
from tests.fakes.engine import Gate, ScriptedEngine
from tests.fakes.kernel import FakeKernel
from tests.fakes.workspace import FolderWorkspace

__all__ = ["OWNER", "THREAD", "House", "Seen", "expire", "locked", "refusal", "violations"]

OWNER, THREAD = "local", "local/t1"
PATIENCE = 20.0
"""Seconds after which a test gives up waiting for an event."""


class Seen:
    """An event, decoded."""

    def __init__(self, event: LoggedEvent) -> None:
        self.seq = event.seq
        self.run_id = event.run_id
        self.type = event.event_type
        self.data: dict[str, Any] = orjson.loads(event.data)

    def __repr__(self) -> str:
        """Show it in a failing test."""
        return f"{self.seq} {self.run_id} {self.type} {self.data}"


class House:
    """One server, closed by `async with`. Several may stand on one file; then each has its own `server` name.

    Not realistic: all are in this process. `die` stops one as `kill -9` would: nothing more is written, its mark is gone.
    """

    def __init__(
        self,
        store: Store,
        engine: ScriptedEngine,
        limits: Limits,
        folder: Path,
        desk: KernelDesk | None = None,
    ) -> None:
        self.store = store
        self.engine = engine
        self.broken: dict[str | None, Exception] = {}
        """Models that cannot be had, and why."""
        self.held: Gate | None = None
        """Where whoever asks for a model waits."""
        self.owner = OWNER
        self.folder = folder
        self.runs = RunManager(store, self._engine_for, lambda _owner: FolderWorkspace(folder), limits, desk)
        self.thread = THREAD
        self.kernels = self.files = True
        """Whether the person may run code, and write files."""
        self._dead = False

    @classmethod
    async def build(
        cls,
        folder: Path,
        engine: ScriptedEngine | None = None,
        limits: Limits | None = None,
        *,
        server: str = "one",
        lease_seconds: float = 15.0,
        busy: float = 5.0,
        kernel: FakeKernel | None = None,
    ) -> House:
        """Open the store in `folder` and build a manager on it. `busy`: seconds that a commit waits for a lock.

        `kernel` runs for every notebook.
        """
        url = f"sqlite:///{folder / 'a.db'}?timeout={busy}"
        store = await Store.open(url, root="/root", server=server, lease_seconds=lease_seconds)
        desk = kernel.desk() if kernel is not None else None
        return cls(store, engine or ScriptedEngine(), limits or Limits(), folder, desk)

    async def _engine_for(self, _owner: str, wanted: str | None) -> ScriptedEngine:
        if self.held is not None:
            self.held.reached.set()
            await self.held.open.wait()
        if wanted in self.broken:
            raise self.broken[wanted]
        return self.engine

    async def __aenter__(self) -> Self:
        """Take up what was left behind."""
        await self.runs.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close as the gateway does; every log is sound, and nothing is left running."""
        if not self._dead:
            await self.close()

    async def close(self) -> None:
        """Close manager and store in the gateway's order, then look for what was left behind."""
        await self.runs.close()
        logs = await self.store.read(self._everything)
        await self.store.close()
        self._dead = True
        assert [v for log, runs in logs for v in violations(log, runs)] == []
        assert self.runs.open_runs == 0
        assert (self.runs._locks, dict(self.runs._lock_users)) == ({}, {})
        assert [t for t in self.runs._tasks if not t.done()] == []
        assert self.engine.states == {}, "the engine was not told to forget"

    async def die(self) -> None:
        """End as a killed process does: leases and open runs stay in the store, and nothing is written any more."""
        self._dead = True
        for task in (*self.store._keeping, *self.runs._tasks, self.runs._watch):
            if task is not None:
                task.cancel()
        for run in self.runs._runs.values():
            for part in (run._inner, run.ended):
                if part is not None:
                    part.cancel()
        self.store.closing = True
        await asyncio.to_thread(self.store._writer.close, 10)
        await asyncio.to_thread(self.store._readers.shutdown)
        presence = self.store._database.presence
        if presence._file is not None:
            os.close(presence._file)  # its mark stays without its lock, as the system leaves it
            presence._file = None
        self.store._database.dispose()

    # -- commands -----------------------------------------------------------------------------------------------

    @staticmethod
    def message(text: str, **fields: Any) -> Message:
        """A `message` command."""
        return Message.model_validate({"message": text, **fields})

    async def submit(self, text: str, *, approvals: Approvals = "wait", **fields: Any) -> Accepted:
        """Send a message."""
        message = self.message(text, **fields)
        return await self.runs.submit(
            self.owner, self.thread, message, approvals, kernels=self.kernels, files=self.files
        )

    async def cancel(self, run_id: str | None = None) -> None:
        """Stop."""
        await self.runs.cancel(self.owner, self.thread, Cancel(type="cancel", run_id=run_id))

    async def approve(self, asked: Seen, decision: str = "approve", **fields: Any) -> None:
        """Decide about an `approval_request`."""
        command = {
            "type": "approve",
            "approval_id": asked.data["approval_id"],
            "digest": asked.data["digest"],
            "decision": decision,
            **fields,
        }
        await self.runs.approve(
            self.owner,
            self.thread,
            Approve.model_validate(command),
            kernels=self.kernels,
            files=self.files,
        )

    async def run(self, text: str, limits: Limits | None = None) -> Run:
        """A run of a message, without the manager: not begun yet."""
        request = Request.of(Message(message=text), "wait")

        def work(tx: Transaction) -> tuple[RunRecord, Lease]:
            begun = accept(tx, OWNER, THREAD, request, client_id=None, model="scripted:model", room=8)[1]
            assert begun is not None
            return begun

        record, lease = await self.store.write(work)
        return Run(self.store, lease, record, self.engine, FolderWorkspace(self.folder), limits or Limits())

    # -- looking ------------------------------------------------------------------------------------------------

    async def log(self) -> list[Seen]:
        """The thread's log."""
        return [Seen(e) for e in await self.store.read(lambda tx: list(tx.all_events(self.thread)))]

    async def types(self, run_id: str | None = None) -> list[str]:
        """What happened, by name; of one run, if it is given."""
        return [e.type for e in await self.log() if run_id in {None, e.run_id}]

    async def until(self, kind: str | tuple[str, ...], run_id: str | None = None, **data: Any) -> Seen:
        """Wait for an event of this kind (or these), of this run and with these data where they are given."""
        kinds = (kind,) if isinstance(kind, str) else kind
        cursor = self.store.follow(self.thread, 0)
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for event in map(Seen, await cursor.next()):
                        same = run_id in {None, event.run_id} and data.items() <= event.data.items()
                        if event.type in kinds and same:
                            return event
        finally:
            cursor.close()

    async def ask(self, text: str, **fields: Any) -> Seen:
        """Send a message and wait for the end of its run."""
        return await self.end((await self.submit(text, **fields)).run_id)

    async def end(self, run_id: str) -> Seen:
        """Wait for a run's terminal event."""
        return await self.until(("done", "error"), run_id)

    async def records(self, *states: Any) -> list[RunRecord]:
        """The thread's runs in these states (all, without any)."""
        wanted = states or ("queued", "running", "waiting", "completed", "cancelled", "failed")
        return await self.store.read(lambda tx: tx.runs(self.thread, wanted))

    async def open(self, count: int) -> None:
        """Wait until so many runs are at work here."""
        async with asyncio.timeout(PATIENCE):
            while self.runs.open_runs != count:
                await self.store.write(lambda _: None)

    async def waiting(self, run_id: str) -> None:
        """Wait until a run's checkpoint is kept."""
        async with asyncio.timeout(PATIENCE):
            while run_id not in [r.id for r in await self.records("waiting")]:
                await self.store.write(lambda _: None)  # after whatever was queued before

    @staticmethod
    def _everything(tx: Any) -> list[tuple[list[Seen], list[RunRecord]]]:
        threads = [t.id for t in tx.threads(OWNER, limit=200).threads]
        states = ("queued", "running", "waiting", "completed", "cancelled", "failed")
        return [([Seen(e) for e in tx.all_events(t)], tx.runs(t, states)) for t in threads]


def violations(log: list[Seen], runs: list[RunRecord]) -> list[str]:
    """What is wrong with a thread's log (I1, I5, I6, I8): numbers, starts, ends, what was opened and not closed."""
    found = []
    if [e.seq for e in log] != list(range(1, len(log) + 1)):
        found.append(f"numbers: {[e.seq for e in log]}")
    for run in runs:
        mine = [e for e in log if e.run_id == run.id]
        starts, ends = ([e for e in mine if e.type in kinds] for kinds in ({"run_start"}, {"done", "error"}))
        if len(starts) > 1 or len(ends) > 1:
            found.append(f"{run.id} began {len(starts)} times and ended {len(ends)} times")
        if is_terminal(run.state) != bool(ends):
            found.append(f"{run.id} is {run.state} with {len(ends)} terminal events")
        if ends and mine[-1] is not ends[0]:
            found.append(f"{run.id} goes on behind its end: {mine[-1]}")
        if is_terminal(run.state) and run.checkpoint is not None:
            found.append(f"{run.id} has ended and keeps a checkpoint")
        found += _unpaired(run, mine, closed=bool(ends))
    return found


def _unpaired(run: RunRecord, mine: list[Seen], *, closed: bool) -> list[str]:
    found = []
    for what, begin, end in (
        ("call", "tool_start", "tool_end"),
        ("approval", "approval_request", "approval_end"),
    ):
        begun = Counter(_opened(e) for e in mine if e.type == begin)
        ended = Counter(_opened(e) for e in mine if e.type == end)
        if max([*begun.values(), *ended.values()], default=0) > 1 or not set(ended) <= set(begun):
            found.append(f"{run.id}: {what}s {dict(begun)} ended {dict(ended)}")
        if closed and begun != ended:
            found.append(f"{run.id}: {what}s left open: {sorted((begun - ended).elements())}")
    return found


def _opened(event: Seen) -> str:
    name: str = event.data.get("approval_id") or event.data["tool"]["call_id"]
    return name


async def refusal(work: Awaitable[object]) -> str:
    """The code with which a command is refused."""
    with pytest.raises(CommandRefused) as refused:
        await work
    return refused.value.code


def expire(folder: Path, *, taken_by: str | None = None) -> None:
    """As if the server "one" had slept for longer than its leases last: others may take its threads over, or one just has."""
    with contextlib.closing(sqlite3.connect(folder / "a.db", isolation_level=None)) as connection:
        if taken_by is None:
            connection.execute("UPDATE aichat_thread SET lease_expires = 1")
        else:
            change = "UPDATE aichat_thread SET lease_server = ?, lease_fence = lease_fence + 1"
            connection.execute(change, [taken_by])


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the database: nothing can be written."""
    connection = sqlite3.connect(folder / "a.db", isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()
