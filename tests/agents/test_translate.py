"""Translation between our words and LangChain's: what of a turn a model gets."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.types import Interrupt

from jupyter_aichat.actions.action import Action
from jupyter_aichat.agents.calls import MALFORMED, calls_of, mended
from jupyter_aichat.agents.port import ToolCall, Turn
from jupyter_aichat.agents.translate import actions_in, messages_from


def test_turns_become_messages() -> None:
    """Texts, ids and calls as they are; the assistant has the agent's name."""
    call = ToolCall(call_id="c1", name="ask_analyst", args={"task": "t"})
    turns = (
        Turn("user", "Hi", "m1"),
        Turn("assistant", "Wait.", "m2", calls=(call,)),
        Turn("tool", "42", call_id="c1", name="ask_analyst"),
    )
    human, assistant, tool = messages_from(turns, "supervisor")
    assert human == HumanMessage("Hi", id="m1")
    assert isinstance(assistant, AIMessage)
    assert (assistant.text, assistant.id, assistant.name) == ("Wait.", "m2", "supervisor")
    assert assistant.tool_calls == [
        {"name": "ask_analyst", "args": {"task": "t"}, "id": "c1", "type": "tool_call"}
    ]
    assert isinstance(tool, ToolMessage)
    assert (tool.text, tool.tool_call_id, tool.id) == ("42", "c1", None)


def test_interrupts_become_actions() -> None:
    """Each with LangGraph's id; any other update is none."""
    asked: dict[str, Any] = {
        "kind": "share_files",
        "agent": "analyst",
        "call_id": "c1",
        "args": {"host": "h", "files": ["a"]},
    }
    part = {"type": "updates", "ns": (), "data": {"__interrupt__": (Interrupt(value=asked, id="i1"),)}}
    assert list(actions_in(part)) == [
        Action("i1", "share_files", "analyst", "c1", {"host": "h", "files": ["a"]})
    ]
    assert list(actions_in({"type": "updates", "ns": (), "data": {"model": {"messages": []}}})) == []


def test_broken_calls_become_ordinary_ones() -> None:
    """So that each is answered; the model sees what it had written."""
    message = AIMessage(
        content="",
        tool_calls=[{"name": "f", "args": {"x": 1}, "id": "c1"}],
        invalid_tool_calls=[
            {"name": "g", "args": "{x", "id": "c2", "error": None, "type": "invalid_tool_call"}
        ],
    )
    whole = mended(message)
    assert [(call["name"], call["args"], call["id"]) for call in whole.tool_calls] == [
        ("f", {"x": 1}, "c1"),
        ("g", {MALFORMED: "{x"}, "c2"),
    ]
    assert whole.invalid_tool_calls == []
    assert calls_of(message) == whole.tool_calls
    assert mended(whole) is whole
