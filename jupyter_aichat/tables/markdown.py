"""Markdown that stays Markdown whatever stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["code", "cut", "escape", "table"]

_LONGEST: Final = 80
_SPECIAL: Final = re.compile(r"[\\|*`<>\[\]$~]|(?<![^\W_])_|_(?![^\W_])")


def cut(text: str) -> str:
    """`text` on one line and at most 80 characters long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def escape(text: str) -> str:
    """`text` from a file, so that it shows as it is and cannot break out of a table's cell."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], cut(text))


def code(text: str) -> str:
    """`text` as code, for names of columns and files in a sentence."""
    return f"`{cut(text).replace('`', chr(39))}`"


def table(headings: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> str:
    """A table; headings are (text, whether the column holds numbers and stands at the right). Cells are Markdown."""
    lines = [
        [heading for heading, _ in headings],
        ["---:" if right else "---" for _, right in headings],
        *([*row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
