"""Registry: which agents and tools there are, from entry points and from folders, and which of them do not work.

One that cannot be used is recorded with the reason and left out; it never stops the others. Of two with one name the
first stays: the package's own, then the others in the order of their package's name, then files.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Final, Generic, Literal, TypeVar

from jupyter_aichat.agents.folder import agent_files, read_agent
from jupyter_aichat.agents.spec import SUPERVISOR, AgentSpec, ToolSpec
from jupyter_aichat.agents.use import as_tool
from jupyter_aichat.errors import PluginError

__all__ = ["AGENTS", "OWN", "TOOLS", "Plugin", "Registry", "load", "with_files"]

AGENTS: Final = "jupyter_aichat.agents"
"""The entry-point group of agents; each gives an `AgentSpec`."""

TOOLS: Final = "jupyter_aichat.tools"
"""The entry-point group of tools; each gives a `ToolSpec`."""

OWN: Final = "jupyterlab-aichat"
"""The distribution that this module belongs to."""

_log = logging.getLogger(__name__)

Spec = TypeVar("Spec", bound=AgentSpec | ToolSpec)
Kind = Literal["agent", "tool"]


@dataclass(frozen=True, slots=True)
class Plugin:
    """One that was offered. `source` is the package or the file it comes from; `error`: why it cannot be used."""

    name: str
    kind: Kind
    source: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """What can be used (by name), and all that was offered. The supervisor is not among the agents."""

    agents: Mapping[str, AgentSpec]
    tools: Mapping[str, ToolSpec]
    plugins: tuple[Plugin, ...]

    def source(self, name: str) -> str:
        """Where a usable agent comes from."""
        return next(
            (p.source for p in self.plugins if p.kind == "agent" and p.name == name and p.error is None), OWN
        )

    @property
    def taken(self) -> dict[str, str]:
        """The names that agents have, and where each comes from; the supervisor's among them."""
        return {SUPERVISOR: OWN, **{name: self.source(name) for name in self.agents}}


def load(agents: Iterable[EntryPoint], tools: Iterable[EntryPoint], *folders: Path) -> Registry:
    """Load what is offered. `folders` hold agents as Markdown files; they need not exist.

    Imports the plugins' modules and LangChain: call it beside the event loop.
    """
    known_tools = _Intake[ToolSpec]("tool", ToolSpec, {}, as_tool)
    for entry in _ordered(tools):
        known_tools.offer(entry.name, _source(entry), entry.load)

    def usable(spec: AgentSpec) -> None:
        if missing := [name for name in spec.tools if name not in known_tools.specs]:
            there = ", ".join(sorted(known_tools.specs)) or "none"
            raise PluginError(f"It wants the tool {missing[0]!r}, which is not there. There are: {there}.")

    known_agents = _Intake[AgentSpec]("agent", AgentSpec, {SUPERVISOR: OWN}, usable)
    for entry in _ordered(agents):
        known_agents.offer(entry.name, _source(entry), entry.load)
    plugins = (*known_tools.plugins, *known_agents.plugins)
    return with_files(Registry(known_agents.specs, known_tools.specs, plugins), *folders)


def with_files(packages: Registry, *folders: Path) -> Registry:
    """What packages offer, and the agents that are files. Reads the files: call it beside the event loop."""
    known = _Intake[AgentSpec]("agent", AgentSpec, packages.taken, lambda _: None)
    for path in agent_files(*folders):
        known.offer(
            path.stem, path.name, partial(read_agent, path, tools=packages.tools, taken=dict(known.taken))
        )
    return Registry({**packages.agents, **known.specs}, packages.tools, (*packages.plugins, *known.plugins))


class _Intake(Generic[Spec]):
    """The agents, or the tools, while they are loaded."""

    def __init__(
        self, kind: Kind, spec: type[Spec], taken: Mapping[str, str], check: Callable[[Spec], object]
    ) -> None:
        self.specs: dict[str, Spec] = {}
        self.plugins: list[Plugin] = []
        self._kind: Kind = kind
        self._spec: type[Spec] = spec
        self.taken = dict(taken)
        """Names, and the source that has them."""
        self._check: Callable[[Spec], object] = check

    def offer(self, name: str, source: str, give: Callable[[], object]) -> None:
        """Take one in, or record why not."""
        error: str | None = None
        try:
            spec = give()
            name = getattr(spec, "name", name)
            self._take(spec, source)
        except PluginError as failure:
            error = str(failure)
        except ModuleNotFoundError as failure:
            error = f"It needs the module {failure.name!r}, which is not installed."
        except (Exception, SystemExit) as failure:  # noqa: BLE001  a module may do anything while it is imported
            error = f"It could not be imported: {type(failure).__name__}. The server's log has the details."
            _log.warning("the %s %s of %s could not be imported", self._kind, name, source, exc_info=failure)
        if error:
            _log.warning("the %s %s of %s cannot be used: %s", self._kind, name, source, error)
        self.plugins.append(Plugin(str(name), self._kind, source, error))

    def _take(self, spec: object, source: str) -> None:
        if not isinstance(spec, self._spec):
            raise PluginError(f"It gives {type(spec).__name__!r}, not {self._spec.__name__}.")
        if (other := self.taken.get(spec.name)) is not None:
            raise PluginError(
                f"The name {spec.name!r} is given by {other} and by {source}; rename one of them."
            )
        self._check(spec)
        self.taken[spec.name] = source
        self.specs[spec.name] = spec


def _source(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.module.partition(".")[0]


def _ordered(entries: Iterable[EntryPoint]) -> list[EntryPoint]:
    return sorted(entries, key=lambda entry: (_source(entry) != OWN, _source(entry), entry.name))
