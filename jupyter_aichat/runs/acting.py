"""Hands: how each kind of action is performed: in the kernel, by an open window in the notebook, or as a file."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, assert_never

from jupyter_aichat.errors import KernelChanged, KernelGone
from jupyter_aichat.protocol.events import NotebookAction

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action, ActionResult
    from jupyter_aichat.actions.policy import ActKind
    from jupyter_aichat.agents.port import Workspace
    from jupyter_aichat.runs.kernel_desk import Aim
    from jupyter_aichat.runs.kernel_hands import KernelHands
    from jupyter_aichat.runs.notebook_desk import NotebookDesk
    from jupyter_aichat.runs.places import Place
    from jupyter_aichat.runs.telling import Telling

__all__ = ["Hands"]

_CELL_SECONDS = 3600.0
"""How long a cell may run before it is given up that its window says what came of it."""


class Hands:
    """Of one run. Without `kernel` there are no kernels here."""

    def __init__(
        self,
        kernel: KernelHands | None,
        notebook: NotebookDesk,
        workspace: Workspace,
        telling: Telling,
    ) -> None:
        self._kernel = kernel
        self._notebook = notebook
        self._workspace = workspace
        self._telling = telling

    async def do(self, action: Action, kind: ActKind, place: Place, args: dict[str, Any]) -> ActionResult:
        """Perform it at the place that was decided about. Raises `KernelError` and `ToolError`."""
        match kind:
            case "insert_cell":
                self._telling.say(action, "editing")
                named = ("source", "cell_type", "cell_id")
                wanted = {name: args[name] for name in named if args.get(name) is not None}
                return await self._notebook.perform(_by_window(action, "insert_cell", place, wanted))
            case "replace_cell":
                self._telling.say(action, "editing")
                wanted = {"source": args["source"], **_as_seen(place)}
                return await self._notebook.perform(_by_window(action, "replace_cell", place, wanted))
            case "write_file":
                return await self._write(action, place, str(args["content"]))
            case "inspect_variables" | "run_code" | "run_sql" | "run_cell":
                if self._kernel is None or place.aim is None:
                    raise KernelGone("There is no kernel to work in from here.")
                return await self._in_kernel(self._kernel, action, kind, place, place.aim, args)
        assert_never(kind)

    async def _in_kernel(
        self,
        kernel: KernelHands,
        action: Action,
        kind: ActKind,
        place: Place,
        aim: Aim,
        args: dict[str, Any],
    ) -> ActionResult:
        if kind == "inspect_variables":
            return await kernel.inspect(action, aim, args)
        if kind == "run_code":
            return await kernel.run_code(action, aim, str(args["code"]))
        if kind == "run_sql":
            return await kernel.run_sql(action, aim, args)
        if not await kernel.is_still(aim):  # the window would run it in whatever kernel there is
            raise KernelChanged("The kernel was restarted since.")
        self._telling.say(action, "running_cell")
        async with kernel.watching(action, aim):
            wanted = _by_window(action, "run_cell", place, _as_seen(place))
            return await self._notebook.perform(wanted, work_seconds=_CELL_SECONDS)

    async def _write(self, action: Action, place: Place, content: str) -> ActionResult:
        name = posixpath.basename(place.path)
        self._telling.say(action, "writing_report" if action.agent == "writer" else "writing", name)
        written = await self._workspace.write(place.path, content, place.file)
        how = "It was written over." if place.file is not None else "It is new."
        return {"status": "ok", "output": f"{written.path!r} has {written.size or 0:,} bytes. {how}"}


def _by_window(action: Action, kind: Any, place: Place, args: dict[str, Any]) -> NotebookAction:
    return NotebookAction(
        action_id=action.id,
        call_id=action.call_id,
        agent=action.agent,
        kind=kind,
        notebook=place.notebook or "",
        args=args,
    )


def _as_seen(place: Place) -> dict[str, Any]:
    """The cell, and what must still be in it: a window refuses where the person has edited since."""
    return {"cell_id": place.cell.id, "expected": place.cell.source} if place.cell is not None else {}
