"""Text as a terminal shows it: carriage returns, backspaces, escape sequences. Pure functions and one small class."""

from __future__ import annotations

import re

__all__ = ["Roll", "first", "last", "plain", "size", "squeeze"]

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # window titles and links
    r"|[ -/]*[0-~])"  # all others
)
_MOVES = re.compile(r"([\r\b\n])")


def plain(text: str) -> str:
    """The text without escape sequences: what they coloured stays."""
    return _ESCAPES.sub("", text)


def size(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def first(text: str, limit: int) -> str:
    """The longest start of the text with at most `limit` bytes; no character is cut."""
    if size(text) <= limit:
        return text
    return text[:limit].encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def last(text: str, limit: int) -> str:
    """The longest end of the text with at most `limit` bytes; no character is cut."""
    if limit <= 0:
        return ""
    if size(text) <= limit:
        return text
    return text[-limit:].encode("utf-8", "replace")[-limit:].decode("utf-8", "ignore")


class Roll:
    """Text that grows, with a cursor in its last line.

    As in JupyterLab, a carriage return and a backspace move the cursor and erase nothing; what comes next overwrites,
    and a new line goes to the end of the line that it leaves.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []  # finished ones, in pieces
        self._line = ""
        self._cursor = 0
        self._size = 0

    @property
    def text(self) -> str:
        """All that is seen."""
        return "".join(self._lines) + self._line

    @property
    def size(self) -> int:
        """Bytes of what is seen."""
        return self._size + size(self._line)

    def feed(self, text: str) -> None:
        """Add what was printed next."""
        if "\r" not in text and "\b" not in text and self._cursor == len(self._line):
            self._append(text)
            return
        for piece in _MOVES.split(text):
            if piece == "\r":
                self._cursor = 0
            elif piece == "\b":
                self._cursor = max(0, self._cursor - 1)
            elif piece == "\n":
                self._cursor = len(self._line)
                self._append("\n")
            else:
                end = self._cursor + len(piece)
                self._line = self._line[: self._cursor] + piece + self._line[end:]
                self._cursor = end

    def _append(self, text: str) -> None:
        """Add text without moves at the end of the line, where the cursor is."""
        done, newline, rest = text.rpartition("\n")
        if newline:
            self._lines.append(self._line + done + newline)
            self._size += size(self._lines[-1])
            self._line = rest
        else:
            self._line += rest
        self._cursor = len(self._line)


def squeeze(text: str) -> str:
    """A shorter text that leaves every terminal as this one would, wherever its cursor is.

    A progress bar that was drawn a thousand times becomes the last drawing.
    """
    if text.count("\r") < 2:
        return text
    return "\n".join(_squeezed(line) for line in text.split("\n"))


def _squeezed(line: str) -> str:
    if line.count("\r") < 2 or "\b" in line:
        return line
    start, *drawn = line.split("\r")
    roll = Roll()
    for piece in drawn:
        roll.feed("\r" + piece)
    seen, cursor = roll.text, drawn[-1]
    # the cursor ends behind the last drawing, which may be shorter than an earlier one
    return f"{start}\r{seen}" if len(cursor) == len(seen) else f"{start}\r{seen}\r{cursor}"
