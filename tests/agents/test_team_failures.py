"""When something goes wrong: what ends a run, with which code, and what an agent is told and goes on after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest

from jupyter_aichat.actions.action import Action
from jupyter_aichat.agents.port import EventData
from jupyter_aichat.agents.spec import AgentSpec, ToolSpec
from jupyter_aichat.agents.team import Team
from jupyter_aichat.agents.use import ToolUse
from jupyter_aichat.errors import LeaseLost, ModelFailed, RunFailed, ToolError
from jupyter_aichat.protocol.events import Token, ToolEnd, ToolStart
from tests.fakes.openai_server import Cut, Fail, FakeOpenAI, Fault, Stall
from tests.fakes.talk import Talk
from tests.fakes.workspace import FolderWorkspace

MakeTeam = Callable[..., Team]


async def refuses(use: ToolUse) -> str:
    """Refuse."""
    raise ToolError("There is nothing to do here. Try list_files.")


async def breaks(use: ToolUse) -> str:
    """Break."""
    raise ZeroDivisionError("a secret path: /root/x")


async def long(use: ToolUse) -> str:
    """Say a lot."""
    return "begin " + "가" * 100_000 + " end"


async def takes(use: ToolUse, count: Annotated[int, "How many."], word: str = "x") -> str:
    """Take arguments."""
    return word * count


TOOLS = {f.__name__: ToolSpec(f.__name__, f"It {f.__name__}.", f) for f in (refuses, breaks, long, takes)}
NO_FILES = FolderWorkspace(Path("there-is-none"))
TESTER = {"tester": AgentSpec("tester", "Tests.", "You are the tester.", tuple(TOOLS))}


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("refuses", "There is nothing to do here. Try list_files."),
        ("breaks", "breaks failed unexpectedly (ZeroDivisionError)."),
        ("nothing", "nothing is not a valid tool"),
        ("takes", "count: Field required"),
        ('takes{"count": "many"}', "valid integer"),
        ('takes{"count": 1, "wrod": "y"}', "takes has no argument 'wrod'. Its arguments: count, word."),
        ("takes!", "The arguments of takes were not valid JSON."),
    ],
)
async def test_a_tool_that_fails_is_told_and_the_model_goes_on(
    use: str, told: str, make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Whatever is wrong with a call: it ends with `error` and a sentence without secrets, and the agent speaks on."""
    team = make_team(agents=TESTER, tools=TOOLS)
    talk = await Talk(team, workspace).whole(f"use={use} words=1", agent="tester")
    (start,), (end,) = talk.of(ToolStart), talk.of(ToolEnd)
    assert end.tool.call_id == start.tool.call_id
    assert end.tool.status == "error"
    assert told in end.tool.output
    assert "secret" not in end.tool.output
    assert talk.text("tester").endswith("w0 ")
    assert provider.asked[-1].body["messages"][-1]["content"] == end.tool.output


async def test_arguments_reach_the_tool(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """What fits is passed as it is, defaults where nothing was given."""
    team = make_team(agents=TESTER, tools=TOOLS)
    talk = await Talk(team, workspace).whole(
        'use=takes{"count": 3, "word": "매"}+takes{"count": 2}', agent="tester"
    )
    assert sorted(end.tool.output for end in talk.of(ToolEnd)) == ["xx", "매매매"]


async def test_a_long_output_is_cut_and_says_so(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """At most 60 kB, beginning and end kept, and how much is missing."""
    talk = await Talk(make_team(agents=TESTER, tools=TOOLS), workspace).whole("use=long", agent="tester")
    output = talk.output("long")
    assert len(output.encode()) <= 60_000
    assert output.startswith("begin 가")
    assert output.endswith("가 end")
    assert "of 100,010 characters left out here" in output


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fail(401), "model_auth"),
        (Fail(404, code="model_not_found"), "model_not_found"),
        (Fail(429, retry_after=7), "model_rate"),
        (Fail(503), "model_error"),
    ],
)
@pytest.mark.parametrize("before", [0, 1], ids=["supervisor", "specialist"])
async def test_a_provider_that_fails_ends_the_run(
    fault: Fault, code: str, before: int, make_team: MakeTeam, provider: FakeOpenAI
) -> None:
    """A provider's failure has its code, wherever it happened: no specialist's failure is talked over."""
    provider.fail(*[None] * before, fault)
    with pytest.raises(ModelFailed) as raised:
        await Talk(make_team(), NO_FILES).begin("ask=analyst: hello")
    assert raised.value.code == code
    assert len(provider.asked) == before + 1


async def test_a_failing_specialist_takes_the_run_along(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """The provider fails inside one of two specialists: the run fails so, and the other's stream is closed."""
    talk = Talk(make_team(), workspace)
    with pytest.raises(ModelFailed) as raised:
        await talk.begin("ask=analyst,writer: fail=401; words=500 delay=10")
    assert raised.value.code == "model_auth"
    await provider.until(lambda: provider.open == 0)
    assert provider.closed_early == 1


async def test_material_too_long_for_a_specialist_comes_back_as_a_sentence(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """What a specialist has read exceeds its model: the supervisor hears it, and can ask for less."""
    (workspace.root / "long.txt").write_text("x" * 50_000)
    provider.max_context = 30_000
    talk = await Talk(make_team(), workspace).whole("ask=researcher: use=read_file:long.txt")
    (end,) = (end for end in talk.of(ToolEnd) if end.tool.name == "ask_researcher")
    assert end.tool.status == "error"
    assert "Give it a smaller task" in end.tool.output


async def test_a_transcript_too_long_for_the_supervisor_ends_the_run(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """The supervisor's own transcript does not fit: `model_context`, so that it can be folded smaller."""
    provider.max_context = 1_000
    with pytest.raises(ModelFailed) as raised:
        await Talk(make_team(), workspace).begin("hello")
    assert raised.value.code == "model_context"


async def test_a_stream_that_is_cut_fails_after_what_was_said(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """The tokens that came stay, and the run ends with one error of the model."""
    provider.fail(Cut(after=1_500))
    talk = Talk(make_team(), workspace)
    with pytest.raises(ModelFailed):
        await talk.begin("words=50")
    assert talk.of(Token)


async def test_a_team_that_does_not_come_to_an_end_is_stopped(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """The limit counts the calls of all agents of a run together; the sentence says what to do."""
    with pytest.raises(RunFailed, match="after 4 calls of the model") as raised:
        await Talk(make_team(max_model_calls=4), workspace).begin("ask=analyst: " + "use=list_files " * 9)
    assert raised.value.code == "limit"
    assert len(provider.asked) == 4


async def test_the_limit_counts_over_pauses(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """A restart between two calls does not give a run new ones."""
    (workspace.root / "a.txt").write_text("a")
    before = Talk(make_team(local=False, max_model_calls=2), workspace)
    asked = await before.begin("ask=analyst: use=read_file:a.txt")
    after = Talk(make_team(local=False, max_model_calls=2), workspace)
    after.engine.load(after.key, before.engine.dump(before.key))
    with pytest.raises(RunFailed) as raised:
        await after.go_on({asked[0]: {"status": "ok"}})
    assert raised.value.code == "limit"


async def test_an_agent_that_is_not_there(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """The sentence names those that are."""
    with pytest.raises(RunFailed, match=r"no agent 'nobody'.*analyst, coder"):
        await Talk(make_team(), workspace).begin("hello", agent="nobody")


@pytest.mark.parametrize("at", [Token, ToolStart, ToolEnd])
async def test_a_log_that_cannot_be_written_ends_the_run(
    at: type[EventData], make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """What `put` raises comes through unchanged, wherever it is raised, and nothing is asked of the model any more."""

    def fail(event: EventData | Action) -> None:
        if isinstance(event, at):
            raise LeaseLost("another server has taken over")

    talk = Talk(make_team(), workspace, on_put=fail)
    with pytest.raises(LeaseLost):
        await talk.begin("ask=analyst: use=list_files words=400 delay=5")
    calls = len(provider.asked)
    await provider.until(lambda: provider.open == 0)
    assert len(provider.asked) == calls


@pytest.mark.parametrize("moment", ["supervisor", "specialist", "parallel", "silent"])
async def test_cancel_closes_the_models_streams(
    moment: str, make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Stop reaches the provider: every stream is closed, in time, and nothing is kept after `forget`."""
    team = make_team()
    talk = Talk(team, workspace)
    text = {
        "supervisor": "words=2000 delay=5",
        "specialist": "ask=analyst: words=2000 delay=5",
        "parallel": "ask=analyst,writer: words=2000 delay=5",
        "silent": "hello",
    }[moment]
    if moment == "silent":
        provider.fail(Stall(after=0))
    streams = 2 if moment == "parallel" else 1
    speaking = {"specialist": {"analyst"}, "parallel": {"analyst", "writer"}}.get(moment, {"supervisor"})
    run = asyncio.ensure_future(talk.begin(text))
    heard = asyncio.Event()

    def listen(_: EventData | Action) -> None:
        if speaking <= {token.agent for token in talk.of(Token)}:
            heard.set()

    talk.on_put = listen
    if moment == "silent":
        await provider.until(lambda: provider.open == 1)
    else:
        await heard.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await team.forget(talk.key)
    assert team.open == frozenset()
    await provider.until(lambda: provider.open == 0, seconds=2)
    assert provider.closed_early == streams
    said = len(talk.heard)
    await asyncio.sleep(0)
    assert len(talk.heard) == said
