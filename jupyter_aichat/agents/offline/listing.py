"""Reading what the tool `list_files` says: one path a line, folders with a slash at the end, size in parentheses."""

from __future__ import annotations

import re
from typing import Final

from jupyter_aichat.tables import SUFFIXES

__all__ = ["entries_in", "tables_in"]

_ENTRY: Final = re.compile(r"^\s*(?:[-*•]\s+)?(?P<path>.+?)(?:\s+\((?P<about>[^()]*)\))?\s*$")


def entries_in(listing: str) -> list[tuple[str, str]]:
    """The files of a listing: path, and the line as it stands there."""
    found: list[tuple[str, str]] = []
    for line in listing.splitlines():
        entry = _ENTRY.match(line)
        if entry and line.lstrip().startswith(("-", "*", "•")) and not entry["path"].endswith("/"):
            found.append((entry["path"].strip("`"), line.strip()))
    return found


def tables_in(listing: str) -> list[str]:
    """The paths of the tables in a listing, in its order."""
    return [path for path, _ in entries_in(listing) if path.lower().endswith(tuple(SUFFIXES))]
