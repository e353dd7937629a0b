"""RunScope: what the agents, tools and callbacks of one run share, and what of it survives a pause.

LangGraph hands the scope to every node and tool as its `context`. Events are put from here, at the moment they happen,
so their order is that of the agents' doing. Bodies of tools run again from their top when a run is resumed: what was
said once is remembered in `Progress` and not said again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_aichat.agents.port import Put, RunContext
from jupyter_aichat.errors import RunFailed
from jupyter_aichat.protocol.events import (
    AgentChange,
    Status,
    ToolCall,
    ToolEnd,
    ToolResult,
    ToolStart,
    ToolStatus,
)

if TYPE_CHECKING:
    from jupyter_aichat.agents.models.choice import ModelChoice
    from jupyter_aichat.agents.shelf import Shelf

__all__ = ["Progress", "RunScope"]


@dataclass(slots=True)
class Progress:
    """What a run has said and done so far; goes with its checkpoint."""

    agent: str
    """The one that the person speaks with: the supervisor, or a specialist that a message was addressed to."""
    model_calls: int = 0
    started: dict[str, float] = field(default_factory=dict)
    """Tool calls that go on, and when they began (seconds since 1970: a restart may lie between)."""
    ended: set[str] = field(default_factory=set)
    """Tool calls whose end was put."""
    handed: set[str] = field(default_factory=set)
    """Handoffs that were announced."""

    def pack(self) -> list[Any]:
        """As plain values."""
        return [self.agent, self.model_calls, self.started, sorted(self.ended), sorted(self.handed)]

    @classmethod
    def unpack(cls, packed: list[Any]) -> Progress:
        """From what `pack` gave."""
        agent, model_calls, started, ended, handed = packed
        return cls(agent, model_calls, started, set(ended), set(handed))


@dataclass(frozen=True, slots=True)
class RunScope:
    """One call of `Team.run`, seen from the inside."""

    context: RunContext
    put: Put
    progress: Progress
    choices: Mapping[str, ModelChoice]
    """Which model each agent has."""
    max_model_calls: int
    shelf: Shelf

    def count_model_call(self) -> None:
        """Count one; raise `RunFailed` (`limit`) where the run has had its share."""
        if self.progress.model_calls >= self.max_model_calls:
            raise RunFailed(
                "limit",
                f"Stopped after {self.max_model_calls} calls of the model without a final answer. "
                "Ask for less at once, or raise the limit in the settings.",
            )
        self.progress.model_calls += 1

    def status(self, agent: str, text: str, progress: float | None = None) -> None:
        """Say what goes on."""
        self.put(Status(agent=agent, text=text, progress=progress))

    def speaking(self) -> None:
        """Say that the one whom the person speaks with has the word."""
        self.put(AgentChange(agent=self.progress.agent, path=[self.progress.agent]))

    def hand_over(self, agent: str, call_id: str, task: str, reason: str) -> None:
        """Say, once, that a specialist has got a task."""
        if call_id not in self.progress.handed:
            self.progress.handed.add(call_id)
            path = [self.progress.agent, agent]
            change = AgentChange(agent=agent, path=path, task=task, reason=reason or None, call_id=call_id)
            self.put(change)

    def tool_started(self, call: ToolCall, agent: str, message_id: str) -> None:
        """Say that an agent has called a tool."""
        self.progress.started[call.call_id] = time.time()
        self.put(ToolStart(tool=call, agent=agent, message_id=message_id))

    def tool_ended(self, call_id: str, name: str, output: str, status: ToolStatus, agent: str) -> None:
        """Say, once, what came of a tool call; after a handoff, that its giver goes on."""
        if call_id in self.progress.ended:
            return
        self.progress.ended.add(call_id)
        began = self.progress.started.pop(call_id, None)
        duration = None if began is None else max(0, round((time.time() - began) * 1000))
        result = ToolResult(call_id=call_id, name=name, output=output, status=status)
        self.put(ToolEnd(tool=result, duration_ms=duration, agent=agent))
        if call_id in self.progress.handed:
            self.speaking()

    def strangers(self, agent: str) -> list[str]:
        """The hosts beyond this machine that read what a tool tells the agent: its model's, and that of the giver's."""
        choices = (self.choices[agent], self.choices[self.progress.agent])
        return list(dict.fromkeys(choice.host or choice.provider for choice in choices if not choice.local))
