"""A graph of somebody else's in the supervisor's place: any compiled LangGraph graph whose state has `messages`.

It gets the whole transcript and says what it likes; its tokens, tool calls and its end become the same events as those of
our own supervisor. It is code of whoever set it: what its own tools do is not asked about here.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError
from langgraph.pregel import Pregel

from jupyter_aichat.agents.graph_reader import MODES, GraphReader
from jupyter_aichat.agents.models.choice import OFFLINE, ModelChoice
from jupyter_aichat.agents.port import Put, RunContext, Turn
from jupyter_aichat.agents.scope import Progress, RunScope
from jupyter_aichat.agents.spec import SUPERVISOR
from jupyter_aichat.agents.translate import messages_from
from jupyter_aichat.agents.words import say
from jupyter_aichat.errors import AichatError, PluginError, RunFailed

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import ActionResult
    from jupyter_aichat.agents.shelf import Shelf
    from jupyter_aichat.agents.team import Team

__all__ = ["GraphLed", "OwnGraph", "forgetful", "load_graph"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnGraph:
    """What `AiChatApp.graph` names. Without a `graph` there is an `error`, and the supervisor's place is empty."""

    entry: str
    graph: Pregel[Any, Any, Any, Any] | None = None
    error: str | None = None

    @property
    def choice(self) -> ModelChoice:
        """What answers, as a run tells it: "graph:module:attribute". Where its data goes is not known."""
        reason = "AiChatApp.graph is set."
        return ModelChoice("graph", self.entry, None, None, False, False, reason, OFFLINE.context_tokens)


def load_graph(entry: str) -> OwnGraph:
    """Import a graph, "module:attribute". Imports foreign code: call it beside the event loop. Raises nothing."""
    try:
        return OwnGraph(entry, _loaded(entry))
    except PluginError as error:
        told = str(error)
    except ModuleNotFoundError as error:
        told = f"It needs the module {error.name!r}, which is not installed."
    except (Exception, SystemExit) as error:  # noqa: BLE001  a module may do anything while it is imported
        told = f"It could not be imported: {type(error).__name__}. The server's log has the details."
        _log.warning("the graph %s could not be imported", entry, exc_info=error)
    _log.warning("the graph %s cannot be used: %s", entry, told)
    return OwnGraph(entry, error=told)


def _loaded(entry: str) -> Pregel[Any, Any, Any, Any]:
    module, _, path = entry.partition(":")
    if not module or not path:
        raise PluginError(f"{entry!r} is not 'module:attribute'.")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    if not isinstance(found, Pregel):
        raise PluginError(
            f"It gives {type(found).__name__!r}, not a compiled graph. Give what compile() returns."
        )
    if "messages" not in found.channels:
        raise PluginError("Its state has no `messages`; that is where the conversation goes in.")
    return forgetful(found)


def forgetful(graph: Pregel[Any, Any, Any, Any]) -> Pregel[Any, Any, Any, Any]:
    """The same graph without a memory: each run brings the whole transcript, and would be heard twice."""
    return graph.copy(update={"checkpointer": None})


class GraphLed:
    """An engine whose supervisor is such a graph. `team` has the specialists, or says why there are none."""

    def __init__(
        self, own: OwnGraph, team: Team | RunFailed, shelf: Shelf, *, max_model_calls: int = 50
    ) -> None:
        self._own = own
        self._team = team
        self._shelf = shelf
        self._max_model_calls = max_model_calls
        self._keys: set[str] = set()

    @property
    def model(self) -> ModelChoice:
        """The graph in the place of a model."""
        return self._own.choice

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
        """Go on until the run has ended or waits, as `Engine.run` says. A graph never waits."""
        if transcript is None or (agent or SUPERVISOR) != SUPERVISOR:
            return await self._specialists.run(
                key, put, context, transcript=transcript, results=results, agent=agent
            )
        self._keys.add(key)
        try:
            await self._answer(key, put, context, transcript)
        except AichatError:
            raise
        except GraphRecursionError as error:
            raise RunFailed(
                "limit", "The graph went round in circles and was stopped. Ask for less."
            ) from error
        except Exception as error:
            _log.exception("the graph %s failed in the run %s", self._own.entry, key)
            raise RunFailed(
                "internal",
                f"The graph {self._own.entry} failed ({type(error).__name__}); the server's log has the details.",
                retryable=True,
            ) from error
        return []

    async def _answer(self, key: str, put: Put, context: RunContext, transcript: Sequence[Turn]) -> None:
        entry, graph = self._own.entry, self._own.graph
        if graph is None:
            raise RunFailed("internal", f"The graph {entry} is set, and cannot be used. {self._own.error}")
        messages = messages_from(transcript, SUPERVISOR)
        for message in messages:
            message.id = message.id or secrets.token_urlsafe(9)  # by which it is known when it comes back
        choices = {SUPERVISOR: self.model}
        scope = RunScope(context, put, Progress(SUPERVISOR), choices, self._max_model_calls, self._shelf)
        scope.speaking()
        scope.status(SUPERVISOR, say(context.language, "thinking"))
        config: RunnableConfig = {
            "configurable": {"thread_id": key},
            "recursion_limit": 2 * self._max_model_calls + 10,
        }
        parts = graph.astream({"messages": messages}, config, stream_mode=MODES, subgraphs=True, version="v2")
        reader = GraphReader(scope, entry, messages)
        async with contextlib.aclosing(cast("AsyncGenerator[Any]", parts)):
            async for part in parts:
                reader.take(part)
        reader.end()

    @property
    def _specialists(self) -> Team:
        if isinstance(self._team, RunFailed):
            raise self._team
        return self._team

    def dump(self, key: str) -> bytes:
        """All that a run which waits needs: only specialists wait."""
        return self._specialists.dump(key)

    def load(self, key: str, blob: bytes) -> None:
        """Bring back what `dump` gave."""
        self._specialists.load(key, blob)

    async def forget(self, key: str) -> None:
        """Drop what is kept of a run."""
        if key in self._keys:
            self._keys.discard(key)
        elif not isinstance(self._team, RunFailed):
            await self._team.forget(key)
