"""What a kernel shows while code runs, and what a notebook's cell would show in the end. Pure.

`output_of` reads a kernel's message, `fold` and `Cell` put outputs together into nbformat's dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jupyter_aichat.kernels.text import Roll, plain

__all__ = [
    "Cell",
    "Clear",
    "Display",
    "Error",
    "Omitted",
    "Output",
    "Result",
    "Stream",
    "StreamName",
    "Update",
    "fold",
    "output_of",
    "said",
]

StreamName = Literal["stdout", "stderr"]


@dataclass(frozen=True, slots=True)
class Stream:
    """Printed text. Carriage returns and backspaces are in it; `fold` obeys them."""

    name: StreamName
    text: str


@dataclass(frozen=True, slots=True)
class Display:
    """A figure, a table, …: the same thing under several MIME types. Untrusted, whatever its metadata say."""

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    display_id: str | None = None
    """By which a later `Update` finds it."""


@dataclass(frozen=True, slots=True)
class Result(Display):
    """The value of the last expression."""


@dataclass(frozen=True, slots=True)
class Update:
    """New content for each earlier display with this id, in whichever cell it is."""

    display_id: str
    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clear:
    """All outputs so far go; with `wait` only when the next one comes."""

    wait: bool = False


@dataclass(frozen=True, slots=True)
class Error:
    """The code ended with an exception. Escape sequences are stripped."""

    name: str
    value: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Omitted:
    """Something was larger than allowed, and is said instead of shown."""

    what: Literal["text", "display"]
    size: int
    """Bytes that are left out."""
    total: int
    """Bytes of all that the request printed (`text`) or displayed (`display`) so far."""
    name: StreamName = "stdout"


Output = Stream | Display | Update | Clear | Error | Omitted


def said(omitted: Omitted) -> str:
    """The marker in place of what was left out."""
    noun = "text" if omitted.what == "text" else "display data"
    return f"[… {_human(omitted.size)} of {_human(omitted.total)} of {noun} left out …]"


def _human(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1e3:,.1f} kB" if size < 1_000_000 else f"{size / 1e6:,.1f} MB"


def output_of(kind: str, content: Mapping[str, Any]) -> Output | None:
    """The output that a message of the kernel carries; None for all other messages.

    Kernels exist in many languages and some are careless, so nothing here relies on a field being there.
    """
    match kind:
        case "stream":
            text = str(content.get("text", ""))
            return Stream("stderr" if content.get("name") == "stderr" else "stdout", text) if text else None
        case "display_data" | "execute_result" | "update_display_data":
            data, metadata = _mapping(content, "data"), _mapping(content, "metadata")
            display_id = _mapping(content, "transient").get("display_id")
            if kind == "update_display_data":
                return Update(str(display_id), data, metadata) if display_id else None
            made = Result if kind == "execute_result" else Display
            return made(data, metadata, None if display_id is None else str(display_id))
        case "clear_output":
            return Clear(wait=bool(content.get("wait")))
        case "error":
            return error_of(content)
        case _:
            return None


def error_of(content: Mapping[str, Any]) -> Error:
    """The exception that an `error` message or a reply tells of."""
    lines = content.get("traceback")
    return Error(
        plain(str(content.get("ename", ""))) or "Error",
        plain(str(content.get("evalue", ""))),
        plain("\n".join(map(str, lines))) if isinstance(lines, list) else "",
    )


def _mapping(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


class Cell:
    """Outputs put together one by one, as a notebook's cell does."""

    def __init__(self) -> None:
        self._items: list[tuple[Output, Roll | None]] = []
        self._clear_next = False

    @property
    def text_size(self) -> int:
        """Bytes of printed text that are seen now."""
        return sum(roll.size for _, roll in self._items if roll is not None)

    def add(self, output: Output) -> None:
        """Take the next output."""
        if isinstance(output, Clear):
            self._clear_next = output.wait
            if not output.wait:
                self._items.clear()
            return
        if isinstance(output, Update):
            self._items = [(_updated(item, output), roll) for item, roll in self._items]
            return
        if self._clear_next:
            self._clear_next = False
            self._items.clear()
        if isinstance(output, Stream):
            self._print(output.name, output.text)
        elif isinstance(output, Omitted) and output.what == "text":
            self._print(output.name, f"\n{said(output)}\n")
        else:
            self._items.append((output, None))

    def _print(self, name: StreamName, text: str) -> None:
        if self._items:
            previous, roll = self._items[-1]
            if roll is not None and isinstance(previous, Stream) and previous.name == name:
                roll.feed(text)
                return
        roll = Roll()
        roll.feed(text)
        self._items.append((Stream(name, ""), roll))

    def outputs(self) -> list[dict[str, Any]]:
        """What is seen now, as nbformat writes it."""
        return [_written(item, roll) for item, roll in self._items]


def fold(outputs: Iterable[Output]) -> list[dict[str, Any]]:
    """What a cell shows after these outputs, as nbformat writes it."""
    cell = Cell()
    for output in outputs:
        cell.add(output)
    return cell.outputs()


def _updated(item: Output, update: Update) -> Output:
    if isinstance(item, Display) and item.display_id == update.display_id:
        return type(item)(update.data, update.metadata, item.display_id)
    return item


def _written(item: Output, roll: Roll | None) -> dict[str, Any]:
    match item:
        case Stream(name):
            return {"output_type": "stream", "name": name, "text": roll.text if roll else ""}
        case Result(data, metadata):
            shown = {"data": dict(data), "metadata": dict(metadata)}
            return {"output_type": "execute_result", "execution_count": None, **shown}
        case Display(data, metadata):
            return {"output_type": "display_data", "data": dict(data), "metadata": dict(metadata)}
        case Error(name, value, traceback):
            lines = traceback.split("\n") if traceback else []
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
        case Omitted():
            return {"output_type": "display_data", "data": {"text/plain": said(item)}, "metadata": {}}
        case _:
            raise AssertionError(item)  # Clear and Update are never kept
