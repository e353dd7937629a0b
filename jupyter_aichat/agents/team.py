"""Team: the supervisor and its specialists, with one model, as the engine that `runs` sees.

Tokens and tool calls are put by `Tap`, what comes of tools by `Guard`; LangGraph's own stream is read for interrupts
only. The input of a run is always the whole transcript; LangGraph keeps nothing of a run that has ended.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ormsgpack
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.errors import GraphRecursionError
from langgraph.types import Command

from jupyter_aichat.agents.guard import Explain, Guard
from jupyter_aichat.agents.port import Put, RunContext, Turn
from jupyter_aichat.agents.run_saver import RunSaver
from jupyter_aichat.agents.scope import Progress, RunScope
from jupyter_aichat.agents.shelf import Shelf
from jupyter_aichat.agents.spec import SUPERVISOR, AgentSpec, ToolSpec
from jupyter_aichat.agents.supervisor import Graph, agent_graph, handoff, with_team
from jupyter_aichat.agents.tap import Tap
from jupyter_aichat.agents.translate import actions_in, messages_from
from jupyter_aichat.agents.use import as_tool
from jupyter_aichat.errors import AichatError, RunFailed

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import ActionResult
    from jupyter_aichat.agents.models.choice import ModelChoice

__all__ = ["Member", "Team"]

_log = logging.getLogger(__name__)

VERSION = 1
"""Of what `dump` gives."""


@dataclass(frozen=True, slots=True)
class Member:
    """One agent of a team, the model that it thinks with, and what that model's failures mean."""

    spec: AgentSpec
    choice: ModelChoice
    model: BaseChatModel
    explain: Explain


class Team:
    """A supervisor with its specialists. Many runs may go on at once, each under its own key.

    `tools` are those that the agents name, by name. `max_model_calls` is for a whole run, its handoffs included. Making
    a team takes some 10 ms for each agent: do it beside the event loop.
    """

    def __init__(
        self,
        supervisor: Member,
        specialists: Sequence[Member],
        tools: Mapping[str, ToolSpec],
        shelf: Shelf,
        *,
        max_model_calls: int = 50,
    ) -> None:
        self._choice = supervisor.choice
        self._shelf = shelf
        self._max_model_calls = max_model_calls
        self._saver = RunSaver()
        self._progress: dict[str, Progress] = {}
        self._choices = {member.spec.name: member.choice for member in (supervisor, *specialists)}
        built = {name: as_tool(tool) for name, tool in tools.items()}
        self._addressed: dict[str, Graph] = {}
        handoffs: list[BaseTool] = []
        for member in specialists:
            own = [built[name] for name in member.spec.tools]
            guard = Guard(member.spec.name, member.explain)
            graph = agent_graph(member.spec, member.model, own, guard, None)
            handoffs.append(handoff(member.spec, graph))
            self._addressed[member.spec.name] = agent_graph(
                member.spec, member.model, own, guard, self._saver
            )
        lead = with_team(supervisor.spec, [member.spec for member in specialists])
        own = [built[name] for name in lead.tools]
        guard = Guard(lead.name, supervisor.explain)
        self._addressed[SUPERVISOR] = agent_graph(
            lead, supervisor.model, [*handoffs, *own], guard, self._saver
        )

    @property
    def model(self) -> ModelChoice:
        """The supervisor's model."""
        return self._choice

    @property
    def agents(self) -> frozenset[str]:
        """Whom a message can be addressed to."""
        return frozenset(self._addressed)

    @property
    def open(self) -> frozenset[str]:
        """The keys of the runs that something is kept of."""
        return self._saver.keys

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
        """Go on until the run has ended or waits, as `Engine.run` says.

        Raises `RunFailed`, also for an agent or a run that this team does not know; what `put` raises comes through.
        """
        if transcript is not None:
            progress = self._begin(key, agent or SUPERVISOR)
            given: Any = {"messages": messages_from(transcript, progress.agent)}
        else:
            progress = self._known(key)
            given = Command(resume=dict(results)) if results else None
        scope = RunScope(context, put, progress, self._choices, self._max_model_calls, self._shelf)
        if transcript is not None:
            scope.speaking()
        try:
            return await self._stream(self._addressed[progress.agent], key, given, scope)
        except AichatError:
            raise
        except GraphRecursionError as error:
            raise RunFailed(
                "limit", "The agents went round in circles and were stopped. Ask for less."
            ) from error
        except Exception as error:
            _log.exception("the run %s failed", key)
            raise RunFailed(
                "internal",
                f"The agents failed unexpectedly ({type(error).__name__}); the server's log has the details.",
                retryable=True,
            ) from error

    async def _stream(self, graph: Graph, key: str, given: Any, scope: RunScope) -> list[str]:
        config: RunnableConfig = {
            "configurable": {"thread_id": key},
            "callbacks": [Tap(scope)],
            "recursion_limit": 2 * self._max_model_calls + 10,  # a step for the model, one for its tools
        }
        parts = graph.astream(
            given, config, context=scope, stream_mode=["updates"], version="v2", durability="exit"
        )
        asked: dict[str, None] = {}
        async with contextlib.aclosing(cast("AsyncGenerator[Any]", parts)):
            async for part in parts:
                for action in actions_in(part):
                    asked[action.id] = None
                    scope.put(action)
        return list(asked)

    def dump(self, key: str) -> bytes:
        """All that a run which waits needs to go on in another process."""
        return ormsgpack.packb([VERSION, self._known(key).pack(), self._saver.dump(key)])

    def load(self, key: str, blob: bytes) -> None:
        """Bring back what `dump` gave. Raises `RunFailed` (`interrupted`) for what this version cannot read."""
        try:
            progress, checkpoint = _unpacked(blob)
            self._saver.load(key, checkpoint)
            self._progress[key] = Progress.unpack(progress)
        except (ValueError, TypeError) as error:
            raise RunFailed(
                "interrupted",
                "This answer was kept by another version of jupyter_aichat and cannot go on. Ask again.",
                retryable=True,
            ) from error

    async def forget(self, key: str) -> None:
        """Drop what is kept of a run; nothing happens when there is nothing."""
        self._progress.pop(key, None)
        await self._saver.adelete_thread(key)

    def _begin(self, key: str, agent: str) -> Progress:
        if agent not in self._addressed:
            known = ", ".join(sorted(self._addressed))
            raise RunFailed("internal", f"There is no agent {agent!r}. Address one of: {known}.")
        self._saver.begin(key)
        self._progress[key] = Progress(agent)
        return self._progress[key]

    def _known(self, key: str) -> Progress:
        try:
            return self._progress[key]
        except KeyError:
            raise RunFailed(
                "interrupted", f"The run {key!r} is not known any more.", retryable=True
            ) from None


def _unpacked(blob: bytes) -> tuple[list[Any], bytes]:
    version, progress, checkpoint = ormsgpack.unpackb(blob)
    if version != VERSION:
        raise ValueError(f"What was kept is of version {version!r}; this is version {VERSION}.")
    return progress, checkpoint
