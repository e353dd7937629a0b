"""What the store gives out: immutable records of rows, and events of the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from jupyter_aichat.protocol.frames import event_frame
from jupyter_aichat.protocol.snapshot import RunState

__all__ = [
    "UNSET",
    "ActionRecord",
    "ApprovalRecord",
    "ApprovalState",
    "LoggedEvent",
    "RunRecord",
    "StoreHealth",
    "ThreadPage",
    "ThreadRecord",
    "Unset",
]


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"


UNSET = Unset.UNSET
"""Leave this field as it is (`None` would clear it)."""

ApprovalState = Literal["pending", "approved", "edited", "denied", "expired", "cancelled"]


@dataclass(slots=True)
class LoggedEvent:
    """A committed event. `data` is its JSON; `time` is `None` for the events that carry none."""

    seq: int
    from_seq: int | None
    run_id: str | None
    event_type: str
    time: str | None
    data: bytes
    _frame: bytes | None = field(default=None, repr=False, compare=False)

    @property
    def frame(self) -> bytes:
        """The event as it goes on the wire, made once for all who look."""
        if self._frame is None:
            self._frame = event_frame(
                self.event_type,
                self.seq,
                self.data,
                run_id=self.run_id,
                time=self.time,
                from_seq=self.from_seq,
            )
        return self._frame


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """A conversation. Times are ISO 8601, UTC. `head` is the last `seq`.

    `running`: one of its runs is running or waiting. `here`: it belongs to this server's root.
    """

    id: str
    owner: str
    root: str
    title: str
    created_at: str
    updated_at: str
    pinned: bool
    deleted_at: str | None
    head: int
    running: bool
    here: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of the list. `next` is the `before` of the page that follows, `None` on the last one."""

    threads: tuple[ThreadRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run. `request` is the JSON of the message that asked for it; `checkpoint` is there while it waits for a person.

    `body_digest` tells a repeated `client_id` with the same message from one with another.
    """

    thread_id: str
    owner: str
    id: str
    number: int
    state: RunState
    client_id: str | None
    body_digest: str | None
    request: bytes
    checkpoint: bytes | None
    created_at: str


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """What a person was asked to decide about one action, and the decision. Times are ISO 8601, UTC."""

    thread_id: str
    run_id: str
    id: str
    action_id: str
    call_id: str
    agent: str
    kind: str
    digest: str
    host: str | None
    files: tuple[str, ...]
    state: ApprovalState
    scope: str | None
    reason: str | None
    created_at: str
    expires_at: str
    view: str = ""
    """The action as the person sees it: the JSON of an `ActionView`; "" for `share_files`."""
    effects: str = ""
    """JSON of `Effects`; "" where there are none."""
    generation: str | None = None
    """Of the kernel that the action is for."""
    edited: str | None = None
    """The code that was approved in place of the action's."""


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """An action in the ledger. `result` is JSON; `None`: begun, and nobody knows what came of it."""

    thread_id: str
    run_id: str
    id: str
    result: str | None


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """How the store is. `url` shows no password; `warnings` are sentences for the person who runs the server.

    `degraded`: it works, with something a person should know. `failed`: the last commit failed; it is tried again
    with whatever comes next.
    """

    url: str
    status: Literal["ok", "degraded", "failed"]
    warnings: tuple[str, ...]
