"""Approvals of one run: policy first, then a person. The store's row is the ledger.

An action is known by its id, which is stable over re-asks and restarts: an action that was decided before is not asked again.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.actions.policy import Grant, Scope, digest, permitted
from jupyter_aichat.protocol.events import ActionView, ApprovalEnd, ApprovalRequest
from jupyter_aichat.runs.request import Approvals as Mode

if TYPE_CHECKING:
    from jupyter_aichat.store import ApprovalRecord, RunRecord, Store, Transaction

__all__ = ["Approvals", "grants", "result_of"]

_NOBODY: ActionResult = {"status": "denied", "reason": "nobody can be asked from where this message was sent"}


class Approvals:
    """Decides the actions of one run. `waited` is told how many seconds a person took."""

    def __init__(
        self, store: Store, record: RunRecord, mode: Mode, lifetime: float, waited: Callable[[float], None]
    ) -> None:
        self._store = store
        self._record = record
        self._mode = mode
        self._lifetime = lifetime
        self._waited = waited
        self._answers: dict[str, asyncio.Future[ActionResult]] = {}

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
        earlier = tx.approvals(thread_id)
        for record in earlier:
            if record.run_id == run_id and record.action_id == action.id:
                return record
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
            digest=digest(action),
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
        began = time.monotonic()
        left = (datetime.fromisoformat(record.expires_at) - datetime.now(UTC)).total_seconds()
        answer = self._answer(record.id)
        try:
            done, _ = await asyncio.wait([answer], timeout=max(left, 0.0))
        finally:
            self._waited(time.monotonic() - began)
        if done:
            return answer.result()
        if await self._store.write(lambda tx: _expire(tx, record)):
            self.settle(record.id, result_of("expired", None))
        return await answer

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


def _expire(tx: Transaction, record: ApprovalRecord) -> bool:
    expired = tx.settle_approval(record.thread_id, record.id, state="expired")
    if expired:
        tx.append(record.thread_id, record.run_id, ApprovalEnd(approval_id=record.id, decision="expired"))
    return expired


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
