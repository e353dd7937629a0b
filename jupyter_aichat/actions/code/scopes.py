"""Which names a block of code binds for itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Scope", "arguments", "bound_by", "mentions", "of_block", "outside", "targets", "walrus"]

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(slots=True)
class Scope:
    """A block: `local` are its own names, `outer` those that `global` or `nonlocal` send elsewhere."""

    kind: Literal["module", "function", "class", "comprehension"]
    key: str
    local: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)


class _Binder(ast.NodeVisitor):
    """Collects what a function's or class's body binds; nested blocks keep their own, except for walrus."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.scope.local.add(node.id)

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.globals.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.nonlocals.update(node.names)

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _NESTED):
            if not isinstance(node, ast.Lambda):
                self.scope.local.add(node.name)
            for part in outside(node):
                self.visit(part)
        elif isinstance(node, _COMPREHENSIONS):
            self.visit(node.generators[0].iter)
            self.scope.local.update(walrus(node))
        else:
            self.scope.local.update(bound_by(node))
            super().generic_visit(node)


def outside(node: ast.AST) -> list[ast.AST]:
    """What of a nested block is evaluated around it: decorators, defaults, annotations, bases."""
    parts: list[ast.AST | None] = []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        parts += node.decorator_list
    if isinstance(node, ast.ClassDef):
        parts += [*node.bases, *(k.value for k in node.keywords)]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        args = node.args
        parts += [*args.defaults, *args.kw_defaults]
        parts += [a.annotation for a in arguments(args)]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parts.append(node.returns)
    return [part for part in parts if part is not None]


def arguments(args: ast.arguments) -> list[ast.arg]:
    """All parameters."""
    rest = [a for a in (args.vararg, args.kwarg) if a is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]


def walrus(node: ast.AST) -> set[str]:
    """Names that `:=` binds around a comprehension."""
    found: set[str] = set()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Lambda):
            continue
        if isinstance(child, ast.NamedExpr):
            found.add(child.target.id)
        found |= walrus(child)
    return found


def bound_by(node: ast.AST) -> set[str]:
    """Names that this node itself binds, other than by a `Name`."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names if alias.name != "*"}
    if isinstance(node, ast.ExceptHandler):
        return {node.name} if node.name else set()
    if isinstance(node, (ast.MatchAs, ast.MatchStar)):
        return {node.name} if node.name else set()
    if isinstance(node, ast.MatchMapping):
        return {node.rest} if node.rest else set()
    return set()


def of_block(node: ast.AST, kind: Literal["function", "class"], key: str) -> Scope:
    """The scope of a function, lambda or class."""
    scope = Scope(kind, key)
    binder = _Binder(scope)
    if isinstance(node, ast.Lambda):
        binder.visit(node.body)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        for child in node.body:
            binder.visit(child)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        scope.local.update(a.arg for a in arguments(node.args))
    scope.local -= scope.globals | scope.nonlocals
    return scope


def targets(node: ast.AST) -> set[str]:
    """Names that an assignment's target binds."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def mentions(node: ast.AST) -> set[str]:
    """Every name that stands anywhere in it."""
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    for child in ast.walk(node):
        if isinstance(child, (ast.Global, ast.Nonlocal)):
            found.update(child.names)
    return found
