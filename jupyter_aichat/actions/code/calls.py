"""Calls in an agent's code: the one place where something happens."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_aichat.actions.code.known import (
    CALLS_BACK,
    DRAWING,
    HARMLESS_IMPORTS,
    INPLACE,
    KNOWN_MODULES,
    MUTATING_FUNCTIONS,
    MUTATING_METHODS,
    NEW_METHODS,
    PLOTS,
    SCALAR_METHODS,
    VIEW_METHODS,
    VIEWS,
    harmless,
)
from jupyter_aichat.actions.code.reach import (
    FILE_FUNCTIONS,
    FILE_METHODS,
    HANDLE_METHODS,
    PATH_METHODS,
    PATH_PURE,
    REASONS,
    URL,
    Access,
    network,
    shell,
)
from jupyter_aichat.actions.code.values import DATA, UNKNOWN, Value, fresh, join, shallow

if TYPE_CHECKING:
    from jupyter_aichat.actions.code.expressions import Expressions

__all__ = ["call", "quiet"]

_SCALARS = frozenset(
    f"builtins.{name}"
    for name in "len str int float bool round sum abs repr hash id ord chr any all format print".split()
)
_TARGETS = frozenset(
    "path_or_buf path path_or_buffer file filename fname fp buf excel_writer io filepath_or_buffer".split()
)
_WORD_CALL = re.compile(
    r"(?<!\band)(?<!\bor)(?<!\bnot)(?<!\bin)(?:[\w`\]])\s*\(|(?:[\w`)\]])\.\s*[^\W\d]\w*\s*\("
)
_QUERY_NAME = re.compile(r"@([^\W\d]\w*)\s*([.(\[]?)")
_FAST = frozenset("eval query".split())


def quiet(module: str) -> bool:
    """Whether importing the module needs no words: what is called in it is looked at anyway."""
    return module not in REASONS and module not in {"pty", "pip"}


@dataclass(slots=True)
class _Arguments:
    node: ast.Call
    positional: list[Value]
    keywords: dict[str, Value]
    spread: bool

    @property
    def all(self) -> list[Value]:
        return [*self.positional, *self.keywords.values()]

    def at(self, index: int, *names: str) -> Value | None:
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.positional[index] if index < len(self.positional) else None

    def constant(self, name: str) -> object:
        """The constant that a keyword has; `...` where it is none."""
        for keyword in self.node.keywords:
            if keyword.arg == name:
                return keyword.value.value if isinstance(keyword.value, ast.Constant) else ...
        return None


def call(here: Expressions, node: ast.Call) -> Value:
    """What comes of a call, and what it does."""
    func = node.func
    base, attr = None, ""
    if isinstance(func, ast.Attribute):
        base, attr = here.value(func.value), func.attr
        dotted = here.attribute(base, attr) if not base.what & _OBJECTS else None
        what = dotted.what if dotted is not None else frozenset[str]()
    else:
        callee = here.value(func)
        what = callee.what
    args = _arguments(here, node, what, attr)
    result: Value | None = None
    if base is not None and base.what & _OBJECTS:
        if base.what - _OBJECTS:
            here.notes.doubt("calls .{attr}() of one of several things", attr=attr)
        return _method(here, args, base, attr)
    for path in sorted(what):
        result = join(result, _function(here, args, path, ast.unparse(func)[:60]))
    return result or DATA


_OBJECTS = frozenset({"data", "name", "unknown", "path", "file", "plot", "method", "instance", "pairs"})


def _arguments(here: Expressions, node: ast.Call, what: frozenset[str], attr: str) -> _Arguments:
    back = _candidates(what, attr)
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    spread = False
    for number, arg in enumerate(node.args):
        positional.append(here.escaping(arg))
        spread |= isinstance(arg, ast.Starred)
        if number in back or (back and spread):
            _callback(here, arg, attr or "a function")
    for keyword in node.keywords:
        value = here.escaping(keyword.value)
        spread |= keyword.arg is None
        keywords[keyword.arg or f"**{len(keywords)}"] = value
        if (attr in CALLS_BACK and back) or keyword.arg in _CALLBACK_WORDS or (back and keyword.arg is None):
            _callback(here, keyword.value, attr or "a function")
    return _Arguments(node, positional, keywords, spread)


_CALLBACK_WORDS = frozenset(
    "key func aggfunc converters default_factory pyfunc object_hook cls default".split()
)
_SECOND = frozenset({"itertools.accumulate", "itertools.groupby"})
_BY_KEYWORD = frozenset({"builtins.sorted", "builtins.min", "builtins.max"})


def _candidates(what: frozenset[str], attr: str) -> range:
    """Which arguments by position are called."""
    if attr in CALLS_BACK and not any("." in w for w in what):
        return range(100)
    if what & _SECOND:
        return range(1, 2)
    if what & CALLS_BACK - _BY_KEYWORD or "collections.defaultdict" in what:
        return range(1)
    return range(0)


def _callback(here: Expressions, node: ast.expr, to: str) -> None:
    """A function that is given to another, which calls it; pandas also takes a method's name."""
    for part in _leaves(node):
        value = here.quietly(part)
        if value.text is not None:
            name = value.text
            if (
                name.startswith("_")
                or name in FILE_METHODS
                or name in MUTATING_METHODS - {"add", "text", "bar"}
            ):
                here.notes.doubt("has {to} call .{name}() by its name", to=to, name=name)
        elif isinstance(part, (ast.JoinedStr, ast.BinOp)) and value.is_only("data") and not value.own:
            if not value.inner and to != "filter":
                here.notes.doubt("has {to} call a method whose name can't be told", to=to)
        elif value.own:
            words = ast.unparse(part)[:60]
            here.notes.doubt(
                "has {to} call {words}, if it is a function: its code is not here", to=to, words=words
            )


def _leaves(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [leaf for part in node.elts for leaf in _leaves(part)]
    if isinstance(node, ast.Dict):
        return [leaf for part in node.values for leaf in _leaves(part)]
    return [node.value] if isinstance(node, ast.Starred) else [node]


# ---------------------------------------------------------------------------------------------------------- functions


def _function(here: Expressions, args: _Arguments, path: str, words: str) -> Value:
    notes = here.notes
    if path.startswith("local:"):
        return _local(here, args, path)
    if path == "pathlib.Path" or path in {"pathlib.PurePath", "pathlib.PosixPath"}:
        texts = [v.text for v in args.positional]
        whole = None if None in texts or args.spread else "/".join(t for t in texts if t is not None)
        return fresh("path", whole if texts else ".")
    if path.startswith("pathlib.Path."):
        return _path(here, args, fresh("path"), path.rsplit(".", 1)[1])
    if path == "builtins.getattr":
        return _getattr(here, args)
    if path == "builtins.type" and len(args.all) > 1:
        notes.doubt("makes a class by hand (type)")
    if path in FILE_FUNCTIONS:
        return _file(here, args, path)
    if path in MUTATING_FUNCTIONS:
        if args.positional:
            notes.mutate(args.positional[0], words, here.functions_open)
        notes.stored |= frozenset[str]().union(*(v.reach for v in args.all[1:]))
        return (args.positional or [DATA])[0].element()
    if path in PLOTS:
        return fresh("plot")
    if harmless(path) or here.is_exception(path):
        _out(here, args, path, words)
        return _result(args, path)
    if path in {"data", "name", "unknown", "instance", "plot", "method", "path", "file", "pairs"}:
        notes.doubt("calls {words}, whose code is not here", words=words)
        _handed(here, args, words)
        return Value(frozenset({UNKNOWN}), frozenset({UNKNOWN}), frozenset({"unknown"}))
    if network(path):
        address = next((v.text for v in args.positional if v.text), None)
        notes.network[address if address and URL.search(address) else path] = None
    elif shell(path):
        command = next((v.text for v in args.all if v.text), None)
        notes.shell[command or path.removeprefix("builtins.")] = None
    elif path in KNOWN_MODULES or path in HARMLESS_IMPORTS:
        notes.doubt("calls {path}, which is a module", path=path)
    else:
        notes.named(path, "calls")
    _handed(here, args, words)
    return Value(frozenset({UNKNOWN}), frozenset({UNKNOWN}), frozenset({"unknown"}))


def _handed(here: Expressions, args: _Arguments, words: str) -> None:
    """Objects of the kernel went to code that can't be seen."""
    owners = sorted(frozenset[str]().union(*(v.own for v in args.all)) - {UNKNOWN})
    if owners:
        here.notes.doubt(
            "hands {names} to {words}, which may change it", names=", ".join(owners), words=words
        )


def _result(args: _Arguments, path: str) -> Value:
    values = args.all
    if path in _SCALARS:
        return DATA
    if path == "copy.deepcopy":
        return DATA
    if path == "builtins.zip":
        return Value(
            inner=shallow(*values).inner, what=frozenset({"pairs"}), parts=tuple(v.element() for v in values)
        )
    if path == "builtins.enumerate" and values:
        return Value(inner=values[0].reach, what=frozenset({"pairs"}), parts=(DATA, values[0].element()))
    if path in {"io.StringIO", "io.BytesIO"}:
        return fresh("file")
    if path in VIEWS or args.constant("copy") is not None:
        value = shallow(*values)
        return Value(value.inner, value.inner)
    return shallow(*values)


def _out(here: Expressions, args: _Arguments, path: str, words: str) -> None:
    """Results that are written into an object that was given."""
    for name in ("out", "overwrite_input"):
        if name in args.keywords:
            for value in args.all:
                here.notes.mutate(value, f"{words}({name}=…)", here.functions_open)
    if path.startswith("numpy."):
        limit = INPLACE.get(path)
        for value in args.positional[limit:] if limit is not None else []:
            here.notes.mutate(value, words, here.functions_open)
        if args.spread and any(v.own for v in args.all):
            here.notes.doubt("calls {words} with arguments that can't be told apart", words=words)
    if path == "builtins.print" and "file" in args.keywords and not args.keywords["file"].is_only("file"):
        here.notes.doubt("prints into something that can't be told")


def _local(here: Expressions, args: _Arguments, path: str) -> Value:
    function = here.functions[path]
    if function.changes:
        for value in args.all:
            here.notes.mutate(value, f"{path.split(':')[1]}() changes what it is given", here.functions_open)
    here.notes.stored |= frozenset[str]().union(*(v.reach for v in args.all)) if "class " in path else set()
    result = function.returns or DATA
    if UNKNOWN not in result.reach:
        return result
    given = frozenset[str]().union(*(v.reach for v in args.all))
    keep = frozenset({UNKNOWN}) if function.nested or here.functions_open else frozenset[str]()
    own = (result.own - {UNKNOWN}) | (given | keep if UNKNOWN in result.own else frozenset())
    inner = (result.inner - {UNKNOWN}) | given | keep
    return Value(own, inner, result.what)


def _getattr(here: Expressions, args: _Arguments) -> Value:
    name = args.positional[1].text if len(args.positional) > 1 else None
    if name is None or not name.isidentifier():
        here.notes.doubt("takes an attribute whose name can't be told (getattr)")
        return Value(frozenset({UNKNOWN}), frozenset({UNKNOWN}), frozenset({"unknown"}))
    found = here.attribute(args.positional[0], name)
    return join(found, args.positional[2]) if len(args.positional) > 2 else found


# -------------------------------------------------------------------------------------------------------------- files


def _file(here: Expressions, args: _Arguments, path: str) -> Value:
    access, index = FILE_FUNCTIONS[path]
    name = args.at(
        index,
        "path",
        "filepath_or_buffer",
        "file",
        "filename",
        "fname",
        "io",
        "source",
        "name",
        "path_or_buf",
    )
    if access == "unclear":
        access = _mode(args)
    text = name.text if name is not None and not args.spread else None
    if path == "numpy.load" and (
        args.constant("allow_pickle") not in {None, False} or len(args.positional) > 2 or args.spread
    ):
        here.notes.doubt("loads objects that can run code (numpy.load with allow_pickle)")
    if name is not None and name.is_only("file"):
        return _read(args)
    if (
        text is None
        and path.startswith(("pandas.", "polars."))
        and not (name is not None and name.is_only("path"))
    ):
        here.notes.doubt("reads a file or an address that can't be told ({path})", path=path)
    if text is not None and URL.match(text):
        here.notes.network[text] = None
        if access != "read":
            here.notes.file(text, access)
    elif path.startswith("shutil.") and path.split(".")[1] in {
        "copy",
        "copy2",
        "copyfile",
        "copytree",
        "move",
    }:
        target = args.at(1, "dst")
        here.notes.file(text, "write" if path.endswith("move") else "read")
        here.notes.file(target.text if target is not None and not args.spread else None, "write")
    elif path in {"os.rename", "os.replace", "os.link", "os.symlink", "os.renames"}:
        target = args.at(1, "dst")
        here.notes.file(text, "write")
        here.notes.file(target.text if target is not None else None, "write")
    elif path.split(".", maxsplit=1)[0] in {"tempfile", "fileinput", "mmap"}:
        here.notes.file(None, "write")
    else:
        here.notes.file(text, access)
    if path in {"sqlite3.connect", "shelve.open"}:
        here.notes.doubt("opens a database, whose commands are not read here")
    if (
        path.endswith((".open", "ZipFile", "GzipFile", "ExcelFile", "HDFStore", "BZ2File", "LZMAFile"))
        or "tempfile" in path
    ):
        opener = args.keywords.get("opener")
        if opener is not None:
            here.notes.doubt("opens a file with a function of its own")
        return fresh("file")
    return _read(args)


def _read(args: _Arguments) -> Value:
    return shallow(*args.all)


def _mode(args: _Arguments) -> Access:
    if args.spread:
        return "unclear"
    mode = args.at(1, "mode")
    if mode is None:
        return "read"
    if mode.text is None:
        return "unclear"
    return "write" if set(mode.text) & set("wax+") else "read"


def _path(here: Expressions, args: _Arguments, base: Value, attr: str) -> Value:
    """A method of a `Path`."""
    text = base.text
    if attr == "open":
        mode = args.at(0, "mode")
        modes = _Arguments(args.node, [DATA, *([mode] if mode else [])], {}, args.spread)
        here.notes.file(text, _mode(modes))
        return fresh("file")
    if attr in PATH_METHODS:
        here.notes.file(text, PATH_METHODS[attr])
        if attr in {
            "rename",
            "replace",
            "copy",
            "move",
            "symlink_to",
            "hardlink_to",
            "copy_into",
            "move_into",
        }:
            target = args.at(0, "target")
            here.notes.file(target.text if target is not None else None, "write")
        return fresh("path") if attr in {"glob", "rglob", "iterdir", "resolve"} else DATA
    if attr in PATH_PURE:
        parts = [text, *(v.text for v in args.positional)]
        whole = "/".join(p for p in parts if p) if attr == "joinpath" and None not in parts else None
        return fresh(
            "path" if attr not in {"as_posix", "as_uri"} else "data", whole if attr != "as_posix" else text
        )
    here.notes.doubt("calls .{attr}() of a path, which is not known to be harmless", attr=attr)
    return DATA


# ------------------------------------------------------------------------------------------------------------ methods


def _method(here: Expressions, args: _Arguments, base: Value, attr: str) -> Value:
    notes, words = here.notes, f".{attr}()"
    if attr.startswith("_") and attr not in {"_asdict", "_replace"}:
        notes.doubt("calls {words}, which is Python's or a library's own", words=words)
    if base.is_only("path"):
        return _path(here, args, base, attr)
    if "path" in base.what and attr in PATH_METHODS.keys() | {"open"}:
        _path(here, args, base, attr)
    if base.own:
        _disguised(here, args, attr)
    if base.is_only("file"):
        if attr not in HANDLE_METHODS and attr != "parse":
            notes.doubt("calls {words} of a file, which is not known to be harmless", words=words)
        return DATA
    local = here.methods.get(attr)
    if local:
        if any(here.functions[key].changes for key in local if key in here.functions):
            for value in [base, *args.all]:
                if value.own - {UNKNOWN}:
                    notes.mutate(value, words, here.functions_open)
        if base.is_only("instance"):
            return Value(frozenset({UNKNOWN}), frozenset({UNKNOWN}), frozenset({"unknown"}))
    if args.constant("inplace") not in {None, False} or "out" in args.keywords:
        notes.mutate(base, f"{words} in place", here.functions_open)
        if "out" in args.keywords:
            notes.mutate(args.keywords["out"], f"{words} with out", here.functions_open)
    if args.spread and (base.own or attr in FILE_METHODS):
        _spread(here, args, words)
    if (
        attr in INPLACE
        and len(args.positional) > INPLACE[attr]
        and not (attr == "replace" and base.text is not None)
    ):
        for value in [base, *args.positional[INPLACE[attr] :]]:
            notes.mutate(value, f"{words}, perhaps in place", here.functions_open)
    if attr in FILE_METHODS:
        return _writes(here, args, attr)
    if attr in MUTATING_METHODS:
        notes.mutate(base, words, here.functions_open)
        notes.stored |= _held(args)
        if attr in {"fit", "fit_transform", "send", "throw"} and base.own:
            notes.doubt("calls {words} of an object that is not known here", words=words)
        if base.is_only("plot") or attr in DRAWING:
            return fresh("plot")
        return base.element() if attr in {"pop", "popitem", "popleft", "setdefault"} else shallow(base)
    if attr in _FAST:
        _query(here, args, attr)
    if attr == "format" and (base.text is None or "__" in base.text):
        notes.doubt("fills in a text that can't be told, or that reaches for Python's own names (format)")
    if attr in DRAWING or base.is_only("plot"):
        if attr not in DRAWING | NEW_METHODS | VIEW_METHODS | SCALAR_METHODS:
            notes.doubt("calls {words}, which is not known to be harmless", words=words)
        return fresh("plot")
    if attr in VIEW_METHODS:
        if attr in {"items", "iterrows"}:
            pair = Value(base.reach, base.inner)
            return Value(base.own, base.reach, frozenset({"pairs"}), parts=(pair, pair))
        return Value(base.own | _back(args), base.reach | _back(args))
    if attr in SCALAR_METHODS:
        return (
            DATA if not base.own or attr not in {"count", "join", "find", "index", "group"} else shallow(base)
        )
    if attr in NEW_METHODS:
        value = shallow(base, *args.all)
        return Value(base.own, value.inner) if args.constant("copy") is not None else value
    if not (local and "instance" in base.what):
        notes.doubt("calls {words}, which is not known to be harmless", words=words)
        _handed(here, args, words)
    return Value(base.reach | {UNKNOWN}, base.inner | {UNKNOWN}, frozenset({"unknown"}))


def _disguised(here: Expressions, args: _Arguments, attr: str) -> None:
    """Methods of dataframes and dictionaries that do something else where the kernel's object is a path or a connection."""
    first = args.positional[0] if args.positional else None
    node = args.node.args[0] if args.node.args else None
    words = None
    if attr in {"rename", "replace", "copy"} and len(args.positional) == 1 and not args.keywords:
        if not isinstance(node, (ast.Dict, ast.Lambda)) and not (
            attr == "copy" and isinstance(node, ast.Constant)
        ):
            words = "a path"
    elif attr == "get" and first is not None and (first.text is None or "/" in first.text):
        words = None if isinstance(node, ast.Constant) and first.text is None else "a connection"
    elif attr in {"extract", "extractall"}:
        func = args.node.func
        if not (
            isinstance(func, ast.Attribute)
            and isinstance(func.value, ast.Attribute)
            and func.value.attr == "str"
        ):
            words = "an archive"
    if words is not None:
        here.notes.doubt("calls .{attr}() of what may be {words}", attr=attr, words=words)


def _back(args: _Arguments) -> frozenset[str]:
    """A default or a function that was given may come back."""
    return frozenset[str]().union(*(v.reach for v in args.all)) - {UNKNOWN}


def _held(args: _Arguments) -> frozenset[str]:
    return frozenset[str]().union(*(v.reach for v in args.all))


def _spread(here: Expressions, args: _Arguments, words: str) -> None:
    """`**options` may say `inplace`."""
    for keyword in args.node.keywords:
        if keyword.arg is None:
            plain = isinstance(keyword.value, ast.Dict) and all(
                isinstance(k, ast.Constant) and k.value not in {"inplace", "out", "copy"}
                for k in keyword.value.keys
            )
            if not plain and words not in {".assign()", ".agg()", ".with_columns()"}:
                here.notes.doubt("calls {words} with arguments that can't be told (**)", words=words)
    if any(isinstance(a, ast.Starred) for a in args.node.args) and words.strip(".()") in INPLACE:
        here.notes.doubt("calls {words} with arguments that can't be told (*)", words=words)


def _writes(here: Expressions, args: _Arguments, attr: str) -> Value:
    target = args.at(0, *_TARGETS)
    if target is None and not args.spread and not FILE_METHODS[attr]:
        return DATA
    if attr in {"to_sql", "to_gbq", "write_database"}:
        here.notes.doubt("writes to a database (.{attr}())", attr=attr)
        return DATA
    if attr in {"to_clipboard", "write_clipboard"}:
        here.notes.doubt("writes to the clipboard")
        return DATA
    constant = args.node.args[0] if args.node.args else None
    if not FILE_METHODS[attr] and isinstance(constant, ast.Constant) and constant.value is None:
        return DATA
    if target is not None and target.is_only("file"):
        return DATA
    text = target.text if target is not None and not args.spread else None
    here.notes.file(text, "write")
    if text is not None and URL.match(text):
        here.notes.network[text] = None
    return DATA


def _query(here: Expressions, args: _Arguments, attr: str) -> None:
    """`df.query` and `df.eval` run a text; it may name variables by @ and call their methods."""
    text = args.positional[0].text if args.positional else None
    if text is None and "expr" in args.keywords:
        text = args.keywords["expr"].text
    if text is None:
        here.notes.doubt("runs a text that can't be told as code (.{attr}())", attr=attr)
        return
    for name, after in _QUERY_NAME.findall(text):
        here.load(name)
        if after:
            here.notes.doubt("runs a text as code that uses {name} (.{attr}())", name=name, attr=attr)
    if "__" in text or _WORD_CALL.search(text) or "@" in _QUERY_NAME.sub("", text):
        here.notes.doubt("runs a text as code that calls functions (.{attr}())", attr=attr)
