"""The first notebook runs, and names only files that are there."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUICKSTART = NOTEBOOKS / "01-quickstart.ipynb"


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    """The notebook, as it is in the repository."""
    read: nbformat.NotebookNode = nbformat.read(QUICKSTART, as_version=4)
    return read


def test_every_cell_runs(
    notebook: nbformat.NotebookNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A person who runs it from top to bottom sees the revenue by region, then the panel."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    revenue, panel = (cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert revenue[0].data["text/plain"].startswith("[('Seoul',")
    assert "application/vnd.jupyter.widget-view+json" in panel[0].data


def test_it_is_committed_without_outputs(notebook: nbformat.NotebookNode) -> None:
    """Whoever opens it starts from a clean page."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in code if cell.outputs or cell.execution_count]


def test_the_files_that_it_asks_about_are_there() -> None:
    """A question copied from it can be answered."""
    named = re.findall(r"`(notebooks/[^`]+)`", QUICKSTART.read_text(encoding="utf-8"))
    assert named
    assert not [path for path in named if not (NOTEBOOKS.parent / path).is_file()]
