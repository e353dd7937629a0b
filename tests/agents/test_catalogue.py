"""The catalogue: agents as files are there when they were saved, and gone when they were removed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from jupyter_aichat.agents.catalogue import Catalogue
from jupyter_aichat.agents.registry import TOOLS
from tests.agents.conftest import BUILT_IN_TOOLS

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Save an agent's file in a folder."""

    def save(folder: str, name: str, *, agent: str = "", prompt: str = "You are.", tools: str = "") -> Path:
        path = tmp_path / folder / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nname: {agent or name}\ndescription: d\ntools: [{tools}]\n---\n{prompt}\n")
        return path

    return save


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Two folders, neither of which is there yet: the person's own, and a shared one."""
    tools = [EntryPoint(name, f"jupyter_aichat.agents.tools.{name}:SPEC", TOOLS) for name in BUILT_IN_TOOLS]
    return Catalogue([], tools, [tmp_path / "own", tmp_path / "shared"])


def errors(catalogue: Catalogue) -> dict[str, str]:
    """What cannot be used, and why."""
    return {plugin.name: plugin.error for plugin in catalogue.registry().plugins if plugin.error}


def test_files_of_all_folders_are_agents(catalogue: Catalogue, write: Write) -> None:
    """The person's own and the environment's."""
    write("own", "mine")
    write("shared", "ours")
    assert set(catalogue.registry().agents) == {"mine", "ours"}
    assert catalogue.registry().source("ours") == "ours.md"


def test_a_saved_file_counts_at_once(catalogue: Catalogue, write: Write) -> None:
    """New, changed, broken, mended, removed: each is seen without a restart, and says nothing about the others."""
    write("own", "other")
    write("own", "x", prompt="First.")
    assert catalogue.registry().agents["x"].prompt == "First."
    write("own", "x", prompt="Other.")  # as long as before
    assert catalogue.registry().agents["x"].prompt == "Other."
    path = write("own", "x", tools="read_fil")
    assert set(catalogue.registry().agents) == {"other"}
    assert errors(catalogue)["x"].startswith("x.md: line 4: It wants the tool 'read_fil'")
    write("own", "x", tools="read_file")
    assert errors(catalogue) == {}
    assert catalogue.registry().agents["x"].tools == ("read_file",)
    path.unlink()
    assert set(catalogue.registry().agents) == {"other"}


def test_without_a_change_nothing_is_made_anew(catalogue: Catalogue, write: Write) -> None:
    """The same object: whoever built something from it need not look closer."""
    write("own", "x")
    registry = catalogue.registry()
    assert catalogue.registry() is registry
    write("own", "y")
    assert catalogue.registry() is not registry


def test_ones_own_file_goes_before_a_shared_one(catalogue: Catalogue, write: Write) -> None:
    """A file stands in the place of one with its name, as with everything of Jupyter's; nobody is told off for it."""
    write("shared", "x", prompt="Shared.")
    write("own", "x", prompt="Own.")
    assert catalogue.registry().agents["x"].prompt == "Own."
    assert errors(catalogue) == {}


def test_two_files_with_one_agent_are_told(catalogue: Catalogue, write: Write) -> None:
    """The first stays; the other is told with its line."""
    write("own", "a", agent="same", prompt="A.")
    write("shared", "b", agent="same", prompt="B.")
    assert catalogue.registry().agents["same"].prompt == "A."
    assert errors(catalogue) == {
        "b": "b.md: line 2: The name 'same' is given by a.md and by b.md; rename one of them."
    }
