"""Draft: what an agent's file says, and all that is wrong with it, each with its line. Pure."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from jupyter_aichat.agents.problems import Kind, Problem, nearest
from jupyter_aichat.agents.spec import NAME, AgentSpec

__all__ = ["Draft", "examine"]

_FIELDS: Final = ("name", "description", "tools", "model")
_FORM: Final = re.compile(r"---[ \t]*\n(?P<front>.*?)\n---[ \t]*(?:\n(?P<prompt>.*))?", re.DOTALL)
_REPR: Final = reprlib.Repr()
_REPR.maxstring = 60
_REPR.maxlevel = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """An agent as far as it could be read. `spec` is there exactly when nothing is wrong."""

    spec: AgentSpec | None
    problems: tuple[Problem, ...]


def examine(
    text: str,
    *,
    tools: Collection[str] | None = None,
    taken: Mapping[str, str] | None = None,
    source: str = "",
) -> Draft:
    """Read an agent's file.

    `tools` are the names of those that there are (`None`: not looked at), `taken` the names of other agents with where they
    come from, `source` is what this one is called beside them.
    """
    found = _FORM.match(text.replace("\r\n", "\n"))
    if found is None:
        return Draft(None, (Problem("no_front"),))
    try:
        front, lines = _front(found["front"])
    except _Broken as broken:
        return Draft(None, (broken.problem,))
    reading = _Reading(front, lines, (found["prompt"] or "").strip())
    reading.fields()
    named = reading.agent()
    wanted = reading.tools(tools)
    if named is not None and (other := (taken or {}).get(named)) is not None:
        reading.wrong("clash", "name", name=repr(named), other=other, source=source)
    if reading.problems:
        return Draft(None, tuple(sorted(reading.problems, key=lambda problem: problem.line or 0)))
    spec = AgentSpec(
        front["name"], front["description"], reading.prompt, tuple(dict.fromkeys(wanted)), front.get("model")
    )
    return Draft(spec, ())


class _Broken(Exception):
    """There is nothing to read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


_Lines = list[tuple[str, int]]
"""The fields in their order, with their lines; an element of a list as "tools[2]"."""


def _front(text: str) -> tuple[dict[str, Any], _Lines]:
    """The fields, and the lines on which they stand in the file: its first line is the one above the fields."""
    loader = yaml.SafeLoader("")
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        value: Any = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "it has characters that do not belong there"
        raise _Broken(Problem("yaml", {"why": why}, mark.line + 2 if mark else 2)) from error
    except (ValueError, RecursionError) as error:  # a date that is none; brackets within brackets
        raise _Broken(Problem("yaml", {"why": "it has a value that cannot be read"}, 2)) from error
    finally:
        loader.dispose()
    if not isinstance(value, dict) or not isinstance(node, yaml.MappingNode):
        what = {"what": type(value).__name__, "known": ", ".join(_FIELDS)}
        raise _Broken(Problem("no_fields", what))
    lines: _Lines = []
    for key, item in node.value:
        lines.append((str(key.value), key.start_mark.line + 2))
        if isinstance(item, yaml.SequenceNode):
            elements = enumerate(item.value)
            lines += [(f"{key.value}[{at}]", element.start_mark.line + 2) for at, element in elements]
    return value, lines


class _Reading:
    """The fields while they are looked at."""

    def __init__(self, front: dict[str, Any], lines: _Lines, prompt: str) -> None:
        self.problems: list[Problem] = []
        self.prompt = prompt
        self._front = front
        self._lines = lines

    def wrong(self, kind: Kind, at: str, /, near: str | None = None, **values: str) -> None:
        """Take note of something that is wrong with a field."""
        line = next((line for name, line in self._lines if name == at), 1)
        self.problems.append(Problem(kind, values, line, near))

    def fields(self) -> None:
        """Fields that nobody knows, and those that are there twice."""
        names = [name for name, _ in self._lines if "[" not in name]
        for key in self._front:
            if key not in _FIELDS:
                known = ", ".join(_FIELDS)
                self.wrong("field", str(key), near=nearest(str(key), _FIELDS), field=_short(key), known=known)
        for at, name in enumerate(names):
            if name in names[:at]:
                line = [line for one, line in self._lines if one == name][-1]
                self.problems.append(Problem("twice", {"field": repr(name)}, line))

    def agent(self) -> str | None:
        """Name, description, prompt and model; the name where it fits."""
        name = self._front.get("name", "")
        fits = isinstance(name, str) and NAME.fullmatch(name) is not None
        if not fits:
            self.wrong("name", "name", name=_short(name))
        description = self._front.get("description", "")
        if not isinstance(description, str) or not description.strip():
            self.wrong("needs", "description", name=_short(name), what="description")
        if not self.prompt:
            self.wrong("needs", "prompt", name=_short(name), what="prompt")
        model = self._front.get("model")
        if model is not None and not isinstance(model, str):
            self.wrong("model", "model", name=_short(name), model=_short(model))
        return name if fits else None

    def tools(self, there: Collection[str] | None) -> list[str]:
        """The tools that it wants: a list, or names with commas."""
        given: Any = self._front.get("tools") or []
        wanted = [n.strip() for n in given.split(",") if n.strip()] if isinstance(given, str) else given
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            self.wrong("tools", "tools", tools=_short(given))
            return []
        for at, name in enumerate(wanted):
            if there is not None and name not in there:
                place = f"tools[{at}]" if given is wanted else "tools"
                told = ", ".join(sorted(there)) or "none"
                self.wrong("tool", place, near=nearest(name, there), tool=_short(name), there=told)
        return wanted


def _short(value: object) -> str:
    """A value as Python writes it, and not all of a long one."""
    return _REPR.repr(value)
