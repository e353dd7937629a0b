"""From LangChain and LangGraph to our words and back: transcripts in, actions out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages import ToolCall as ModelToolCall

from jupyter_aichat.actions.action import Action
from jupyter_aichat.agents.port import Turn

__all__ = ["actions_in", "messages_from"]


def messages_from(transcript: Iterable[Turn], agent: str) -> list[AnyMessage]:
    """The transcript as the messages of an agent's graph. `agent` is the one that spoke and speaks."""
    return [_message(turn, agent) for turn in transcript]


def _message(turn: Turn, agent: str) -> AnyMessage:
    known = turn.id or None
    if turn.role == "user":
        return HumanMessage(turn.text, id=known)
    if turn.role == "assistant":
        calls = [
            ModelToolCall(name=call.name, args=call.args, id=call.call_id, type="tool_call")
            for call in turn.calls
        ]
        return AIMessage(turn.text, id=known, name=agent, tool_calls=calls)
    if turn.role == "tool":
        return ToolMessage(turn.text, id=known, tool_call_id=turn.call_id, name=turn.name)
    assert_never(turn.role)


def actions_in(part: Mapping[str, Any]) -> Iterator[Action]:
    """The actions that a part of LangGraph's stream (`updates`, version 2, of the outermost graph) asks for."""
    for interrupt in part["data"].get("__interrupt__", ()):
        asked: dict[str, Any] = interrupt.value
        yield Action(
            id=interrupt.id,
            kind=asked["kind"],
            agent=asked["agent"],
            call_id=asked["call_id"],
            args=asked["args"],
            tells=asked.get("tells"),
        )
