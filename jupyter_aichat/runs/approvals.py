"""Approvals of one run: policy first, then a person. The store's row is the ledger.

An action is known by its id, which is stable over re-asks and restarts: an action that was decided before is not asked again.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.actions.policy import Grant, Scope, digest, permitted
from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.events import ActionView, ApprovalEnd, ApprovalRequest
from jupyter_aichat.runs.queueing import must_be_here
from jupyter_aichat.runs.request import Approvals as Mode

if TYPE_CHECKING:
    from jupyter_aichat.protocol.commands import Approve
    from jupyter_aichat.store import ApprovalRecord, Lease, RunRecord, Store, Transaction

__all__ = ["Approvals", "grants", "result_of", "settle_by"]

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
        from jupyter_aichat.store import ApprovalRecord

        known = await self._store.write(lambda tx: self._ask(tx, action, ApprovalRecord))
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

    def _ask(
        self, tx: Transaction, action: Action, record_type: type[ApprovalRecord]
    ) -> ApprovalRecord | str | None:
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
        now = datetime.now(UTC)
        record = record_type(
            thread_id=thread_id,
            run_id=run_id,
            id=secrets.token_urlsafe(16),
            action_id=action.id,
            call_id=action.call_id,
            agent=action.agent,
            kind=action.kind,
            digest=bound,
            host=action.args["host"],
            files=tuple(action.args["files"]),
            state="pending",
            scope=None,
            reason=None,
            created_at=_iso(now),
            expires_at=_iso(now + timedelta(seconds=self._lifetime)),
        )
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
        action=ActionView(kind="share_files", host=record.host, files=list(record.files)),
        digest=record.digest,
        expires_at=record.expires_at,
    )


def grants(records: list[ApprovalRecord]) -> list[Grant]:
    """What a person has allowed so far."""
    return [
        Grant(r.host or "", r.files, _scope(r.scope), r.run_id)
        for r in records
        if r.state in {"approved", "edited"}
    ]


def _scope(text: str | None) -> Scope:
    return next((s for s in get_args(Scope) if s == text), "once")


def result_of(state: str, reason: str | None) -> ActionResult:
    """What the tool hears of a decision."""
    if state in {"approved", "edited"}:
        return {"status": "ok"}
    if state == "expired":
        return {"status": "denied", "reason": "nobody decided in time"}
    result: ActionResult = {"status": "cancelled" if state == "cancelled" else "denied"}
    if reason:
        result["reason"] = reason
    return result


def settle_by(
    tx: Transaction, owner: str, thread_id: str, command: Approve, *, server: str
) -> list[ApprovalRecord]:
    """Take a person's decision: the approvals that it settles. The first one wins.

    Raises `CommandRefused`: `not_pending`, `digest_mismatch`, `conflict`, `not_found`.
    """
    gone = CommandRefused("not_pending", "This approval is not pending any more, or never was.")
    if not tx.has_thread(owner, thread_id):
        raise gone
    record = tx.approval(thread_id, command.approval_id)
    if record is None or record.state != "pending":
        raise gone
    must_be_here(tx, thread_id, server)
    if record.digest != command.digest:
        raise CommandRefused("digest_mismatch", "The decision is for another action than the one that waits.")
    if datetime.fromisoformat(record.expires_at) <= datetime.now(UTC):
        raise gone
    if command.decision == "deny":
        return [_settle(tx, record, "denied", None, command.reason)]
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
    return [_settle(tx, a, "approved", scope, None) for a in covered]


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


def _end(tx: Transaction, record: ApprovalRecord, how: Literal["expired", "cancelled"]) -> bool:
    """End a question that no person has answered. False: it was not pending any more."""
    ended = tx.settle_approval(record.thread_id, record.id, state=how)
    if ended:
        tx.append(record.thread_id, record.run_id, ApprovalEnd(approval_id=record.id, decision=how))
    return ended


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
