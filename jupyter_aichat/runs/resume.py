"""What a run has said so far: what its end needs, kept up with each event and rebuilt from the log after a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from jupyter_aichat.protocol.events import (
    EventData,
    Reasoning,
    Token,
    ToolEnd,
    ToolOutput,
    ToolStart,
    Usage,
    UsageTotal,
)

if TYPE_CHECKING:
    from jupyter_aichat.store import RunRecord, Transaction

__all__ = ["Said", "said_so_far"]


@dataclass(slots=True)
class Said:
    """The tally of a run. `root` is the agent whose last message is the answer."""

    root: str = "supervisor"
    messages: int = 0
    """Assistant messages that were given an id."""
    characters: int = 0
    usage: UsageTotal | None = None
    anything: bool = False
    """Whether a model has said or called anything."""
    _answer_id: str = ""
    _answer: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    """Calls whose end was told."""

    def take(self, event: EventData) -> bool:
        """Count an event in. False: it was told before (a resume reports finished siblings again)."""
        if isinstance(event, Token):
            self.token(event.token, event.agent, event.message_id)
        elif isinstance(event, ToolStart):
            self.anything = True
        elif isinstance(event, ToolEnd):
            if event.tool.call_id in self.ended:
                return False
            self.ended.add(event.tool.call_id)
        elif isinstance(event, Usage):
            self.used(event.input_tokens, event.output_tokens, event.cost)
        elif isinstance(event, Reasoning):
            self.anything = True
            self.characters += len(event.token)
        elif isinstance(event, ToolOutput):
            self.characters += len(event.text)
        return True

    def token(self, text: str, agent: str, message_id: str) -> None:
        """A piece of an answer."""
        self.anything = True
        self.characters += len(text)
        if agent == self.root:
            if message_id != self._answer_id:
                self._answer_id, self._answer = message_id, []
            self._answer.append(text)

    def used(self, input_tokens: int, output_tokens: int, cost: float | None) -> None:
        """Tokens of one model call."""
        before = self.usage or UsageTotal(input_tokens=0, output_tokens=0)
        total = cost if before.cost is None else before.cost + (cost or 0.0)
        self.usage = UsageTotal(
            input_tokens=before.input_tokens + input_tokens,
            output_tokens=before.output_tokens + output_tokens,
            cost=total,
        )

    def answer(self) -> str:
        """The root agent's last message."""
        return "".join(self._answer)


def said_so_far(tx: Transaction, record: RunRecord, root: str) -> Said:
    """The tally of a run, from the log."""
    said = Said(root)
    seen: set[str] = set()
    for event in tx.run_events(record.thread_id, record.id):
        data = orjson.loads(event.data)
        if event.event_type == "token":
            said.token(data["token"], data["agent"], data["message_id"])
        elif event.event_type == "tool_end":
            said.ended.add(data["tool"]["call_id"])
        elif event.event_type == "usage":
            said.used(data["input_tokens"], data["output_tokens"], data.get("cost"))
        elif event.event_type in {"reasoning", "tool_output"}:
            said.characters += len(data.get("token") or data.get("text") or "")
        if "message_id" in data:
            seen.add(data["message_id"])
    said.messages = max((int(i.rpartition(".")[2]) for i in seen if "." in i), default=0)
    return said
