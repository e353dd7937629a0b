"""Logs for tests, written as a story: `story(RunStart(…), Token(…))` numbers and encodes what happened."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_aichat.protocol.events import (
    UNTIMED,
    Done,
    EventData,
    RunStart,
    Title,
    Token,
    ToolCall,
    ToolEnd,
    ToolResult,
    ToolStart,
    UserMessage,
)
from jupyter_aichat.protocol.frames import encode


@dataclass(frozen=True)
class Entry:
    """An event as the store gives it."""

    seq: int
    run_id: str | None
    event_type: str
    time: str | None
    data: bytes


def story(*events: tuple[str, EventData], after: int = 0) -> list[Entry]:
    """A log of (run id, event), one second apart."""
    return [
        Entry(
            seq,
            None if isinstance(event, Title) else run_id,
            event.event_type,
            None if event.event_type in UNTIMED else f"2026-11-22T09:{seq // 60:02}:{seq % 60:02}.000Z",
            encode(event),
        )
        for seq, (run_id, event) in enumerate(events, after + 1)
    ]


def asked(run: int, text: str, agent: str = "supervisor") -> tuple[str, EventData]:
    """A person's message begins run `run`."""
    message = UserMessage(id=f"m{run}", content=text)
    return f"r{run}", RunStart(message=message, agent=agent, model="offline:rules")


def said(run: int, text: str, agent: str = "supervisor", message: int = 1) -> tuple[str, EventData]:
    """A piece of an answer."""
    return f"r{run}", Token(token=text, agent=agent, message_id=f"m{run}.{message}")


def called(
    run: int, call_id: str, name: str, agent: str = "supervisor", message: int = 1
) -> tuple[str, EventData]:
    """An agent calls a tool."""
    tool = ToolCall(call_id=call_id, name=name, args={"task": "look"})
    return f"r{run}", ToolStart(tool=tool, agent=agent, message_id=f"m{run}.{message}")


def returned(
    run: int, call_id: str, name: str, output: str, agent: str = "supervisor"
) -> tuple[str, EventData]:
    """A tool has ended."""
    result = ToolResult(call_id=call_id, name=name, output=output, status="ok")
    return f"r{run}", ToolEnd(tool=result, agent=agent)


def done(run: int, content: str = "") -> tuple[str, EventData]:
    """A run has ended well."""
    return f"r{run}", Done(content=content, agent="supervisor", outcome="completed", duration_ms=5)
