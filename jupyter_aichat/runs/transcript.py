"""Transcript: from a thread's log to what the agents get as input. Pure.

Paired by construction: a call goes in when its `tool_end` is in the log, so that no cancelled run leaves a call without
an answer behind. Only the agent that a run was addressed to (the supervisor, as a rule) has a memory; what specialists
said inside a run reaches it as the result of its call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from jupyter_aichat.agents.port import ToolCall, Turn
from jupyter_aichat.runs.fold import Logged

__all__ = ["Exchange", "Transcript", "transcript"]


@dataclass(slots=True)
class Exchange:
    """One message of a person and what was answered. `until_seq` is the last event of it."""

    turns: list[Turn] = field(default_factory=list)
    until_seq: int = 0


@dataclass(slots=True)
class Transcript:
    """A thread for its agents: the summary of what was left out, then exchanges in order."""

    summary: str = ""
    exchanges: list[Exchange] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """The message that is being collected."""

    id: str
    text: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.out = Transcript()
        self._current: _Open | None = None
        self._root = ""
        self._results: dict[str, tuple[str, str]] = {}
        """Name and output by call id, of calls that have ended."""

    def add(self, event: Logged) -> None:
        if event.event_type == "run_start":
            self._flush()
            data = orjson.loads(event.data)
            self._root = data["agent"]
            user = Turn("user", data["message"]["content"], data["message"]["id"])
            self.out.exchanges.append(Exchange([user], event.seq))
        elif event.event_type in {"token", "tool_start"}:
            self._speak(event)
        elif event.event_type == "tool_end":
            tool = orjson.loads(event.data)["tool"]
            self._results[tool["call_id"]] = (tool["name"], tool["output"])
        elif event.event_type == "summary":
            data = orjson.loads(event.data)
            self.out.summary = data["text"]
            self.out.exchanges = [e for e in self.out.exchanges if e.until_seq > data["until_seq"]]
        if self.out.exchanges:
            self.out.exchanges[-1].until_seq = event.seq

    def _speak(self, event: Logged) -> None:
        data = orjson.loads(event.data)
        if data["agent"] != self._root or not self.out.exchanges:
            return
        if self._current is None or self._current.id != data["message_id"]:
            self._flush()
            self._current = _Open(data["message_id"])
        if event.event_type == "token":
            self._current.text.append(data["token"])
        else:
            self._current.calls.append(ToolCall.model_validate(data["tool"]))

    def _flush(self) -> None:
        message, self._current = self._current, None
        if message is None:
            return
        calls = tuple(c for c in message.calls if c.call_id in self._results)
        text = "".join(message.text)
        if not text and not calls:
            return
        turns = self.out.exchanges[-1].turns
        turns.append(Turn("assistant", text, message.id, calls))
        for call in calls:
            name, output = self._results[call.call_id]
            turns.append(Turn("tool", output, call_id=call.call_id, name=name))

    def close(self) -> Transcript:
        self._flush()
        return self.out


def transcript(events: Iterable[Logged]) -> Transcript:
    """The transcript of a log."""
    reader = _Reader()
    for event in events:
        reader.add(event)
    return reader.close()
