"""Approvals of one run: policy first, then a person. The store's row is the ledger.

An action is known by its id, which is stable over re-asks and restarts: an action that was decided before is not asked again.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.actions.policy import digest, permitted
from jupyter_aichat.protocol.events import ActionView, ApprovalEnd, ApprovalRequest, Effects
from jupyter_aichat.runs.decisions import grants, result_of
from jupyter_aichat.runs.request import Approvals as Mode

if TYPE_CHECKING:
    from jupyter_aichat.store import ApprovalRecord, Lease, RunRecord, Store, Transaction

__all__ = ["Approvals", "Question", "request_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is to decide. `generation` is that of the kernel that it is about."""

    view: ActionView
    effects: Effects | None
    digest: str
    generation: str | None = None


_NOBODY: ActionResult = {"status": "denied", "reason": "nobody can be asked from where this message was sent"}


class Approvals:
    """Decides the actions of one run. `waited` is told for how many seconds at least one person's decision was open."""

    def __init__(
        self,
        store: Store,
        lease: Lease,
        record: RunRecord,
        mode: Mode,
        lifetime: float,
        waited: Callable[[float], None],
    ) -> None:
        self._store = store
        self._lease = lease
        self._record = record
        self._mode = mode
        self._lifetime = lifetime
        self._waited = waited
        self._answers: dict[str, asyncio.Future[ActionResult]] = {}
        self._open = 0
        self._since = 0.0

    @property
    def pending(self) -> bool:
        """Whether a person is being waited for."""
        return any(not f.done() for f in self._answers.values())

    async def decide(self, action: Action) -> ActionResult:
        """What comes of an action: by an earlier decision, by policy, or by asking and waiting."""
        known = await self._store.write(lambda tx: self._ask(tx, action))
        if known is None:
            return {"status": "ok"}
        if isinstance(known, str):
            return _NOBODY
        if known.state != "pending":
            return result_of(known.state, known.reason)
        return await self._wait(known)

    def settle(self, approval_id: str, result: ActionResult) -> None:
        """A decision has been committed."""
        answer = self._answer(approval_id)
        if not answer.done():
            answer.set_result(result)

    async def ask(self, action: Action, question: Question) -> ApprovalRecord:
        """Ask a person about an action in the kernel or the notebook and wait; the record with the decision.

        The same action with the same digest is asked once, whatever happens in between. Where nobody can be asked the
        record is a denied one that was never stored.
        """
        record, stored = await self._store.write(lambda tx: self._question(tx, action, question))
        if not stored or record.state != "pending":
            return record
        return await self.wait(record)

    async def wait(self, record: ApprovalRecord) -> ApprovalRecord:
        """Wait for the decision about what was asked, perhaps before a restart; gives the record with it."""
        result = await self._wait(record)
        known = await self._store.read(lambda tx: tx.approval(record.thread_id, record.id))
        if known is not None and known.state != "pending":
            return known
        return replace(record, state="cancelled", reason=result.get("reason"))

    async def decided(self, action: Action) -> ApprovalRecord | None:
        """What was asked about this action before, of this run."""

        def read(tx: Transaction) -> ApprovalRecord | None:
            records = tx.approvals(self._record.thread_id, run_id=self._record.id)
            return next((r for r in reversed(records) if r.action_id == action.id), None)

        return await self._store.read(read)

    def _question(self, tx: Transaction, action: Action, question: Question) -> tuple[ApprovalRecord, bool]:
        tx.check_lease(self._lease)
        for record in tx.approvals(self._record.thread_id, run_id=self._record.id):
            if record.action_id != action.id:
                continue
            if record.digest == question.digest:
                return record, True
            if record.state == "pending":  # the kernel is another one since: another question
                _end(tx, record, "cancelled")
        record = self._new(action, question)
        if self._mode == "deny":
            return replace(record, state="denied", reason=_NOBODY["reason"]), False
        tx.insert_approval(record)
        tx.append(record.thread_id, record.run_id, request_of(record))
        return record, True

    def _new(self, action: Action, question: Question) -> ApprovalRecord:
        from jupyter_aichat.store import ApprovalRecord

        now = datetime.now(UTC)
        return ApprovalRecord(
            thread_id=self._record.thread_id,
            run_id=self._record.id,
            id=secrets.token_urlsafe(16),
            action_id=action.id,
            call_id=action.call_id,
            agent=action.agent,
            kind=action.kind,
            digest=question.digest,
            host=question.view.host,
            files=tuple(question.view.files or ()),
            state="pending",
            scope=None,
            reason=None,
            created_at=_iso(now),
            expires_at=_iso(now + timedelta(seconds=self._lifetime)),
            view=question.view.model_dump_json(exclude_none=True),
            effects=question.effects.model_dump_json(exclude_none=True) if question.effects else "",
            generation=question.generation,
        )

    def _ask(self, tx: Transaction, action: Action) -> ApprovalRecord | str | None:
        thread_id, run_id = self._record.thread_id, self._record.id
        tx.check_lease(self._lease)
        earlier = tx.approvals(thread_id)
        bound = digest(action)
        for record in earlier:
            if record.run_id != run_id or record.action_id != action.id:
                continue
            if record.digest == bound:
                return record
            if record.state == "pending":  # the model is at another host since a restart: another question
                _end(tx, record, "cancelled")
        if permitted(action, grants(earlier), run_id=run_id):
            return None
        if self._mode == "deny":
            return "deny"
        view = ActionView(kind="share_files", host=action.args["host"], files=list(action.args["files"]))
        record = self._new(action, Question(view, None, bound))
        tx.insert_approval(record)
        tx.append(thread_id, run_id, request_of(record))
        return record

    async def _wait(self, record: ApprovalRecord) -> ActionResult:
        if not self._open:
            self._since = time.monotonic()
        self._open += 1
        left = (datetime.fromisoformat(record.expires_at) - datetime.now(UTC)).total_seconds()
        answer = self._answer(record.id)
        try:
            done, _ = await asyncio.wait([answer], timeout=max(left, 0.0))
        finally:
            self._open -= 1
            if not self._open:
                self._waited(time.monotonic() - self._since)
        if done:
            return answer.result()
        if await self._store.write(lambda tx: self._expire(tx, record)):
            self.settle(record.id, result_of("expired", None))
        return await answer

    def _expire(self, tx: Transaction, record: ApprovalRecord) -> bool:
        tx.check_lease(self._lease)
        return _end(tx, record, "expired")

    def _answer(self, approval_id: str) -> asyncio.Future[ActionResult]:
        if approval_id not in self._answers:
            self._answers[approval_id] = asyncio.get_running_loop().create_future()
        return self._answers[approval_id]


def request_of(record: ApprovalRecord) -> ApprovalRequest:
    """The event that asks a person."""
    return ApprovalRequest(
        approval_id=record.id,
        call_id=record.call_id,
        agent=record.agent,
        action=ActionView.model_validate_json(record.view),
        digest=record.digest,
        effects=Effects.model_validate_json(record.effects) if record.effects else None,
        expires_at=record.expires_at,
    )


def _end(tx: Transaction, record: ApprovalRecord, how: Literal["expired", "cancelled"]) -> bool:
    """End a question that no person has answered. False: it was not pending any more."""
    ended = tx.settle_approval(record.thread_id, record.id, state=how)
    if ended:
        tx.append(record.thread_id, record.run_id, ApprovalEnd(approval_id=record.id, decision=how))
    return ended


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
