"""RunManager: who may begin what, in one process. Commands come in, runs go on, whoever looks reads the log.

Per thread one run is running or waiting and up to `Limits.queue` messages wait behind it. Commands of one thread are taken one
after another. A thread that another server works on is refused with `conflict`, saying where it runs.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_aichat.errors import AichatError, CommandRefused, LeaseLost, StorageError
from jupyter_aichat.protocol.events import RunError, RunStart
from jupyter_aichat.runs.decisions import STALE, kernel_of, result_of, settle_by, settle_stale
from jupyter_aichat.runs.ending import Ended, end_run
from jupyter_aichat.runs.queueing import Accepted, accept, begin_queued, cancel_queued, first_queued
from jupyter_aichat.runs.recovery import recover
from jupyter_aichat.runs.request import Approvals, Request
from jupyter_aichat.runs.run import RETRY_STORAGE, Run

if TYPE_CHECKING:
    from jupyter_aichat.agents.port import Engine, Workspace
    from jupyter_aichat.protocol.commands import Approve, Cancel, Claim, Message, Performed
    from jupyter_aichat.runs.kernel_desk import KernelDesk
    from jupyter_aichat.runs.limits import Limits
    from jupyter_aichat.runs.notebook_desk import NotebookDesk
    from jupyter_aichat.store import ApprovalRecord, Lease, RunRecord, Store, Transaction

__all__ = ["Accepted", "EngineFor", "RunManager"]

_log = logging.getLogger(__name__)

_CLOSE_SECONDS = 4.0

T = TypeVar("T")

EngineFor = Callable[[str, str | None], Awaitable["Engine"]]
"""From an owner and the model that the message asks for (`None`: the configured one) to the team that answers."""


class RunManager:
    """All runs of this process. `workspace_for` gives an owner's confined view of the server's files."""

    def __init__(
        self,
        store: Store,
        engine_for: EngineFor,
        workspace_for: Callable[[str], Workspace],
        limits: Limits,
        desk: KernelDesk | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._engine_for = engine_for
        self._workspace_for = workspace_for
        self._limits = limits
        self._runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        """Commands that are being carried out, and what follows on runs."""
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
            self._tasks.add(self._watch)
        for run in self._runs.values():
            run.detach()
        deadline = time.monotonic() + _CLOSE_SECONDS
        while (left := deadline - time.monotonic()) > 0 and (
            going := {t for t in self._tasks if not t.done()}
        ):
            await asyncio.wait(going, timeout=left)

    # -- commands -----------------------------------------------------------------------------------------------

    async def submit(
        self,
        owner: str,
        thread_id: str,
        command: Message,
        approvals: Approvals,
        *,
        kernels: bool = False,
        files: bool = False,
    ) -> Accepted:
        """Store a message and begin its run, or queue it. The thread is made where it is missing.

        `kernels`, `files`: whether the person may run code in kernels, and write files, here.

        Raises `CommandRefused`: `conflict` (other body under the same `client_id`; runs on another server), `busy` (full
        queue, shutdown), `not_found` (deleted thread; a kernel that there is not); and `StorageError`.
        """
        named = command.notebook.kernel_id if command.notebook is not None else None
        if named is not None and self._desk is not None and not self._desk.knows(named):
            raise CommandRefused(
                "not_found", f"There is no kernel {named[:64]!r} here any more; open the notebook again."
            )
        request = Request.of(command, approvals, kernels=kernels, files=files)
        return await self._whole(self._submit(owner, thread_id, command.client_id, request))

    async def cancel(self, owner: str, thread_id: str, command: Cancel) -> None:
        """Stop a run, or all of the thread; nothing to stop is fine too.

        Raises `CommandRefused` (`bad_request`) for one specialist's task: to stop the whole run instead would be another thing.
        """
        if command.call_id is not None:
            raise CommandRefused(
                "bad_request",
                f"One task ({command.call_id[:64]!r}) can't be stopped by itself; leave call_id out to stop the run.",
            )
        await self._whole(self._cancel(owner, thread_id, command.run_id))

    async def approve(
        self, owner: str, thread_id: str, command: Approve, *, kernels: bool = False, files: bool = False
    ) -> None:
        """Take a person's decision. The first one wins.

        Raises `CommandRefused`: `not_pending`, `digest_mismatch`, `conflict`, `not_found`, `stale` (the kernel is another one by
        now; nothing is run), `forbidden` (it is about a kernel or a file, and this person may not run code or write files:
        `kernels`, `files`).
        """
        await self._whole(self._approve(owner, thread_id, command, kernels=kernels, files=files))

    def claim(self, owner: str, thread_id: str, command: Claim, client: object) -> None:
        """A client takes a notebook action. Raises `CommandRefused`: `not_found`, `conflict`."""
        self._notebook(owner, thread_id).claim(command.action_id, client, command.id)

    def performed(self, owner: str, thread_id: str, command: Performed, client: object) -> None:
        """A client says what came of the notebook action that it took. Raises `CommandRefused`: `not_found`, `conflict`."""
        self._notebook(owner, thread_id).performed(command, client)

    async def stop_thread(self, owner: str, thread_id: str) -> None:
        """Cancel all of a thread and wait until it has ended; before it is deleted."""
        await self._whole(self._cancel(owner, thread_id, None))
        run = self._runs.get(thread_id)
        if run is not None and run.ended is not None:
            await asyncio.wait([run.ended])

    async def _whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Carry a command out to its end, also when whoever sent it goes away in the middle: what is stored has to happen."""
        return await asyncio.shield(self._go_on_with(work))

    async def _submit(self, owner: str, thread_id: str, client_id: str | None, request: Request) -> Accepted:
        self._must_be_open()
        engine, workspace = await self._engine(owner, request), self._workspace_for(owner)
        async with self._locked(thread_id):
            self._must_be_open()
            accepted, begun = await self._store.write(
                lambda tx: accept(
                    tx,
                    owner,
                    thread_id,
                    request,
                    client_id=client_id,
                    model=engine.model.id,
                    room=self._limits.queue,
                )
            )
            if begun is not None:
                record, lease = begun
                self._begin(Run(self._store, lease, record, engine, workspace, self._limits, self._desk))
        return accepted

    async def _cancel(self, owner: str, thread_id: str, run_id: str | None) -> None:
        server = self._store.server
        async with self._locked(thread_id):
            await self._store.write(lambda tx: cancel_queued(tx, owner, thread_id, run_id, server=server))
            run = self._runs.get(thread_id)
            if run is not None and run.record.owner == owner and run_id in {None, run.record.id}:
                run.cancel()

    async def _approve(
        self, owner: str, thread_id: str, command: Approve, *, kernels: bool, files: bool
    ) -> None:
        server = self._store.server
        async with self._locked(thread_id):
            if command.decision != "deny":
                await self._must_be_fresh(owner, thread_id, command, kernels=kernels, files=files)
            settled = await self._store.write(
                lambda tx: settle_by(tx, owner, thread_id, command, server=server)
            )
            run = self._runs.get(thread_id)
            for approval in settled:
                if run is not None and run.record.id == approval.run_id:
                    run.approvals.settle(approval.id, result_of(approval.state, approval.reason))

    async def _must_be_fresh(
        self, owner: str, thread_id: str, command: Approve, *, kernels: bool, files: bool
    ) -> None:
        """Refuse a decision of who may not take it; and one about a kernel that is another one by now, and end its question."""

        def read(tx: Transaction) -> ApprovalRecord | None:
            return tx.approval(thread_id, command.approval_id) if tx.has_thread(owner, thread_id) else None

        record = await self._store.read(read)
        if record is None or record.state != "pending":
            return
        if record.kind == "write_file" and not files:
            raise CommandRefused("forbidden", "You may not write files on this server.")
        if record.generation is None:
            return
        if not kernels:
            raise CommandRefused("forbidden", "You may not run code in kernels on this server.")
        kernel_id = kernel_of(record)
        now = await self._desk.generation(kernel_id) if self._desk is not None else None
        if now == record.generation or record.digest != command.digest:
            return
        run = self._runs.get(thread_id)
        if await self._store.write(lambda tx: settle_stale(tx, record)) and run is not None:
            run.approvals.settle(record.id, {"status": "cancelled", "reason": STALE})
        raise CommandRefused("stale", STALE)

    def _notebook(self, owner: str, thread_id: str) -> NotebookDesk:
        run = self._runs.get(thread_id)
        if run is None or run.record.owner != owner:
            raise CommandRefused("not_found", "Nothing is being done in a notebook for this conversation.")
        return run.notebook

    def _must_be_open(self) -> None:
        if self._closing:
            raise CommandRefused("busy", "The server is shutting down; send it again in a moment.")

    # -- runs, one after another --------------------------------------------------------------------------------

    def _begin(self, run: Run) -> None:
        self._runs[run.record.thread_id] = run
        ended = run.start()
        if self._closing:
            run.detach()
        self._go_on_with(self._follow(run, ended))

    async def _follow(self, run: Run, ended: asyncio.Task[Ended | None]) -> None:
        """Wait for the run's end, then begin the next one that waits."""
        thread_id, more = run.record.thread_id, False
        try:
            end = await ended
            more = end is not None and end.lease is not None
        except Exception:  # noqa: BLE001  whatever it is, messages behind it must not wait for ever
            _log.exception(
                "run %s could not be ended; it will be when its thread is recovered", run.record.id
            )
            with suppress(StorageError):
                await self._store.write(lambda tx: tx.release_lease(run.lease))
        async with self._locked(thread_id):
            if self._runs.get(thread_id) is run:
                del self._runs[thread_id]
        if more:
            await self._serve_queue(thread_id)

    async def _serve_queue(self, thread_id: str) -> None:
        """Begin the next message of a thread; while the store cannot be written, try again."""
        again = True
        while again and not self._closing:
            again = False
            async with self._locked(thread_id):
                if thread_id in self._runs:
                    return  # one that was sent meanwhile; its end sees to the others
                try:
                    await self._next(thread_id)
                except (CommandRefused, LeaseLost) as error:
                    _log.warning("what waits in %s is another server's: %s", thread_id, error)
                except StorageError as error:
                    _log.warning("what waits in %s cannot begin yet: %s", thread_id, error)
                    again = True
            if again:
                await asyncio.sleep(RETRY_STORAGE)

    async def _next(self, thread_id: str) -> None:
        while (found := await self._store.write(lambda tx: first_queued(tx, thread_id))) is not None:
            record, lease = found
            prepared = await self._prepare(record)
            if self._closing:
                return
            event = prepared if isinstance(prepared, RunError) else _start(record, prepared)
            begun = await self._store.write(partial(_begin_queued, lease, record, event))
            if begun and not isinstance(prepared, RunError):
                self._begin(self._run(lease, record, prepared))
                return

    def _run(self, lease: Lease, record: RunRecord, engine: Engine, *, resume: bool = False) -> Run:
        workspace = self._workspace_for(record.owner)
        return Run(self._store, lease, record, engine, workspace, self._limits, self._desk, resume=resume)

    async def _engine(self, owner: str, request: Request) -> Engine:
        try:
            return await self._engine_for(owner, request.model)
        except CommandRefused:
            raise
        except AichatError as error:
            raise CommandRefused("bad_request", str(error)) from error

    async def _prepare(self, record: RunRecord) -> Engine | RunError:
        """The team that answers a message that was stored some time ago, or why there is none."""
        try:
            return await self._engine(record.owner, Request.load(record.request))
        except CommandRefused as error:
            return RunError(error=str(error), code="model_error", retryable=True)
        except Exception as error:  # noqa: BLE001  the message ends, and the next one is looked at
            _log.exception("run %s of %s cannot begin", record.id, record.thread_id)
            sentence = (
                f"This message could not be begun ({type(error).__name__}); the server's log has the details."
            )
            return RunError(error=sentence, code="internal", retryable=True)

    # -- recovery -----------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Take up threads whose server is gone: what waits for a person goes on waiting, the rest ends `interrupted`."""
        for record, lease in await recover(self._store, self._runs.keys()):
            async with self._locked(record.thread_id):
                prepared = await self._prepare(record)
                if not isinstance(prepared, RunError):
                    self._begin(self._run(lease, record, prepared, resume=True))
                    continue
                # its model is gone; that must not keep the server from starting
                ended = await self._store.write(partial(_give_up, lease, record, prepared))
                if ended.lease is not None:
                    self._go_on_with(self._serve_queue(record.thread_id))

    async def _recover_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._store.lease_seconds / 2)
            try:
                await self.recover()
            except AichatError as error:
                _log.warning("recovery has to wait: %s", error)
            except Exception:  # noqa: BLE001  one thread's trouble must not end the recovery of all
                _log.exception("recovery failed; it is tried again")

    # -- tasks and locks ----------------------------------------------------------------------------------------

    def _go_on_with(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

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


def _start(record: RunRecord, engine: Engine) -> RunStart:
    request = Request.load(record.request)
    return RunStart(
        message=request.user_message(f"m{record.number}"),
        client_id=record.client_id,
        agent=request.agent,
        model=engine.model.id,
    )


def _begin_queued(lease: Lease, record: RunRecord, event: RunStart | RunError, tx: Transaction) -> bool:
    return begin_queued(tx, lease, record, event)


def _give_up(lease: Lease, record: RunRecord, error: RunError, tx: Transaction) -> Ended:
    return end_run(tx, lease, record, error, "")
