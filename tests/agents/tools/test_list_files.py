"""list_files: folders and files, as paths that the other tools take."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyter_aichat.agents.tools.list_files import list_files
from jupyter_aichat.agents.use import ToolUse
from jupyter_aichat.errors import ToolError
from jupyter_aichat.protocol.events import EventData, Status
from tests.fakes.workspace import FolderWorkspace

MakeUse = Callable[..., ToolUse]


@pytest.fixture
def workspace(workspace: FolderWorkspace) -> FolderWorkspace:
    """Files at three depths."""
    (workspace.root / "data" / "old").mkdir(parents=True)
    (workspace.root / "notes.md").write_text("x" * 999)
    (workspace.root / "data" / "매출.csv").write_text("x" * 12_345)
    (workspace.root / "data" / "old" / "2025.csv").write_text("x")
    return workspace


async def test_two_levels_are_shown(make_use: MakeUse, workspace: FolderWorkspace) -> None:
    """Paths from the root, folders with a slash, sizes in words; nothing is read."""
    lines = (await list_files(make_use())).splitlines()
    assert lines[0] == "In the root folder:"
    assert [line.partition(" (")[0] for line in lines[1:]] == [
        "- data/",
        "- notes.md",
        "- data/old/",
        "- data/매출.csv",
    ]
    assert "- notes.md (999 B, 20" in lines[2]
    assert "- data/매출.csv (12.3 kB, 20" in lines[4]
    assert workspace.read_paths == []


async def test_depth_and_folder_are_chosen(make_use: MakeUse) -> None:
    """One level of one folder, or everything."""
    assert "2025.csv" not in await list_files(make_use(), "data", depth=1)
    assert "- data/old/2025.csv" in await list_files(make_use(), "./data/")


@pytest.mark.parametrize(
    ("path", "language", "status"),
    [("", "en", "Listing files…"), ("data", "en", "Listing data…"), ("data", "ko", "data 폴더 확인 중…")],
)
async def test_it_says_what_it_does(
    path: str, language: str, status: str, make_use: MakeUse, heard: list[EventData]
) -> None:
    """The status line names the folder."""
    await list_files(make_use(language), path)
    assert [event.text for event in heard if isinstance(event, Status)] == [status]


async def test_a_large_folder_is_cut(make_use: MakeUse, workspace: FolderWorkspace) -> None:
    """300 entries, and how many there are beyond."""
    for i in range(310):
        (workspace.root / "data" / "old" / f"{i:03}.csv").touch()
    text = await list_files(make_use(), "data/old")
    assert len(text.splitlines()) == 302
    assert text.endswith("[11 more are not shown; list one of the folders.]")


async def test_an_empty_folder_and_one_that_is_not_there(
    make_use: MakeUse, workspace: FolderWorkspace
) -> None:
    """Both are said."""
    (workspace.root / "empty").mkdir()
    assert await list_files(make_use(), "empty") == "The folder 'empty' is empty."
    with pytest.raises(ToolError, match="no 'missing'"):
        await list_files(make_use(), "missing")
    with pytest.raises(ToolError, match="outside of the folder"):
        await list_files(make_use(), "data/../../etc")
