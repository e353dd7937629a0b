"""Tool calls as servers stream them, gathered and mended. Pure.

Nobody looks at half a call, so its pieces are kept until the server has said that the answer ends; a stream that is cut
leaves no call behind. (LangChain completes JSON that was cut off, and would run it.)

Servers differ: some leave ids out or start at `call_0` in every answer, some number all calls of one answer 0, some
repeat the name in each piece or send the arguments as an object. Each call leaves here with one index, one name and an
id of our own, unique in its thread.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import orjson

__all__ = ["ToolDeltas", "new_call_id"]


def new_call_id() -> str:
    """Make the id of a tool call: "c" and nine characters of `A-Z a-z 0-9 _ -` (54 random bits)."""
    return "c" + secrets.token_urlsafe(7)[:9]


@dataclass(slots=True)
class _Call:
    their_id: str | None
    name: str
    pieces: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> str:
        text = "".join(self.pieces)
        return "{}" if text.strip() in {"", "null"} else text


class ToolDeltas:
    """The tool calls of one answer."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._open: dict[Any, _Call] = {}  # by the server's own index
        self._released = 0

    def take(self, deltas: list[dict[str, Any]]) -> int:
        """Take the pieces of one chunk; how many characters of arguments they have."""
        size = 0
        for position, delta in enumerate(deltas):
            function = delta.get("function") or {}
            name, their_id = function.get("name") or "", delta.get("id") or None
            index = delta.get("index")
            key = position if index is None else index
            call = self._open.get(key)
            if call is None or (name and their_id and their_id != call.their_id):
                call = self._open[key] = _Call(their_id, name)
                self._calls.append(call)
            call.name = call.name or name
            text = function.get("arguments")
            if text is not None:
                call.pieces.append(text if isinstance(text, str) else orjson.dumps(text).decode())
                size += len(call.pieces[-1])
        return size

    def broken(self) -> str | None:
        """Name the first call whose arguments are no JSON; `None` if there is none."""
        return next((call.name or "?" for call in self._calls if not _is_json(call.arguments)), None)

    def release(self) -> list[dict[str, Any]]:
        """Give all calls, each as one delta, and forget them.

        Arguments that are no JSON become a JSON string of themselves. LangChain lists such a call as invalid, with
        what the model wrote, instead of guessing what it meant.
        """
        calls, self._calls, self._open = self._calls, [], {}
        first, self._released = self._released, self._released + len(calls)
        return [
            {
                "index": index,
                "id": new_call_id(),
                "type": "function",
                "function": {
                    "name": call.name or "unknown",
                    "arguments": text if _is_json(text := call.arguments) else orjson.dumps(text).decode(),
                },
            }
            for index, call in enumerate(calls, first)
        ]


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except ValueError:
        return False
    return True
