"""Where an action is to be done: what needs no kernel asks for none, and what is there now is looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.actions.action import Action
from jupyter_aichat.agents.port import MAX_WRITTEN
from jupyter_aichat.errors import KernelGone, ToolError
from jupyter_aichat.runs.places import Place, Places
from tests.fakes.kernel import NOTEBOOK, FakeKernel
from tests.fakes.workspace import FolderWorkspace

CELLS = [
    {"id": "c1", "cell_type": "code", "source": ["a = 1\n", "b = 2"]},
    {"id": "c2", "cell_type": "markdown", "source": "# 제목"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notebook."""
    (tmp_path / NOTEBOOK).write_text(json.dumps({"cells": CELLS, "nbformat": 4}), "utf-8")
    return tmp_path


async def find(
    folder: Path, kind: Any, kernel: FakeKernel | None = None, notebook: str | None = NOTEBOOK, **args: Any
) -> Place:
    """Look for the place of an action."""
    desk = kernel.desk() if kernel is not None else None
    places = Places(desk, FolderWorkspace(folder), notebook)
    return await places.find(Action("a1", kind, "coder", "c1", args), kind)


async def test_cells_and_files_need_no_kernel(folder: Path) -> None:
    """Where none is, they have their place all the same; what runs has none, and says so."""
    place = await find(folder, "replace_cell", cell_id="c1", source="x")
    assert place.cell is not None
    assert (place.notebook, place.cell.source, place.cell.type) == (NOTEBOOK, "a = 1\nb = 2", "code")
    assert (place.kernel_id, place.generation) == (None, None)
    assert (await find(folder, "insert_cell", source="x")).notebook == NOTEBOOK
    assert (await find(folder, "write_file", path="a.md", content="x", notebook=None)).path == "a.md"
    for kind in ("run_code", "run_sql", "inspect_variables", "run_cell"):
        with pytest.raises(KernelGone, match="no kernel"):
            await find(folder, kind, cell_id="c1")


async def test_a_cell_that_runs_has_a_kernel_and_its_code(folder: Path) -> None:
    """Both as of now."""
    place = await find(folder, "run_cell", FakeKernel(), cell_id="c1")
    assert place.cell is not None
    assert (place.kernel_id, place.generation, place.cell.source) == ("k1", "g1", "a = 1\nb = 2")


@pytest.mark.parametrize("kind", ["replace_cell", "run_cell"])
async def test_a_cell_that_is_not_there_is_said(folder: Path, kind: Any) -> None:
    """With a way to find those that are; and a text cell is not run."""
    with pytest.raises(ToolError, match=r"no cell with the id 'c9'.*read_notebook"):
        await find(folder, kind, FakeKernel(), cell_id="c9")
    if kind == "run_cell":
        with pytest.raises(ToolError, match="is a markdown cell"):
            await find(folder, kind, FakeKernel(), cell_id="c2")


@pytest.mark.parametrize("kind", ["insert_cell", "replace_cell"])
async def test_without_an_open_notebook_there_is_no_cell(folder: Path, kind: Any) -> None:
    """The agent is told to ask for one."""
    with pytest.raises(ToolError, match="No notebook is open"):
        await find(folder, kind, notebook=None, cell_id="c1")


async def test_what_is_at_a_file_s_place_is_found(folder: Path) -> None:
    """Nothing, or a file with its size; under the path as the workspace knows it."""
    (folder / "out").mkdir()
    (folder / "out" / "a.md").write_text("four")
    new = await find(folder, "write_file", path="./out//b.md", content="x")
    assert (new.path, new.file) == ("out/b.md", None)
    old = await find(folder, "write_file", path="out/a.md", content="x")
    assert old.file is not None
    assert old.file.size == 4


@pytest.mark.parametrize("path", ["", ".", "/etc/passwd", "\\x", "~/a.md", "../a.md", "out/../../a.md"])
async def test_a_place_outside_is_none(folder: Path, path: str) -> None:
    """Before anything is looked at."""
    with pytest.raises(ToolError):
        await find(folder, "write_file", path=path, content="x")


async def test_a_text_may_have_two_million_bytes(folder: Path) -> None:
    """Bytes of UTF-8, not characters; one more is refused with both numbers."""
    await find(folder, "write_file", path="a.md", content="x" * MAX_WRITTEN)
    with pytest.raises(ToolError, match="2,000,001 bytes; at most 2,000,000"):
        await find(folder, "write_file", path="a.md", content="가" * 666_667)
