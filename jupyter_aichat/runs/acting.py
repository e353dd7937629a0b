"""Hands: how each kind of action is performed in the analyst's kernel or notebook, and what is told of it as it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jupyter_aichat.agents.words import Phrase, say
from jupyter_aichat.kernels.describe import Language, listing
from jupyter_aichat.kernels.head import head_line
from jupyter_aichat.kernels.outputs import Output, Stream
from jupyter_aichat.protocol.events import Artifact, EventData, NotebookAction, Status, ToolOutput
from jupyter_aichat.runs.shown import bundle_of, told

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action, ActionResult
    from jupyter_aichat.actions.policy import ActKind
    from jupyter_aichat.kernels import KernelState, Outcome
    from jupyter_aichat.runs.changes import RunChanges
    from jupyter_aichat.runs.kernel_desk import Aim, KernelDesk
    from jupyter_aichat.runs.notebook_desk import NotebookDesk

__all__ = ["Hands"]

_READ = 24_000
"""Characters of an output that the agent reads."""


class Hands:
    """Of one run. `emit` puts an event into the log at once."""

    def __init__(
        self,
        desk: KernelDesk,
        notebook: NotebookDesk,
        changes: RunChanges,
        emit: Callable[[EventData], None],
        language: Language,
    ) -> None:
        self._desk = desk
        self._notebook = notebook
        self._changes = changes
        self._emit = emit
        self._language = language

    async def do(self, action: Action, kind: ActKind, aim: Aim, args: dict[str, Any]) -> ActionResult:
        """Perform it. Raises `KernelError`; a cancelled one is interrupted in the kernel."""
        match kind:
            case "inspect_variables":
                return await self._inspect(action, aim, args)
            case "run_code":
                return await self._run_code(action, aim, str(args["code"]))
            case "run_sql":
                return await self._run_sql(action, aim, args)
            case "insert_cell":
                return await self._insert_cell(action, aim, args)
            case _:
                return {"status": "error", "output": f"{kind} cannot be done by this version."}

    async def _inspect(self, action: Action, aim: Aim, args: dict[str, Any]) -> ActionResult:
        self._say(action, "looking")
        request = {"level": args.get("level", "schema"), "names": args.get("names")}
        asked = {name: value for name, value in request.items() if value is not None}
        answer = await self._desk.ask(aim, "inspect_variables", asked, self._waiting(action))
        told = head_line(answer) + listing(answer, self._language)
        return {"status": "ok", "output": self._desk.redacted(told)}

    async def _run_code(self, action: Action, aim: Aim, code: str) -> ActionResult:
        self._say(action, "charting" if action.agent == "visualizer" else "computing")
        before = await self._desk.snapshot(aim)
        outcome = await self._desk.execute(
            aim, code, on_output=self._listening(action), on_state=self._waiting(action)
        )
        shown = self._show(action, outcome)
        await self._compare(action, aim, before)
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

    async def _run_sql(self, action: Action, aim: Aim, args: dict[str, Any]) -> ActionResult:
        self._say(action, "querying")
        before = await self._desk.snapshot(aim)
        request = {
            "sql": args["sql"],
            "into": args.get("into", "result"),
            "engine": args.get("engine"),
            "level": "schema" if action.tells else "rows",  # rows do not leave this machine by themselves
            "rows": 20,
        }
        asked = {name: value for name, value in request.items() if value is not None}
        answer = await self._desk.ask(aim, "sql", asked, self._waiting(action))
        await self._compare(action, aim, before)
        result = answer.get("result")
        if result is None:
            return {"status": "ok", "output": "The query ran and gave no table."}
        words = listing({"variables": [result]}, self._language)
        return {"status": "ok", "output": self._desk.redacted(f"{answer['row_count']:,} rows.\n{words}")}

    async def _insert_cell(self, action: Action, aim: Aim, args: dict[str, Any]) -> ActionResult:
        self._say(action, "editing")
        wanted = {
            name: args[name] for name in ("source", "cell_type", "cell_id") if args.get(name) is not None
        }
        return await self._notebook.perform(
            NotebookAction(
                action_id=action.id,
                call_id=action.call_id,
                agent=action.agent,
                kind="insert_cell",
                notebook=aim.notebook,
                args=wanted,
            )
        )

    # -- what is told of it -------------------------------------------------------------------------------------

    def _listening(self, action: Action) -> Callable[[Output], None]:
        def hear(output: Output) -> None:
            if isinstance(output, Stream):
                text = self._desk.redacted(output.text)
                self._emit(ToolOutput(call_id=action.call_id, stream=output.name, text=text))

        return hear

    def _show(self, action: Action, outcome: Outcome) -> str:
        """Artifacts for what was displayed, in its final form; and all of it as the agent reads it."""
        number = 0
        for output in outcome.outputs:
            made = bundle_of(output)
            if made is None:
                continue
            number += 1
            bundle, left = made
            self._emit(
                Artifact(
                    id=f"{action.call_id}-{number}",
                    call_id=action.call_id,
                    agent=action.agent,
                    bundle=bundle,
                    metadata={"left_out": left} if left else None,
                )
            )
        text = self._desk.redacted("".join(map(told, outcome.outputs))).strip()
        if len(text) <= _READ:
            return text
        half = _READ // 2
        return f"{text[:half]}\n[… {len(text) - _READ:,} characters were left out …]\n{text[-half:]}"

    async def _compare(self, action: Action, aim: Aim, before: dict[str, Any] | None) -> None:
        if before is None:
            return
        after = await self._desk.snapshot(aim)
        if after is not None:
            self._changes.add(aim.kernel_id, action.agent, before, after)

    def _say(self, action: Action, phrase: Phrase) -> None:
        self._emit(Status(agent=action.agent, text=say(self._language, phrase)))

    def _waiting(self, action: Action) -> Callable[[KernelState], None]:
        def tell(state: KernelState) -> None:
            if state.state == "busy" and not state.ours:
                seconds = f"{state.busy_seconds or 0:.0f}"
                self._emit(Status(agent=action.agent, text=say(self._language, "kernel_busy", seconds)))

        return tell
