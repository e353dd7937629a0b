"""The tool calls of a model's message, the broken ones among them."""

from __future__ import annotations

from langchain_core.messages import AIMessage
from langchain_core.messages import ToolCall as ModelToolCall

__all__ = ["MALFORMED", "calls_of", "mended"]

MALFORMED = "malformed_arguments"
"""The one argument of a call whose own arguments were no JSON: their text, so that the model can see what it wrote."""


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
