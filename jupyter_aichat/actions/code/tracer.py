"""Follows names through code: which object each may be, and what happens to it.

The module's own statements are followed in their order; inside a branch or a loop both outcomes count. Bodies of
functions run at a time that is not known, so there each name may be everything that it is anywhere. The whole is
repeated until nothing new is learnt; only what the last round notes counts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from jupyter_aichat.actions.code import calls
from jupyter_aichat.actions.code.expressions import Expressions
from jupyter_aichat.actions.code.known import CONTEXTS, DECORATORS, HARMLESS_IMPORTS, KNOWN_MODULES, harmless
from jupyter_aichat.actions.code.notes import Notes, reason
from jupyter_aichat.actions.code.reach import network, shell
from jupyter_aichat.actions.code.scopes import (
    Scope,
    arguments,
    bound_by,
    mentions,
    of_block,
    outside,
    targets,
)
from jupyter_aichat.actions.code.values import (
    DATA,
    PARAM,
    UNKNOWN,
    Function,
    Value,
    fresh,
    join,
)

__all__ = ["trace"]

_ROUNDS = 12
_BASES = frozenset({"builtins.object", "typing.NamedTuple", "typing.TypedDict", "typing.Protocol", "abc.ABC"})


def trace(tree: ast.Module, modules: Mapping[str, str] | None) -> Notes:
    """Read a module. `modules`: what some of the kernel's names hold, by dotted name; None takes the usual ones."""
    tracer = _Tracer(modules)
    for _ in range(_ROUNDS):
        before = tracer.state()
        tracer.round(tree)
        if tracer.state() == before:
            break
    else:
        tracer.notes.doubt("is too intricate to follow")
    return tracer.notes


class _Tracer(Expressions):
    """The statements; expressions are in the base class."""

    def state(self) -> object:
        """What has been learnt so far; equal states give equal rounds."""
        functions = {key: (f.returns, f.changes) for key, f in self.functions.items()}
        return dict(self.everywhere), functions, set(self.notes.stored)

    def round(self, tree: ast.Module) -> None:
        """Read everything once."""
        self.notes = Notes(stored=self.notes.stored)
        self.current = {}
        self.scopes = [Scope("module", "module")]
        self.functions_open = []
        self.depth = 0
        self.sure = set()
        self.deferred = []
        mentioned: set[str] = set()
        for node in tree.body:
            self.sure |= _surely_bound(node) - mentioned - _before(node)
            self.statement(node)
            mentioned |= mentions(node) | bound_by(node)
        self.depth += 1
        while self.deferred:
            function, self.scopes, self.functions_open = self.deferred.pop()
            self.body_of(function)

    # ------------------------------------------------------------------------------------------------ statements

    def statements(self, nodes: Iterable[ast.stmt], *, branch: bool = False) -> None:
        """A block of statements. `branch`: it may run never or often."""
        self.depth += branch
        for node in nodes:
            self.statement(node)
        self.depth -= branch

    def statement(self, node: ast.stmt) -> None:
        """One statement, by its kind."""
        method = getattr(self, f"on_{type(node).__name__}", None)
        if method is None:
            self.notes.doubt("has a statement that is not known here ({kind})", kind=type(node).__name__)
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.escaping(child)
                elif isinstance(child, ast.stmt):
                    self.statement(child)
            return
        method(node)

    def on_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def on_Assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value)

    def on_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.value(node.annotation)
        if node.value is not None:
            self.assign(node.target, self.value(node.value))
        elif not isinstance(node.target, ast.Name):
            self.value(node.target)

    def on_AugAssign(self, node: ast.AugAssign) -> None:
        added = self.escaping(node.value)
        self.notes.stored |= added.reach if not added.is_only("plot") else set()
        if isinstance(node.target, ast.Name):
            old = self.load(node.target.id)
            if old.what != {"data"} or old.own:
                self.notes.mutate(old, f"{node.target.id} with an operator and =", self.functions_open)
            self.store(node.target.id, Value(old.own, old.inner | added.reach, old.what))
        else:
            self.assign(node.target, added)

    def on_TypeAlias(self, node: ast.stmt) -> None:
        self.store(node.name.id, DATA)  # type: ignore[attr-defined]  # ast knows it since Python 3.12
        self.value(node.value)  # type: ignore[attr-defined]  # the same
        if getattr(node, "type_params", None):
            self.notes.doubt("has type parameters")

    def on_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.delete(target)

    def delete(self, target: ast.expr) -> None:
        """`del` of a name, an item, an attribute."""
        if isinstance(target, ast.Name):
            if self.is_global(target.id):
                self.notes.deleted.add(target.id)
                self.current.pop(target.id, None)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.delete(part)
        else:
            self.assign(target, DATA)

    def on_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.give_back(self.escaping(node.value))

    def on_If(self, node: ast.If) -> None:
        self.value(node.test)
        self.statements(node.body, branch=True)
        self.statements(node.orelse, branch=True)

    def on_While(self, node: ast.While) -> None:
        self.depth += 1
        self.value(node.test)
        self.depth -= 1
        for _ in range(2):
            self.statements(node.body, branch=True)
        self.statements(node.orelse, branch=True)

    def on_For(self, node: ast.For | ast.AsyncFor) -> None:
        element = self.step(self.value(node.iter))
        self.depth += 1
        for _ in range(2):  # what the first pass binds, the next one may find
            before = self.surely(node.target, element)
            self.statements(node.body)
            self.perhaps(before)
        self.depth -= 1
        self.statements(node.orelse, branch=True)

    def surely(self, target: ast.expr, value: Value) -> dict[str, Value]:
        """Bind a name that is certainly bound in the block that follows. What it was before."""
        names = targets(target)
        before = {name: self.peek(name) for name in names if self.is_global(name)} if self.depth else {}
        self.assign(target, value)
        if not self.functions_open and not self.lazy:
            for name in before:
                self.current[name] = self.last_stored[name]
        return before

    def perhaps(self, before: dict[str, Value]) -> None:
        """After such a block: it may never have run."""
        for name, value in before.items():
            self.current[name] = join(value, self.current.get(name, value))

    on_AsyncFor = on_For

    def on_With(self, node: ast.With | ast.AsyncWith) -> None:
        before: dict[str, Value] = {}
        for item in node.items:
            value = self.value(item.context_expr)
            allowed = isinstance(item.context_expr, ast.Call) and self.callee(item.context_expr) & CONTEXTS
            if not allowed and not value.what <= {"file", "instance", "plot"}:
                self.notes.doubt(
                    "enters {what}, which is not known here", what=ast.unparse(item.context_expr)[:60]
                )
            if item.optional_vars is not None:
                before |= self.surely(item.optional_vars, value)
        self.statements(node.body)
        self.perhaps(before)

    on_AsyncWith = on_With

    def on_Try(self, node: ast.Try) -> None:
        self.statements(node.body, branch=True)
        for handler in node.handlers:
            if handler.type is not None:
                self.value(handler.type)
            self.depth += 1
            if handler.name:
                self.store(handler.name, DATA)
            self.statements(handler.body)
            if handler.name and self.is_global(handler.name):
                self.notes.deleted.add(handler.name)
            self.depth -= 1
        self.statements(node.orelse, branch=True)
        self.statements(node.finalbody, branch=True)

    on_TryStar = on_Try

    def on_Match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)
        self.depth += 1
        for case in node.cases:
            for part in ast.walk(case.pattern):
                if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
                    self.store(part.name, join(subject, subject.element()))
                elif isinstance(part, ast.MatchMapping) and part.rest:
                    self.store(part.rest, subject.element())
                elif isinstance(part, (ast.MatchClass, ast.MatchValue)):
                    self.value(part.cls if isinstance(part, ast.MatchClass) else part.value)
            if case.guard is not None:
                self.value(case.guard)
            self.statements(case.body)
        self.depth -= 1

    def on_Raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.escaping(part)

    def on_Assert(self, node: ast.Assert) -> None:
        self.value(node.test)
        if node.msg is not None:
            self.value(node.msg)

    def on_Global(self, node: ast.Global) -> None:
        """The scope knows them already."""

    on_Nonlocal = on_Global
    on_Pass = on_Global
    on_Break = on_Global
    on_Continue = on_Global

    # ------------------------------------------------------------------------------------------- what is loaded

    def on_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imported(alias.name)
            top = alias.name.split(".")[0]
            if alias.asname and top not in HARMLESS_IMPORTS | {"datetime"}:
                self.notes.doubt("imports {module} under another name", module=alias.name)
            if alias.asname and top in {"os", "shutil", "sys", "pathlib", "glob", "io"}:
                self.notes.doubt("imports {module} under another name", module=alias.name)
            self.store(alias.asname or top, fresh(alias.name if alias.asname else top), imported=True)

    def on_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            self.notes.doubt("imports from a package that it is not in")
        self.imported(module)
        for alias in node.names:
            if alias.name == "*":
                self.notes.doubt("imports all names of {module}, whatever they are", module=module)
                continue
            path = f"{module}.{alias.name}"
            if words := reason(path):
                self.notes.doubt("{words} ({path})", words=words, path=path)
            elif alias.asname and alias.asname != alias.name and not harmless(path):
                self.notes.named(path, "gives another name to")
            self.store(alias.asname or alias.name, fresh(path), imported=True)

    def imported(self, module: str) -> None:
        """A module is loaded."""
        self.notes.imports.add(module)
        top = module.split(".", maxsplit=1)[0]
        if top in HARMLESS_IMPORTS:
            return
        if network(module):
            self.notes.network[module] = None
        elif shell(module):
            self.notes.shell[module] = None
        elif module not in {"urllib.parse", "__future__"} and not (top in KNOWN_MODULES and calls.quiet(top)):
            self.notes.doubt("imports {module}, which is not known to be harmless", module=module)

    # ----------------------------------------------------------------------------------------- functions, classes

    def on_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.decorators(node.decorator_list)
        self.signature(node)
        self.store(node.name, self.define(node))
        if getattr(node, "type_params", None):
            self.notes.doubt("has type parameters")

    on_AsyncFunctionDef = on_FunctionDef

    def on_ClassDef(self, node: ast.ClassDef) -> None:
        self.decorators(node.decorator_list)
        for base in node.bases:
            value = self.value(base)
            known = all(
                w in _BASES or w.startswith(("local:", "enum.")) or self.is_exception(w) for w in value.what
            )
            if not known:
                self.notes.doubt("makes a class from {what}", what=ast.unparse(base)[:60])
        if node.keywords or getattr(node, "type_params", None):
            self.notes.doubt("makes a class with a metaclass or other arguments")
        key = f"local:class {node.name}:{node.lineno}:{node.col_offset}"
        scope = of_block(node, "class", key)
        self.functions.setdefault(key, Function(node, nested=True, returns=fresh("instance")))
        self.scopes.append(scope)
        self.statements(node.body)
        self.scopes.pop()
        for child in node.body:
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.methods.setdefault(child.name, set()).add(self.key(child))
                method = self.functions.get(self.key(child))
                self.functions[key].changes |= bool(method and method.changes)
        self.store(node.name, fresh(key))

    def decorators(self, nodes: list[ast.expr]) -> None:
        """Decorators are calls: they get the function and give back what they like."""
        for node in nodes:
            found = self.value(node)
            if isinstance(node, ast.Call):
                found = Value(what=self.callee(node))
            setter = isinstance(node, ast.Attribute) and node.attr in {"setter", "getter", "deleter"}
            if not setter and not found.what <= DECORATORS:
                self.notes.doubt(
                    "decorates with {what}, which can put anything in its place", what=ast.unparse(node)[:60]
                )

    def signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        """Defaults and annotations, which are evaluated at once."""
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.escaping(default)
        for argument in arguments(node.args):
            if argument.annotation is not None:
                self.value(argument.annotation)
        if not isinstance(node, ast.Lambda) and node.returns is not None:
            self.value(node.returns)

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Value:
        """A function exists from here on; its body is read when everything else is known."""
        key = self.key(node)
        self.functions.setdefault(key, Function(node, nested=bool(self.functions_open)))
        self.deferred.append((node, list(self.scopes), list(self.functions_open)))
        return fresh(key)

    def body_of(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        """Read a function's body."""
        key = self.key(node)
        self.scopes.append(of_block(node, "function", key))
        self.functions_open.append(self.functions[key])
        defaults = [d for d in [*node.args.defaults, *node.args.kw_defaults] if d is not None]
        held = PARAM
        for default in defaults:
            held = join(held, Value(self.quietly(default).reach | {UNKNOWN}, frozenset({UNKNOWN})))
        for argument in arguments(node.args):
            self.store(argument.arg, held)
        if isinstance(node, ast.Lambda):
            self.give_back(self.escaping(node.body))
        else:
            self.statements(node.body)
        self.functions_open.pop()
        self.scopes.pop()


def _surely_bound(node: ast.stmt) -> set[str]:
    """Names that a statement of the module certainly binds, whatever happens."""
    if isinstance(node, ast.Assign):
        return set().union(*(targets(target) for target in node.targets))
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return targets(node.target)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names if alias.name != "*"}
    return set()


def _before(node: ast.stmt) -> set[str]:
    """Names that a statement may look up before it binds its own."""
    if isinstance(node, ast.Assign):
        loads = (n for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name))
        return mentions(node.value) | {n.id for n in loads if isinstance(n.ctx, ast.Load)}
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return set().union(*(mentions(part) for part in outside(node)))
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return set()
    if isinstance(node, ast.AnnAssign):
        return mentions(node.annotation) | (mentions(node.value) if node.value is not None else set())
    return mentions(node)
