"""The port between `runs` and `agents`: what goes in, what comes out. Imports nothing foreign.

`runs` sees an `Engine`: it gives a transcript, or the results of actions, and gets events and actions by `put`,
a plain call that ends in `store.append`. LangGraph's and LangChain's names stop on the other side of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.protocol.events import EventData, ToolCall

if TYPE_CHECKING:
    from jupyter_aichat.agents.models.choice import ModelChoice

__all__ = [
    "MAX_WRITTEN",
    "Action",
    "ActionResult",
    "Engine",
    "Entry",
    "EventData",
    "Put",
    "RunContext",
    "ToolCall",
    "Turn",
    "Workspace",
]

MAX_WRITTEN = 2_000_000
"""Bytes of the largest file that agents may write."""

Put = Callable[[EventData | Action], None]
"""Takes what happens, as it happens. A plain call: it must not block and its exception fails the run."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the transcript that `runs` folds from the log.

    `user`: `text`, `id`. `assistant`: `text`, `id` and `calls`; each call is answered by exactly one `tool` turn
    behind it. `tool`: `text` is what the agent reads, `call_id` and `name` are those of the call.
    """

    role: Literal["user", "assistant", "tool"]
    text: str
    id: str = ""
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a folder. `path` is below the server's root, without a leading slash.

    `size` is in bytes (`None`: not known, or a directory), `last_modified` an ISO time in UTC ("": not known).
    """

    path: str
    name: str
    type: Literal["directory", "file", "notebook"]
    size: int | None = None
    last_modified: str = ""


class Workspace(Protocol):
    """What agents may read, and write after approval: the server's files, through the ContentsManager, confined to its root.

    Paths are relative to the root, with `/`; "" is the root itself. A path that is missing, hidden, outside of the
    root or too large raises `ToolError` with a sentence that names it.
    """

    async def list(self, path: str) -> list[Entry]:
        """List a folder. For a file: this one item, so that its size and time can be asked for."""
        ...

    async def read(self, path: str) -> bytes:
        """Read a file as it is on the disk."""
        ...

    async def notebook(self, path: str) -> dict[str, Any]:
        """Read a notebook as nbformat 4 JSON, with cells and outputs."""
        ...

    async def at(self, path: str) -> Entry | None:
        """What is at a path, `None` where nothing is; a refused path still raises."""
        ...

    async def write(self, path: str, text: str, over: Entry | None) -> Entry:
        """Write a text file, in place of exactly what `at` gave as `over`. If anything else is there by now, nothing is written."""
        ...


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run brings along for its agents and tools; the same for all its parts.

    `language` (BCP 47, "en" or "ko") is that of status lines; answers follow the person's message. `notebook` is the
    path of the notebook that was open when the message was sent. `new_message_id` gives the wire's next message id
    ("m4.2").
    """

    language: str
    workspace: Workspace
    notebook: str | None
    new_message_id: Callable[[], str]
    redacted: Callable[[str], str] = str
    """Takes known secrets out of what tools give, before a model or the log gets it."""


class Engine(Protocol):
    """A team of agents that answers with one model. `agents.team.Team` is one; tests have others."""

    @property
    def model(self) -> ModelChoice:
        """The model that answers."""
        ...

    async def run(
        self,
        key: str,
        put: Put,
        context: RunContext,
        *,
        transcript: Sequence[Turn] | None = None,
        results: Mapping[str, ActionResult] | None = None,
        agent: str | None = None,
    ) -> list[str]:
        """Go on until the run has ended or waits; the ids of the actions that it waits for ([]: ended).

        `key` is the run's, unique in this process. `transcript` begins the run, `results` (by action id; some or all
        of those asked) resumes it, neither asks again after `load`. `agent` names the specialist that a message was
        addressed to, for a run that begins; later calls remember it. Actions are `put` as soon as they are proposed,
        and again, with the same id, while they have no result.

        Raises `RunFailed` or `ModelFailed`; `asyncio.CancelledError` when cancelled, after the model's stream has
        been closed.
        """
        ...

    def dump(self, key: str) -> bytes:
        """All that a run which waits needs to go on in another process."""
        ...

    def load(self, key: str, blob: bytes) -> None:
        """Bring back what `dump` gave."""
        ...

    async def forget(self, key: str) -> None:
        """Drop what is kept of a run; nothing happens when there is nothing."""
        ...
