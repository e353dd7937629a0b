"""Where an action is to be done, as of now: the kernel, the cell, the file. What needs no kernel does not ask for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jupyter_aichat.agents.finding import normalised
from jupyter_aichat.agents.port import MAX_WRITTEN
from jupyter_aichat.errors import KernelGone, ToolError

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action
    from jupyter_aichat.actions.policy import ActKind
    from jupyter_aichat.agents.port import Entry, Workspace
    from jupyter_aichat.runs.kernel_desk import Aim, KernelDesk

__all__ = ["IN_KERNEL", "Cell", "Place", "Places"]

IN_KERNEL: Final = frozenset({"inspect_variables", "run_code", "run_sql", "run_cell"})
"""Kinds of actions that need a kernel."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the server's copy of the notebook has it."""

    id: str
    type: str
    source: str


@dataclass(frozen=True, slots=True)
class Place:
    """What of these an action is about. `path` is where a file goes, `file` what is there now (`None`: nothing)."""

    notebook: str | None = None
    aim: Aim | None = None
    cell: Cell | None = None
    path: str = ""
    file: Entry | None = None

    @property
    def kernel_id(self) -> str | None:
        """The kernel; `None`: it needs none."""
        return self.aim.kernel_id if self.aim is not None else None

    @property
    def generation(self) -> str | None:
        """Which life of the kernel."""
        return self.aim.generation if self.aim is not None else None


class Places:
    """Of one run. `notebook` is the path of the one that was open when the message was sent."""

    def __init__(self, desk: KernelDesk | None, workspace: Workspace, notebook: str | None) -> None:
        self._desk = desk
        self._workspace = workspace
        self._notebook = notebook

    async def find(self, action: Action, kind: ActKind) -> Place:
        """The place of an action, with a look at what is there. Raises `KernelError` and `ToolError`, for the agent."""
        if kind == "write_file":
            return await self._file(action)
        cell = await self._cell(action, kind) if kind in {"replace_cell", "run_cell"} else None
        if kind in IN_KERNEL:
            aim = await self._aim()
            return Place(aim.notebook, aim, cell)
        return Place(self._open(), cell=cell)

    async def _aim(self) -> Aim:
        if self._desk is None:
            raise KernelGone("There is no kernel to work in from here. Work on files instead.")
        return await self._desk.aim(self._notebook)

    def _open(self) -> str:
        if not self._notebook:
            raise ToolError("No notebook is open. Ask the person to open one, or answer in the conversation.")
        return self._notebook

    async def _cell(self, action: Action, kind: ActKind) -> Cell:
        notebook, cell_id = self._open(), str(action.args["cell_id"])
        cells = (await self._workspace.notebook(notebook)).get("cells", [])
        found = next((cell for cell in cells if cell.get("id") == cell_id), None)
        if found is None:
            raise ToolError(
                f"{notebook!r}, as it was last saved, has no cell with the id {cell_id[:64]!r}. read_notebook tells the ids; "
                "a cell that is new is there after the notebook has been saved."
            )
        cell = Cell(cell_id, str(found.get("cell_type", "raw")), _text(found.get("source", "")))
        if kind == "run_cell" and cell.type != "code":
            raise ToolError(f"The cell {cell_id[:64]!r} is a {cell.type} cell; only code cells run.")
        return cell

    async def _file(self, action: Action) -> Place:
        path = normalised(str(action.args["path"])) if not _absolute(action.args["path"]) else ""
        if not path:
            raise ToolError(f"{action.args['path']!r} is no place for a file: give a path below the root.")
        size = len(str(action.args["content"]).encode(errors="replace"))
        if size > MAX_WRITTEN:
            raise ToolError(f"The text has {size:,} bytes; at most {MAX_WRITTEN:,} can be written.")
        return Place(path=path, file=await self._workspace.at(path))


def _absolute(path: Any) -> bool:
    return str(path).strip().startswith(("/", "\\", "~"))


def _text(source: Any) -> str:
    """What nbformat writes as one string or as lines."""
    return source if isinstance(source, str) else "".join(source)
