"""The queue of a thread, as transactions: a message is taken in, taken back, and begun in its turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.events import Done, RunError, RunQueued, RunStart
from jupyter_aichat.runs.ending import close_run
from jupyter_aichat.runs.request import Request
from jupyter_aichat.runs.state import OPEN, move

if TYPE_CHECKING:
    from jupyter_aichat.protocol.snapshot import RunState
    from jupyter_aichat.store import Lease, RunRecord, Transaction

__all__ = ["Accepted", "accept", "begin_queued", "cancel_queued", "first_queued", "must_be_here"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message is stored: as `run_id`, behind `queued` others."""

    run_id: str
    queued: int


def accept(
    tx: Transaction,
    owner: str,
    thread_id: str,
    request: Request,
    *,
    client_id: str | None,
    model: str,
    room: int,
) -> tuple[Accepted, tuple[RunRecord, Lease] | None]:
    """Store a message, as the run that begins now (then with its lease) or behind others, of which `room` may wait.

    Raises `CommandRefused`: `conflict`, `busy`, `not_found`.
    """
    tx.thread(owner, thread_id, create=True)
    digest = request.digest()
    earlier = tx.run_by_client(thread_id, client_id) if client_id else None
    if earlier is not None:
        if earlier.body_digest != digest:
            raise CommandRefused("conflict", f"client_id {client_id!r} was used for another message.")
        before = [r for r in tx.runs(thread_id, OPEN) if r.number < earlier.number]
        return Accepted(earlier.id, len(before) if earlier.state == "queued" else 0), None
    lease = tx.take_lease(thread_id)
    ahead = len(tx.runs(thread_id, OPEN))
    if ahead > room:
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
        return Accepted(record.id, ahead), None
    start = RunStart(message=message, client_id=client_id, agent=request.agent, model=model)
    tx.append(thread_id, record.id, start)
    return Accepted(record.id, 0), (record, lease)


def cancel_queued(tx: Transaction, owner: str, thread_id: str, run_id: str | None, *, server: str) -> None:
    """Take back one message that waits, or all of them.

    Raises `CommandRefused` (`conflict`) when what is to be stopped is at work on another server than `server`.
    """
    if not tx.has_thread(owner, thread_id):
        return
    queued = [r for r in tx.runs(thread_id, ["queued"]) if run_id in {None, r.id}]
    if run_id is None or not queued:
        must_be_here(tx, thread_id, server)
    for record in queued:
        move(record.state, "cancel")
        agent = Request.load(record.request).agent
        close_run(tx, record, Done(content="", agent=agent, outcome="cancelled", duration_ms=0))


def first_queued(tx: Transaction, thread_id: str) -> tuple[RunRecord, Lease] | None:
    """The message whose turn it is, with the thread's lease. When none waits the lease is given back.

    Raises `CommandRefused` (`conflict`) when another server has taken the thread over.
    """
    lease = tx.take_lease(thread_id)
    queued = tx.runs(thread_id, ["queued"])
    if queued:
        return queued[0], lease
    tx.release_lease(lease)
    return None


def begin_queued(tx: Transaction, lease: Lease, record: RunRecord, event: RunStart | RunError) -> bool:
    """Begin a message that waits, or end it with the reason why it cannot begin. False: it was taken back meanwhile."""
    tx.check_lease(lease)
    now = tx.run(record.thread_id, record.id)
    if now is None or now.state != "queued":
        return False
    if isinstance(event, RunError):
        close_run(tx, record, event)
    else:
        tx.set_run(record.thread_id, record.id, state=move(now.state, "begin"))
        tx.append(record.thread_id, record.id, event)
    return True


def must_be_here(tx: Transaction, thread_id: str, server: str) -> None:
    """Raise `CommandRefused` (`conflict`) when another server than `server` works on the thread."""
    holder = tx.lease_owner(thread_id)
    if holder is not None and holder != server:
        raise CommandRefused("conflict", f"This conversation is at work on another server: {holder}.")
