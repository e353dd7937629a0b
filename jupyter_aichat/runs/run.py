"""Run: the answer to one message, from its transcript to its one terminal event.

The engine pushes what happens (`put`); each event goes to the log at once. Actions are decided beside the engine
(`approvals`), and the engine is resumed with what came of them. Cancel, time limits and a lost lease all end the inner task; the
outer one writes the end, so that whatever happened, the log closes what it opened.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.agents.port import RunContext
from jupyter_aichat.errors import LeaseLost, RunFailed, StorageError
from jupyter_aichat.protocol.events import (
    Artifact,
    Done,
    EventData,
    KernelChanges,
    RunError,
    Summary,
)
from jupyter_aichat.runs.actions import Actions
from jupyter_aichat.runs.approvals import Approvals
from jupyter_aichat.runs.budget import budget_of, fit
from jupyter_aichat.runs.ending import Ended, end_run
from jupyter_aichat.runs.notebook_desk import NotebookDesk
from jupyter_aichat.runs.request import Request
from jupyter_aichat.runs.resume import Said, said_so_far
from jupyter_aichat.runs.transcript import transcript

if TYPE_CHECKING:
    from jupyter_aichat.agents.port import Engine, Turn, Workspace
    from jupyter_aichat.runs.kernel_desk import KernelDesk
    from jupyter_aichat.runs.limits import Limits
    from jupyter_aichat.store import Lease, RunRecord, Store, Transaction

__all__ = ["RETRY_STORAGE", "Run"]

_log = logging.getLogger(__name__)

RETRY_STORAGE = 1.0
"""Seconds between attempts to write the end of a run, or to begin the next one, while the store cannot be written."""


_STOP_SECONDS = 8.0
"""How long a kernel may take to be interrupted before the run ends without its last words."""


@dataclass(slots=True)
class _Clock:
    """Time that counts: since the last event, and in all, without waiting for a person (monotonic seconds)."""

    began: float = field(default_factory=time.monotonic)
    last: float = field(default_factory=time.monotonic)
    waited: float = 0.0


class Run:
    """One run at work. `start` it once; `ended` resolves when its terminal event is committed (or it was detached)."""

    def __init__(
        self,
        store: Store,
        lease: Lease,
        record: RunRecord,
        engine: Engine,
        workspace: Workspace,
        limits: Limits,
        desk: KernelDesk | None = None,
        *,
        resume: bool = False,
    ) -> None:
        self.record = record
        self.lease = lease
        self.engine = engine
        self.request = Request.load(record.request)
        self.approvals = Approvals(
            store, lease, record, self.request.approvals, limits.approval, self._waiting
        )
        self._redacted = desk.redacted if desk is not None else str
        self.notebook = NotebookDesk(self._emit, self._redacted)
        self.actions = Actions(
            store,
            lease,
            record,
            self.request,
            self.approvals,
            desk,
            workspace,
            self.notebook,
            self._emit,
            self._show,
        )
        self._store = store
        self._workspace = workspace
        self._limits = limits
        self._resume = resume
        self._key = f"{record.thread_id}/{record.id}"
        self._said = Said(self.request.agent)
        self._kept = resume
        self._cancelled = False
        self._detached = False
        self._over = False
        self._failure: Exception | None = None
        self._clock = _Clock()
        self._actions: dict[str, asyncio.Task[ActionResult]] = {}
        self._inner: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.ended: asyncio.Task[Ended | None] | None = None

    def start(self) -> asyncio.Task[Ended | None]:
        """Begin (or, after a restart, go on). The task's result says what follows in this thread."""
        self.lease.on_failure.append(self.fail)
        if self.lease.failed is not None:
            self.fail(self.lease.failed)
        self.ended = asyncio.create_task(self._main(), name=f"run {self._key}")
        return self.ended

    def cancel(self) -> None:
        """Stop: the model's stream is closed, tools are cancelled, the run ends with `done`, outcome `cancelled`."""
        self._cancelled = True
        if self._inner is not None:
            self._inner.cancel()

    def fail(self, error: Exception) -> None:
        """End the run with this error."""
        if self._failure is None:
            self._failure = error
            self.cancel()

    def detach(self) -> None:
        """The server goes down. A run that waits keeps its checkpoint and its open approval; any other is interrupted."""
        if self._cancelled:
            return  # its end is on the way
        if self._kept:
            self._detached = True
            self.cancel()
        else:
            self.fail(RunFailed("interrupted", "The server was stopped during this answer.", retryable=True))

    # -- the outer task: it always writes the end ---------------------------------------------------------------

    async def _main(self) -> Ended | None:
        self._inner = asyncio.create_task(self._converse(), name=f"engine {self._key}")
        if self._cancelled:  # before it was there
            self._inner.cancel()
        self._watch()
        try:
            await asyncio.wait([self._inner])
            self._over = True
            return None if self._detached else await self._end(self._terminal(self._inner))
        except LeaseLost as error:
            _log.warning("run %s is left as it is: %s", self._key, error)
            return None
        finally:
            self.lease.on_failure.remove(self.fail)
            if self._timer is not None:
                self._timer.cancel()
            await self.engine.forget(self._key)

    def _terminal(self, inner: asyncio.Task[None]) -> Done | RunError:
        error = self._failure
        if error is None and not inner.cancelled():
            raised = inner.exception()
            error = raised if isinstance(raised, Exception) else None
        elif not inner.cancelled():
            inner.exception()  # taken note of; the failure that ended it is what is told
        if error is not None:
            return self._error(error)
        outcome: Literal["completed", "cancelled"] = "cancelled" if inner.cancelled() else "completed"
        return Done(
            content=self._said.answer(),
            agent=self.request.agent,
            outcome=outcome,
            duration_ms=int((time.monotonic() - self._clock.began) * 1000),
            usage=self._said.usage,
        )

    def _error(self, error: Exception) -> RunError:
        if isinstance(error, LeaseLost):
            raise error
        if isinstance(error, RunFailed):
            return RunError(
                error=str(error),
                code=error.code,
                retryable=error.retryable,
                host=getattr(error, "host", "") or None,
                model=self.engine.model.name if error.code.startswith("model_") else None,
                retry_after=getattr(error, "retry_after", None),
            )
        if isinstance(error, StorageError):
            return RunError(
                error=f"The conversation could not be saved: {error}", code="storage", retryable=True
            )
        _log.error("run %s failed", self._key, exc_info=error)
        sentence = (
            f"Something in the chat itself failed ({type(error).__name__}); the server's log has the details."
        )
        return RunError(error=sentence, code="internal", retryable=True)

    async def _end(self, event: Done | RunError) -> Ended:
        answer = self._said.answer()
        while not self._store.closing:
            try:
                return await self._store.write(
                    partial(_close, self.lease, self.record, self.actions.changes.event(), event, answer)
                )
            except LeaseLost:
                raise
            except StorageError as error:
                _log.warning("the end of run %s cannot be written yet: %s", self._key, error)
                event = event if isinstance(event, RunError) else self._error(error)
            await asyncio.sleep(RETRY_STORAGE)
        raise LeaseLost("The server stopped before its end could be written.")

    # -- the inner task: the engine -----------------------------------------------------------------------------

    async def _converse(self) -> None:
        try:
            context = RunContext(
                self.request.language,
                self._workspace,
                self.request.notebook,
                self._new_message_id,
                self._redacted,
            )
            agent = None if self.request.agent == "supervisor" else self.request.agent
            asked = await (self._ask_again(context) if self._resume else self._begin(context, agent))
            while asked:
                await self._keep(asked)
                tasks = [self._actions[i] for i in asked]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                results = {i: self._actions[i].result() for i in asked if self._actions[i].done()}
                asked = await self.engine.run(self._key, self._put, context, results=results)
        finally:
            await self._stop_actions()

    async def _stop_actions(self) -> None:
        """Cancel what is still going on, and give a kernel its moment to be interrupted: what it says then is still of this run."""
        going = [task for task in self._actions.values() if task.cancel()]
        if going:
            await asyncio.wait(going, timeout=_STOP_SECONDS)
        for task in self._actions.values():
            if task.done() and not task.cancelled():
                task.exception()  # taken note of; nobody waits for it any more

    async def _begin(self, context: RunContext, agent: str | None) -> list[str]:
        budget = budget_of(self.engine.model.context_tokens)
        try:
            turns = await self._transcript(budget)
            return await self.engine.run(self._key, self._put, context, transcript=turns, agent=agent)
        except RunFailed as error:
            if error.code != "model_context" or self._said.anything:
                raise
        turns = await self._transcript(budget // 2)  # the provider counts differently: smaller, once
        await self.engine.forget(self._key)
        return await self.engine.run(self._key, self._put, context, transcript=turns, agent=agent)

    async def _transcript(self, budget: int) -> tuple[Turn, ...]:
        thread_id = self.record.thread_id

        def read(tx: Transaction) -> tuple[tuple[Turn, ...], Summary | None]:
            start = tx.summarised_until(thread_id)
            fitted = fit(transcript(tx.all_events(thread_id, start)), budget)
            told = Summary(text=fitted.summary, until_seq=fitted.until_seq) if fitted.summary else None
            return fitted.turns, told

        turns, told = await self._store.read(read)
        if told is not None:
            self._put(told)
        return turns

    async def _ask_again(self, context: RunContext) -> list[str]:
        """After a restart: the graph says again what it waits for; no model is asked, nothing is said twice."""
        self._said = await self._store.read(lambda tx: said_so_far(tx, self.record, self.request.agent))
        self.engine.load(self._key, self.record.checkpoint or b"")
        return await self.engine.run(self._key, self._put, context)

    async def _keep(self, asked: list[str]) -> None:
        """State `waiting`: with its checkpoint in the same transaction, so that the approval survives a restart."""
        if self._kept or any(self._actions[i].done() for i in asked):
            return
        blob = self.engine.dump(self._key)

        def work(tx: Transaction) -> None:
            tx.check_lease(self.lease)
            tx.set_run(self.record.thread_id, self.record.id, state="waiting", checkpoint=blob)

        await self._store.write(work)
        self._kept = True

    def _put(self, event: EventData | Action) -> None:
        if isinstance(event, Action):
            if event.id not in self._actions:  # begun at once: specialists beside it may go on for a while
                self._actions[event.id] = asyncio.create_task(self.actions.carry_out(event))
            return
        self._clock.last = time.monotonic()
        if not self._said.take(event):
            return
        if self._said.characters > self._limits.characters:
            raise RunFailed(
                "limit", f"The answer is longer than {self._limits.characters:,} characters and was ended."
            )
        if self._kept:
            self._go_on(event)
        else:
            self._store.append(self.lease, self.record.id, event)

    def _emit(self, event: EventData) -> None:
        """What an action tells while the graph waits for it. The checkpoint stays good: the graph has not moved."""
        if self._over:
            return  # the end of a run is its last event
        self._clock.last = time.monotonic()
        self._store.append(self.lease, self.record.id, event)

    def _show(self, artifact: Artifact, forms: Mapping[str, bytes]) -> None:
        """What an action shows. Forms too large for an event are stored with it, or neither is."""
        if not forms or self._over:
            return self._emit(artifact)
        self._clock.last = time.monotonic()
        thread_id, run_id, lease = self.record.thread_id, self.record.id, self.lease

        def work(tx: Transaction) -> None:
            tx.check_lease(lease)
            tx.keep_artifact(thread_id, artifact.id, forms)
            tx.append(thread_id, run_id, artifact)

        self._store.write(work, lease).add_done_callback(self._written)
        return None

    def _go_on(self, event: EventData) -> None:
        """The first event after a resume: a checkpoint older than the log would say the same again, so it goes."""
        self._kept = False
        thread_id, run_id, lease = self.record.thread_id, self.record.id, self.lease

        def work(tx: Transaction) -> None:
            tx.check_lease(lease)
            tx.set_run(thread_id, run_id, state="running", checkpoint=None)
            tx.append(thread_id, run_id, event)

        self._store.write(work, lease).add_done_callback(self._written)

    def _written(self, future: asyncio.Future[None]) -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, Exception):
            self.fail(error)

    def _new_message_id(self) -> str:
        self._said.messages += 1
        return f"m{self.record.number}.{self._said.messages}"

    # -- time ---------------------------------------------------------------------------------------------------

    def _waiting(self, seconds: float) -> None:
        """A person took so long; that time does not count."""
        self._clock.waited += seconds
        self._clock.last = time.monotonic()

    def _watch(self) -> None:
        now, limits = time.monotonic(), self._limits
        if not self.actions.busy:
            if now - self._clock.last > limits.idle:
                sentence = f"Nothing happened for {limits.idle:.0f} s, so the run was ended. The text so far is kept."
                return self.fail(RunFailed("timeout", sentence, retryable=True))
            if now - self._clock.began - self._clock.waited > limits.total:
                sentence = (
                    f"The run took longer than {limits.total:.0f} s and was ended. The text so far is kept."
                )
                return self.fail(RunFailed("timeout", sentence, retryable=True))
        pause = min(limits.idle, limits.total) / 10
        self._timer = asyncio.get_running_loop().call_later(min(pause, 5.0), self._watch)
        return None


def _close(
    lease: Lease,
    record: RunRecord,
    changes: KernelChanges | None,
    event: Done | RunError,
    answer: str,
    tx: Transaction,
) -> Ended:
    return end_run(tx, lease, record, event, answer, changes)
