"""NotebookDesk: actions in open notebooks, each performed by the one client that claims it. In memory; the log tells the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.events import EventData, NotebookAction, NotebookResult
from jupyter_aichat.runs.telling import cut

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import ActionResult
    from jupyter_aichat.protocol.commands import Performed

__all__ = ["NotebookDesk"]

_CLAIM_SECONDS = 20.0
"""How long a client may take to claim; a page that has the notebook open does so at once."""
_WORK_SECONDS = 60.0


@dataclass(slots=True)
class _Wanted:
    claimed: asyncio.Event = field(default_factory=asyncio.Event)
    client: object | None = None
    claim_id: str | None = None
    """Of the claim that was taken: a window that lost its connection claims again with the same one."""
    outcome: asyncio.Future[Performed] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class NotebookDesk:
    """Of one run. `emit` puts an event into the log; `redacted` takes secrets out of what a cell has shown."""

    def __init__(
        self, emit: Callable[[EventData], None], redacted: Callable[[str], str] = lambda text: text
    ) -> None:
        self._emit = emit
        self._redacted = redacted
        self._wanted: dict[str, _Wanted] = {}

    async def perform(self, action: NotebookAction, *, work_seconds: float = _WORK_SECONDS) -> ActionResult:
        """Have it done by a client. With no client that has the notebook open it fails, in words."""
        wanted = self._wanted[action.action_id] = _Wanted()
        self._emit(action)
        try:
            result, told = await self._wait(wanted, action.notebook, work_seconds)
        except asyncio.CancelledError:
            self._end(action.action_id, "cancelled", None)
            raise
        self._end(action.action_id, result["status"], told)
        return result

    def claim(self, action_id: str, client: object, claim_id: str | None) -> None:
        """A client wants to perform it. Raises `CommandRefused`: `conflict` when another one has it, `not_found`."""
        wanted = self._wanted.get(action_id)
        if wanted is None:
            raise CommandRefused(
                "not_found", f"The notebook action {action_id[:64]!r} is not waiting any more."
            )
        again = claim_id is not None and claim_id == wanted.claim_id
        if wanted.client not in {None, client} and not again:
            raise CommandRefused("conflict", "Another window performs this action.")
        wanted.client, wanted.claim_id = client, claim_id
        wanted.claimed.set()

    def performed(self, command: Performed, client: object) -> None:
        """What came of it, from the client that claimed it. Raises `CommandRefused`: `not_found`, `conflict`."""
        wanted = self._wanted.get(command.action_id)
        if wanted is None or wanted.outcome.done():
            raise CommandRefused(
                "not_found", f"The notebook action {command.action_id[:64]!r} is not waiting any more."
            )
        if wanted.client != client:
            raise CommandRefused(
                "conflict", "Only the window that claimed this action can say what came of it."
            )
        wanted.outcome.set_result(command)

    async def _wait(
        self, wanted: _Wanted, notebook: str, work_seconds: float
    ) -> tuple[ActionResult, dict[str, Any] | None]:
        """What the agent hears, and what the log keeps."""
        try:
            await asyncio.wait_for(wanted.claimed.wait(), _CLAIM_SECONDS)
        except TimeoutError:
            why = f"No window has {notebook!r} open, so nothing was changed. Ask the person to open it, then try again."
            return {"status": "error", "output": why}, {"error": why}
        try:
            command = await asyncio.wait_for(asyncio.shield(wanted.outcome), work_seconds)
        except TimeoutError:
            why = "The window that took it did not say what came of it."
            return {"status": "unknown", "reason": why}, {"error": why}
        told = {name: self._clean(value) for name, value in (command.result or {}).items()}
        shown = str(told.get("output") or "").strip()
        if command.status == "error":
            why = str(told.get("error") or "The notebook could not be changed.")
            return {"status": "error", "output": f"{shown}\n{why}".strip()}, told or {"error": why}
        if shown:
            return {"status": "ok", "output": f"It ran and showed:\n{shown}"}, told
        cell = told.get("cell_id")
        return {
            "status": "ok",
            "output": f"Done; the cell's id is {cell}." if cell else "Done.",
        }, told or None

    def _clean(self, value: Any) -> Any:
        return cut(self._redacted(value)) if isinstance(value, str) else value

    def _end(self, action_id: str, status: Any, result: dict[str, Any] | None) -> None:
        del self._wanted[action_id]
        self._emit(NotebookResult(action_id=action_id, status=status, result=result))
