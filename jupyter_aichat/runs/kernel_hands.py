"""KernelHands: how actions in the analyst's kernel are performed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from jupyter_aichat.errors import SourceFailed
from jupyter_aichat.kernels.describe import listing
from jupyter_aichat.kernels.head import head_line

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action, ActionResult
    from jupyter_aichat.runs.changes import RunChanges
    from jupyter_aichat.runs.kernel_desk import Aim, KernelDesk
    from jupyter_aichat.runs.telling import Telling

__all__ = ["KernelHands"]


_OF_THE_SCHEMA: Final = frozenset(
    {
        *("syntax", "missing_table", "missing_engine", "not_select", "name", "request"),
        *("outside", "lazy", "timeout", "Timeout", "Cancelled"),
    }
)
"""What a query can fail with before it has met a row; DuckDB's own planner says `Binder Error`."""
_WITHHELD: Final = (
    "The query failed at a value in the data. What the database said about it quotes the value, and rows do not leave this "
    "machine unasked. Check the types of the columns, use TRY_CAST, or propose code to look at the values."
)


class KernelHands:
    """Of one run. All raise `KernelError`; what is cancelled is interrupted in the kernel."""

    def __init__(self, desk: KernelDesk, changes: RunChanges, telling: Telling) -> None:
        self._desk = desk
        self._changes = changes
        self._telling = telling

    async def inspect(self, action: Action, aim: Aim, args: dict[str, Any]) -> ActionResult:
        """Look at variables."""
        self._telling.say(action, "looking")
        request = {"level": args.get("level", "schema"), "names": args.get("names")}
        asked = {name: value for name, value in request.items() if value is not None}
        answer = await self._desk.ask(aim, "inspect_variables", asked, self._telling.waiting(action))
        told = head_line(answer) + listing(answer, self._telling.language)
        return {"status": "ok", "output": self._telling.redacted(told)}

    async def run_code(self, action: Action, aim: Aim, code: str) -> ActionResult:
        """Run code; its printed text and what it displays is told as it comes."""
        self._telling.say(action, "charting" if action.agent == "visualizer" else "computing")
        async with self.watching(action, aim):
            outcome = await self._desk.execute(
                aim,
                code,
                on_output=self._telling.listening(action),
                on_state=self._telling.waiting(action),
            )
            shown = self._telling.show(action, outcome)
        match outcome.status:
            case "ok":
                return {"status": "ok", "output": shown or "It ran, and showed nothing."}
            case "error":
                why = outcome.error
                last = f"{why.name}: {why.value}" if why is not None else "It failed."
                return {"status": "error", "output": shown if last in shown else f"{shown}\n{last}".strip()}
            case "not_executed":
                return {"status": "cancelled", "reason": "The kernel did not execute it."}
            case "cancelled":
                return {"status": "cancelled", "reason": "It was interrupted."}
            case "unknown":
                return {"status": "unknown", "reason": "The kernel did not say what came of it."}

    async def run_sql(self, action: Action, aim: Aim, args: dict[str, Any]) -> ActionResult:
        """Run a query; its result is bound to a name."""
        self._telling.say(action, "querying")
        request = {
            "sql": args["sql"],
            "into": args.get("into", "result"),
            "engine": args.get("engine"),
            "level": "schema" if action.tells else "rows",  # rows do not leave this machine by themselves
            "rows": 20,
        }
        asked = {name: value for name, value in request.items() if value is not None}
        async with self.watching(action, aim):
            try:
                answer = await self._desk.ask(aim, "sql", asked, self._telling.waiting(action))
            except SourceFailed as error:
                planned = error.name in _OF_THE_SCHEMA or str(error).startswith("Binder Error")
                if action.tells and not planned:
                    raise SourceFailed(_WITHHELD, name=error.name) from None
                raise
        result = answer.get("result")
        if result is None:
            return {"status": "ok", "output": "The query ran and gave no table."}
        words = listing({"variables": [result]}, self._telling.language)
        told = f"{answer['row_count']:,} rows.\n{words}"
        return {"status": "ok", "output": self._telling.redacted(told)}

    @asynccontextmanager
    async def watching(self, action: Action, aim: Aim) -> AsyncIterator[None]:
        """Note what the kernel's variables are before and after, so that the run can tell what it has changed."""
        before = await self._desk.snapshot(aim)
        yield
        if before is None:
            return
        after = await self._desk.snapshot(aim)
        if after is not None:
            self._changes.add(aim.kernel_id, action.agent, before, after)

    async def is_still(self, aim: Aim) -> bool:
        """Whether the kernel is in the life that was meant."""
        return await self._desk.generation(aim.kernel_id) == aim.generation
