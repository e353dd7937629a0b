"""Long texts, cut in the middle: an agent reads the beginning and the end, and how much is missing."""

from __future__ import annotations

from typing import Final

__all__ = ["OUTPUT_BYTES", "shortened"]

OUTPUT_BYTES: Final = 60_000
"""How much a tool may tell an agent, in bytes of UTF-8."""

_MARKER_BYTES: Final = 120


def shortened(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8: all of it, or two thirds from its head and one from its tail."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    room = max(0, limit - _MARKER_BYTES)
    head = raw[: room * 2 // 3].decode(errors="ignore")
    tail = raw[len(raw) - room // 3 :].decode(errors="ignore")
    left_out = len(text) - len(head) - len(tail)
    return f"{head}\n\n[… {left_out:,} of {len(text):,} characters left out here …]\n\n{tail}"
