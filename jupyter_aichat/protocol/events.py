"""Events: the committed facts of a thread's log, one small class each.

A class is the `data` of a frame; `event_type` is its name on the wire. Terminal events end their run.
`None` is left out on the wire, never `null`. Ids are unique within their thread.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from jupyter_aichat.errors import RunCode

__all__ = [
    "EVENTS",
    "UNTIMED",
    "ActionKind",
    "ActionView",
    "AgentChange",
    "ApprovalEnd",
    "ApprovalRequest",
    "Artifact",
    "Done",
    "Effects",
    "EventData",
    "FileEffect",
    "Handoff",
    "HiddenCharacter",
    "KernelChange",
    "KernelChanges",
    "NameEffect",
    "NotebookAction",
    "NotebookResult",
    "Plan",
    "PlanStep",
    "Reasoning",
    "RunError",
    "RunQueued",
    "RunStart",
    "Status",
    "Summary",
    "Title",
    "Token",
    "ToolCall",
    "ToolEnd",
    "ToolOutput",
    "ToolResult",
    "ToolStart",
    "ToolStatus",
    "Usage",
    "UserMessage",
]

ToolStatus = Literal["ok", "error", "denied", "cancelled", "unknown"]


class Part(BaseModel):
    """Base of everything that stands in an event: frozen, and known fields only."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EventData(Part):
    """Base of all events."""

    event_type: ClassVar[str]


class UserMessage(Part):
    """What the person wrote. `context` are the things pinned to it, as they were sent."""

    id: str
    content: str
    context: list[dict[str, Any]] | None = None


class RunQueued(EventData):
    """The message is stored behind a run that is going; `run_start` follows when it begins."""

    event_type: ClassVar[str] = "run_queued"
    message: UserMessage
    client_id: str | None = None


class RunStart(EventData):
    """A run begins: `agent` answers with `model` ("provider:name")."""

    event_type: ClassVar[str] = "run_start"
    message: UserMessage
    client_id: str | None = None
    agent: str
    model: str


class PlanStep(Part):
    """One step of a plan."""

    text: str
    status: Literal["pending", "running", "done", "failed", "skipped"]


class Plan(EventData):
    """The whole plan as it now stands."""

    event_type: ClassVar[str] = "plan"
    agent: str
    steps: list[PlanStep]


class AgentChange(EventData):
    """`agent` is speaking now. `path` begins with the supervisor.

    `task`, `reason` and `call_id` (of the supervisor's tool call) are there when it is a handoff.
    """

    event_type: ClassVar[str] = "agent_change"
    agent: str
    path: list[str]
    task: str | None = None
    reason: str | None = None
    call_id: str | None = None


class Status(EventData):
    """What goes on, in words of the user's language. `progress` is 0 to 1."""

    event_type: ClassVar[str] = "status"
    agent: str
    text: str
    progress: float | None = Field(default=None, ge=0, le=1)


class Reasoning(EventData):
    """A piece of the model's reasoning, when the model gives it."""

    event_type: ClassVar[str] = "reasoning"
    token: str
    agent: str
    message_id: str


class Token(EventData):
    """A piece of an answer. The joined tokens of a message are its text, byte for byte."""

    event_type: ClassVar[str] = "token"
    token: str
    agent: str
    message_id: str


class ToolCall(Part):
    """One use of a tool."""

    call_id: str
    name: str
    args: dict[str, Any]


class ToolStart(EventData):
    """An agent calls a tool in its message `message_id`."""

    event_type: ClassVar[str] = "tool_start"
    tool: ToolCall
    agent: str
    message_id: str


class ToolOutput(EventData):
    """What a tool prints while it works."""

    event_type: ClassVar[str] = "tool_output"
    call_id: str
    stream: Literal["stdout", "stderr"]
    text: str


class ToolResult(Part):
    """What came of one use of a tool. `output` is what the agent reads."""

    call_id: str
    name: str
    output: str
    status: ToolStatus


class ToolEnd(EventData):
    """A tool call has ended; every `tool_start` has one. `duration_ms` is wall time."""

    event_type: ClassVar[str] = "tool_end"
    tool: ToolResult
    duration_ms: int | None = None
    agent: str


class Artifact(EventData):
    """Something to look at or keep. `bundle` maps MIME types to data.

    A form too large for a frame stays in the store; `application/vnd.jupyter-aichat.stored+json` in the bundle then says
    which: `{mime, size}`, with the size in bytes.
    """

    event_type: ClassVar[str] = "artifact"
    id: str
    call_id: str | None = None
    agent: str
    title: str | None = None
    bundle: dict[str, Any]
    metadata: dict[str, Any] | None = None


class NameEffect(Part):
    """What code does to one variable. `before` tells in a few words what it is now ("DataFrame 10,000 × 8")."""

    name: str
    change: Literal["creates", "rebinds", "deletes", "mutates"]
    before: str | None = None


class FileEffect(Part):
    """A file that an action names. `unclear`: whether it reads or writes it cannot be told.

    `exists` and `size` (bytes) tell what is there now, where that was looked up.
    """

    path: str
    access: Literal["read", "write", "unclear"]
    exists: bool | None = None
    size: int | None = None


class HiddenCharacter(Part):
    """A character that a reader does not see, or that changes the order in which text is shown. Counted from 1."""

    line: int
    column: int
    code: str
    name: str


class Effects(Part):
    """What an action would do, as far as reading its code tells. Sentences in `unclear` say what could not be told."""

    names: list[NameEffect] | None = None
    files: list[FileEffect] | None = None
    network: list[str] | None = None
    shell: list[str] | None = None
    unclear: list[str] | None = None
    hidden: list[HiddenCharacter] | None = None
    tells: str | None = None
    """The host beyond this machine that gets to read what comes out."""


ActionKind = Literal[
    "share_files",
    "inspect_variables",
    "run_code",
    "run_sql",
    "insert_cell",
    "replace_cell",
    "run_cell",
    "write_file",
]


class ActionView(Part):
    """What an agent asks for.

    - share_files: the contents of `files` go to the model at `host`
    - inspect_variables: `names` (all where there are none), as far as `level`
    - run_code: `code` in the kernel `kernel_id`
    - run_sql: `sql` over dataframes of the kernel, or with its `engine`; the result is bound to `into`
    - insert_cell: `source` as a cell of `cell_type` of `notebook`, behind `cell_id` (at the end without one)
    - replace_cell: `source` in place of what the cell `cell_id` of `notebook` now has, `before`
    - run_cell: the cell `cell_id` of `notebook`, whose source is `code`, in the kernel `kernel_id`
    - write_file: `content` at `path` below the server's root
    """

    kind: ActionKind
    host: str | None = None
    files: list[str] | None = None
    kernel_id: str | None = None
    kernel: str | None = None
    """What the kernel is called, and whether it is busy: as of the request."""
    kernel_state: Literal["idle", "busy", "starting", "restarting", "dead"] | None = None
    language: str | None = None
    notebook: str | None = None
    names: list[str] | None = None
    level: Literal["schema", "aggregates", "rows"] | None = None
    code: str | None = None
    sql: str | None = None
    engine: str | None = None
    into: str | None = None
    source: str | None = None
    before: str | None = None
    cell_id: str | None = None
    cell_type: Literal["code", "markdown"] | None = None
    path: str | None = None
    content: str | None = None


class ApprovalRequest(EventData):
    """A person has to decide about one action. `digest` binds the decision to exactly this action."""

    event_type: ClassVar[str] = "approval_request"
    approval_id: str
    call_id: str
    agent: str
    action: ActionView
    digest: str
    effects: Effects | None = None
    expires_at: str


class ApprovalEnd(EventData):
    """An approval has ended, by a decision or otherwise."""

    event_type: ClassVar[str] = "approval_end"
    approval_id: str
    decision: Literal["approved", "edited", "denied", "expired", "cancelled"]
    scope: Literal["once", "run", "thread", "always"] | None = None
    reason: str | None = None


class KernelChange(Part):
    """A variable that a run made, changed or deleted, in a few words ("DataFrame 10,000 × 8")."""

    name: str
    before: str | None = None
    after: str | None = None
    agent: str | None = None


class KernelChanges(EventData):
    """What the run did to the kernel's variables."""

    event_type: ClassVar[str] = "kernel_changes"
    kernel_id: str
    created: list[KernelChange]
    changed: list[KernelChange]
    deleted: list[KernelChange]


class NotebookAction(EventData):
    """Something to do in an open notebook; performed by the one client that claims it. `args` are an `ActionView`'s."""

    event_type: ClassVar[str] = "notebook_action"
    action_id: str
    call_id: str
    agent: str
    kind: Literal["insert_cell", "replace_cell", "run_cell"]
    notebook: str
    args: dict[str, Any]


class NotebookResult(EventData):
    """What came of a notebook action. `result` names the cell (`cell_id`), or says why not (`error`)."""

    event_type: ClassVar[str] = "notebook_result"
    action_id: str
    status: ToolStatus
    result: dict[str, Any] | None = None


class Summary(EventData):
    """Older turns, up to `until_seq`, were summarised for the model; the reader still sees everything."""

    event_type: ClassVar[str] = "summary"
    text: str
    until_seq: int


class Usage(EventData):
    """Tokens of one model call."""

    event_type: ClassVar[str] = "usage"
    agent: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None = None


class UsageTotal(Part):
    """Tokens of a whole run."""

    input_tokens: int
    output_tokens: int
    cost: float | None = None


class Title(EventData):
    """The thread's title; belongs to no run and may come at any time."""

    event_type: ClassVar[str] = "title"
    title: str


class Done(EventData):
    """Terminal. `content` is the supervisor's last message: the answer."""

    event_type: ClassVar[str] = "done"
    content: str
    agent: str
    outcome: Literal["completed", "cancelled"]
    duration_ms: int
    usage: UsageTotal | None = None


class RunError(EventData):
    """Terminal. `error` is a sentence that a person can act on."""

    event_type: ClassVar[str] = "error"
    error: str
    code: RunCode
    retryable: bool
    host: str | None = None
    model: str | None = None
    retry_after: float | None = None


class Handoff(Part):
    """The supervisor's task for a specialist, part of the tool call that made it."""

    agent: str
    path: list[str]
    task: str
    reason: str | None = None


EVENTS: tuple[type[EventData], ...] = (
    RunQueued,
    RunStart,
    Plan,
    AgentChange,
    Status,
    Reasoning,
    Token,
    ToolStart,
    ToolOutput,
    Artifact,
    ApprovalRequest,
    ApprovalEnd,
    ToolEnd,
    KernelChanges,
    NotebookAction,
    NotebookResult,
    Summary,
    Usage,
    Title,
    Done,
    RunError,
)
"""All events of this version, in the order of PROTOCOL's table."""

UNTIMED = frozenset({"token", "reasoning", "tool_output"})
"""Events that carry no `time`, because there are many of them."""
