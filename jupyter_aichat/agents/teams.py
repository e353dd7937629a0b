"""Teams: from the model that was chosen to the team that answers with it. One team for each choice, made once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from jupyter_aichat.agents.builtin import supervisor
from jupyter_aichat.agents.graph import GraphLed
from jupyter_aichat.agents.models.build import ModelTiming, build, open_http
from jupyter_aichat.agents.models.failures import explain
from jupyter_aichat.agents.registry import Registry
from jupyter_aichat.agents.shelf import Shelf
from jupyter_aichat.agents.team import Member, Team
from jupyter_aichat.errors import ConfigurationError, ModelFailed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from jupyter_aichat.agents.graph import OwnGraph
    from jupyter_aichat.agents.models.choice import Chosen
    from jupyter_aichat.agents.port import Engine
    from jupyter_aichat.agents.spec import AgentSpec

__all__ = ["AgentView", "PluginView", "Resolve", "Teams", "UnusableView"]

Resolve = Callable[[str], "Chosen"]
"""From the "provider:name" that an agent asks for to what that means here; raises `ConfigurationError`."""

_log = logging.getLogger(__name__)


class AgentView(TypedDict):
    """An agent as people are told of it."""

    name: str
    description: str
    tools: list[str]
    source: str


class UnusableView(TypedDict):
    """An agent that cannot be addressed, and why."""

    name: str
    source: str
    error: str


class PluginView(TypedDict):
    """Something that was offered, as `health` tells it."""

    name: str
    kind: Literal["agent", "tool", "graph"]
    status: Literal["ok", "error"]
    source: str
    error: NotRequired[str]


class Teams:
    """All teams of one server. Call it from any thread but the event loop's; what it gives belongs to one event loop.

    `renewed` gives the registry as it is now: the same object as long as nothing changed. Runs that go on keep the team
    that they began with. `graph` stands in the supervisor's place.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        renewed: Callable[[], Registry] | None = None,
        graph: OwnGraph | None = None,
        max_model_calls: int = 50,
        stock: bool = False,
        timing: ModelTiming | None = None,
    ) -> None:
        self._registry = registry
        self._renewed = renewed or (lambda: registry)
        self._graph = graph
        self._max_model_calls = max_model_calls
        self._stock = stock
        self._timing = timing or ModelTiming()
        self._shelf = Shelf()
        self._teams: dict[tuple[Chosen, tuple[tuple[str, Chosen], ...]], Team] = {}
        self._http: dict[Chosen, Any] = {}
        self._unusable: dict[str, str] = {}
        self._lock = threading.Lock()

    def team(self, chosen: Chosen, resolve: Resolve | None = None) -> Team:
        """Give the team that answers with this model; the first time that takes some 10 ms for each agent.

        `resolve` finds the models of agents that ask for one of their own; without it they get the team's. An agent
        whose own model cannot be used is left out, and `plugins` says why.

        Raises `ModelFailed` where the team's own model cannot be used.
        """
        with self._lock:
            self._renew()
            own = self._own_models(chosen, resolve)
            key = (chosen, tuple(own.items()))
            if key not in self._teams:
                self._teams[key] = self._made(chosen, own)
            return self._teams[key]

    def engine(self, chosen: Chosen, resolve: Resolve | None = None) -> Engine:
        """Give what answers: the team, as `team` says, or the graph in its supervisor's place.

        A graph does not need the model: it raises nothing, and specialists say then why they cannot answer.
        """
        if self._graph is None:
            return self.team(chosen, resolve)
        team: Team | ModelFailed
        try:
            team = self.team(chosen, resolve)
        except ModelFailed as error:
            team = error
        return GraphLed(self._graph, team, self._shelf, max_model_calls=self._max_model_calls)

    def agents(self) -> list[AgentView]:
        """Tell who can be addressed, the supervisor first."""
        with self._lock:
            self._renew()
            registry, unusable = self._registry, dict(self._unusable)
        views = [
            AgentView(
                name=spec.name,
                description=spec.description,
                tools=list(spec.tools),
                source=registry.source(spec.name),
            )
            for spec in [supervisor.SPEC, *registry.agents.values()]
            if spec.name not in unusable
        ]
        if self._graph is not None:
            views[0]["source"], views[0]["tools"] = self._graph.entry, []
        return views

    def unusable(self) -> list[UnusableView]:
        """Tell which agents were offered and cannot be addressed."""
        return [
            UnusableView(name=view["name"], source=view["source"], error=view["error"])
            for view in self.plugins()
            if view["kind"] == "agent" and "error" in view
        ]

    def plugins(self) -> list[PluginView]:
        """Tell of every agent, tool and graph that was offered, and what is wrong with those that cannot be used."""
        with self._lock:
            self._renew()
            registry, unusable = self._registry, dict(self._unusable)
        views: list[PluginView] = []
        if self._graph is not None:
            views.append(_graph_view(self._graph))
        for plugin in registry.plugins:
            error = plugin.error
            if error is None and plugin.kind == "agent":
                error = unusable.get(plugin.name)
            status: Literal["ok", "error"] = "error" if error else "ok"
            view = PluginView(name=plugin.name, kind=plugin.kind, status=status, source=plugin.source)
            if error:
                view["error"] = error
            views.append(view)
        return views

    async def close(self) -> None:
        """Close connections and threads. Runs have ended by then."""
        for http in self._http.values():
            await http.aclose()
        self._http.clear()
        self._shelf.close()

    def _renew(self) -> None:
        """Begin anew where an agent was saved, came or went. The lock is held."""
        registry = self._renewed()
        if registry.agents != self._registry.agents:
            self._teams.clear()
            self._unusable.clear()
        self._registry = registry

    def _own_models(self, chosen: Chosen, resolve: Resolve | None) -> dict[str, Chosen]:
        """What each specialist thinks with; without those whose model cannot even be named."""
        found: dict[str, Chosen] = {}
        for spec in self._registry.agents.values():
            if spec.model is None or resolve is None:
                found[spec.name] = chosen
                continue
            try:
                found[spec.name] = resolve(spec.model)
            except ConfigurationError as error:
                self._leave_out(spec, str(error))
        return found

    def _made(self, chosen: Chosen, own: dict[str, Chosen]) -> Team:
        lead = self._member(supervisor.SPEC, chosen)
        specialists: list[Member] = []
        for name, theirs in own.items():
            spec = self._registry.agents[name]
            try:
                specialists.append(self._member(spec, theirs))
            except ModelFailed as error:
                self._leave_out(spec, str(error))
            else:
                self._unusable.pop(name, None)
        return Team(
            lead, specialists, self._registry.tools, self._shelf, max_model_calls=self._max_model_calls
        )

    def _member(self, spec: AgentSpec, chosen: Chosen) -> Member:
        told = partial(explain, choice=chosen.choice, credentials=chosen.credentials)
        return Member(spec, chosen.choice, self._model(spec.name, chosen), told)

    def _model(self, role: str, chosen: Chosen) -> BaseChatModel:
        if chosen.choice.offline:
            from jupyter_aichat.agents.offline.model import OfflineChatModel

            # LangChain does not take a default for the wish to stream
            return OfflineChatModel(role=role, streaming=True)
        if chosen not in self._http:
            self._http[chosen] = open_http(chosen.choice, chosen.credentials, self._timing)
        return build(
            chosen.choice,
            role,
            credentials=chosen.credentials,
            stock=self._stock,
            timing=self._timing,
            http=self._http[chosen],
        )

    def _leave_out(self, spec: AgentSpec, reason: str) -> None:
        if self._unusable.get(spec.name) != reason:
            _log.warning("the agent %s is left out: %s", spec.name, reason)
        self._unusable[spec.name] = reason


def _graph_view(graph: OwnGraph) -> PluginView:
    module = graph.entry.partition(":")[0].partition(".")[0]
    view = PluginView(name=graph.entry, kind="graph", status="ok", source=module)
    if graph.error is not None:
        view["status"], view["error"] = "error", graph.error
    return view
