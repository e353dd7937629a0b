"""Streams that a test can read, as terminals or not."""

from io import StringIO

__all__ = ["Pipe", "Terminal"]


class Pipe(StringIO):
    """A stream into a file or another program."""


class Terminal(StringIO):
    """A stream onto a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True
