"""The answer to one message, read from the frames of its thread. Pure but for the screen that it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from jupyter_aichat.terminal.words import Words

__all__ = ["Answer", "Ending", "Shows"]

Frame = dict[str, Any]


class Shows(Protocol):
    """What an answer needs of a screen."""

    def text(self, message: str, text: str) -> None:
        """Show a piece of the answer."""

    def aside(self, agent: str, message: str, text: str) -> None:
        """Show a piece of what a specialist says."""

    def note(self, sentence: str) -> None:
        """Show a line about what goes on."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: with an answer, stopped, or with the sentence that says why not."""

    outcome: Literal["completed", "cancelled", "failed"]
    sentence: str = ""


class Answer:
    """Follows one message's run from its frames, over reconnections and resets."""

    def __init__(self, client_id: str, screen: Shows, words: Words) -> None:
        """`client_id` is the message's: by it its run is known even when the acknowledgement gets lost."""
        self.client_id = client_id
        self.run_id: str | None = None
        self.ending: Ending | None = None
        self.head = 0
        """Last event that was taken."""
        self._screen = screen
        self._words = words
        self._speaker = "supervisor"
        self._said: dict[str, str] = {}  # by message; what is on the screen
        self._last: str | None = None

    def accepted(self, run_id: str, queued: int) -> None:
        """The message is stored; so many runs stand before it."""
        self.run_id = run_id
        if queued:
            self._screen.note(self._words.say("queued", count=queued))

    def take(self, frame: Frame) -> bool:
        """Take an event of the log; whether it belongs to this answer. Events that were taken before are left out."""
        seq = frame["seq"]
        if seq <= self.head:
            return False
        self.head = seq
        kind, data = frame["event_type"], frame["data"]
        if kind in {"run_start", "run_queued"} and data.get("client_id") == self.client_id:
            self.run_id = frame["run_id"]
        if kind == "title":
            return self.run_id is not None
        if self.run_id is None or frame.get("run_id") != self.run_id or self.ending:
            return False
        self._take(kind, data)
        return True

    def reset(self, head: int, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot: show what is not on the screen yet."""
        self.head = head
        runs = snapshot["runs"]
        if self.run_id is None:
            mine = next((m for m in snapshot["messages"] if m.get("client_id") == self.client_id), None)
            self.run_id = mine["run_id"] if mine else None
        run = next((run for run in runs if run["id"] == self.run_id), None)
        if run is None:
            return
        self._speaker = run.get("agent") or self._speaker
        for message in snapshot["messages"]:
            if message["run_id"] == self.run_id and message["role"] == "assistant":
                self._catch_up(message.get("agent") or "", message["id"], message["content"])
        match run["state"]:
            case "failed":
                failure = run.get("failure") or {}
                self.ending = Ending("failed", failure.get("error", ""))
            case "completed" | "cancelled" as outcome:
                self.ending = Ending(outcome)

    def _take(self, kind: str, data: dict[str, Any]) -> None:
        screen, say = self._screen, self._words.say
        match kind:
            case "run_start":
                self._speaker = data["agent"]
            case "token":
                self._token(data["agent"], data["message_id"], data["token"])
            case "agent_change" if data.get("task"):
                screen.note(say("handoff", agent=data["agent"], task=data["task"]))
            case "status":
                screen.note(data["text"])
            case "tool_start" if not data["tool"]["name"].startswith("ask_"):  # a handoff says it already
                screen.note(say("tool", tool=_call(data["tool"])))
            case "tool_end" if data["tool"]["status"] not in {"ok", "denied", "cancelled"}:
                tool = data["tool"]
                screen.note(say("tool_failed", tool=tool["name"], reason=_short(tool["output"], 200)))
            case "approval_request":
                action = data["action"]
                what = " ".join([action["kind"], *(action.get("files") or ())])
                screen.note(say("denied", what=what))
            case "artifact":
                screen.note(say("artifact", title=data.get("title") or data["id"]))
            case "done":
                self._finish(data["content"])
                self.ending = Ending(data["outcome"])
            case "error":
                self.ending = Ending("failed", data["error"])
            case _:
                pass  # of no interest here, or of a newer version

    def _token(self, agent: str, message: str, text: str) -> None:
        self._said[message] = self._said.get(message, "") + text
        if agent == self._speaker:
            self._last = message
            self._screen.text(message, text)
        else:
            self._screen.aside(agent, message, text)

    def _catch_up(self, agent: str, message: str, content: str) -> None:
        said = self._said.get(message, "")
        if content.startswith(said) and content != said:
            self._token(agent, message, content[len(said) :])

    def _finish(self, content: str) -> None:
        """Make sure that the answer is on the screen; a model that does not stream has it only here."""
        said = self._said.get(self._last, "") if self._last else ""
        if not content or content == said:
            return
        if said and content.startswith(said) and self._last:
            self._token(self._speaker, self._last, content[len(said) :])
        else:
            self._token(self._speaker, "answer", content)


def _call(tool: dict[str, Any]) -> str:
    args = ", ".join(f"{name}={_short(value, 60)!r}" for name, value in tool["args"].items())
    return f"{tool['name']}({args})"


def _short(value: Any, length: int) -> Any:
    if not isinstance(value, str):
        return value
    return value if len(value) <= length else f"{value[:length]}…"
