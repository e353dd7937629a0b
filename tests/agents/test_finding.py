"""Finding a file: by path, beside the notebook, by name; and helpful words when there is none."""

from __future__ import annotations

import unicodedata

import pytest

from jupyter_aichat.agents.finding import find, normalised, walk
from jupyter_aichat.agents.port import RunContext
from jupyter_aichat.errors import ToolError
from tests.fakes.workspace import FolderWorkspace


@pytest.fixture
def workspace(workspace: FolderWorkspace) -> FolderWorkspace:
    """Some files; `twice.csv` is there two times."""
    for path in (
        "sales.csv",
        "work/sales.csv",
        "work/deep/other.csv",
        "a/twice.csv",
        "b/twice.csv",
        "work/n.ipynb",
    ):
        (workspace.root / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace.root / path).touch()
    return workspace


def context(workspace: FolderWorkspace, notebook: str | None = None) -> RunContext:
    """A run's surroundings."""
    return RunContext("en", workspace, notebook, lambda: "m1")


@pytest.mark.parametrize(
    ("path", "clean"),
    [("a.csv", "a.csv"), ("/a.csv", "a.csv"), ("./b/../a.csv", "a.csv"), (" a b.csv ", "a b.csv"), ("b\\c", "b/c"),
     ("", ""), (".", ""), ("/", "")],
)  # fmt: skip
def test_paths_are_normalised(path: str, clean: str) -> None:
    """One form for one file, so that consent and cache mean the same."""
    assert normalised(path) == clean


@pytest.mark.parametrize("path", ["..", "../a", "a/../../b", "/../etc/passwd", "..\\a"])
def test_paths_out_of_the_root_are_refused(path: str) -> None:
    """Before anything is looked at."""
    with pytest.raises(ToolError, match="outside of the folder"):
        normalised(path)


@pytest.mark.parametrize(
    ("path", "notebook", "found"),
    [
        ("sales.csv", None, "sales.csv"),
        ("work/sales.csv", None, "work/sales.csv"),
        ("sales.csv", "work/n.ipynb", "sales.csv"),  # as list_files names it
        ("deep/other.csv", "work/n.ipynb", "work/deep/other.csv"),  # beside the notebook
        ("other.csv", None, "work/deep/other.csv"),  # the only one of that name
        ("Other.CSV", None, "work/deep/other.csv"),
    ],
)
async def test_a_file_is_found(
    path: str, notebook: str | None, found: str, workspace: FolderWorkspace
) -> None:
    """A path as it is given, then from the notebook's folder, then the only file of that name."""
    assert (await find(context(workspace, notebook), path)).path == found


async def test_korean_names_are_found_however_they_were_written(workspace: FolderWorkspace) -> None:
    """MacOS writes them in pieces."""
    (workspace.root / unicodedata.normalize("NFD", "매출.csv")).touch()
    found = await find(context(workspace), unicodedata.normalize("NFC", "매출.csv"))
    assert unicodedata.normalize("NFC", found.name) == "매출.csv"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("twice.csv", "Did you mean 'a/twice.csv' or 'b/twice.csv'?"),
        ("salse.csv", "Did you mean 'sales.csv' or 'work/sales.csv'?"),
        ("nothing/like/it.pdf", "There is no 'nothing/like/it.pdf' here."),
        ("work", "'work' is a folder."),
        ("", "No file was named."),
    ],
)
async def test_what_is_not_found_is_said_with_what_is_near(
    path: str, told: str, workspace: FolderWorkspace
) -> None:
    """The model can do better with the next call."""
    with pytest.raises(ToolError) as raised:
        await find(context(workspace), path)
    assert told in str(raised.value)


async def test_a_walk_is_bounded(workspace: FolderWorkspace) -> None:
    """However many folders there are, few are opened."""
    for i in range(200):
        (workspace.root / "many" / f"{i:03}").mkdir(parents=True)
        (workspace.root / "many" / f"{i:03}" / "x.txt").touch()
    found = await walk(workspace, "many", 4)
    assert len([entry for entry in found if entry.type == "directory"]) == 200
    assert len([entry for entry in found if entry.type == "file"]) < 60
