"""IPython's own syntax: `%magic`, `%%cell`, `!command`, `name?`. Told by hand; IPython is not asked, and nothing is run."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from jupyter_aichat.actions.doubts import Doubt

__all__ = ["Plain", "plain"]

_PROMPT = re.compile(r"^\s*(?:>>>|In \[\d*\]:)", re.MULTILINE)
_HELP = re.compile(r"^\s*(?:\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[^\W\d][\w.*]*\?{1,2})\s*$")
_ASSIGN = re.compile(r"^(\s*)([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*=\s*([!%].*)$")
_OPTIONS = re.compile(r"^(?:\s*-[a-zA-Z](?:\s*\d+)?)+(?=\s|$)")
_HARMLESS = frozenset("matplotlib who whos who_ls pinfo pdoc psource lsmagic quickref precision".split())
_TIMERS = frozenset({"time", "timeit", "prun"})
_SHELLS = frozenset(
    "bash sh script system sx perl ruby cmd pip conda mamba uv pypy python python2 python3 !".split()
)


@dataclass(slots=True)
class Plain:
    """The code as plain Python, and what had to be taken out of it."""

    code: str
    shell: list[str] = field(default_factory=list)
    unclear: list[Doubt] = field(default_factory=list)
    written: list[str | None] = field(default_factory=list)
    read: list[str | None] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)


def plain(code: str) -> Plain:
    """Turn a cell into Python that `ast` can read. What is Python already stays untouched."""
    out = Plain(code.replace("\r\n", "\n").replace("\r", "\n"))
    if _PROMPT.search(out.code):
        out.unclear.append(Doubt("has lines that begin like a prompt, which IPython cuts off"))
    text = out.code.lstrip("\n \t")
    if text.startswith("%%"):
        first, _, rest = text.partition("\n")
        out.code = _cell(first, rest, out)
        return out if not out.code else _merge(out, plain(out.code))
    try:
        ast.parse(out.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        starts = _logical_lines(out.code)
        lines = out.code.split("\n")
        out.code = "\n".join(_line(line, out) if n in starts else line for n, line in enumerate(lines))
    return out


def _merge(out: Plain, inner: Plain) -> Plain:
    return Plain(
        inner.code,
        out.shell + inner.shell,
        out.unclear + inner.unclear,
        out.written + inner.written,
        out.read + inner.read,
        out.assigned | inner.assigned,
    )


def _cell(first: str, rest: str, out: Plain) -> str:
    name, _, argument = first[2:].strip().partition(" ")
    if name in _TIMERS:
        return "\n".join([_without_options(argument), rest])
    if name == "capture":
        out.assigned.update(word for word in argument.split() if not word.startswith("-"))
        return rest
    if name in _SHELLS:
        out.shell.append(f"%%{name} {argument}".strip())
    elif name in {"writefile", "file"}:
        words = [word for word in argument.split() if word != "-a"]
        out.written.append(words[0] if len(words) == 1 and not set("${}~") & set(words[0]) else None)
    elif name not in {"markdown", "latex"}:
        out.unclear.append(Doubt("uses %%{name}, whose effect is not known here", name=name))
    return ""


def _line(line: str, out: Plain) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    text = line.strip()
    if _HELP.match(line):
        return indent + "pass"
    if found := _ASSIGN.match(line):
        _magic(found[3].strip(), out)
        targets = " = ".join(name.strip() for name in found[2].split(","))
        return f"{found[1]}{targets} = None"
    if text.startswith(("!", "%")):
        return indent + (_magic(text, out) or "pass")
    if text.startswith(("/", ",", ";")):
        out.unclear.append(Doubt("calls a function by IPython's automatic brackets"))
        return indent + "pass"
    return line


def _magic(text: str, out: Plain) -> str:
    """Note what a line magic or a command does. The Python that it runs, if it runs some."""
    if text.startswith("!"):
        out.shell.append(text.lstrip("!").strip())
        return ""
    name, _, argument = text[1:].strip().partition(" ")
    argument = argument.strip()
    if name in _TIMERS:
        return _without_options(argument)
    if name in _SHELLS:
        out.shell.append(f"%{name} {argument}".strip())
    elif name == "run":
        out.read.append(None)
        out.unclear.append(Doubt("runs another file (%run)"))
    elif name not in _HARMLESS:
        out.unclear.append(Doubt("uses %{name}, whose effect is not known here", name=name))
    return ""


def _without_options(argument: str) -> str:
    return _OPTIONS.sub("", argument).strip()


def _logical_lines(code: str) -> set[int]:
    """Numbers of the lines that begin a statement: outside strings and brackets, not after a backslash."""
    starts = {0}
    line, depth, at, quote = 0, 0, 0, ""
    fresh = True
    while at < len(code):
        char = code[at]
        if char == "\n":
            line += 1
            if quote and len(quote) == 1:
                quote = ""
            if not quote and depth <= 0:
                starts.add(line)
                fresh = True
            at += 1
            continue
        if quote:
            if char == "\\":
                line += code[at + 1 : at + 2] == "\n"
                at += 2
            elif code.startswith(quote, at):
                at += len(quote)
                quote = ""
            else:
                at += 1
            continue
        if fresh and char in "!%?":  # a command's quotes and brackets are not Python's
            end = code.find("\n", at)
            at = len(code) if end < 0 else end
            continue
        if not char.isspace():
            fresh = False
        if char == "#":
            end = code.find("\n", at)
            at = len(code) if end < 0 else end
            continue
        if char in "'\"":
            quote = char * 3 if code.startswith(char * 3, at) else char
            at += len(quote)
            continue
        if char == "\\" and code[at + 1 : at + 2] == "\n":
            line += 1
            at += 2
            continue
        depth += (char in "([{") - (char in ")]}")
        at += 1
    return starts
