"""Agents as Markdown files: a front matter that says who it is, and the prompt below it. No Python needed.

---
name: translator
description: Translates column names and notes between Korean and English.
tools: [read_file, profile_table]
model: openai:gpt-5-mini
---
You are the translator. …
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from jupyter_aichat.agents.spec import AgentSpec
from jupyter_aichat.errors import PluginError

__all__ = ["agent_files", "parse_agent", "read_agent"]

_LARGEST: Final = 200_000
_FIELDS: Final = ("name", "description", "tools", "model")
_FORM: Final = re.compile(r"---[ \t]*\n(?P<front>.*?)\n---[ \t]*(?:\n(?P<prompt>.*))?", re.DOTALL)


def agent_files(folder: Path) -> list[Path]:
    """The files of a folder that are meant as agents; none where the folder is not there."""
    return sorted(path for path in folder.glob("*.md") if path.is_file() and not path.name.startswith("."))


def read_agent(path: Path) -> AgentSpec:
    """The agent that a file describes. Raises `PluginError`, which names the file and what is wrong with it."""
    try:
        if path.stat().st_size > _LARGEST:
            raise PluginError(f"{path.name}: larger than {_LARGEST:,} bytes.")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PluginError(f"{path.name}: cannot be read as UTF-8 text ({type(error).__name__}).") from error
    try:
        return parse_agent(text)
    except PluginError as error:
        raise PluginError(f"{path.name}: {error}") from error


def parse_agent(text: str) -> AgentSpec:
    """The agent that a text describes. Raises `PluginError`."""
    found = _FORM.match(text.replace("\r\n", "\n"))
    if found is None:
        raise PluginError("It does not begin with a front matter: a line '---', the fields, a line '---'.")
    try:
        front: Any = yaml.safe_load(found["front"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        raise PluginError(f"The front matter is not valid YAML{where}.") from error
    if not isinstance(front, dict):
        raise PluginError(
            f"The front matter is {type(front).__name__}, not fields. Give {', '.join(_FIELDS)}."
        )
    if unknown := [key for key in front if key not in _FIELDS]:
        raise PluginError(f"The front matter has a field {unknown[0]!r}; known are {', '.join(_FIELDS)}.")
    tools = front.get("tools") or []
    if isinstance(tools, str):
        tools = [name.strip() for name in tools.split(",") if name.strip()]
    if not isinstance(tools, list) or not all(isinstance(name, str) for name in tools):
        raise PluginError(f"tools is {tools!r}; give a list of names.")
    return AgentSpec(
        name=front.get("name", ""),
        description=front.get("description", ""),
        prompt=(found["prompt"] or "").strip(),
        tools=tuple(dict.fromkeys(tools)),
        model=front.get("model"),
    )
