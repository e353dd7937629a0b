"""How each kind of action is performed: in the kernel, by a window, or as a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, get_args

import pytest

from jupyter_aichat.actions.action import Action
from jupyter_aichat.actions.policy import ActKind
from jupyter_aichat.errors import KernelChanged, KernelGone, ToolError
from jupyter_aichat.protocol.events import EventData, NotebookAction, Status
from jupyter_aichat.runs.acting import Hands
from jupyter_aichat.runs.changes import RunChanges
from jupyter_aichat.runs.kernel_hands import KernelHands
from jupyter_aichat.runs.notebook_desk import NotebookDesk
from jupyter_aichat.runs.places import IN_KERNEL, Cell, Place
from jupyter_aichat.runs.telling import Telling
from tests.fakes.kernel import NOTEBOOK, FakeKernel
from tests.fakes.workspace import FolderWorkspace

CELL = Cell("c1", "code", "old")


class Work:
    """Hands at a folder, with or without a kernel, and what they told."""

    def __init__(self, folder: Path, kernel: FakeKernel | None = None) -> None:
        self.events: list[EventData] = []
        self.offered = asyncio.Event()
        self.workspace = FolderWorkspace(folder)
        telling = Telling(self.emit, lambda *_: None, "en", str)
        hands = KernelHands(kernel.desk(), RunChanges(), telling) if kernel is not None else None
        self.hands = Hands(hands, NotebookDesk(self.emit), self.workspace, telling)

    def emit(self, event: EventData) -> None:
        """Take note."""
        self.events.append(event)
        if isinstance(event, NotebookAction):
            self.offered.set()

    async def do(self, kind: ActKind, place: Place, agent: str = "coder", **args: Any) -> Any:
        """Perform an action."""
        return await self.hands.do(Action("a1", kind, agent, "k1", args), kind, place, args)

    async def wanted(self, kind: ActKind, place: Place, **args: Any) -> NotebookAction:
        """What a window is asked to do; nobody does it."""
        task = asyncio.create_task(self.do(kind, place, **args))
        await self.offered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        (event,) = [e for e in self.events if isinstance(e, NotebookAction)]
        return event


@pytest.mark.parametrize(
    ("kind", "args", "wanted"),
    [
        (
            "insert_cell",
            {"source": "x", "cell_type": "markdown", "cell_id": "c0"},
            {"source": "x", "cell_type": "markdown", "cell_id": "c0"},
        ),
        ("insert_cell", {"source": "x"}, {"source": "x"}),
        (
            "replace_cell",
            {"source": "x", "cell_id": "c1"},
            {"source": "x", "cell_id": "c1", "expected": "old"},
        ),
    ],
)
async def test_a_window_is_told_exactly_what_was_decided(
    tmp_path: Path, kind: ActKind, args: dict[str, str], wanted: dict[str, str]
) -> None:
    """In which notebook, for whom, and what it must find there; without any kernel."""
    cell = CELL if kind == "replace_cell" else None
    event = await Work(tmp_path).wanted(kind, Place(NOTEBOOK, cell=cell), **args)
    assert (event.kind, event.notebook, event.agent, event.call_id) == (kind, NOTEBOOK, "coder", "k1")
    assert event.args == wanted


async def test_a_cell_runs_only_in_the_kernel_that_was_meant(tmp_path: Path) -> None:
    """A window would run it in whatever kernel there is, so it is not even asked after a restart."""
    kernel = FakeKernel()
    place = Place(NOTEBOOK, await kernel.desk().aim(NOTEBOOK), CELL)
    event = await Work(tmp_path, kernel).wanted("run_cell", place, cell_id="c1")
    assert event.args == {"cell_id": "c1", "expected": "old"}
    kernel.restart()
    work = Work(tmp_path, kernel)
    with pytest.raises(KernelChanged):
        await work.do("run_cell", place, cell_id="c1")
    assert work.events == []


@pytest.mark.parametrize("kind", sorted(IN_KERNEL))
async def test_without_a_kernel_nothing_runs(tmp_path: Path, kind: ActKind) -> None:
    """Each kind says so."""
    with pytest.raises(KernelGone):
        await Work(tmp_path).do(kind, Place(NOTEBOOK, cell=CELL), code="x", sql="x", cell_id="c1")


async def test_a_file_is_written_as_it_was_decided(tmp_path: Path) -> None:
    """The result says its size, and whether it is new; the status names it, and a writer's is a report."""
    work = Work(tmp_path)
    new = await work.do("write_file", Place(path="q3.md"), "writer", content="# 매출", path="q3.md")
    assert new == {"status": "ok", "output": "'q3.md' has 8 bytes. It is new."}
    there = await work.workspace.at("q3.md")
    again = await work.do("write_file", Place(path="q3.md", file=there), content="x", path="q3.md")
    assert again["output"] == "'q3.md' has 1 bytes. It was written over."
    assert (tmp_path / "q3.md").read_text() == "x"
    assert [e.text for e in work.events if isinstance(e, Status)] == [
        "Writing the report…",
        "Writing q3.md…",
    ]


async def test_a_file_that_is_not_as_it_was_stays(tmp_path: Path) -> None:
    """Where nothing was, something is now."""
    (tmp_path / "a.md").write_text("mine")
    with pytest.raises(ToolError, match="changed since"):
        await Work(tmp_path).do("write_file", Place(path="a.md"), content="x", path="a.md")
    assert (tmp_path / "a.md").read_text() == "mine"


def test_every_kind_is_in_a_kernel_or_is_not() -> None:
    """A new kind has to be placed."""
    assert set(get_args(ActKind)) - IN_KERNEL == {"insert_cell", "replace_cell", "write_file"}
