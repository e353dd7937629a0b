"""Action: an effect or a disclosure that a tool proposes, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from jupyter_aichat.protocol.events import ActionKind

__all__ = ["Action", "ActionKind", "ActionResult", "ShareFiles"]


class ShareFiles(TypedDict):
    """Send the contents of `files` (paths below the server's root) to the model at `host`."""

    host: str
    files: list[str]


class ActionResult(TypedDict):
    """What came of an action; the tool that proposed it goes on with this.

    `output` is what the agent reads. `reason` is the person's, when denied, or why it was not done.
    """

    status: Literal["ok", "denied", "cancelled", "error", "unknown"]
    output: NotRequired[str]
    reason: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Action:
    """A proposal. `id` is stable over re-asks, resumes and restarts: the key of the ledger.

    `args` are the fields of `protocol.events.ActionView` that belong to the kind.
    """

    id: str
    kind: ActionKind
    agent: str
    call_id: str
    args: Mapping[str, Any]
    tells: str | None = None
    """Whom beyond this machine the outcome is told to: the hosts of the models that read it; `None`: nobody."""
