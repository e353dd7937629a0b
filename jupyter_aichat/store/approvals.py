"""Approvals inside a transaction. Only one decision can win: the update's own condition sees to that."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from jupyter_aichat.store.records import ApprovalRecord, ApprovalState
from jupyter_aichat.store.schema import APPROVAL
from jupyter_aichat.store.scope import Scope

__all__ = ["ApprovalScope"]


class ApprovalScope(Scope):
    """The part of a transaction that knows approvals. Who may decide was asked before, by `thread(owner, …)`."""

    def insert_approval(self, approval: ApprovalRecord) -> None:
        """Keep what a person is asked. Its id is made by the caller, of at least 128 random bits."""
        self._writing()
        values = {**asdict(approval), "files": list(approval.files)}
        self._connection.execute(sa.insert(APPROVAL).values(values))

    def approval(self, thread_id: str, approval_id: str) -> ApprovalRecord | None:
        """The approval, or `None`."""
        one = (APPROVAL.c.thread_id == thread_id, APPROVAL.c.id == approval_id)
        row = self._connection.execute(sa.select(APPROVAL).where(*one)).first()
        return None if row is None else _record(row)

    def approvals(
        self, thread_id: str, *, run_id: str | None = None, state: ApprovalState | None = None
    ) -> list[ApprovalRecord]:
        """The thread's approvals, of one run or in one state if that is given; oldest first."""
        wanted = sa.select(APPROVAL).where(APPROVAL.c.thread_id == thread_id)
        if run_id is not None:
            wanted = wanted.where(APPROVAL.c.run_id == run_id)
        if state is not None:
            wanted = wanted.where(APPROVAL.c.state == state)
        wanted = wanted.order_by(APPROVAL.c.created_at, APPROVAL.c.id)
        return [_record(row) for row in self._connection.execute(wanted)]

    def settle_approval(
        self,
        thread_id: str,
        approval_id: str,
        *,
        state: ApprovalState,
        scope: str | None = None,
        reason: str | None = None,
        edited: str | None = None,
        digest: str | None = None,
        now: str | None = None,
    ) -> bool:
        """Decide. `True` if this decision is the one that counts.

        `False` if the approval is not pending any more, is for another `digest` (where given), or had expired by `now`
        (ISO 8601 as on the wire, where given); then nothing has changed.
        """
        self._writing()
        still = [
            APPROVAL.c.thread_id == thread_id,
            APPROVAL.c.id == approval_id,
            APPROVAL.c.state == "pending",
        ]
        if digest is not None:
            still.append(APPROVAL.c.digest == digest)
        if now is not None:
            still.append(APPROVAL.c.expires_at > now)
        decision = {"state": state, "scope": scope, "reason": reason, "edited": edited}
        return self._connection.execute(sa.update(APPROVAL).where(*still).values(decision)).rowcount == 1


def _record(row: sa.Row[Any]) -> ApprovalRecord:
    values = dict(zip(APPROVAL.c.keys(), row, strict=True))
    return ApprovalRecord(**{**values, "files": tuple(row.files)})
