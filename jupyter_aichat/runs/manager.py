"""RunManager: who may begin what, in one process. Commands come in, runs go on, whoever looks reads the log.

Per thread one run is running or waiting and up to `Limits.queue` messages wait behind it. Commands of one thread are taken one
after another. A thread that another server works on is refused with `conflict`, saying where it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from jupyter_aichat.errors import AichatError, CommandRefused
from jupyter_aichat.protocol.events import ApprovalEnd, Done, RunError, RunQueued, RunStart
from jupyter_aichat.runs.approvals import result_of
from jupyter_aichat.runs.ending import Ended, close_run
from jupyter_aichat.runs.recovery import recover
from jupyter_aichat.runs.request import Approvals, Request
from jupyter_aichat.runs.run import Run
from jupyter_aichat.runs.state import OPEN, move

if TYPE_CHECKING:
    from jupyter_aichat.agents.port import Engine, Workspace
    from jupyter_aichat.protocol.commands import Approve, Cancel, Message
    from jupyter_aichat.protocol.snapshot import RunState
    from jupyter_aichat.runs.limits import Limits
    from jupyter_aichat.store import ApprovalRecord, Lease, RunRecord, Store, Transaction

__all__ = ["Accepted", "EngineFor", "RunManager"]

_log = logging.getLogger(__name__)

EngineFor = Callable[[str, str | None], Awaitable["Engine"]]
"""From an owner and the model that the message asks for (`None`: the configured one) to the team that answers."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message is stored: as `run_id`, behind `queued` others."""

    run_id: str
    queued: int


class RunManager:
    """All runs of this process. `workspace_for` gives an owner's confined view of the server's files."""

    def __init__(
        self,
        store: Store,
        engine_for: EngineFor,
        workspace_for: Callable[[str], Workspace],
        limits: Limits,
    ) -> None:
        self._store = store
        self._engine_for = engine_for
        self._workspace_for = workspace_for
        self._limits = limits
        self._runs: dict[str, Run] = {}
        self._followers: set[asyncio.Task[None]] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._lock_users: defaultdict[str, int] = defaultdict(int)
        self._watch: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def open_runs(self) -> int:
        """How many runs are running or waiting in this process."""
        return len(self._runs)

    async def start(self) -> None:
        """End or take up what crashed servers left behind, now and from time to time."""
        await self.recover()
        self._watch = asyncio.create_task(self._recover_for_ever(), name="aichat recovery")

    async def close(self) -> None:
        """The server goes down: runs that wait for a person stay as they are, all others end as interrupted."""
        self._closing = True
        if self._watch is not None:
            self._watch.cancel()
        for run in list(self._runs.values()):
            run.detach()
        waiting = [run.ended for run in self._runs.values() if run.ended] + list(self._followers)
        if waiting:
            await asyncio.wait(waiting, timeout=4.0)

    # -- commands -----------------------------------------------------------------------------------------------

    async def submit(self, owner: str, thread_id: str, command: Message, approvals: Approvals) -> Accepted:
        """Store a message and begin its run, or queue it. The thread is made where it is missing.

        Raises `CommandRefused`: `conflict` (other body under the same `client_id`; runs on another server), `busy` (full
        queue), `not_found` (deleted thread), `storage`.
        """
        if self._closing:
            raise CommandRefused("busy", "The server is shutting down; send it again in a moment.")
        request = Request.of(command, approvals)
        engine = await self._engine(owner, request)
        async with self._locked(thread_id):
            accepted, record, lease = await self._store.write(
                lambda tx: self._accept(tx, owner, thread_id, request, command.client_id, engine.model.id)
            )
            if lease is not None and record is not None:
                self._begin(Run(self._store, lease, record, engine, self._workspace_for(owner), self._limits))
        return accepted

    async def cancel(self, owner: str, thread_id: str, command: Cancel) -> None:
        """Stop a run, or all of the thread; nothing to stop is fine too."""
        async with self._locked(thread_id):
            await self._store.write(lambda tx: self._cancel_queued(tx, owner, thread_id, command.run_id))
            run = self._runs.get(thread_id)
            if run is not None and command.run_id in {None, run.record.id}:
                run.cancel()

    async def approve(self, owner: str, thread_id: str, command: Approve) -> None:
        """Take a person's decision. The first one wins.

        Raises `CommandRefused`: `not_pending`, `digest_mismatch`, `conflict`, `not_found`.
        """
        async with self._locked(thread_id):
            settled = await self._store.write(lambda tx: self._decide(tx, owner, thread_id, command))
            run = self._runs.get(thread_id)
            for approval in settled:
                if run is not None and run.record.id == approval.run_id:
                    run.approvals.settle(approval.id, result_of(approval.state, approval.reason))

    async def stop_thread(self, owner: str, thread_id: str) -> None:
        """Cancel all of a thread and wait until it has ended; before it is deleted."""
        from jupyter_aichat.protocol.commands import Cancel

        await self.cancel(owner, thread_id, Cancel(type="cancel"))
        run = self._runs.get(thread_id)
        if run is not None and run.ended is not None:
            await asyncio.wait([run.ended])

    # -- transactions -------------------------------------------------------------------------------------------

    def _accept(
        self, tx: Transaction, owner: str, thread_id: str, request: Request, client_id: str | None, model: str
    ) -> tuple[Accepted, RunRecord | None, Lease | None]:
        tx.thread(owner, thread_id, create=True)
        digest = request.digest()
        earlier = tx.run_by_client(thread_id, client_id) if client_id else None
        if earlier is not None:
            if earlier.body_digest != digest:
                raise CommandRefused("conflict", f"client_id {client_id!r} was used for another message.")
            before = [r for r in tx.runs(thread_id, OPEN) if r.number < earlier.number]
            return Accepted(earlier.id, len(before) if earlier.state == "queued" else 0), None, None
        lease = tx.take_lease(thread_id)
        ahead = len(tx.runs(thread_id, OPEN))
        if ahead > self._limits.queue:
            raise CommandRefused(
                "busy", f"{ahead - 1} messages wait already; wait for an answer or stop the run."
            )
        state: RunState = "queued" if ahead else "running"
        record = tx.insert_run(
            thread_id, state=state, client_id=client_id, body_digest=digest, request=request.dump()
        )
        message = request.user_message(f"m{record.number}")
        if ahead:
            tx.append(thread_id, record.id, RunQueued(message=message, client_id=client_id))
            return Accepted(record.id, ahead), None, None
        start = RunStart(message=message, client_id=client_id, agent=request.agent, model=model)
        tx.append(thread_id, record.id, start)
        return Accepted(record.id, 0), record, lease

    def _cancel_queued(self, tx: Transaction, owner: str, thread_id: str, run_id: str | None) -> None:
        if not tx.has_thread(owner, thread_id):
            return
        queued = [r for r in tx.runs(thread_id, ["queued"]) if run_id in {None, r.id}]
        if run_id is None or not queued:
            self._must_be_here(tx, thread_id)
        for record in queued:
            move(record.state, "cancel")
            agent = Request.load(record.request).agent
            close_run(tx, record, Done(content="", agent=agent, outcome="cancelled", duration_ms=0))

    def _decide(self, tx: Transaction, owner: str, thread_id: str, command: Approve) -> list[ApprovalRecord]:
        gone = CommandRefused("not_pending", "This approval is not pending any more, or never was.")
        if not tx.has_thread(owner, thread_id):
            raise gone
        record = tx.approval(thread_id, command.approval_id)
        if record is None or record.state != "pending":
            raise gone
        self._must_be_here(tx, thread_id)
        if record.digest != command.digest:
            raise CommandRefused(
                "digest_mismatch", "The decision is for another action than the one that waits."
            )
        if datetime.fromisoformat(record.expires_at) <= datetime.now(UTC):
            raise gone
        if command.decision == "deny":
            return [self._settle(tx, record, "denied", None, command.reason)]
        scope = command.scope or "once"
        covered = [record]
        if scope in {"run", "thread"}:
            others = tx.approvals(thread_id, state="pending")
            covered += [
                a
                for a in others
                if a.id != record.id
                and a.host == record.host
                and (scope == "thread" or a.run_id == record.run_id)
            ]
        return [self._settle(tx, a, "approved", scope, None) for a in covered]

    @staticmethod
    def _settle(
        tx: Transaction,
        record: ApprovalRecord,
        state: Literal["approved", "denied"],
        scope: str | None,
        reason: str | None,
    ) -> ApprovalRecord:
        if not tx.settle_approval(record.thread_id, record.id, state=state, scope=scope, reason=reason):
            raise CommandRefused("not_pending", "Somebody else has decided already.")
        end = ApprovalEnd.model_validate(
            {"approval_id": record.id, "decision": state, "scope": scope, "reason": reason}
        )
        tx.append(record.thread_id, record.run_id, end)
        settled = tx.approval(record.thread_id, record.id)
        return settled or record

    def _must_be_here(self, tx: Transaction, thread_id: str) -> None:
        holder = tx.lease_owner(thread_id)
        if holder is not None and holder != self._store.server:
            raise CommandRefused("conflict", f"This conversation is at work on another server: {holder}.")

    # -- runs, one after another --------------------------------------------------------------------------------

    def _begin(self, run: Run) -> None:
        thread_id = run.record.thread_id
        self._runs[thread_id] = run
        follower = asyncio.create_task(self._follow(thread_id, run), name=f"after {thread_id}")
        self._followers.add(follower)
        follower.add_done_callback(self._followers.discard)

    async def _follow(self, thread_id: str, run: Run) -> None:
        """Wait for the run's end, then begin the next one that waits."""
        ended: Ended | None = None
        try:
            ended = await run.start()
        except AichatError as error:
            _log.warning("run %s could not be ended: %s", run.record.id, error)
        async with self._locked(thread_id):
            if self._runs.get(thread_id) is run:
                del self._runs[thread_id]
            if ended is not None and ended.lease is not None and not self._closing:
                await self._next(thread_id, ended.lease)

    async def _next(self, thread_id: str, lease: Lease) -> None:
        while True:
            record = await self._store.write(lambda tx: _first_queued(tx, thread_id, lease))
            if record is None:
                return
            request = Request.load(record.request)
            try:
                engine = await self._engine(record.owner, request)
            except CommandRefused as error:
                failed = RunError(error=str(error), code="model_error", retryable=True)
                await self._store.write(lambda tx, r=record, e=failed: close_run(tx, r, e))  # type: ignore[misc]
                continue
            start = RunStart(
                message=request.user_message(f"m{record.number}"),
                client_id=record.client_id,
                agent=request.agent,
                model=engine.model.id,
            )
            await self._store.write(lambda tx, r=record, s=start: _start(tx, r, s))  # type: ignore[misc]
            self._begin(
                Run(self._store, lease, record, engine, self._workspace_for(record.owner), self._limits)
            )
            return

    async def _engine(self, owner: str, request: Request) -> Engine:
        try:
            return await self._engine_for(owner, request.model)
        except CommandRefused:
            raise
        except AichatError as error:
            raise CommandRefused("bad_request", str(error)) from error

    # -- recovery -----------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Take up threads whose server is gone: what waits for a person goes on waiting, the rest ends `interrupted`."""
        for resumable in await recover(self._store):
            record, lease = resumable
            async with self._locked(record.thread_id):
                if record.thread_id in self._runs:
                    continue
                request = Request.load(record.request)
                engine = await self._engine(record.owner, request)
                workspace = self._workspace_for(record.owner)
                self._begin(Run(self._store, lease, record, engine, workspace, self._limits, resume=True))

    async def _recover_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._store.lease_seconds / 2)
            try:
                await self.recover()
            except AichatError as error:
                _log.warning("recovery has to wait: %s", error)

    @asynccontextmanager
    async def _locked(self, thread_id: str) -> AsyncIterator[None]:
        """Commands of one thread, one after another; the lock goes when nobody needs it."""
        lock = self._locks.setdefault(thread_id, asyncio.Lock())
        self._lock_users[thread_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._lock_users[thread_id] -= 1
            if not self._lock_users[thread_id]:
                del self._lock_users[thread_id], self._locks[thread_id]


def _first_queued(tx: Transaction, thread_id: str, lease: Lease) -> RunRecord | None:
    queued = tx.runs(thread_id, ["queued"])
    if not queued:
        tx.release_lease(lease)
        return None
    tx.check_lease(lease)
    return queued[0]


def _start(tx: Transaction, record: RunRecord, start: RunStart) -> None:
    tx.set_run(record.thread_id, record.id, state=move(record.state, "begin"))
    tx.append(record.thread_id, record.id, start)
