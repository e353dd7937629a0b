"""Action: an effect or a disclosure that a tool proposes, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

__all__ = ["Action", "ActionKind", "ActionResult", "ShareFiles"]

ActionKind = Literal["share_files"]


class ShareFiles(TypedDict):
    """Send the contents of `files` (paths below the server's root) to the model at `host`."""

    host: str
    files: list[str]


class ActionResult(TypedDict):
    """What came of an action; the tool that proposed it goes on with this. `reason` is the person's, when denied."""

    status: Literal["ok", "denied", "cancelled", "error", "unknown"]
    reason: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Action:
    """A proposal. `id` is stable over re-asks, resumes and restarts: the key of the ledger."""

    id: str
    kind: ActionKind
    agent: str
    call_id: str
    args: ShareFiles
