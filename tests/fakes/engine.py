"""ScriptedEngine: says given things in a given order, asks a person, waits at gates, fails; remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jupyter_aichat.actions.action import Action, ActionKind, ActionResult, ShareFiles
from jupyter_aichat.agents.models.choice import ModelChoice
from jupyter_aichat.agents.port import EventData, Put, RunContext, Turn
from jupyter_aichat.errors import RunFailed
from jupyter_aichat.protocol.events import Token, ToolCall, ToolEnd, ToolResult, ToolStart, ToolStatus

__all__ = ["Act", "Ask", "Gate", "Pace", "ScriptedEngine", "Step", "model"]


@dataclass(frozen=True)
class Ask:
    """A tool call that wants to send `file` to `host`. Several in one tuple are asked at the same time."""

    file: str
    call: str = "c1"
    host: str = "models.example"


@dataclass(frozen=True)
class Act:
    """A tool call that proposes an action in the kernel, in the notebook or in a file."""

    kind: ActionKind
    args: Mapping[str, object]
    call: str = "c1"
    tells: str | None = None


class Gate:
    """Where a script waits until the test opens it. `reached` is set when it is there."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()


@dataclass(frozen=True)
class Pace:
    """So many pieces of text, one every so many seconds."""

    count: int
    seconds: float


Step = (
    str
    | EventData
    | Ask
    | Act
    | tuple[Ask | Act, ...]
    | Gate
    | Pace
    | Exception
    | Callable[[Sequence[Turn]], None]
)
"""A piece of text, an event, questions, a wait, a failure, or a function that may look at the transcript and raise."""


@dataclass
class _State:
    """What is kept of a run between its calls."""

    script: str
    at: int = 0
    message_id: str = ""
    results: dict[str, ActionResult] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    """Calls whose `tool_start` was put."""
    ended: list[str] = field(default_factory=list)
    """Calls whose `tool_end` was put."""


def model(context_tokens: int = 128_000) -> ModelChoice:
    """The model of a scripted engine."""
    return ModelChoice(
        provider="scripted",
        name="model",
        url=None,
        host="models.example",
        local=False,
        offline=False,
        reason="A test said so.",
        context_tokens=context_tokens,
    )


class ScriptedEngine:
    """Implements `agents.port.Engine`. The last message of the person names the script, a list of steps.

    Not realistic: it has one agent, its transcript is not sent anywhere, each piece of text is one token, and a resume goes on
    at the very step that asked, where LangGraph begins the whole node again. A message without a script is answered
    with one sentence.
    """

    def __init__(
        self, scripts: Mapping[str, Sequence[Step]] | None = None, *, context: int = 128_000
    ) -> None:
        self.scripts = dict(scripts or {})
        self.transcripts: list[tuple[Turn, ...]] = []
        """What each run was begun with."""
        self.resumed: list[dict[str, ActionResult] | None] = []
        """The results of each further call; `None` for one that asks again."""
        self.cancelled: list[str] = []
        """The keys of runs that were cancelled at work."""
        self.states: dict[str, _State] = {}
        self.on_resume: Callable[[], None] = lambda: None
        """Called when a run goes on with results, before it says anything."""
        self._model = model(context)

    @property
    def model(self) -> ModelChoice:
        """The model that answers."""
        return self._model

    async def run(
        self,
        key: str,
        put: Put,
        context: RunContext,
        *,
        transcript: Sequence[Turn] | None = None,
        results: Mapping[str, ActionResult] | None = None,
        agent: str | None = None,
    ) -> list[str]:
        """Go on until the script has ended or asks."""
        turns = tuple(transcript or ())
        if transcript is not None:
            self.transcripts.append(turns)
            self.states[key] = _State(next(t.text for t in reversed(turns) if t.role == "user"))
        else:
            self.resumed.append(None if results is None else dict(results))
            self.on_resume()
        state = self._known(key)
        state.results.update(results or {})
        steps = self.scripts.get(state.script, [f"The answer to {state.script!r}."])
        try:
            while state.at < len(steps):
                step = steps[state.at]
                if isinstance(step, Ask | Act | tuple):
                    open_ = self._ask(key, state, put, context, step if isinstance(step, tuple) else (step,))
                    if open_:
                        return open_
                else:
                    await self._do(step, state, put, context, turns)
                state.at += 1
        except asyncio.CancelledError:
            self.cancelled.append(key)
            raise
        return []

    def dump(self, key: str) -> bytes:
        """All that is kept of a run."""
        return json.dumps(vars(self._known(key))).encode()

    def load(self, key: str, blob: bytes) -> None:
        """Bring a run back."""
        self.states[key] = _State(**json.loads(blob))

    async def forget(self, key: str) -> None:
        """Keep nothing of a run."""
        self.states.pop(key, None)

    @staticmethod
    async def _do(
        step: Step, state: _State, put: Put, context: RunContext, transcript: Sequence[Turn]
    ) -> None:
        if isinstance(step, str):
            state.message_id = state.message_id or context.new_message_id()
            put(Token(token=step, agent="supervisor", message_id=state.message_id))
        elif isinstance(step, EventData):
            put(step)
        elif isinstance(step, Pace):
            state.message_id = state.message_id or context.new_message_id()
            for n in range(step.count):
                await asyncio.sleep(step.seconds)
                put(Token(token=f"{n} ", agent="supervisor", message_id=state.message_id))
        elif isinstance(step, Gate):
            step.reached.set()
            await step.open.wait()
        elif isinstance(step, Exception):
            raise step
        elif callable(step):
            step(transcript)

    @staticmethod
    def _ask(
        key: str, state: _State, put: Put, context: RunContext, questions: Sequence[Ask | Act]
    ) -> list[str]:
        """Put each call's start, then its question, then its end; returns what is not decided."""
        state.message_id = state.message_id or context.new_message_id()
        open_ = []
        for ask in questions:
            if ask.call not in state.begun:
                state.begun.append(ask.call)
                tool = ToolCall(call_id=ask.call, name=_name(ask), args=_args(ask))
                put(ToolStart(tool=tool, agent="supervisor", message_id=state.message_id))
        for ask in questions:
            action_id = f"{key}:{ask.call}"
            if ask.call in state.ended:
                continue
            if action_id not in state.results:
                if isinstance(ask, Act):
                    put(Action(action_id, ask.kind, "supervisor", ask.call, ask.args, ask.tells))
                else:
                    args: ShareFiles = {"host": ask.host, "files": [ask.file]}
                    put(Action(action_id, "share_files", "supervisor", ask.call, args))
                open_.append(action_id)
                continue
            state.ended.append(ask.call)
            result = state.results[action_id]
            status: ToolStatus = result["status"]
            output = f"{ask.file}: {status}. {result.get('reason', '')}" if isinstance(ask, Ask) else ""
            output = output or result.get("output") or result.get("reason", "")
            end = ToolResult(call_id=ask.call, name=_name(ask), output=output, status=status)
            put(ToolEnd(tool=end, agent="supervisor"))
        if not open_:
            state.message_id = ""
        return open_

    def _known(self, key: str) -> _State:
        if key not in self.states:
            raise RunFailed("interrupted", f"The run {key!r} is not known any more.", retryable=True)
        return self.states[key]


def _name(ask: Ask | Act) -> str:
    return "read_file" if isinstance(ask, Ask) else ask.kind


def _args(ask: Ask | Act) -> dict[str, object]:
    return {"path": ask.file} if isinstance(ask, Ask) else dict(ask.args)
