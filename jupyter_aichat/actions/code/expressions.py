"""Expressions of an agent's code: what each may be, and what evaluating it does. `tracer` has the statements."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Mapping
from dataclasses import replace

from jupyter_aichat.actions.code import calls
from jupyter_aichat.actions.code.known import (
    ACCESSORS,
    BUILTINS,
    CONVENTIONS,
    KNOWN_MODULES,
    MUTATING_METHODS,
    harmless,
)
from jupyter_aichat.actions.code.notes import Notes
from jupyter_aichat.actions.code.reach import FILE_METHODS, TEXT_ALLOWED, URL
from jupyter_aichat.actions.code.scopes import Scope, targets
from jupyter_aichat.actions.code.values import DATA, UNKNOWN, Function, Value, fresh, join, of_kernel, shallow

__all__ = ["Expressions"]

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_PLAIN = frozenset({"data", "name", "unknown", "path", "file", "plot", "method", "instance"})


class Expressions:
    """Names, scopes and expressions."""

    def __init__(self, modules: Mapping[str, str] | None) -> None:
        self.modules = modules
        self.notes = Notes()
        self.everywhere: dict[tuple[str, str], Value] = {}
        self.functions: dict[str, Function] = {}
        self.methods: dict[str, set[str]] = {}
        self.current: dict[str, Value] = {}
        self.scopes: list[Scope] = []
        self.functions_open: list[Function] = []
        self.deferred: list[tuple[_Function, list[Scope], list[Function]]] = []
        self.sure: set[str] = set()
        self.last_stored: dict[str, Value] = {}
        self.depth = 0
        self.lazy = 0

    # ----------------------------------------------------------------------------------------------------- names

    def home(self, name: str) -> Scope:
        """The scope that a name belongs to, seen from here."""
        for scope in reversed(self.scopes[1:]):
            if name in scope.globals:
                break
            if name in scope.local and (scope.kind != "class" or scope is self.scopes[-1]):
                return scope
        return self.scopes[0]

    def is_global(self, name: str) -> bool:
        """Whether storing to the name changes the kernel's."""
        return self.home(name).kind == "module"

    def load(self, name: str) -> Value:
        """What a name stands for."""
        if name.startswith("__") and name.endswith("__") and name not in TEXT_ALLOWED:
            self.notes.doubt("uses {name}, which is Python's own", name=name)
        scope = self.home(name)
        if scope.kind == "class":
            return join(self.everywhere.get((scope.key, name)), self._global(name))
        if scope.kind != "module":
            return self.everywhere.get((scope.key, name), DATA)
        return self._global(name)

    def _global(self, name: str) -> Value:
        if not self.functions_open and not self.lazy:
            return self.current[name] if name in self.current else self._kernel(name)
        value = self.everywhere.get(("module", name))
        if value is not None and name in self.sure:
            return value
        return join(value, self._kernel(name))

    def _kernel(self, name: str) -> Value:
        if name not in BUILTINS or name in (self.modules or {}):
            self.notes.read.add(name)
        if self.modules is not None and name in self.modules:
            return fresh(self.modules[name])
        if self.modules is None and name == "datetime":
            return Value(what=frozenset({"datetime", "datetime.datetime"}))
        if self.modules is None and name in CONVENTIONS:
            return fresh(CONVENTIONS[name])
        if name in BUILTINS:
            return fresh("IPython.display.display" if name == "display" else f"builtins.{name}")
        if self.modules is None and name in KNOWN_MODULES:
            return fresh(name)
        return of_kernel(name)

    def store(self, name: str, value: Value, *, imported: bool = False) -> None:
        """A name gets a value."""
        scope = self.home(name)
        if not imported and value.what - _PLAIN:
            self.notes.escape(value, self.functions)
        key = (scope.key, name)
        self.everywhere[key] = join(self.everywhere.get(key), value)
        if scope.kind != "module":
            return
        self.notes.assigned.add(name)
        if self._renames(name, value):
            self.notes.doubt("gives a new meaning to {name}", name=name)
        self.last_stored[name] = value
        if self.depth or self.lazy or self.functions_open or len(self.scopes) > 1:
            value = join(self.peek(name), value)
        self.current[name] = value

    def peek(self, name: str) -> Value:
        """What a name of the module is now; this is no reading of it."""
        known = name in self.notes.read
        value = self.current[name] if name in self.current else self._kernel(name)
        if not known:
            self.notes.read.discard(name)
        return value

    def _renames(self, name: str, value: Value) -> bool:
        """Whether later code would take the name for something else than it is."""
        if name.startswith("__"):
            return True
        if value.is_only("data") and not value.own:
            return False
        if name in CONVENTIONS:
            return value.what != {CONVENTIONS[name]}
        if name in BUILTINS or name in KNOWN_MODULES:
            return not all(what == name or harmless(what) for what in value.what)
        return False

    def assign(self, target: ast.expr, value: Value) -> None:
        """Store to anything that can stand left of `=`."""
        if isinstance(target, ast.Name):
            self.store(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.parts
            if parts is None or len(parts) != len(target.elts) or _starred(target.elts):
                parts = (value.element(),) * len(target.elts)
            for part, one in zip(target.elts, parts, strict=True):
                self.assign(part, one)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, shallow(value))
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            self._into(target, value)

    def _into(self, target: ast.Attribute | ast.Subscript, value: Value) -> None:
        """Store into an object: it is changed, and holds the value from now on."""
        base = self.value(target.value)
        if isinstance(target, ast.Subscript):
            self.escaping(target.slice)
        elif target.attr.startswith("__"):
            self.notes.doubt("sets {name}, which is Python's own", name=target.attr)
        self.notes.mutate(base, f"{ast.unparse(target)[:60]} = …", self.functions_open)
        self.notes.escape(value, self.functions)
        self.notes.stored |= value.reach

    def step(self, value: Value) -> Value:
        """What a loop over it gives."""
        if value.parts is not None and value.what == {"pairs"}:
            return Value(value.reach, value.inner, parts=value.parts)
        return self._with_stored(value.element())

    def _with_stored(self, value: Value) -> Value:
        """Something out of a container may be anything that the code has put into containers."""
        if value.is_only("plot") or not self.notes.stored:
            return value
        return replace(value, own=value.own | self.notes.stored, inner=value.inner | self.notes.stored)

    def give_back(self, value: Value) -> None:
        """`return` or `yield` in the function that is being read."""
        if self.functions_open:
            function = self.functions_open[-1]
            function.returns = join(function.returns, replace(value, text=None))

    @staticmethod
    def key(node: ast.AST) -> str:
        """A name for a function of the code."""
        name = getattr(node, "name", "lambda")
        return f"local:{name}:{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', 0)}"

    @staticmethod
    def is_exception(what: str) -> bool:
        """Whether it is one of Python's exceptions."""
        kind = getattr(builtins, what.removeprefix("builtins."), None)
        return what.startswith("builtins.") and isinstance(kind, type) and issubclass(kind, BaseException)

    # ----------------------------------------------------------------------------------------------- expressions

    def escaping(self, node: ast.expr) -> Value:
        """The value of something that goes where it can't be followed."""
        value = self.value(node)
        self.notes.escape(value, self.functions)
        return value

    def quietly(self, node: ast.expr) -> Value:
        """The value, noting nothing."""
        notes, self.notes = self.notes, Notes(stored=set(self.notes.stored))
        value = self.value(node)
        self.notes = notes
        return value

    def callee(self, node: ast.Call) -> frozenset[str]:
        """What may be called there."""
        return self.quietly(node.func).what

    def value(self, node: ast.AST) -> Value:
        """What an expression may be."""
        method = getattr(self, f"at_{type(node).__name__}", None)
        if method is None:
            self.notes.doubt("has an expression that is not known here ({kind})", kind=type(node).__name__)
            return shallow(*(self.escaping(n) for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)))
        value: Value = method(node)
        if value.text:
            for address in URL.findall(value.text):
                self.notes.network[address] = None
        return value

    def at_Constant(self, node: ast.Constant) -> Value:
        return fresh(text=node.value) if isinstance(node.value, str) else DATA

    def at_Name(self, node: ast.Name) -> Value:
        return self.load(node.id)

    def at_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        self.depth += 1  # it may stand in an `and` or a comprehension
        self.store(node.target.id, value)
        self.depth -= 1
        return value

    def at_Attribute(self, node: ast.Attribute) -> Value:
        return self.attribute(self.value(node.value), node.attr)

    def attribute(self, base: Value, name: str) -> Value:
        """`base.name`, not called."""
        if name.startswith("__") and name not in TEXT_ALLOWED | {"__doc__"}:
            self.notes.doubt("reaches for {name}, which is Python's own", name=name)
        dotted = frozenset(
            w for w in base.what if w not in _PLAIN and not w.startswith("local:") and w != "pairs"
        )
        if dotted and dotted == base.what:
            return Value(base.own, base.inner, frozenset(f"{w}.{name}" for w in dotted))
        if base.what & {"path"} and name in {"parent", "parents"}:
            return fresh("path")
        if name == "plot":
            return fresh("plot")
        if name in FILE_METHODS or (
            name in MUTATING_METHODS and name not in {"text", "table", "scatter", "bar"}
        ):
            return Value(base.own, base.inner, frozenset({"method"}))
        if dotted or any(w.startswith("local:") for w in base.what):
            return Value(base.reach | {UNKNOWN}, base.inner | {UNKNOWN}, frozenset({"unknown"}))
        if name in ACCESSORS:
            return Value(
                base.own, base.inner, base.what - {"path", "file", "instance"} or frozenset({"data"})
            )
        return self._with_stored(base.element()) if base.what != {"data"} or base.inner else DATA

    def at_Subscript(self, node: ast.Subscript) -> Value:
        base = self.value(node.value)
        self.escaping(node.slice)
        if base.parts is not None and isinstance(node.slice, ast.Constant) and base.is_only("data"):
            index = node.slice.value
            if isinstance(index, int) and -len(base.parts) <= index < len(base.parts):
                return base.parts[index]
        if all(w.startswith(("typing.", "builtins.", "collections.abc.", "numpy.")) for w in base.what):
            if base.what & {"typing.Any"} or any(harmless(w) for w in base.what):
                return DATA
            self.notes.escape(base, self.functions)
        elif base.what - _PLAIN - {"pairs"}:
            self.notes.escape(base, self.functions)
        return self._with_stored(base.element())

    def at_Slice(self, node: ast.Slice) -> Value:
        return self._all(n for n in (node.lower, node.upper, node.step) if n is not None)

    def at_Call(self, node: ast.Call) -> Value:
        return calls.call(self, node)

    def at_Starred(self, node: ast.Starred) -> Value:
        return self.step(self.value(node.value))

    def _all(self, nodes: Iterable[ast.expr]) -> Value:
        return shallow(*(self.escaping(n) for n in nodes))

    def at_Tuple(self, node: ast.Tuple | ast.List) -> Value:
        values = [self.escaping(n) for n in node.elts]
        parts = tuple(replace(v, parts=None) for v in values)
        return replace(shallow(*values), parts=None if _starred(node.elts) else parts)

    at_List = at_Tuple

    def at_Set(self, node: ast.Set) -> Value:
        return self._all(node.elts)

    def at_Dict(self, node: ast.Dict) -> Value:
        return self._all([*(k for k in node.keys if k is not None), *node.values])

    def at_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.escaping(node.left), self.escaping(node.right)
        if isinstance(node.op, ast.Add) and left.text is not None and right.text is not None:
            return fresh(text=left.text + right.text)
        if isinstance(node.op, ast.Div) and "path" in left.what | right.what:
            whole = None if left.text is None or right.text is None else f"{left.text}/{right.text}"
            return Value(left.own | right.own, left.inner | right.inner, left.what | {"path"}, whole)
        return shallow(left, right)

    def at_BoolOp(self, node: ast.BoolOp) -> Value:
        return self._either(node.values)

    def _either(self, nodes: Iterable[ast.expr]) -> Value:
        value = None
        for node in nodes:
            value = join(value, self.value(node))
        return value or DATA

    def at_IfExp(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return self._either([node.body, node.orelse])

    def at_UnaryOp(self, node: ast.UnaryOp) -> Value:
        return shallow(self.value(node.operand))

    def at_Compare(self, node: ast.Compare) -> Value:
        self._all([node.left, *node.comparators])
        return DATA

    def at_JoinedStr(self, node: ast.JoinedStr) -> Value:
        texts = [self.value(part).text for part in node.values]
        return fresh(text=None if None in texts else "".join(t for t in texts if t is not None))

    def at_FormattedValue(self, node: ast.FormattedValue) -> Value:
        value = self.escaping(node.value)
        if node.format_spec is not None:
            self.value(node.format_spec)
        plain = node.format_spec is None and node.conversion == -1 and value.is_only("data")
        return fresh(text=value.text if plain else None)

    at_TemplateStr = at_JoinedStr
    at_Interpolation = at_FormattedValue

    def at_Lambda(self, node: ast.Lambda) -> Value:
        self.signature(node)
        return self.define(node)

    def signature(self, node: _Function) -> None:
        """Defaults and annotations; the tracer knows how."""
        raise NotImplementedError

    def define(self, node: _Function) -> Value:
        """A function of the code; the tracer knows how."""
        raise NotImplementedError

    def at_Await(self, node: ast.Await) -> Value:
        return self.escaping(node.value)

    def at_Yield(self, node: ast.Yield | ast.YieldFrom) -> Value:
        if node.value is not None:
            self.give_back(shallow(self.escaping(node.value)))
        return Value(frozenset({UNKNOWN}), frozenset({UNKNOWN}), frozenset({"unknown"}))

    at_YieldFrom = at_Yield

    def at_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
        return self._comprehension(node, [node.elt])

    at_SetComp = at_ListComp
    at_GeneratorExp = at_ListComp

    def at_DictComp(self, node: ast.DictComp) -> Value:
        return self._comprehension(node, [node.key, node.value])

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, parts: list[ast.expr]
    ) -> Value:
        first = self.value(node.generators[0].iter)
        scope = Scope("comprehension", f"comprehension:{node.lineno}:{node.col_offset}")
        scope.local = set().union(*(targets(g.target) for g in node.generators))
        self.scopes.append(scope)
        self.depth += 1
        self.lazy += isinstance(node, ast.GeneratorExp)
        for number, generator in enumerate(node.generators):
            self.assign(generator.target, self.step(self.value(generator.iter) if number else first))
            for test in generator.ifs:
                self.value(test)
        value = self._all(parts)
        self.lazy -= isinstance(node, ast.GeneratorExp)
        self.depth -= 1
        self.scopes.pop()
        return value


def _starred(nodes: Iterable[ast.expr]) -> bool:
    return any(isinstance(n, ast.Starred) for n in nodes)
