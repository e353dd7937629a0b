"""What is written down while code is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from jupyter_aichat.actions.code.known import harmless
from jupyter_aichat.actions.code.reach import FILE_FUNCTIONS, REASONS, Access, network, shell
from jupyter_aichat.actions.code.values import UNKNOWN, Function, Value
from jupyter_aichat.actions.doubts import Doubt

__all__ = ["FileUse", "Notes", "reason"]


class FileUse(NamedTuple):
    """A file that code names. `path` None: which one can't be told. `access` `unclear`: whether it writes can't."""

    path: str | None
    access: Access


_KINDS = frozenset({"data", "name", "path", "file", "plot", "unknown", "instance", "pairs"})
"""What a value may be that is no thing of a module."""


def reason(path: str) -> str | None:
    """Why the thing of that dotted name is not let through, where there are words for it."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        if found := REASONS.get(".".join(parts[:end])):
            return found
    return None


@dataclass(slots=True)
class Notes:
    """The effects found so far."""

    assigned: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    mutated: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    files: dict[FileUse, None] = field(default_factory=dict)
    network: dict[str, None] = field(default_factory=dict)
    shell: dict[str, None] = field(default_factory=dict)
    unclear: dict[Doubt, None] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)

    def doubt(self, form: str, **values: object) -> None:
        """Something that can't be told: one of the sentences of `actions.doubts`, filled in."""
        self.unclear[Doubt(form, **values)] = None

    def file(self, path: str | None, access: Access) -> None:
        """A file is named."""
        self.files[FileUse(path, access)] = None

    def mutate(self, value: Value, how: str, functions: list[Function]) -> None:
        """An object is changed. `functions`: those whose body is being read."""
        self.mutated |= value.own - {UNKNOWN}
        if value.what - {"data", "name", "unknown", "plot", "file", "path"}:
            things = ", ".join(sorted(w for w in value.what if w != "data"))
            self.doubt("changes {things} itself ({how})", things=things.replace("local:", ""), how=how)
        if UNKNOWN not in value.own:
            return
        if functions:
            for function in functions:
                function.changes = True
        else:
            self.doubt("changes an object and it can't be told whose it is ({how})", how=how)

    def escape(self, value: Value, functions: dict[str, Function]) -> None:
        """A value goes where it can't be followed: a list, an argument, a result."""
        for what in sorted(value.what):
            if what == "method":
                self.doubt("hands on a method that changes something or writes a file, without calling it")
            elif what.startswith("local:"):
                if functions[what].changes:
                    self.doubt(
                        "makes a function that changes what it is given ({name})", name=what.split(":")[1]
                    )
            elif what not in _KINDS and not harmless(what):
                self.named(what, "hands on")

    def named(self, path: str, verb: str) -> None:
        """A thing of a module that is not harmless is used other than by a plain call."""
        clean = path.removeprefix("builtins.")
        if network(path):
            self.network[clean] = None
        elif shell(path):
            self.shell[clean] = None
        words = reason(path)
        if words:
            self.doubt("{words} ({path})", words=words, path=clean)
        elif path in FILE_FUNCTIONS:
            self.file(None, "unclear")
            self.doubt("{verb} {path} without calling it", verb=verb, path=clean)
        else:
            self.doubt("{verb} {path}, which is not known to be harmless", verb=verb, path=clean)
