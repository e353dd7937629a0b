"""Checking agents' files as the server would read them, for the command line. Imports plugins: nothing of it is light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from jupyter_aichat.agents.draft import examine
from jupyter_aichat.agents.folder import agent_files, read_draft
from jupyter_aichat.agents.problems import Problem
from jupyter_aichat.agents.registry import AGENTS, TOOLS, Registry, load, with_files
from jupyter_aichat.agents.spec import NAME, AgentSpec

__all__ = ["Checked", "check", "problems_of"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what is wrong with it; without problems there is an agent."""

    path: Path
    agent: AgentSpec | None
    problems: tuple[Problem, ...]


def check(files: Sequence[Path], folders: Sequence[Path]) -> list[Checked]:
    """Check files beside what is installed; all in the folders if none is named.

    A file that has the name of one in the folders stands in its place.
    """
    names = {path.name for path in files}
    installed = agent_files(*folders)
    known = _packages()
    taken = dict(known.taken)
    checked = []
    if files:
        others = (_checked(path, known, taken) for path in installed if path.name not in names)
        taken |= {one.agent.name: one.path.name for one in others if one.agent is not None}
    for path in files or installed:
        one = _checked(path, known, taken)
        if one.agent is not None:
            taken[one.agent.name] = path.name
        checked.append(one)
    return checked


def problems_of(text: str, name: str, folders: Sequence[Path]) -> tuple[Problem, ...]:
    """What would be wrong with the file of an agent of this name that is not there yet."""
    if not NAME.fullmatch(name):  # a file may have many names, also one that leads elsewhere
        return (Problem("name", {"name": repr(name)}),)
    known = with_files(_packages(), *folders)
    return examine(text, tools=known.tools, taken=known.taken, source=f"{name}.md").problems


def _checked(path: Path, known: Registry, taken: dict[str, str]) -> Checked:
    draft = read_draft(path, tools=known.tools, taken=taken)
    return Checked(path, draft.spec, draft.problems)


def _packages() -> Registry:
    return load(entry_points(group=AGENTS), entry_points(group=TOOLS))
