"""What is known of a value without running the code: whose it is, and which known thing it may be."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

__all__ = ["DATA", "PARAM", "UNKNOWN", "Function", "Value", "fresh", "join", "of_kernel", "shallow"]

UNKNOWN = "?"
"""Stands among the owners of a value for "something that this code was handed"."""

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """One value, or one of several.

    `own`: names of the kernel whose object this may be. `inner`: names whose objects it may hold. `what`: each of the
    things it may be, by dotted name for what comes from a module, `local:…` for what the code defines, `data`, `name`
    (some object of the kernel), `path`, `file`, `plot`, `method`, `unknown`. `text`: the text, where it is certain.
    `parts`: what it unpacks into, where it is known.
    """

    own: frozenset[str] = _NOBODY
    inner: frozenset[str] = _NOBODY
    what: frozenset[str] = frozenset({"data"})
    text: str | None = None
    parts: tuple[Value, ...] | None = None

    @property
    def reach(self) -> frozenset[str]:
        """Everybody's objects that can be got at through it."""
        return self.own | self.inner

    def is_only(self, kind: str) -> bool:
        """Whether it can be nothing else."""
        return self.what == {kind}

    def element(self) -> Value:
        """What an index, an attribute or a step of a loop gives."""
        if self.is_only("plot"):
            return replace(self, parts=None, text=None)
        if self.what <= {"data", "name", "unknown", "plot"}:
            return Value(self.reach, self.inner)
        return Value(self.reach | {UNKNOWN}, self.inner, frozenset({"unknown"}))


DATA = Value()
PARAM = Value(frozenset({UNKNOWN}), frozenset({UNKNOWN}), frozenset({"unknown"}))


def of_kernel(name: str) -> Value:
    """The object that the kernel has under `name`."""
    return Value(frozenset({name}), frozenset({name}), frozenset({"name"}))


def fresh(what: str = "data", text: str | None = None) -> Value:
    """Something new that holds nobody's objects."""
    return Value(what=frozenset({what}), text=text)


def shallow(*values: Value, what: str = "data") -> Value:
    """Something new that may hold the objects of `values`."""
    inner = frozenset[str]().union(*(v.reach for v in values))
    return Value(inner=inner, what=frozenset({what}))


def join(one: Value | None, other: Value) -> Value:
    """Either of the two."""
    if one is None or one == other:
        return other
    parts = None
    if one.parts is not None and other.parts is not None and len(one.parts) == len(other.parts):
        parts = tuple(join(a, b) for a, b in zip(one.parts, other.parts, strict=True))
    return Value(
        one.own | other.own,
        one.inner | other.inner,
        one.what | other.what,
        one.text if one.text == other.text else None,
        parts,
    )


@dataclass(slots=True)
class Function:
    """A function or lambda that the code defines: what it gives back, and whether it changes what it is given."""

    node: ast.AST
    nested: bool
    returns: Value | None = None
    changes: bool = False
    env: dict[str, Value] = field(default_factory=dict)
