"""Decisions of people about actions, as transactions; and what earlier ones cover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, get_args

from jupyter_aichat.actions.action import ActionResult
from jupyter_aichat.actions.policy import ActGrant, ActKind, Grant, Scope
from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.events import ActionView, ApprovalEnd
from jupyter_aichat.runs.queueing import must_be_here

if TYPE_CHECKING:
    from jupyter_aichat.protocol.commands import Approve
    from jupyter_aichat.store import ApprovalRecord, Transaction

__all__ = [
    "CHANGED",
    "EDITED",
    "STALE",
    "act_grants",
    "grants",
    "kernel_of",
    "result_of",
    "settle_by",
    "settle_stale",
]

EDITED: Final = {
    "run_code": "code",
    "run_sql": "sql",
    "insert_cell": "source",
    "replace_cell": "source",
    "write_file": "content",
}
"""Which argument of an action a person may change before approving it."""

STALE: Final = (
    "The kernel was restarted or is gone since, so this approval no longer applies. Nothing was run."
)

CHANGED: Final = (
    "The cell or file it is about has changed since, so this approval no longer applies. Nothing was done; "
    "read it again before you propose anything."
)

_WIDE: Final[tuple[Literal["run", "thread"], ...]] = ("run", "thread")


def grants(records: list[ApprovalRecord]) -> list[Grant]:
    """What a person has allowed so far."""
    return [
        Grant(r.host or "", r.files, _scope(r.scope), r.run_id)
        for r in records
        if r.kind == "share_files" and r.state == "approved"
    ]


def act_grants(records: Sequence[ApprovalRecord]) -> list[ActGrant]:
    """What a person has allowed of actions so far. What was edited covers what it was edited to, and nothing wider."""
    found: list[ActGrant] = []
    for record in records:
        scope: Literal["once", "run", "thread"] = next((s for s in _WIDE if s == record.scope), "once")
        if record.kind == "share_files" or record.state != "approved":
            continue
        kind = next(k for k in get_args(ActKind) if k == record.kind)
        view = ActionView.model_validate_json(record.view)
        where = (view.kernel_id, record.generation, view.notebook if view.kernel_id is None else None)
        found.append(ActGrant(scope, kind, record.digest, record.thread_id, record.run_id, *where))
    return found


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


def kernel_of(record: ApprovalRecord) -> str:
    """The kernel that a question is about; "" where it is about none."""
    return ActionView.model_validate_json(record.view).kernel_id or ""


def settle_stale(tx: Transaction, record: ApprovalRecord) -> bool:
    """End a question whose kernel is another one by now. False: somebody was quicker."""
    ended = tx.settle_approval(record.thread_id, record.id, state="cancelled", reason=STALE)
    if ended:
        end = ApprovalEnd(approval_id=record.id, decision="cancelled", reason=STALE)
        tx.append(record.thread_id, record.run_id, end)
    return ended


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
    if command.decision == "edit":
        if record.kind not in EDITED:
            raise CommandRefused(
                "bad_request", "Only code, SQL and texts can be edited before they are approved."
            )
        return [_settle(tx, record, "edited", "once", None, command.code)]
    covered = [record]
    if record.kind == "share_files" and scope in {"run", "thread"}:
        others = tx.approvals(thread_id, state="pending")
        covered += [
            a
            for a in others
            if a.id != record.id
            and a.kind == "share_files"
            and a.host == record.host
            and (scope == "thread" or a.run_id == record.run_id)
        ]
    return [_settle(tx, a, "approved", scope, None) for a in covered]


def _settle(
    tx: Transaction,
    record: ApprovalRecord,
    state: Literal["approved", "edited", "denied"],
    scope: str | None,
    reason: str | None,
    edited: str | None = None,
) -> ApprovalRecord:
    if not tx.settle_approval(
        record.thread_id, record.id, state=state, scope=scope, reason=reason, edited=edited
    ):
        raise CommandRefused("not_pending", "Somebody else has decided already.")
    end = ApprovalEnd.model_validate(
        {"approval_id": record.id, "decision": state, "scope": scope, "reason": reason}
    )
    tx.append(record.thread_id, record.run_id, end)
    settled = tx.approval(record.thread_id, record.id)
    return settled or record
