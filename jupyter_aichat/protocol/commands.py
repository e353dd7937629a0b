"""Commands: what a person's client asks for. Strict: unknown types and unknown fields are refused."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

__all__ = [
    "COMMANDS",
    "MAX_MESSAGE",
    "Approve",
    "Cancel",
    "Claim",
    "Command",
    "ContextItem",
    "Message",
    "Notebook",
    "Performed",
]

MAX_MESSAGE = 200_000
"""Longest message, in characters; a frame has 256 KiB."""

Id = Annotated[str, Field(min_length=1, max_length=128)]


class Strict(BaseModel):
    """Base of what comes from a client: no unknown fields, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Notebook(Strict):
    """The notebook that was active when the message was sent. `path` is relative to the server's root."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    kernel_id: Id | None = None


class ContextItem(BaseModel):
    """Something pinned to a message; what it carries depends on `kind`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: Literal["variable", "cell", "selection", "file", "notebook"]


class Addressed(Strict):
    """Any command. `id` is repeated as `ref` by the `ack` or `error` that answers."""

    id: Id | None = None


class Message(Addressed):
    """Ask. The same `client_id` again means the same run, not a second one."""

    type: Literal["message"] = "message"
    message: Annotated[str, Field(min_length=1, max_length=MAX_MESSAGE)]
    client_id: Id | None = None
    agent: Id | None = None
    model: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    context: Annotated[list[ContextItem], Field(max_length=64)] | None = None
    notebook: Notebook | None = None
    approvals: Literal["wait", "deny"] | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None
    """The language of the person's interface (BCP 47), for status lines; answers follow the message's own."""


class Cancel(Addressed):
    """Stop a run, or (without `run_id`) the running run and those queued behind it."""

    type: Literal["cancel"]
    run_id: Id | None = None
    call_id: Id | None = None


class Approve(Addressed):
    """Decide about one action. `digest` must be the request's."""

    type: Literal["approve"]
    approval_id: Id
    digest: Annotated[str, Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]
    decision: Literal["approve", "deny", "edit"]
    code: Annotated[str, Field(min_length=1, max_length=MAX_MESSAGE)] | None = None
    reason: Annotated[str, Field(max_length=4000)] | None = None
    scope: Literal["once", "run", "thread"] | None = None

    @model_validator(mode="after")
    def _code_is_for_edits(self) -> Self:
        if (self.code is not None) != (self.decision == "edit"):
            raise ValueError("`code` belongs to the decision `edit`, which needs it, and to no other")
        return self


class Claim(Addressed):
    """Take a notebook action: the one client that gets the `ack` performs it."""

    type: Literal["claim"]
    action_id: Id


class Performed(Addressed):
    """Say what came of a claimed notebook action. `result` names the cell (`cell_id`), or says why not (`error`)."""

    type: Literal["notebook_result"]
    action_id: Id
    status: Literal["ok", "error"]
    result: dict[str, JsonValue] | None = None


Command = Annotated[Message | Cancel | Approve | Claim | Performed, Field(discriminator="type")]

COMMANDS: tuple[type[Addressed], ...] = (Message, Cancel, Approve, Claim, Performed)
"""All commands of this version."""
