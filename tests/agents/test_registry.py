"""The registry: plugins by entry point, agents as files; what is broken is told and stops nothing."""

from __future__ import annotations

import sys
import textwrap
import tomllib
from collections.abc import Callable
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest
from typing_extensions import override

from jupyter_aichat.agents.registry import AGENTS, OWN, TOOLS, Plugin, Registry, load

Package = Callable[..., list[EntryPoint]]


class Installed(Distribution):
    """A distribution with nothing but a name."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def metadata(self) -> dict[str, str]:  # type: ignore[override]
        return {"Name": self._name}

    @override
    def read_text(self, filename: str) -> None:
        return None

    def locate_file(self, path: object) -> Path:
        raise FileNotFoundError(path)


AGENT = "AgentSpec(name='{name}', description='d', prompt='p', tools={tools!r})"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Install a module of a plugin, and give its entry points."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(distribution: str, source: str, *, group: str = AGENTS, **entries: str) -> list[EntryPoint]:
        module = distribution.replace("-", "_")
        head = "from jupyter_aichat.agents.spec import AgentSpec, ToolSpec\n"
        (tmp_path / f"{module}.py").write_text(head + textwrap.dedent(source))
        monkeypatch.delitem(sys.modules, module, raising=False)
        return [
            # EntryPoint is immutable; `_for` is how importlib.metadata itself says whose it is
            EntryPoint(name, f"{module}:{attribute}", group)._for(Installed(distribution))  # type: ignore[attr-defined]
            for name, attribute in entries.items()
        ]

    return make


def errors(registry: Registry) -> dict[str, str]:
    """What cannot be used, and why."""
    return {plugin.name: plugin.error for plugin in registry.plugins if plugin.error}


def test_the_built_ins_come_through_the_same_door(registry: Registry) -> None:
    """All five agents with all their tools, and nothing wrong with any of them."""
    assert set(registry.agents) == {"analyst", "coder", "researcher", "visualizer", "writer"}
    assert set(registry.tools) == {
        "analyse_table",
        "insert_cell",
        "inspect_variables",
        "list_files",
        "profile_table",
        "read_file",
        "read_notebook",
        "replace_cell",
        "run_cell",
        "run_code",
        "run_sql",
        "write_file",
    }
    assert errors(registry) == {}


@pytest.mark.parametrize("group", [AGENTS, TOOLS])
def test_the_package_declares_what_it_has(group: str, registry: Registry) -> None:
    """Every built-in agent and tool is an entry point of the distribution."""
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == OWN
    declared = project["entry-points"].get(group, {})
    found = load(
        [EntryPoint(name, value, group) for name, value in declared.items()] if group == AGENTS else (),
        [EntryPoint(name, value, group) for name, value in declared.items()] if group == TOOLS else (),
    )
    have = {plugin.name for plugin in found.plugins}
    assert have == set(registry.agents if group == AGENTS else registry.tools)


def test_a_plugin_brings_an_agent_and_its_tool(package: Package) -> None:
    """A tool of one package can be used by an agent of another; the origin is kept."""
    tools = package(
        "weather-tools",
        """
        async def weather(use, city: str) -> str: return 'rain'
        TOOL = ToolSpec('weather', 'Tells the weather.', weather)
        """,
        group=TOOLS,
        weather="TOOL",
    )
    agents = package("sky-agents", f"AGENT = {AGENT.format(name='sky', tools=('weather',))}", sky="AGENT")
    registry = load(agents, tools)
    assert registry.agents["sky"].tools == ("weather",)
    assert registry.source("sky") == "sky-agents"
    assert registry.plugins == (
        Plugin("weather", "tool", "weather-tools"),
        Plugin("sky", "agent", "sky-agents"),
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("raise RuntimeError('at import')", "could not be imported: RuntimeError"),
        ("import not_installed_anywhere", "needs the module 'not_installed_anywhere'"),
        ("raise SystemExit(3)", "could not be imported: SystemExit"),
        ("OTHER = 1", "could not be imported: AttributeError"),
        ("AGENT = 'a string'", "It gives 'str', not AgentSpec"),
        ("AGENT = AgentSpec(name='Bad Name', description='d', prompt='p')", "'Bad Name' does not fit"),
        ("AGENT = AgentSpec(name='x', description='', prompt='p')", "needs a description"),
        (
            "AGENT = AgentSpec(name='x', description='d', prompt='p', tools=('nope',))",
            "wants the tool 'nope'",
        ),
        ("AGENT = AgentSpec(name='supervisor', description='d', prompt='p')", f"by {OWN} and by broken"),
    ],
)
def test_a_broken_plugin_is_told_and_stops_nothing(
    source: str, told: str, package: Package, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a plugin does while it loads, the others load, and the reason can be read, without a path."""
    good = package("good", f"AGENT = {AGENT.format(name='good', tools=())}", good="AGENT")
    registry = load([*package("broken", source, x="AGENT"), *good], [])
    assert set(registry.agents) == {"good"}
    (error,) = errors(registry).values()
    assert told in error
    assert "/" not in error
    assert "broken" in caplog.text


@pytest.mark.parametrize(
    "signature", ["use, path", "use, **more: str", "use, *paths: str", "use, path: 'Unknown'"]
)
def test_a_tool_whose_parameters_cannot_be_told_is_refused(signature: str, package: Package) -> None:
    """Every parameter needs an annotation, or the model could not be told what to give."""
    source = f"async def f({signature}) -> str: return ''\nTOOL = ToolSpec('f', 'Does.', f)"
    registry = load([], package("broken", source, group=TOOLS, f="TOOL"))
    assert registry.tools == {}
    assert "annotation" in errors(registry)["f"]


def test_a_tool_may_not_look_like_a_handoff(package: Package) -> None:
    """`ask_` is how the supervisor's handoffs begin."""
    source = "async def f(use) -> str: return ''\nTOOL = ToolSpec('ask_me', 'Does.', f)"
    assert "is for handoffs" in errors(load([], package("broken", source, group=TOOLS, f="TOOL")))["f"]


def test_two_of_one_name_are_told_with_both_packages(package: Package) -> None:
    """The package's own stays, then the first by its package's name; the other is told, with both origins."""
    twice = [
        *package("zebra", f"AGENT = {AGENT.format(name='same', tools=())}", same="AGENT"),
        *package("aardvark", f"AGENT = {AGENT.format(name='same', tools=())}", same="AGENT"),
    ]
    registry = load(twice, [])
    assert registry.source("same") == "aardvark"
    assert errors(registry) == {
        "same": "The name 'same' is given by aardvark and by zebra; rename one of them."
    }


def test_an_agent_can_be_a_file(tmp_path: Path, registry: Registry) -> None:
    """A file in the folder is an agent like any other; a broken one beside it is told by its name."""
    folder = tmp_path / "agents"
    folder.mkdir()
    (folder / "translator.md").write_text(
        "---\nname: translator\ndescription: Translates.\ntools: [read_file]\n---\nYou translate.\n"
    )
    (folder / "broken.md").write_text("no front matter")
    (folder / "notes.txt").write_text("not an agent")
    tools = [EntryPoint(name, f"jupyter_aichat.agents.tools.{name}:SPEC", TOOLS) for name in registry.tools]
    found = load([], tools, folder)
    assert found.agents["translator"].prompt == "You translate."
    assert found.source("translator") == "translator.md"
    assert errors(found) == {
        "broken": "broken.md: It does not begin with a front matter: a line '---', the fields, a line '---'."
    }


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    """Nobody has to make one."""
    assert load([], [], tmp_path / "missing") == Registry({}, {}, ())
