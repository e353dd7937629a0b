"""Agents as Markdown files: a front matter that says who it is, and the prompt below it. No Python needed.

---
name: translator
description: Translates column names and notes between Korean and English.
tools: [read_file, profile_table]
model: openai:gpt-5-mini
---
You are the translator. …

Files come from folders of the person's or of the environment's, never from the folder that a server shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from jupyter_aichat.agents.draft import Draft, examine
from jupyter_aichat.agents.problems import Problem
from jupyter_aichat.agents.spec import AgentSpec
from jupyter_aichat.errors import PluginError

__all__ = ["agent_files", "fingerprint", "parse_agent", "read_agent", "read_draft"]

_LARGEST: Final = 200_000


def agent_files(*folders: Path) -> list[Path]:
    """The files that are meant as agents; none where a folder is not there.

    A file takes the place of those with its name in later folders, as with everything that Jupyter looks for.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        try:
            paths = sorted(path for path in folder.glob("*.md") if path.is_file())
        except OSError:
            continue  # not for us to read
        for path in paths:
            if not path.name.startswith("."):
                found.setdefault(path.name, path)
    return list(found.values())


def fingerprint(*folders: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What changes when a file is saved, comes or goes."""
    marks = []
    for path in agent_files(*folders):
        try:
            told = path.stat()
        except OSError:
            continue  # gone since
        marks.append((str(path), told.st_mtime_ns, told.st_size, told.st_ino))
    return tuple(marks)


def read_draft(
    path: Path, *, tools: Collection[str] | None = None, taken: Mapping[str, str] | None = None
) -> Draft:
    """What a file says; `tools` and `taken` as `examine` has them."""
    try:
        if path.stat().st_size > _LARGEST:
            return Draft(None, (Problem("large", {"most": f"{_LARGEST:,}"}),))
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return Draft(None, (Problem("unreadable", {"why": type(error).__name__}),))
    return examine(text, tools=tools, taken=taken, source=path.name)


def read_agent(
    path: Path, *, tools: Collection[str] | None = None, taken: Mapping[str, str] | None = None
) -> AgentSpec:
    """The agent that a file describes.

    Raises `PluginError`, which names the file, the line and what is wrong with it.
    """
    return _spec(read_draft(path, tools=tools, taken=taken), f"{path.name}: ")


def parse_agent(text: str) -> AgentSpec:
    """The agent that a text describes. Raises `PluginError`."""
    return _spec(examine(text), "")


def _spec(draft: Draft, before: str) -> AgentSpec:
    if draft.spec is None:
        raise PluginError(before + " ".join(map(str, draft.problems)))
    return draft.spec
