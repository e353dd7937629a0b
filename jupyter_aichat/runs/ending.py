"""The end of a run: whatever is open is closed, then comes the one terminal event. One transaction.

Used by a run that ends by itself, by a cancel of a queued message, and by recovery after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from jupyter_aichat.actions.redact import redact
from jupyter_aichat.errors import CommandRefused, LeaseLost
from jupyter_aichat.protocol.events import (
    ApprovalEnd,
    Done,
    KernelChanges,
    NotebookResult,
    RunError,
    Title,
    ToolEnd,
    ToolResult,
)
from jupyter_aichat.runs.state import is_terminal
from jupyter_aichat.runs.title import title_of

if TYPE_CHECKING:
    from jupyter_aichat.protocol.snapshot import RunState
    from jupyter_aichat.store import Lease, RunRecord, Transaction

__all__ = ["Ended", "close_run", "end_run"]


@dataclass(frozen=True, slots=True)
class Ended:
    """What follows in the thread: the lease, while messages wait behind the run."""

    lease: Lease | None


def end_run(
    tx: Transaction,
    lease: Lease,
    record: RunRecord,
    event: Done | RunError,
    answer: str,
    changes: KernelChanges | None = None,
) -> Ended:
    """Close the run, after telling what it did to the kernel, and give the lease back, unless messages wait.

    Raises `LeaseLost` when another server has the thread or has ended the run, and the lease's own failure for a `done`:
    what it failed to write was part of the answer. An `error` is written under a new lease then.
    """
    lease = _still(tx, lease, record, event)
    close_run(tx, record, event, changes)
    if record.number == 1:
        _name(tx, record, answer)
    if tx.runs(record.thread_id, ["queued"]):
        return Ended(lease)
    tx.release_lease(lease)
    return Ended(None)


def _still(tx: Transaction, lease: Lease, record: RunRecord, event: Done | RunError) -> Lease:
    """The lease to end the run under."""
    if lease.failed is not None and (isinstance(event, Done) or isinstance(lease.failed, LeaseLost)):
        raise lease.failed
    if lease.failed is None:
        tx.check_lease(lease)
    else:
        try:
            lease = tx.take_lease(record.thread_id)
        except CommandRefused as refusal:
            raise LeaseLost(str(refusal)) from refusal
    current = tx.run(record.thread_id, record.id)
    if current is None or is_terminal(current.state):
        raise LeaseLost("Another server has ended this run.")
    return lease


def _name(tx: Transaction, record: RunRecord, answer: str) -> None:
    """Give the thread its title, unless it has one or was deleted meanwhile."""
    try:
        titled = tx.thread(record.owner, record.thread_id).title
    except CommandRefused:
        return
    title = title_of(redact(orjson.loads(record.request)["message"]).text, answer)
    if title and not titled:
        tx.append(record.thread_id, None, Title(title=title))


def close_run(
    tx: Transaction, record: RunRecord, event: Done | RunError, changes: KernelChanges | None = None
) -> None:
    """Close approvals, notebook actions and tool calls that are open, then the run."""
    thread_id, run_id = record.thread_id, record.id
    for approval in tx.approvals(thread_id, run_id=run_id, state="pending"):
        if tx.settle_approval(thread_id, approval.id, state="cancelled"):
            tx.append(thread_id, run_id, ApprovalEnd(approval_id=approval.id, decision="cancelled"))
    for action_id in _open_notebook_actions(tx, record):
        tx.append(thread_id, run_id, NotebookResult(action_id=action_id, status="unknown"))
    for end in _open_calls(tx, record):
        tx.append(thread_id, run_id, end)
    if changes is not None:
        tx.append(thread_id, run_id, changes)
    tx.append(thread_id, run_id, event)
    state: RunState = "failed" if isinstance(event, RunError) else event.outcome
    tx.set_run(thread_id, run_id, state=state, checkpoint=None)


def _open_notebook_actions(tx: Transaction, record: RunRecord) -> list[str]:
    asked: dict[str, None] = {}
    for event in tx.run_events(record.thread_id, record.id, types=("notebook_action", "notebook_result")):
        action_id: str = orjson.loads(event.data)["action_id"]
        if event.event_type == "notebook_action":
            asked[action_id] = None
        else:
            asked.pop(action_id, None)
    return list(asked)


def _open_calls(tx: Transaction, record: RunRecord) -> list[ToolEnd]:
    started: dict[str, tuple[str, str]] = {}
    for event in tx.run_events(record.thread_id, record.id, types=("tool_start", "tool_end")):
        data = orjson.loads(event.data)
        if event.event_type == "tool_start":
            started[data["tool"]["call_id"]] = (data["tool"]["name"], data["agent"])
        else:
            started.pop(data["tool"]["call_id"], None)
    return [
        ToolEnd(
            tool=ToolResult(
                call_id=call_id, name=name, output="Cancelled before it had ended.", status="cancelled"
            ),
            agent=agent,
        )
        for call_id, (name, agent) in reversed(started.items())
    ]
