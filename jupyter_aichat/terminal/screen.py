"""What a person sees: the answer on stdout, everything else on stderr."""

from __future__ import annotations

import re
from typing import TextIO

__all__ = ["Screen", "visible"]

DIM, PLAIN = "\x1b[2m", "\x1b[0m"

CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
"""Steers a terminal or reorders what is read; neither newline nor tab is among them."""


def visible(text: str) -> str:
    r"""Show control characters instead of obeying them: what a model writes must not steer a terminal.

    An escape becomes "␛", a bidirectional override "\\u202e".
    """
    return CONTROLS.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else f"\\u{code:04x}"


class Screen:
    """Two streams and what stands on them.

    The answer goes to `out` as it comes: byte for byte into a file or a pipe, with control characters shown on a
    terminal. Notes and specialists' words go to `err`, in dim letters on a terminal.
    """

    def __init__(self, out: TextIO, err: TextIO, *, verbose: bool) -> None:
        """Notes appear on a terminal, or where `verbose` asks for them."""
        self._out = out
        self._err = err
        self._verbose = verbose
        self._notes = verbose or err.isatty()
        self._raw = not out.isatty()
        self._shared = out.isatty() and err.isatty()
        self._message: str | None = None
        self._aside: str | None = None
        self._middle = False  # of a line of the answer
        self._aside_middle = False  # of a line of a specialist's

    def text(self, message: str, text: str) -> None:
        """Show a piece of the answer; another `message` begins a new paragraph."""
        self._end_aside()
        if self._message is not None and self._message != message:
            self._out.write("\n\n" if self._middle else "\n")
            self._middle = False
        self._message = message
        self._out.write(text if self._raw else visible(text))
        self._out.flush()
        self._middle = not text.endswith("\n") if text else self._middle

    def aside(self, agent: str, message: str, text: str) -> None:
        """Show a piece of what a specialist says, to those who want to see everything."""
        if not self._verbose or not text:
            return
        if self._aside != message:
            self.note(f"{agent}:")
            self._aside = message
        self._err.write(self._dim(visible(text)))
        self._err.flush()
        self._aside_middle = not text.endswith("\n")

    def note(self, sentence: str) -> None:
        """Show a line about what goes on."""
        if not self._notes:
            return
        self._end_aside()
        if self._shared and self._middle:
            self._out.write("\n")
            self._out.flush()
            self._middle = False
        self._err.write(self._dim(visible(" ".join(sentence.split()))) + "\n")
        self._err.flush()

    def failure(self, sentence: str) -> None:
        """Show why there is no answer, or no whole one."""
        self.end()
        self._err.write(visible(sentence) + "\n")
        self._err.flush()

    def line(self, frame: str) -> None:
        """Write a frame as it came, on a line of its own."""
        self._out.write(frame + "\n")
        self._out.flush()

    def end(self) -> None:
        """End the line that the answer stands on."""
        self._end_aside()
        if self._middle:
            self._out.write("\n")
            self._out.flush()
            self._middle = False

    def _end_aside(self) -> None:
        if self._aside_middle:
            self._err.write("\n")
            self._err.flush()
        self._aside, self._aside_middle = None, False

    def _dim(self, text: str) -> str:
        return f"{DIM}{text}{PLAIN}" if self._err.isatty() else text
