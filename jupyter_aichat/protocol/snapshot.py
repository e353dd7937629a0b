"""Snapshot: the fold of a thread's log up to a position. What a client shows when it opens a thread.

`runs/fold.py` and `labextension/src/state/reducer.ts` make the same snapshot of the same events.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from jupyter_aichat.errors import RunCode
from jupyter_aichat.protocol.events import (
    ActionView,
    Effects,
    Handoff,
    KernelChanges,
    Part,
    PlanStep,
    ToolStatus,
    UsageTotal,
)

__all__ = [
    "ApprovalPart",
    "ArtifactPart",
    "NotebookPart",
    "RunState",
    "Snapshot",
    "SnapshotMessage",
    "SnapshotRun",
    "ThreadView",
    "ToolPart",
]

RunState = Literal["queued", "running", "waiting", "completed", "cancelled", "failed"]


class ToolPart(Part):
    """A tool call of a message. `handoff` is there when the tool is a specialist. `stdout` joins its `tool_output`s."""

    type: Literal["tool"] = "tool"
    call_id: str
    name: str
    args: dict[str, Any]
    agent: str
    status: Literal["running"] | ToolStatus
    output: str | None = None
    stdout: str | None = None
    duration_ms: int | None = None
    handoff: Handoff | None = None


class ApprovalPart(Part):
    """An approval, pending while it has no `decision`."""

    type: Literal["approval"] = "approval"
    approval_id: str
    call_id: str
    agent: str
    action: ActionView
    digest: str
    effects: Effects | None = None
    expires_at: str
    decision: Literal["approved", "edited", "denied", "expired", "cancelled"] | None = None
    scope: Literal["once", "run", "thread", "always"] | None = None
    reason: str | None = None


class ArtifactPart(Part):
    """Something to look at or keep."""

    type: Literal["artifact"] = "artifact"
    id: str
    call_id: str | None = None
    agent: str
    title: str | None = None
    bundle: dict[str, Any]
    metadata: dict[str, Any] | None = None


class NotebookPart(Part):
    """Something done, or to be done, in an open notebook. It waits for a client while it has no `status`."""

    type: Literal["notebook"] = "notebook"
    action_id: str
    call_id: str
    agent: str
    kind: Literal["insert_cell", "replace_cell", "run_cell"]
    notebook: str
    args: dict[str, Any]
    status: ToolStatus | None = None
    result: dict[str, Any] | None = None


class SnapshotMessage(Part):
    """One message, in the order of its first event. `created_at` is the time of the last timed event up to it."""

    id: str
    role: Literal["user", "assistant"]
    agent: str | None = None
    content: str
    reasoning: str | None = None
    parts: list[Annotated[ToolPart | ApprovalPart | ArtifactPart | NotebookPart, Field(discriminator="type")]]
    run_id: str
    created_at: str
    context: list[dict[str, Any]] | None = None
    client_id: str | None = None


class RunFailure(Part):
    """How a run failed."""

    error: str
    code: RunCode
    retryable: bool
    host: str | None = None
    model: str | None = None
    retry_after: float | None = None


class SnapshotStatus(Part):
    """What goes on right now; gone when the run has ended."""

    agent: str
    text: str
    progress: float | None = None


class SnapshotRun(Part):
    """One run. `message_id` is the person's message. `speaking` is the path to the agent at work, while it runs."""

    id: str
    state: RunState
    message_id: str
    agent: str | None = None
    model: str | None = None
    speaking: list[str] | None = None
    status: SnapshotStatus | None = None
    plan: list[PlanStep] | None = None
    usage: UsageTotal | None = None
    duration_ms: int | None = None
    failure: RunFailure | None = None
    changes: KernelChanges | None = None
    """What the run did to the kernel's variables."""
    started_at: str | None = None
    ended_at: str | None = None


class ThreadView(Part):
    """A thread as the list shows it. Times are ISO 8601, UTC. `here`: it belongs to this server's root."""

    id: str
    title: str
    created_at: str
    updated_at: str
    pinned: bool
    running: bool
    here: bool


class Snapshot(Part):
    """A thread's fold. `run_id` is the run that is running or waiting."""

    id: str
    title: str
    epoch: str
    head: int
    run_id: str | None = None
    messages: list[SnapshotMessage]
    runs: list[SnapshotRun]
