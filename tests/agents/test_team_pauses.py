"""A run that waits for a person: what is asked, what a resume repeats (nothing), and that it survives a restart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.agents.team import Team
from jupyter_aichat.agents.words import say
from jupyter_aichat.errors import RunFailed
from jupyter_aichat.protocol.events import AgentChange, Status, Token, ToolEnd, ToolStart
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.talk import Talk
from tests.fakes.workspace import FolderWorkspace

MakeTeam = Callable[..., Team]

FILES = ("a.txt", "b.txt", "c.txt")

AT_A_MODEL = {say("en", "thinking"), say("en", "writing_report")}
"""What is said when a model is asked, and asked again."""


@pytest.fixture
def workspace(workspace: FolderWorkspace) -> FolderWorkspace:
    """Three files."""
    for name in FILES:
        (workspace.root / name).write_text(f"content of {name}")
    return workspace


def repeated(talk: Talk) -> list[str]:
    """What was said twice although it happened once."""
    keys = [
        *(("start", event.tool.call_id) for event in talk.of(ToolStart)),
        *(("end", event.tool.call_id) for event in talk.of(ToolEnd)),
        *(("change", event.call_id) for event in talk.of(AgentChange) if event.call_id),
        *(("status", event.agent, event.text) for event in talk.of(Status) if event.text not in AT_A_MODEL),
        *(("token", event.message_id, event.token) for event in talk.of(Token)),
    ]
    return [str(key) for key, count in Counter(keys).items() if count > 1]


async def test_a_distant_model_needs_consent(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """Before a file's content goes to another host, a person is asked, with the host and the path; nothing is read."""
    talk = Talk(make_team(local=False), workspace)
    (asked,) = await talk.begin("ask=analyst: use=read_file:./a.txt words=1")
    (start,) = (start for start in talk.of(ToolStart) if start.tool.name == "read_file")
    assert talk.actions[asked] == Action(
        id=asked,
        kind="share_files",
        agent="analyst",
        call_id=start.tool.call_id,
        args={"host": "models.example", "files": ["a.txt"]},
    )
    assert workspace.read_paths == []
    assert talk.trace()[-2:] == ["start analyst read_file", "action analyst share_files a.txt"]


async def test_a_model_on_this_machine_needs_none(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """On loopback files are read without a question."""
    talk = await Talk(make_team(local=True), workspace).whole("ask=analyst: use=read_file:a.txt")
    assert talk.actions == {}
    assert "content of a.txt" in talk.output("read_file")


@pytest.mark.parametrize("tool", ["read_file:a.txt", "read_notebook:n.ipynb", "profile_table:t.csv"])
async def test_every_tool_that_tells_contents_asks(
    tool: str, make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """Whatever reads a file's content asks before it; the list of files is no content."""
    (workspace.root / "n.ipynb").write_text('{"cells": []}')
    (workspace.root / "t.csv").write_text("a,b\n1,2\n")
    talk = Talk(make_team(local=False), workspace)
    (asked,) = await talk.begin(f"use=list_files use={tool}", agent="analyst")
    assert talk.actions[asked].args["files"] == [tool.partition(":")[2]]
    assert workspace.read_paths == []


async def test_a_file_that_is_not_there_is_not_asked_about(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """Nobody is asked to share what does not exist; the agent hears which file has a similar name."""
    talk = await Talk(make_team(local=False), workspace).whole("ask=analyst: use=read_file:aa.txt")
    assert talk.actions == {}
    assert "Did you mean 'a.txt'" in talk.output("read_file")


async def test_a_resume_repeats_nothing(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Three questions in sequence: each model is asked once for each step, no event and no token comes twice."""
    talk = await Talk(make_team(local=False), workspace).whole(
        "ask=analyst: use=read_file:a.txt use=read_file:b.txt use=read_file:c.txt words=2"
    )
    assert len(talk.actions) == 3
    assert [asked.who for asked in provider.asked] == [
        "supervisor/0", "specialist/0", "specialist/1", "specialist/2", "specialist/3", "supervisor/1"
    ]  # fmt: skip
    assert repeated(talk) == []
    assert talk.text("analyst") == "Working. Working. Working. w0 w1 "
    assert workspace.read_paths == ["a.txt", "b.txt", "c.txt"]
    assert [end.tool.status for end in talk.of(ToolEnd)] == ["ok"] * 4


async def test_several_questions_at_once_can_be_answered_one_by_one(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Three calls in one message ask three times; the ones without an answer are asked again, with the same id."""
    talk = Talk(make_team(local=False), workspace)
    first = await talk.begin("use=read_file:a.txt+read_file:b.txt+read_file:c.txt words=1", agent="analyst")
    assert len(first) == 3
    second = await talk.go_on({first[1]: {"status": "ok"}})
    assert sorted(second) == sorted({first[0], first[2]})
    third = await talk.go_on({second[0]: {"status": "ok"}})
    assert third == [second[1]]
    assert await talk.go_on({third[0]: {"status": "ok"}}) == []
    assert repeated(talk) == []
    assert len(provider.asked) == 2


async def test_two_specialists_one_denied_one_approved(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """One person's two decisions reach the two specialists that asked; the denied one hears the reason and goes on."""

    def decide(action: Action) -> ActionResult:
        if action.agent == "writer":
            return {"status": "denied", "reason": "It names customers."}
        return {"status": "ok"}

    talk = await Talk(make_team(local=False), workspace).whole(
        "ask=analyst,writer: use=read_file:a.txt words=1; use=read_file:b.txt words=2", decide=decide
    )
    ends = {end.agent: end.tool for end in talk.of(ToolEnd) if end.tool.name == "read_file"}
    assert (ends["analyst"].status, ends["writer"].status) == ("ok", "denied")
    assert ends["writer"].output.startswith(
        "The person declined to send the contents of 'b.txt' to models.example. Reason: It names customers."
    )
    assert workspace.read_paths == ["a.txt"]
    assert talk.text("supervisor").endswith("Summary: w0 | w0 w1")
    assert repeated(talk) == []
    assert len(provider.asked) == 6


async def test_two_specialists_decided_one_after_the_other(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """While one specialist waits, the other goes through all its steps; nothing of either is repeated."""
    talk = Talk(make_team(local=False), workspace)
    asked = await talk.begin(
        "ask=analyst,writer: use=read_file:a.txt use=read_file:b.txt words=1; use=read_file:c.txt words=1"
    )
    while asked:
        asked = await talk.go_on({asked[0]: {"status": "ok"}})
    assert repeated(talk) == []
    assert len(talk.actions) == 3
    assert len(provider.asked) == 7


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (ActionResult(status="cancelled"), "cancelled"),
        (ActionResult(status="error"), "error"),
        (ActionResult(status="unknown"), "error"),
    ],
)
async def test_a_question_that_was_not_decided(
    result: ActionResult, status: str, make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """An approval that expired or was lost reads nothing, and the agent is told so and goes on."""
    talk = await Talk(make_team(local=False), workspace).whole(
        "use=read_file:a.txt words=1", agent="analyst", decide=lambda _: result
    )
    (end,) = talk.of(ToolEnd)
    assert end.tool.status == status
    assert "were not read" in end.tool.output
    assert workspace.read_paths == []
    assert talk.text("analyst").endswith("w0 ")


async def test_a_waiting_run_goes_on_in_another_process(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Dumped while it waits, loaded by a new team: asked again with the same id, no event; then it goes on."""
    before = Talk(make_team(local=False), workspace)
    asked = await before.begin("ask=analyst: use=read_file:a.txt use=read_file:b.txt words=2")
    blob = before.engine.dump(before.key)
    assert len(blob) < 60_000

    calls = len(provider.asked)
    after = Talk(make_team(local=False), workspace, messages=before.messages)
    after.engine.load(after.key, blob)
    assert await after.go_on() == asked
    assert after.heard == [before.actions[asked[0]]]
    assert len(provider.asked) == calls
    while asked:
        asked = await after.go_on({asked[0]: {"status": "ok"}})
    assert after.text("supervisor") == "Summary: w0 w1"
    both = Talk(after.engine, workspace, heard=[*before.heard, *after.heard])
    assert repeated(both) == []
    assert [asked.who for asked in provider.asked].count("specialist/0") == 1
    ends = {end.tool.call_id for end in both.of(ToolEnd)}
    assert ends == {start.tool.call_id for start in both.of(ToolStart)}


async def test_siblings_that_ended_before_a_restart_are_not_told_again(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """One of two specialists had ended when the process died; the new one does not say its end a second time."""
    before = Talk(make_team(local=False), workspace)
    asked = await before.begin("ask=analyst,writer: use=read_file:a.txt words=1; words=1")
    blob = before.engine.dump(before.key)
    after = Talk(make_team(local=False), workspace, messages=before.messages)
    after.engine.load(after.key, blob)
    assert await after.go_on({asked[0]: {"status": "ok"}}) == []
    assert repeated(Talk(after.engine, workspace, heard=[*before.heard, *after.heard])) == []


async def test_a_specialist_that_was_addressed_is_remembered(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """After a restart the run goes on with the agent that it began with, without being told which."""
    before = Talk(make_team(local=False), workspace)
    asked = await before.begin("use=read_file:a.txt words=1", agent="coder")
    after = Talk(make_team(local=False), workspace)
    after.engine.load(after.key, before.engine.dump(before.key))
    assert await after.go_on({asked[0]: {"status": "ok"}}) == []
    assert after.text("coder") == "w0 "


@pytest.mark.parametrize("blob", [b"", b"nonsense", b"\x93\x63\x90\xc4\x00"])
def test_a_checkpoint_of_another_version_is_refused(blob: bytes, make_team: MakeTeam) -> None:
    """What cannot be read ends the run as interrupted, in words that say what to do."""
    with pytest.raises(RunFailed, match="Ask again") as raised:
        make_team().load("t1/r1", blob)
    assert (raised.value.code, raised.value.retryable) == ("interrupted", True)


async def test_a_run_that_is_not_known_is_refused(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """Resuming, dumping or re-asking what was forgotten says so."""
    talk = await Talk(make_team(local=False), workspace).whole("hello")
    with pytest.raises(RunFailed, match="not known"):
        await talk.go_on()
    with pytest.raises(RunFailed, match="not known"):
        talk.engine.dump(talk.key)
