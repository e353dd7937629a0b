"""The tool calls of a model's message, the broken ones among them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.messages import ToolCall as ModelToolCall

__all__ = ["MALFORMED", "MOST_CHARACTERS", "calls_of", "length_of", "mended", "shown"]

MALFORMED = "malformed_arguments"
"""The one argument of a call whose own arguments were no JSON: their text, so that the model can see what it wrote."""


MOST_CHARACTERS = 200_000
"""Of the arguments of one call: what a person could still be asked to read, and may send back when they edit it."""
_GLIMPSE = 500
"""Characters that are shown of each argument of a call that has more."""


def length_of(args: Mapping[str, Any]) -> int:
    """Characters of a call's arguments, as JSON."""
    return len(json.dumps(args, ensure_ascii=False, default=str))


def shown(args: dict[str, Any]) -> dict[str, Any]:
    """A call's arguments as its event has them: of those that are refused for their length, the beginnings."""
    if length_of(args) <= MOST_CHARACTERS:
        return args
    texts = {k: v if isinstance(v, str) else json.dumps(v, default=str) for k, v in list(args.items())[:20]}
    return {k[:_GLIMPSE]: f"{v[:_GLIMPSE]}…" if len(v) > _GLIMPSE else v for k, v in texts.items()}


def calls_of(message: AIMessage) -> list[ModelToolCall]:
    """All calls that a message makes, each with a dict of arguments."""
    calls = list(message.tool_calls)
    for broken in message.invalid_tool_calls:
        name, args = broken["name"] or "unknown", {MALFORMED: broken["args"] or ""}
        calls.append(ModelToolCall(name=name, args=args, id=broken["id"], type="tool_call"))
    return calls


def mended(message: AIMessage) -> AIMessage:
    """The same message with its broken calls as ordinary ones, so that they are answered like any other.

    LangGraph ends a run, without a word, at a message that has nothing but broken calls.
    """
    if not message.invalid_tool_calls:
        return message
    return message.model_copy(update={"tool_calls": calls_of(message), "invalid_tool_calls": []})
