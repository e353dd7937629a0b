"""Fold: from a thread's log to the snapshot that a reader sees. Pure.

The twin is `labextension/src/state/reducer.ts`; both are compared over `tests/transcripts/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from jupyter_aichat.protocol.events import KernelChanges, PlanStep, UsageTotal
from jupyter_aichat.protocol.snapshot import (
    ApprovalPart,
    ArtifactPart,
    NotebookPart,
    RunFailure,
    RunState,
    Snapshot,
    SnapshotMessage,
    SnapshotRun,
    SnapshotStatus,
    ToolPart,
)

__all__ = ["Fold", "Logged", "snapshot"]


class Logged(Protocol):
    """An event as the store gives it: `data` is JSON."""

    @property
    def seq(self) -> int:
        """Its number."""
        ...

    @property
    def run_id(self) -> str | None:
        """The run that it belongs to."""
        ...

    @property
    def event_type(self) -> str:
        """Its name on the wire."""
        ...

    @property
    def time(self) -> str | None:
        """When it happened, for those that carry a time."""
        ...

    @property
    def data(self) -> bytes:
        """Its JSON."""
        ...


@dataclass(slots=True)
class _Message:
    id: str
    role: str
    run_id: str
    created_at: str
    agent: str | None = None
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    context: list[dict[str, Any]] | None = None
    client_id: str | None = None


@dataclass(slots=True)
class _Run:
    id: str
    message_id: str
    state: RunState
    time: str = ""
    """Of the last timed event of this run."""
    agent: str | None = None
    model: str | None = None
    speaking: list[str] | None = None
    status: dict[str, Any] | None = None
    plan: list[dict[str, Any]] | None = None
    usage: dict[str, Any] | None = None
    duration_ms: int | None = None
    failure: dict[str, Any] | None = None
    changes: dict[str, Any] | None = None
    started_at: str | None = None
    ended_at: str | None = None
    pending: set[str] = field(default_factory=set)
    calls: dict[str, tuple[_Message, dict[str, Any]]] = field(default_factory=dict)
    last: dict[str, _Message] = field(default_factory=dict)
    """The last message of each agent."""


class Fold:
    """A thread's fold so far. `add` its events in order, then ask for the `snapshot`."""

    def __init__(self, thread_id: str, epoch: str) -> None:
        self.thread_id = thread_id
        self.epoch = epoch
        self.head = 0
        self.title = ""
        self._messages: dict[str, _Message] = {}
        self._runs: dict[str, _Run] = {}
        self._approvals: dict[str, dict[str, Any]] = {}
        self._notebook: dict[str, dict[str, Any]] = {}
        """What was asked of open notebooks, by run and action."""

    def add(self, event: Logged) -> None:
        """Take one event in. Unknown events only move the head."""
        self.head = event.seq
        handle = getattr(self, f"_on_{event.event_type}", None)
        if handle is None:
            return
        data = orjson.loads(event.data)
        if event.event_type == "title":
            self.title = data["title"]
            return
        run_id = event.run_id or ""
        run = self._runs.get(run_id)
        if run is None:
            if event.event_type not in {"run_queued", "run_start"}:
                return  # the log never has this; a reader does not fall over it
            run = self._runs[run_id] = _Run(run_id, data["message"]["id"], "queued")
        if event.time is not None:
            run.time = event.time
        handle(run, data)

    def snapshot(self) -> Snapshot:
        """What the events so far make."""
        runs = list(self._runs.values())
        current = next((r.id for r in runs if r.state in {"running", "waiting"}), None)
        return Snapshot(
            id=self.thread_id,
            title=self.title,
            epoch=self.epoch,
            head=self.head,
            run_id=current,
            messages=[_message_view(m) for m in self._messages.values()],
            runs=[_run_view(r) for r in runs],
        )

    def _on_title(self, run: _Run, data: dict[str, Any]) -> None:
        """Handled in `add`: it belongs to no run."""

    def _on_run_queued(self, run: _Run, data: dict[str, Any]) -> None:
        self._user(run, data)

    def _on_run_start(self, run: _Run, data: dict[str, Any]) -> None:
        if run.message_id not in self._messages:
            self._user(run, data)
        run.state = "running"
        run.agent, run.model = data["agent"], data["model"]
        run.speaking = [data["agent"]]
        run.started_at = run.time

    def _user(self, run: _Run, data: dict[str, Any]) -> None:
        message = data["message"]
        self._messages[message["id"]] = _Message(
            message["id"],
            "user",
            run.id,
            run.time,
            text=[message["content"]],
            context=message.get("context"),
            client_id=data.get("client_id"),
        )

    def _on_plan(self, run: _Run, data: dict[str, Any]) -> None:
        run.plan = data["steps"]

    def _on_agent_change(self, run: _Run, data: dict[str, Any]) -> None:
        run.speaking = data["path"]
        call = run.calls.get(data.get("call_id", ""))
        if call is not None and "task" in data:
            call[1]["handoff"] = {k: data[k] for k in ("agent", "path", "task", "reason") if k in data}

    def _on_status(self, run: _Run, data: dict[str, Any]) -> None:
        run.status = data

    def _on_reasoning(self, run: _Run, data: dict[str, Any]) -> None:
        self._assistant(run, data["message_id"], data["agent"]).reasoning.append(data["token"])

    def _on_token(self, run: _Run, data: dict[str, Any]) -> None:
        message = self._messages.get(data["message_id"])
        if message is None:
            message = self._assistant(run, data["message_id"], data["agent"])
        message.text.append(data["token"])

    def _on_tool_start(self, run: _Run, data: dict[str, Any]) -> None:
        message = self._assistant(run, data["message_id"], data["agent"])
        part = {"type": "tool", **data["tool"], "agent": data["agent"], "status": "running"}
        message.parts.append(part)
        run.calls[part["call_id"]] = (message, part)

    def _on_tool_output(self, run: _Run, data: dict[str, Any]) -> None:
        call = run.calls.get(data["call_id"])
        if call is not None:
            call[1]["stdout"] = call[1].get("stdout", "") + data["text"]

    def _on_tool_end(self, run: _Run, data: dict[str, Any]) -> None:
        call = run.calls.get(data["tool"]["call_id"])
        if call is not None:
            call[1].update(status=data["tool"]["status"], output=data["tool"]["output"])
            if "duration_ms" in data:
                call[1]["duration_ms"] = data["duration_ms"]

    def _on_artifact(self, run: _Run, data: dict[str, Any]) -> None:
        self._owner(run, data).parts.append({"type": "artifact", **data})

    def _on_approval_request(self, run: _Run, data: dict[str, Any]) -> None:
        part = {"type": "approval", **data}
        self._approvals[data["approval_id"]] = part
        self._owner(run, data).parts.append(part)
        run.pending.add(data["approval_id"])
        run.state = "waiting"

    def _on_approval_end(self, run: _Run, data: dict[str, Any]) -> None:
        part = self._approvals.get(data["approval_id"])
        if part is not None:
            part.update({k: data[k] for k in ("decision", "scope", "reason") if k in data})
        run.pending.discard(data["approval_id"])
        if not run.pending and run.state == "waiting":
            run.state = "running"

    def _on_kernel_changes(self, run: _Run, data: dict[str, Any]) -> None:
        run.changes = data

    def _on_notebook_action(self, run: _Run, data: dict[str, Any]) -> None:
        part = {"type": "notebook", **data}
        self._notebook[data["action_id"]] = part
        self._owner(run, data).parts.append(part)

    def _on_notebook_result(self, run: _Run, data: dict[str, Any]) -> None:
        part = self._notebook.get(data["action_id"])
        if part is not None:
            part.update({k: data[k] for k in ("status", "result") if k in data})

    def _on_usage(self, run: _Run, data: dict[str, Any]) -> None:
        total = run.usage or {"input_tokens": 0, "output_tokens": 0}
        total["input_tokens"] += data["input_tokens"]
        total["output_tokens"] += data["output_tokens"]
        if "cost" in data:
            total["cost"] = total.get("cost", 0.0) + data["cost"]
        run.usage = total

    def _on_done(self, run: _Run, data: dict[str, Any]) -> None:
        self._close(run, data["outcome"])
        run.duration_ms = data["duration_ms"]

    def _on_error(self, run: _Run, data: dict[str, Any]) -> None:
        self._close(run, "failed")
        run.failure = data

    def _close(self, run: _Run, state: RunState) -> None:
        run.state, run.ended_at = state, run.time
        run.status = run.speaking = None
        run.pending.clear()
        for _, part in run.calls.values():
            if part["status"] == "running":
                part["status"] = "cancelled"

    def _assistant(self, run: _Run, message_id: str, agent: str) -> _Message:
        message = self._messages.get(message_id)
        if message is None:
            message = self._messages[message_id] = _Message(message_id, "assistant", run.id, run.time, agent)
        run.last[agent] = message
        return message

    def _owner(self, run: _Run, data: dict[str, Any]) -> _Message:
        call = run.calls.get(data.get("call_id", ""))
        if call is not None:
            return call[0]
        return run.last.get(data["agent"]) or self._assistant(run, f"{run.id}-a", data["agent"])


def snapshot(thread_id: str, epoch: str, events: Iterable[Logged]) -> Snapshot:
    """The fold of a whole log."""
    fold = Fold(thread_id, epoch)
    for event in events:
        fold.add(event)
    return fold.snapshot()


_PARTS: dict[str, type[ToolPart | ApprovalPart | ArtifactPart | NotebookPart]] = {
    "tool": ToolPart,
    "approval": ApprovalPart,
    "artifact": ArtifactPart,
    "notebook": NotebookPart,
}


def _message_view(m: _Message) -> SnapshotMessage:
    return SnapshotMessage.model_validate(
        {
            "id": m.id,
            "role": m.role,
            "agent": m.agent,
            "content": "".join(m.text),
            "reasoning": "".join(m.reasoning) or None,
            "parts": [_PARTS[p["type"]].model_validate(p) for p in m.parts],
            "run_id": m.run_id,
            "created_at": m.created_at,
            "context": m.context,
            "client_id": m.client_id,
        }
    )


def _run_view(r: _Run) -> SnapshotRun:
    return SnapshotRun(
        id=r.id,
        state=r.state,
        message_id=r.message_id,
        agent=r.agent,
        model=r.model,
        speaking=r.speaking,
        status=SnapshotStatus.model_validate(r.status) if r.status else None,
        plan=[PlanStep.model_validate(s) for s in r.plan] if r.plan else None,
        usage=UsageTotal.model_validate(r.usage) if r.usage else None,
        duration_ms=r.duration_ms,
        changes=KernelChanges.model_validate(r.changes) if r.changes else None,
        failure=RunFailure.model_validate(r.failure) if r.failure else None,
        started_at=r.started_at,
        ended_at=r.ended_at,
    )
