"""Fixtures of the agents' tests: a provider on loopback, files, and teams whose model is the provider's."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from jupyter_aichat.agents.models.build import ModelTiming, build, open_http
from jupyter_aichat.agents.models.choice import Credentials, ModelChoice
from jupyter_aichat.agents.models.failures import explain
from jupyter_aichat.agents.registry import AGENTS, TOOLS, Registry, load
from jupyter_aichat.agents.shelf import Shelf
from jupyter_aichat.agents.spec import AgentSpec, ToolSpec
from jupyter_aichat.agents.team import Member, Team
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.workspace import FolderWorkspace

_ENTRY_POINTS = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"][
    "entry-points"
]
BUILT_IN_AGENTS = tuple(_ENTRY_POINTS[AGENTS])
BUILT_IN_TOOLS = tuple(_ENTRY_POINTS[TOOLS])

MakeTeam = Callable[..., Team]


@pytest.fixture
def provider(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[FakeOpenAI]:
    """A strict OpenAI-compatible server; no transcript that it was sent was torn."""

    async def started() -> FakeOpenAI:
        return FakeOpenAI().__enter__()

    server = jp_asyncio_loop.run_until_complete(started())
    yield server
    server.__exit__()
    assert server.refused == []


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The built-in agents and tools, through the door that plugins use."""
    module = "jupyter_aichat.agents"
    return load(
        [EntryPoint(name, f"{module}.builtin.{name}:SPEC", AGENTS) for name in BUILT_IN_AGENTS],
        [EntryPoint(name, f"{module}.tools.{name}:SPEC", TOOLS) for name in BUILT_IN_TOOLS],
    )


@pytest.fixture
def workspace(tmp_path: Path) -> FolderWorkspace:
    """An empty folder of files."""
    root = tmp_path / "root"
    root.mkdir()
    return FolderWorkspace(root)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """Tables and threads."""
    kept = Shelf()
    yield kept
    kept.close()


@pytest.fixture
def make_team(
    provider: FakeOpenAI, registry: Registry, shelf: Shelf, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[MakeTeam]:
    """Make teams; `local=False` gives a model for which consent is needed, at the host models.example."""
    opened: list[Any] = []

    def make(
        *,
        local: bool = True,
        agents: dict[str, AgentSpec] | None = None,
        tools: dict[str, ToolSpec] | None = None,
        stock: bool = False,
        **options: Any,
    ) -> Team:
        host = "127.0.0.1" if local else "models.example"
        choice = ModelChoice("openai", "fake", provider.url, host, local, False, "for a test", 100_000)
        credentials = Credentials(SecretStr("not-a-key"))
        timing = ModelTiming(retries=0)
        opened.append(open_http(choice, credentials, timing))

        def member(spec: AgentSpec) -> Member:
            model = build(
                choice, spec.name, credentials=credentials, stock=stock, timing=timing, http=opened[-1]
            )
            return Member(spec, choice, model, partial(explain, choice=choice))

        from jupyter_aichat.agents.builtin import supervisor

        specs = registry.agents if agents is None else agents
        return Team(
            member(supervisor.SPEC),
            [member(spec) for spec in specs.values()],
            {**registry.tools, **(tools or {})},
            shelf,
            **options,
        )

    yield make
    for http in opened:
        jp_asyncio_loop.run_until_complete(http.aclose())
