"""Teams: one for each choice of model, agents with models of their own, and what is told about all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from jupyter_aichat.agents.models.build import ModelTiming
from jupyter_aichat.agents.models.choice import OFFLINE, Chosen, Credentials, ModelChoice
from jupyter_aichat.agents.registry import OWN, Plugin, Registry
from jupyter_aichat.agents.spec import AgentSpec
from jupyter_aichat.agents.teams import Teams
from jupyter_aichat.errors import ConfigurationError, ModelFailed
from jupyter_aichat.protocol.events import Token
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.talk import Talk
from tests.fakes.workspace import FolderWorkspace

MakeTeams = Callable[..., Teams]


@pytest.fixture
def make_teams(registry: Registry, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[MakeTeams]:
    """Make teams of the built-in agents and others."""
    made: list[Teams] = []

    def make(*others: AgentSpec) -> Teams:
        agents = {**registry.agents, **{spec.name: spec for spec in others}}
        plugins = (*registry.plugins, *(Plugin(spec.name, "agent", "a-package") for spec in others))
        made.append(Teams(Registry(agents, registry.tools, plugins), timing=ModelTiming(retries=0)))
        return made[-1]

    yield make
    for teams in made:
        jp_asyncio_loop.run_until_complete(teams.close())


@pytest.fixture
def chosen(provider: FakeOpenAI) -> Chosen:
    """The provider's model, on this machine."""
    return Chosen(
        ModelChoice("openai", "fake", provider.url, "127.0.0.1", True, False, "for a test", 100_000),
        Credentials(SecretStr("not-a-key")),
    )


async def test_one_choice_is_one_team(make_teams: MakeTeams, chosen: Chosen) -> None:
    """Equal choices share a team, whatever the reason; another model or another key is another team."""
    teams = make_teams()
    team = teams.team(chosen)
    assert teams.team(replace(chosen, choice=replace(chosen.choice, reason="asked for"))) is team
    assert teams.team(replace(chosen, choice=replace(chosen.choice, name="other"))) is not team
    assert teams.team(replace(chosen, credentials=Credentials(SecretStr("another")))) is not team
    assert team.model == chosen.choice


async def test_a_team_answers(make_teams: MakeTeams, chosen: Chosen, workspace: FolderWorkspace) -> None:
    """Made from a choice alone, off the event loop, as the gateway does it."""
    team = await asyncio.to_thread(make_teams().team, chosen)
    talk = await Talk(team, workspace).whole("ask=analyst: use=list_files words=2")
    assert talk.text("supervisor").endswith("Summary: w0 w1")


async def test_the_offline_team_streams(make_teams: MakeTeams, workspace: FolderWorkspace) -> None:
    """Without a model an answer comes in pieces too, so that a person can follow and Stop has something to stop."""
    talk = await Talk(make_teams().team(Chosen(OFFLINE)), workspace).whole("hello")
    pieces = [token.token for token in talk.of(Token)]
    assert len(pieces) > 10
    assert talk.text("supervisor").startswith("Hello. This is offline mode")


async def test_an_agent_can_have_a_model_of_its_own(
    make_teams: MakeTeams, chosen: Chosen, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """It is asked with that model; what the others do stays with the team's."""
    provider.models.append("special")
    own = AgentSpec("poet", "Writes poems.", "You are the poet.", model="openai:special")
    special = replace(chosen, choice=replace(chosen.choice, name="special"))
    team = make_teams(own).team(chosen, {"openai:special": special}.__getitem__)
    talk = await Talk(team, workspace).whole("ask=poet: words=1")
    assert [asked.body["model"] for asked in provider.asked] == ["fake", "special", "fake"]
    assert talk.text("poet") == "w0 "


async def test_consent_is_asked_for_every_host_that_would_read(
    make_teams: MakeTeams, chosen: Chosen, workspace: FolderWorkspace
) -> None:
    """A file goes to the specialist's model and, in its answer, to the supervisor's: each host beyond is asked about."""
    (workspace.root / "a.txt").write_text("a")
    near = AgentSpec("near", "Reads.", "You read.", ("read_file",), model="openai:near")
    far = replace(chosen, choice=replace(chosen.choice, host="models.example", local=False))
    talk = Talk(make_teams(near).team(far, lambda _: chosen), workspace)
    (asked,) = await talk.begin("ask=near: use=read_file:a.txt")
    assert talk.actions[asked].args["host"] == "models.example"

    other = replace(chosen, choice=replace(chosen.choice, host="other.example", local=False))
    both = await Talk(make_teams(near).team(far, lambda _: other), workspace).whole(
        "ask=near: use=read_file:a.txt"
    )
    assert sorted(action.args["host"] for action in both.actions.values()) == [
        "models.example",
        "other.example",
    ]
    assert both.output("read_file").endswith("\n\na")


@pytest.mark.parametrize(
    "error", [ConfigurationError("no such provider 'x'"), None], ids=["unknown", "no key"]
)
async def test_an_agent_whose_model_cannot_be_used_is_left_out_and_told(
    error: Exception | None, make_teams: MakeTeams, chosen: Chosen, workspace: FolderWorkspace
) -> None:
    """The others go on; `plugins` says why, and nobody can address it."""
    own = AgentSpec("poet", "Writes poems.", "You are the poet.", model="x:y")

    def resolve(_: str) -> Chosen:
        if error:
            raise error
        return replace(chosen, credentials=Credentials())

    teams = make_teams(own)
    team = teams.team(chosen, resolve)
    assert "poet" not in team.agents
    assert (await Talk(team, workspace).whole("hello")).text("supervisor")
    (view,) = (view for view in teams.plugins() if view["name"] == "poet")
    assert view["status"] == "error"
    assert ("no such provider 'x'" if error else "no API key") in view["error"]
    assert "poet" not in [view["name"] for view in teams.agents()]


async def test_a_team_whose_own_model_cannot_be_used_is_none(make_teams: MakeTeams, chosen: Chosen) -> None:
    """Never another model in silence."""
    with pytest.raises(ModelFailed, match="no API key") as raised:
        make_teams().team(replace(chosen, credentials=Credentials()))
    assert raised.value.code == "model_auth"


def test_who_can_answer_is_told(make_teams: MakeTeams) -> None:
    """The supervisor first; name, description, tools and origin."""
    views = make_teams().agents()
    assert [view["name"] for view in views] == [
        "supervisor", "analyst", "coder", "researcher", "visualizer", "writer"
    ]  # fmt: skip
    assert views[0]["source"] == OWN
    assert "analyse_table" in views[1]["tools"]
    assert all(plugin["status"] == "ok" for plugin in make_teams().plugins())


@pytest.mark.parametrize("asked", ["Profile sales.csv", "sales.csv 프로파일 해줘"])
async def test_the_offline_analyst_is_a_team_like_any_other(
    asked: str, make_teams: MakeTeams, workspace: FolderWorkspace
) -> None:
    """No provider: the same supervisor, handoff and tools, and true figures; nobody is asked for consent."""
    rows = "".join(f"2026-01-{day:02},Seoul,{day}000\n" for day in range(1, 29))
    (workspace.root / "sales.csv").write_text("date,region,revenue\n" + rows)
    talk = await Talk(make_teams().team(Chosen(OFFLINE)), workspace).whole(asked)
    assert [line for line in talk.trace() if line.startswith(("start", "end", "action"))] == [
        "start supervisor ask_analyst",
        "start analyst profile_table",
        "end analyst profile_table ok",
        "end supervisor ask_analyst ok",
    ]
    assert "28" in talk.text("supervisor")
    assert "revenue" in talk.text("supervisor")
