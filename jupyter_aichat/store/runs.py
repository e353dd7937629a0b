"""Runs inside a transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.snapshot import RunState
from jupyter_aichat.store.records import UNSET, RunRecord, Unset
from jupyter_aichat.store.schema import RUN, THREAD
from jupyter_aichat.store.scope import not_found
from jupyter_aichat.store.threads import ThreadScope

__all__ = ["RunScope", "run_record", "select_runs"]


class RunScope(ThreadScope):
    """The part of a transaction that knows runs. Who may see them was asked before, by `thread(owner, …)`."""

    def insert_run(
        self,
        thread_id: str,
        *,
        state: RunState,
        client_id: str | None,
        body_digest: str | None,
        request: bytes,
    ) -> RunRecord:
        """A new run with the thread's next number. `request` is the JSON of the message that asks for it.

        Raises `CommandRefused`: `conflict` if the thread has a run for that `client_id`, `not_found`.
        """
        if self._writing().place(thread_id) is None:
            raise not_found(thread_id)
        one = THREAD.c.id == thread_id
        self._connection.execute(sa.update(THREAD).where(one).values(runs=THREAD.c.runs + 1))
        number = self._connection.execute(sa.select(THREAD.c.runs).where(one)).scalar_one()
        new = {
            "thread_id": thread_id,
            "number": number,
            "id": f"r{number}",
            "state": state,
            "client_id": client_id,
            "body_digest": body_digest,
            "request": request,
            "created_at": self._now(),
        }
        try:
            with self._connection.begin_nested():
                self._connection.execute(sa.insert(RUN).values(new))
        except sa.exc.IntegrityError:
            msg = (
                f"The thread has a run for client_id {client_id!r} already. Send a new message with a new id."
            )
            raise CommandRefused("conflict", msg) from None
        run = self.run(thread_id, f"r{number}")
        assert run is not None  # noqa: S101  it was inserted three lines above
        return run

    def run(self, thread_id: str, run_id: str) -> RunRecord | None:
        """The run, or `None`."""
        return self._first_run(RUN.c.thread_id == thread_id, RUN.c.id == run_id)

    def run_by_client(self, thread_id: str, client_id: str) -> RunRecord | None:
        """The run that a message with this `client_id` began, or `None`."""
        return self._first_run(RUN.c.thread_id == thread_id, RUN.c.client_id == client_id)

    def runs(self, thread_id: str, states: Collection[RunState]) -> list[RunRecord]:
        """The thread's runs in these states, in order."""
        wanted = (
            select_runs().where(RUN.c.thread_id == thread_id, RUN.c.state.in_(states)).order_by(RUN.c.number)
        )
        return [run_record(row) for row in self._connection.execute(wanted)]

    def set_run(
        self,
        thread_id: str,
        run_id: str,
        *,
        state: RunState | Unset = UNSET,
        checkpoint: bytes | Unset | None = UNSET,
    ) -> None:
        """Change what is given. Raises `CommandRefused` (`not_found`) if there is no such run."""
        self._writing()
        given = {"state": state, "checkpoint": checkpoint}
        values = {name: value for name, value in given.items() if value is not UNSET}
        one = (RUN.c.thread_id == thread_id, RUN.c.id == run_id)
        if values and self._connection.execute(sa.update(RUN).where(*one).values(values)).rowcount == 0:
            msg = f"Thread {thread_id!r} has no run {run_id!r}."
            raise CommandRefused("not_found", msg)

    def _first_run(self, *conditions: sa.ColumnElement[bool]) -> RunRecord | None:
        row = self._connection.execute(select_runs().where(*conditions)).first()
        return None if row is None else run_record(row)


def select_runs() -> sa.Select[Any]:
    """All runs, with their thread's owner."""
    return sa.select(RUN, THREAD.c.owner).join(THREAD, THREAD.c.id == RUN.c.thread_id)


def run_record(row: sa.Row[Any]) -> RunRecord:
    """The record of a row of `select_runs`."""
    return RunRecord(
        thread_id=row.thread_id,
        owner=row.owner,
        id=row.id,
        number=row.number,
        state=row.state,
        client_id=row.client_id,
        body_digest=row.body_digest,
        request=bytes(row.request),
        checkpoint=None if row.checkpoint is None else bytes(row.checkpoint),
        created_at=row.created_at,
    )
