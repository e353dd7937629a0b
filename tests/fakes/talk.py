"""Talk: what `runs` does with a team, by hand: begin, decide about actions, resume, and keep all that was put."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.agents.port import Engine, RunContext, Turn, Workspace
from jupyter_aichat.protocol.events import (
    AgentChange,
    EventData,
    Reasoning,
    Status,
    Token,
    ToolEnd,
    ToolStart,
    Usage,
)

__all__ = ["Decide", "Talk", "allow"]

Decide = Callable[[Action], ActionResult | None]
"""What comes of an action; `None`: no decision yet."""

E = TypeVar("E", bound=EventData)


def allow(action: Action) -> ActionResult:
    """Say yes to everything."""
    return {"status": "ok"}


@dataclass
class Talk:
    """One run. Not realistic: nothing is logged, and an action is decided when the team has returned."""

    engine: Engine
    workspace: Workspace
    language: str = "en"
    notebook: str | None = None
    key: str = "t1/r1"
    heard: list[EventData | Action] = field(default_factory=list)
    """All that was put, in order."""
    actions: dict[str, Action] = field(default_factory=dict)
    messages: int = 0
    on_put: Callable[[EventData | Action], None] = lambda _: None

    async def begin(self, *turns: str | Turn, agent: str | None = None) -> list[str]:
        """Say something: a text, or a whole transcript."""
        transcript = [
            Turn("user", turn, f"m{i}") if isinstance(turn, str) else turn for i, turn in enumerate(turns)
        ]
        return await self.engine.run(self.key, self.put, self.context, transcript=transcript, agent=agent)

    async def go_on(self, results: Mapping[str, ActionResult] | None = None) -> list[str]:
        """Resume with results by action id; without any: ask again."""
        return await self.engine.run(self.key, self.put, self.context, results=results)

    async def whole(self, *turns: str | Turn, agent: str | None = None, decide: Decide = allow) -> Talk:
        """Say something and decide until the run has ended; it is forgotten then."""
        asked = await self.begin(*turns, agent=agent)
        while asked:
            results = {i: result for i in asked if (result := decide(self.actions[i])) is not None}
            assert results, f"nobody decides about {asked}"
            asked = await self.go_on(results)
        await self.engine.forget(self.key)
        return self

    @property
    def context(self) -> RunContext:
        """What the run brings along."""
        return RunContext(self.language, self.workspace, self.notebook, self._new_message_id)

    def put(self, event: EventData | Action) -> None:
        """Keep it."""
        self.heard.append(event)
        if isinstance(event, Action):
            self.actions[event.id] = event
        self.on_put(event)

    def of(self, kind: type[E]) -> list[E]:
        """All events of one kind."""
        return [event for event in self.heard if isinstance(event, kind)]

    def text(self, agent: str) -> str:
        """All that an agent has said."""
        return "".join(event.token for event in self.of(Token) if event.agent == agent)

    def output(self, name: str) -> str:
        """What the only use of a tool gave."""
        (end,) = (event for event in self.of(ToolEnd) if event.tool.name == name)
        return end.tool.output

    def trace(self, *, without: Sequence[type[EventData]] = (Status, Usage)) -> list[str]:
        """What happened, one short line each; the neighbouring tokens of one message are one line."""
        lines: list[str] = []
        for event in self.heard:
            line = _line(event)
            if isinstance(event, tuple(without)) or (
                lines and lines[-1] == line and isinstance(event, Token)
            ):
                continue
            lines.append(line)
        return lines

    def _new_message_id(self) -> str:
        self.messages += 1
        return f"m1.{self.messages}"


def _line(event: EventData | Action) -> str:
    match event:
        case Action():
            return f"action {event.agent} {event.kind} {' '.join(event.args['files'])}"
        case AgentChange():
            return f"change {'/'.join(event.path)}"
        case Token() | Reasoning():
            return f"{event.event_type} {event.agent} {event.message_id}"
        case ToolStart():
            return f"start {event.agent} {event.tool.name}"
        case ToolEnd():
            return f"end {event.agent} {event.tool.name} {event.tool.status}"
        case Status():
            return f"status {event.agent} {event.text}"
        case _:
            return event.event_type
