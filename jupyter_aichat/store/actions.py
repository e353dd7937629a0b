"""The ledger of actions inside a transaction: each is begun at most once, whatever crashes."""

from __future__ import annotations

import sqlalchemy as sa

from jupyter_aichat.store.records import ActionRecord
from jupyter_aichat.store.schema import ACTION
from jupyter_aichat.store.scope import Scope

__all__ = ["ActionScope"]


class ActionScope(Scope):
    """The part of a transaction that knows what was performed."""

    def action(self, thread_id: str, run_id: str, action_id: str) -> ActionRecord | None:
        """What is known of the action; `None`: it was never begun."""
        row = self._connection.execute(sa.select(ACTION).where(*_one(thread_id, run_id, action_id))).first()
        return None if row is None else ActionRecord(row.thread_id, row.run_id, row.id, row.result)

    def begin_action(self, thread_id: str, run_id: str, action_id: str) -> bool:
        """Write down that the action is about to be performed. False: it was begun before, and must not be performed."""
        self._writing()
        if self.action(thread_id, run_id, action_id) is not None:
            return False
        row = {"thread_id": thread_id, "run_id": run_id, "id": action_id, "begun_at": self._now()}
        self._connection.execute(sa.insert(ACTION).values(row))
        return True

    def end_action(self, thread_id: str, run_id: str, action_id: str, result: str) -> None:
        """Write down what came of it (JSON)."""
        self._writing()
        self._connection.execute(
            sa.update(ACTION).where(*_one(thread_id, run_id, action_id)).values(result=result)
        )


def _one(thread_id: str, run_id: str, action_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (ACTION.c.thread_id == thread_id, ACTION.c.run_id == run_id, ACTION.c.id == action_id)
