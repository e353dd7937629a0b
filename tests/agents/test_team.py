"""The team, against a strict provider: who speaks when, which events a run is made of, and what is not repeated."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_aichat.agents.port import ToolCall, Turn
from jupyter_aichat.agents.team import Team
from jupyter_aichat.protocol.events import AgentChange, Reasoning, Status, Token, ToolEnd, ToolStart, Usage
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.talk import Talk
from tests.fakes.workspace import FolderWorkspace

MakeTeam = Callable[..., Team]


async def test_an_answer_without_a_team_is_the_supervisors_tokens(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """The supervisor answers alone: who speaks, a status, the text byte for byte, the tokens used."""
    talk = await Talk(make_team(), workspace).whole("say=안녕하세요, **두 번째** 줄도 있어요.\n끝 🙂")
    assert talk.trace(without=()) == [
        "change supervisor",
        "status supervisor Thinking…",
        "token supervisor m1.1",
        "usage",
    ]
    assert talk.text("supervisor") == "안녕하세요, **두 번째** 줄도 있어요.\n끝 🙂"
    (usage,) = talk.of(Usage)
    assert (usage.model, usage.output_tokens > 0, usage.input_tokens > 0) == ("openai:fake", True, True)


async def test_a_handoff_in_events(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """A handoff, in the order that the protocol promises, from the supervisor's call back to its answer."""
    (workspace.root / "notes.txt").write_text("hello")
    talk = await Talk(make_team(), workspace).whole("ask=analyst: use=read_file:notes.txt words=3")
    assert talk.trace() == [
        "change supervisor",
        "token supervisor m1.1",
        "start supervisor ask_analyst",
        "change supervisor/analyst",
        "token analyst m1.2",
        "start analyst read_file",
        "end analyst read_file ok",
        "token analyst m1.3",
        "end supervisor ask_analyst ok",
        "change supervisor",
        "token supervisor m1.4",
    ]
    start, change = talk.of(ToolStart)[0], talk.of(AgentChange)[1]
    assert start.tool.args == {
        "task": "use=read_file:notes.txt words=3",
        "reason": "analyst knows best",
    }
    assert (change.task, change.reason) == ("use=read_file:notes.txt words=3", "analyst knows best")
    assert change.call_id == start.tool.call_id
    assert talk.text("supervisor").endswith("Summary: w0 w1 w2")


async def test_ids_on_the_wire(make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI) -> None:
    """A call belongs to the message that made it; ids are short, and unique even if the provider repeats its own."""
    provider.same_ids = True
    talk = await Talk(make_team(), workspace).whole(
        "ask=analyst,writer: use=list_files+list_files use=list_files words=1"
    )
    starts = talk.of(ToolStart)
    ids = [start.tool.call_id for start in starts]
    assert len(set(ids)) == len(ids) == 8
    assert max(map(len, ids)) <= 12
    assert sorted(ids) == sorted(end.tool.call_id for end in talk.of(ToolEnd))
    said = {token.message_id: token.agent for token in talk.of(Token)}
    assert all(said[start.message_id] == start.agent for start in starts)


async def test_tool_ends_say_how_long_it_took(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """Every call that begins ends, with its name, its agent and a duration in milliseconds."""
    talk = await Talk(make_team(), workspace).whole("ask=analyst: use=list_files slow=30")
    ends = {end.tool.name: end for end in talk.of(ToolEnd)}
    assert ends["list_files"].agent == "analyst"
    assert ends["ask_analyst"].agent == "supervisor"
    assert (ends["ask_analyst"].duration_ms or 0) >= 60  # two answers, each 30 ms late
    assert ends["list_files"].duration_ms is not None


async def test_reasoning_is_told_apart_from_the_answer(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """What a model thinks comes as reasoning, of the same message, and is no part of its text."""
    talk = await Talk(make_team(), workspace).whole("think=3 words=2")
    assert [event.token for event in talk.of(Reasoning)] == ["thought0 ", "thought1 ", "thought2 "]
    assert talk.text("supervisor") == "w0 w1 "
    assert {event.message_id for event in talk.of(Reasoning)} == {"m1.1"}


async def test_status_lines_are_in_the_interfaces_language(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """Status speaks the language of the person's interface, whatever the message is written in."""
    (workspace.root / "매출.txt").write_text("x")
    talk = Talk(make_team(), workspace, language="ko-KR")
    await talk.whole("ask=researcher: use=read_file:매출.txt")
    assert "매출.txt 읽는 중…" in [status.text for status in talk.of(Status)]
    assert all(status.text.endswith("중…") for status in talk.of(Status))


async def test_parallel_specialists_keep_apart(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """Two specialists at once: every event carries its agent, and each one's change tells its own task."""
    talk = await Talk(make_team(), workspace).whole(
        "ask=analyst,writer: use=list_files say=one two; use=list_files say=three four"
    )
    assert talk.text("analyst") == "Working. one two"
    assert talk.text("writer") == "Working. three four"
    changes = [(c.agent, c.task) for c in talk.of(AgentChange)]
    assert changes.count(("supervisor", None)) == 3  # at the beginning, and when each of them has ended
    assert ("analyst", "use=list_files say=one two") in changes
    assert ("writer", "use=list_files say=three four") in changes
    assert talk.text("supervisor").endswith("Summary: one two | three four")


async def test_a_message_can_be_addressed_to_a_specialist(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """The specialist answers itself, with its own tools; the supervisor is not asked."""
    talk = await Talk(make_team(), workspace).whole("use=list_files words=1", agent="analyst")
    assert talk.trace() == [
        "change analyst",
        "token analyst m1.1",
        "start analyst list_files",
        "end analyst list_files ok",
        "token analyst m1.2",
    ]
    assert [asked.who for asked in provider.asked] == ["specialist/0", "specialist/1"]


async def test_the_transcript_is_what_the_model_gets(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Earlier turns, their calls and outputs go in as they are; the strict provider takes them."""
    call = ToolCall(call_id="c1", name="ask_analyst", args={"task": "count 매출"})
    await Talk(make_team(), workspace).whole(
        Turn("user", "How many?", "m1"),
        Turn("assistant", "Let me ask.", "m1.1", calls=(call,)),
        Turn("tool", "806 rows", call_id="c1", name="ask_analyst"),
        Turn("assistant", "", "m1.2", calls=(call.model_copy(update={"call_id": "c2"}),)),
        Turn("tool", "Cancelled by the user.", call_id="c2", name="ask_analyst"),
        Turn("assistant", "There are 806.", "m1.3"),
        Turn("user", "Thanks", "m2"),
    )
    (asked,) = provider.asked
    messages = asked.body["messages"]
    assert [m["role"] for m in messages] == [
        "system", "user", "assistant", "tool", "assistant", "tool", "assistant", "user"
    ]  # fmt: skip
    assert messages[2]["tool_calls"][0]["id"] == "c1"
    assert messages[3] | {"role": "tool"} == {"role": "tool", "tool_call_id": "c1", "content": "806 rows"}
    assert messages[6]["content"] == "There are 806."


async def test_agents_know_which_notebook_is_open(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Supervisor and specialist are told; without an open notebook nothing is said of one."""
    await Talk(make_team(), workspace, notebook="work/분석.ipynb").whole("ask=coder: words=1")
    systems = [asked.body["messages"][0]["content"] for asked in provider.asked]
    assert all('open in front of the person: "work/분석.ipynb"' in text for text in systems)
    await Talk(make_team(), workspace).whole("hello")
    assert "open in front of" not in provider.asked[-1].body["messages"][0]["content"]


async def test_the_supervisor_knows_its_team(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Each specialist is a tool of the supervisor, named and described in its prompt too; it has no other tools."""
    await Talk(make_team(), workspace).whole("hello")
    body = provider.asked[0].body
    names = [tool["function"]["name"] for tool in body["tools"]]
    assert names == ["ask_analyst", "ask_coder", "ask_researcher", "ask_visualizer", "ask_writer"]
    assert all(name in body["messages"][0]["content"] for name in names)
    assert body["tools"][0]["function"]["parameters"]["required"] == ["task"]


async def test_nothing_is_kept_of_a_run_that_was_forgotten(
    make_team: MakeTeam, workspace: FolderWorkspace
) -> None:
    """A team that has finished its runs holds nothing of them; forgetting twice is no error."""
    team = make_team()
    talk = await Talk(team, workspace).whole("ask=analyst: use=list_files")
    assert team.open == frozenset()
    await team.forget(talk.key)


async def test_stock_models_work_as_well(make_team: MakeTeam, workspace: FolderWorkspace) -> None:
    """LangChain's own ChatOpenAI gives the same run, token for token."""
    talk = await Talk(make_team(stock=True), workspace).whole("ask=analyst: use=list_files words=2")
    assert talk.trace()[-5:] == [
        "end analyst list_files ok",
        "token analyst m1.3",
        "end supervisor ask_analyst ok",
        "change supervisor",
        "token supervisor m1.4",
    ]


async def test_tools_of_the_notebook_are_offered_only_beside_one(
    make_team: MakeTeam, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Without an open notebook a model cannot call in vain what would work in its kernel."""
    offered = []
    for number, notebook in enumerate((None, "work.ipynb")):
        talk = Talk(make_team(), workspace, notebook=notebook, key=f"t/{number}")
        await talk.whole("ask=analyst: words=1")
        specialists = [asked.body for asked in provider.asked if asked.who.startswith("specialist")]
        offered.append({tool["function"]["name"] for tool in specialists[-1]["tools"]})
    assert offered[1] - offered[0] == {"run_code", "inspect_variables", "run_sql"}
    assert "profile_table" in offered[0]
