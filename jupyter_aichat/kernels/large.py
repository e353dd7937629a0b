"""Printed text of many megabytes in one message, taken apart before it is decoded. Pure.

A kernel that prints in a tight loop puts all that it printed in a fifth of a second into one message. Decoding that as a
whole needs several times its size; a piece at a time needs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

__all__ = ["pieces"]

_PIECE = 256_000
"""Bytes of a piece."""
_ESCAPE = 12
"""Bytes of the longest escape in JSON, a pair of surrogates."""
_START = re.compile(rb'\s*\{\s*"name"\s*:\s*"(stdout|stderr)"\s*,\s*"text"\s*:\s*"')
_END = re.compile(rb'"\s*\}\s*\Z')


def pieces(content: memoryview) -> Iterator[dict[str, str]]:
    """The content of a `stream` message as several; none where it is not written as expected."""
    start = _START.match(content)
    end = _END.search(content, max(0, len(content) - 20))
    if len(content) <= _PIECE or start is None or end is None:
        return
    place, stop = start.end(), end.start()
    name = start.group(1).decode()
    while place < stop:
        cut = _cut(content, place, min(place + _PIECE, stop), stop)
        text = orjson.loads(b'"' + bytes(content[place:cut]) + b'"')
        yield {"name": name, "text": text}
        place = cut


def _cut(content: memoryview, place: int, cut: int, stop: int) -> int:
    """The last place up to `cut` that is within no escape and no character; the end, if there is none near."""
    if cut == stop:
        return stop
    lowest = max(place + 1, cut - 4096)
    while cut > lowest:
        before = bytes(content[max(place, cut - _ESCAPE) : cut])
        # behind `\n` it is safe whether that is a line's end or the end of an escaped backslash and an n
        if content[cut] & 0xC0 != 0x80 and (b"\\" not in before or before.endswith(b"\\n")):
            return cut
        cut -= 1
    return stop
