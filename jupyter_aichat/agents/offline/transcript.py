"""What an agent was told and has done so far, read from its messages. Nothing else is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

__all__ = ["Call", "Situation", "situation_of"]


@dataclass(frozen=True, slots=True)
class Call:
    """A use of a tool. `result` is `None` while it has no answer."""

    name: str
    args: Mapping[str, Any]
    result: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """The last message of a person (or the task), what was done for it since, and what came before."""

    question: str
    calls: tuple[Call, ...] = ()
    earlier_questions: tuple[str, ...] = ()
    """Latest first."""
    earlier_calls: tuple[Call, ...] = ()
    """Latest first."""

    def done(self, name: str) -> tuple[Call, ...]:
        """The answered uses of a tool since the question, in order."""
        return tuple(call for call in self.calls if call.name == name and call.result is not None)


def situation_of(messages: Sequence[BaseMessage]) -> Situation:
    """Where an agent stands."""
    answers = {message.tool_call_id: message for message in messages if isinstance(message, ToolMessage)}
    last = max(
        (i for i, message in enumerate(messages) if isinstance(message, HumanMessage)), default=len(messages)
    )
    before, after = messages[:last], messages[last + 1 :]
    return Situation(
        question=messages[last].text.strip() if last < len(messages) else "",
        calls=tuple(_calls(after, answers)),
        earlier_questions=tuple(m.text.strip() for m in reversed(before) if isinstance(m, HumanMessage)),
        earlier_calls=tuple(reversed(_calls(before, answers))),
    )


def _calls(messages: Sequence[BaseMessage], answers: Mapping[str, ToolMessage]) -> list[Call]:
    calls: list[Call] = []
    for message in messages:
        for call in message.tool_calls if isinstance(message, AIMessage) else ():
            answer = answers.get(call["id"] or "")
            result = None if answer is None else answer.text
            calls.append(
                Call(call["name"], call["args"], result, answer is not None and answer.status == "error")
            )
    return calls
