"""A graph of somebody else's in the supervisor's place: its tokens, tools and end as our events; its faults told."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AIMessageChunk, ToolMessage
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import interrupt
from pydantic import SecretStr

from jupyter_aichat.agents.graph import GraphLed, OwnGraph, forgetful, load_graph
from jupyter_aichat.agents.models.build import ModelTiming
from jupyter_aichat.agents.models.choice import Chosen, Credentials, ModelChoice
from jupyter_aichat.agents.port import ToolCall, Turn
from jupyter_aichat.agents.registry import Registry
from jupyter_aichat.agents.shelf import Shelf
from jupyter_aichat.agents.team import Team
from jupyter_aichat.agents.teams import Teams
from jupyter_aichat.errors import ModelFailed, RunFailed
from jupyter_aichat.protocol.events import Reasoning, Token, ToolEnd, ToolStart, Usage
from tests.fakes.openai_server import Fail, FakeOpenAI
from tests.fakes.talk import Talk
from tests.fakes.workspace import FolderWorkspace

Led = Callable[..., GraphLed]


def count_letters(word: str) -> str:
    """Count letters."""
    if not word:
        raise ValueError("no word")
    return f"{word} has {len(word)} letters."


@pytest.fixture
def model(provider: FakeOpenAI) -> ChatOpenAI:
    """The strict provider, as anybody's graph would use it."""
    return ChatOpenAI(
        model="fake", base_url=provider.url, api_key=SecretStr("k"), max_retries=0, stream_usage=True
    )


@pytest.fixture
def led(make_team: Callable[..., Team], shelf: Shelf) -> Led:
    """A graph with our team behind it."""

    def make(graph: Any, **options: Any) -> GraphLed:
        return GraphLed(OwnGraph("lab:GRAPH", forgetful(graph)), make_team(), shelf, **options)

    return make


def one_node(node: Callable[..., Any], **options: Any) -> Any:
    """The smallest graph."""
    graph = StateGraph(MessagesState)
    graph.add_node("say", node)
    graph.add_edge(START, "say")
    graph.add_edge("say", END)
    return graph.compile(**options)


async def test_tokens_tool_calls_and_the_end_are_events(
    led: Led, model: ChatOpenAI, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """As with our own supervisor: who speaks, the text in pieces, each call with its end, ids of ours, the tokens used."""
    provider.same_ids = True
    graph = create_agent(model, [count_letters], name="theirs")
    talk = await Talk(led(graph), workspace).whole(
        'use=count_letters{"word": "매출"}+count_letters{"word": "ab"} say=It has two.'
    )
    lines = talk.trace(without=(Usage,))
    assert lines[:5] == [
        "change supervisor",
        "status supervisor Thinking…",
        "token supervisor m1.1",
        "start supervisor count_letters",
        "start supervisor count_letters",
    ]
    assert lines[5:] == ["end supervisor count_letters ok"] * 2 + ["token supervisor m1.2"]
    starts = talk.of(ToolStart)
    assert [start.tool.args for start in starts] == [{"word": "매출"}, {"word": "ab"}]
    assert all(start.message_id == "m1.1" for start in starts)
    ends = {end.tool.call_id: end for end in talk.of(ToolEnd)}
    assert [ends[start.tool.call_id].tool.output for start in starts] == [
        "매출 has 2 letters.",
        "ab has 2 letters.",
    ]
    assert max(len(call) for call in ends) <= 12
    assert all(end.duration_ms is not None for end in ends.values())
    assert [token.token for token in talk.of(Token)][-3:] == ["It ", "has ", "two."]
    again = await Talk(led(graph), workspace).whole('use=count_letters{"word": "ab"}')
    assert {end.tool.call_id for end in again.of(ToolEnd)}.isdisjoint(
        ends
    )  # although the provider repeats its own
    used = talk.of(Usage)
    assert len(used) == 2
    assert {usage.model for usage in used} == {"graph:lab:GRAPH"}


async def test_the_next_message_gets_what_was_said_before(
    led: Led, model: ChatOpenAI, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """The transcript goes in whole, once, although the graph has a memory; nothing of it is said a second time."""
    graph = create_agent(model, [count_letters], checkpointer=InMemorySaver())
    call = ToolCall(call_id="c1", name="count_letters", args={"word": "a"})
    talk = Talk(led(graph), workspace)
    for _ in range(2):
        await talk.whole(
            Turn("user", "Count.", "m1"),
            Turn("assistant", "", "m1.1", calls=(call,)),
            Turn("tool", "a has 1 letters.", call_id="c1", name="count_letters"),
            Turn("assistant", "One.", "m1.2"),
            Turn("user", "say=Thanks.", "m2"),
        )
    assert [len(asked.body["messages"]) for asked in provider.asked] == [5, 5]
    assert talk.text("supervisor") == "Thanks.Thanks."
    assert (talk.of(ToolStart), talk.of(ToolEnd)) == ([], [])


async def test_parts_of_a_graph_speak_for_the_whole(
    led: Led, model: ChatOpenAI, workspace: FolderWorkspace
) -> None:
    """A graph within the graph streams too, and its tools are seen."""
    graph = StateGraph(MessagesState)
    graph.add_node("worker", create_agent(model, [count_letters], name="worker"))
    graph.add_edge(START, "worker")
    graph.add_edge("worker", END)
    talk = await Talk(led(graph.compile()), workspace).whole('use=count_letters{"word": "ab"} words=2')
    assert talk.trace() == [
        "change supervisor",
        "token supervisor m1.1",
        "start supervisor count_letters",
        "end supervisor count_letters ok",
        "token supervisor m1.2",
    ]
    assert talk.text("supervisor") == "Working. w0 w1 "


async def test_a_graph_without_a_model_answers(led: Led, workspace: FolderWorkspace) -> None:
    """A node may make its message, and its calls, by itself; the history that it gives back is not said again."""

    async def say(state: MessagesState) -> dict[str, Any]:
        call = {"name": "look", "args": {"at": "a"}, "id": "x", "type": "tool_call"}
        asked = AIMessage("Looking. ", tool_calls=[call])
        seen = ToolMessage("seen", tool_call_id="x", name="look", status="error")
        return {"messages": [*state["messages"], asked, seen, AIMessage("By rules.")]}

    talk = await Talk(led(one_node(say)), workspace).whole(
        Turn("user", "a", "m1"), Turn("assistant", "before", "m1.1"), Turn("user", "b", "m2")
    )
    assert talk.text("supervisor") == "Looking. By rules."
    assert [end.tool.status for end in talk.of(ToolEnd)] == ["error"]
    assert talk.of(ToolStart)[0].tool.args == {"at": "a"}


async def test_a_tool_that_nobody_called_is_told_with_its_output(
    led: Led, workspace: FolderWorkspace
) -> None:
    """A node may use a tool without a model's call: it begins and ends all the same."""

    async def say(state: MessagesState) -> dict[str, Any]:
        return {"messages": [ToolMessage("seen", tool_call_id="x", name="look"), AIMessage("Yes.")]}

    talk = await Talk(led(one_node(say)), workspace).whole("hello")
    assert [line for line in talk.trace() if "look" in line] == [
        "start supervisor look",
        "end supervisor look ok",
    ]
    assert talk.output("look") == "seen"


async def test_reasoning_of_a_graph_is_no_part_of_its_answer(led: Led, workspace: FolderWorkspace) -> None:
    """Blocks of thought, in LangChain's common form, are told apart."""

    async def say(state: MessagesState) -> dict[str, Any]:
        thought: dict[str, Any] = {"type": "reasoning", "reasoning": "Hm. "}
        return {"messages": [AIMessageChunk(content=[thought, {"type": "text", "text": "Yes."}])]}

    talk = await Talk(led(one_node(say)), workspace).whole("hello")
    assert [event.token for event in talk.of(Reasoning)] == ["Hm. "]
    assert talk.text("supervisor") == "Yes."


async def test_stop_closes_the_stream_of_the_model(
    led: Led, model: ChatOpenAI, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Cancelling in the middle of an answer leaves no request behind, and nothing is kept."""
    provider.delay = 0.02
    first = asyncio.Event()
    talk = Talk(led(create_agent(model, [])), workspace)
    talk.on_put = lambda event: first.set() if isinstance(event, Token) else None
    running = asyncio.create_task(talk.begin("words=2000"))
    await first.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await provider.until(lambda: provider.open == 0)
    assert provider.closed_early == 1


def interrupting(state: MessagesState) -> dict[str, Any]:
    """Ask a person, in a way that we do not know."""
    return {"messages": [AIMessage(interrupt("Go on?"))]}


def failing(state: MessagesState) -> dict[str, Any]:
    """Fail."""
    raise LookupError("secret-4711")


def silent(state: MessagesState) -> dict[str, Any]:
    """Say nothing."""
    return {"messages": []}


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (interrupting, "stopped to ask something with interrupt()"),
        (failing, "failed (LookupError)"),
        (silent, "ended without an answer"),
    ],
)
async def test_what_a_graph_cannot_do_ends_the_run_with_a_sentence(
    node: Callable[..., Any], said: str, led: Led, workspace: FolderWorkspace
) -> None:
    """It names the graph, and repeats nothing of what the exception says."""
    with pytest.raises(RunFailed) as raised:
        await Talk(led(one_node(node)), workspace).begin("hello")
    assert f"The graph lab:GRAPH {said}" in str(raised.value)
    assert "4711" not in str(raised.value)


async def test_a_graph_that_goes_round_in_circles_is_stopped(led: Led, workspace: FolderWorkspace) -> None:
    """The limit of our own agents is its limit too."""
    graph = StateGraph(MessagesState)
    graph.add_node("round", lambda _: {"messages": [AIMessage("again ")]})
    graph.add_edge(START, "round")
    graph.add_edge("round", "round")
    with pytest.raises(RunFailed, match="round in circles") as raised:
        await Talk(led(graph.compile(), max_model_calls=3), workspace).begin("hello")
    assert raised.value.code == "limit"


async def test_a_provider_that_fails_inside_a_graph_ends_the_run(
    led: Led, model: ChatOpenAI, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """Also in the middle of the answer, with what was said so far."""
    provider.faults.append(Fail(500))
    with pytest.raises(RunFailed, match=r"lab:GRAPH failed \(OpenAIAPIError\)"):
        await Talk(led(create_agent(model, [])), workspace).begin("hello")


async def test_specialists_still_answer_for_themselves(
    led: Led, workspace: FolderWorkspace, provider: FakeOpenAI
) -> None:
    """A message that is addressed to one goes past the graph, also through a pause."""
    (workspace.root / "a.txt").write_text("a")
    talk = await Talk(led(one_node(failing)), workspace).whole("use=read_file:a.txt words=1", agent="analyst")
    assert talk.text("analyst") == "Working. w0 "
    assert [asked.who for asked in provider.asked] == ["specialist/0", "specialist/1"]


async def test_a_graph_needs_no_model_of_ours(registry: Registry, workspace: FolderWorkspace) -> None:
    """Where our own model cannot be used the graph answers all the same, and a specialist says why it cannot."""
    own = OwnGraph("lab:GRAPH", one_node(lambda _: {"messages": [AIMessage("Yes.")]}))
    teams = Teams(registry, graph=own, timing=ModelTiming(retries=0))
    keyless = Chosen(
        ModelChoice("openai", "fake", None, "api.openai.com", False, False, "for a test", 100_000),
        Credentials(),
    )
    engine = teams.engine(keyless)
    assert (await Talk(engine, workspace).whole("hello")).text("supervisor") == "Yes."
    with pytest.raises(ModelFailed, match="no API key"):
        await Talk(engine, workspace).begin("hello", agent="analyst")
    assert engine.model.id == "graph:lab:GRAPH"
    assert (teams.agents()[0]["name"], teams.agents()[0]["source"]) == ("supervisor", "lab:GRAPH")
    assert teams.plugins()[0] == {
        "name": "lab:GRAPH", "kind": "graph", "status": "ok", "source": "lab",
    }  # fmt: skip
    await teams.close()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write the module `lab_graph_module`."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(source: str) -> None:
        monkeypatch.delitem(sys.modules, "lab_graph_module", raising=False)
        (tmp_path / "lab_graph_module.py").write_text(textwrap.dedent(source))

    return write


GOOD = """
from langgraph.graph import END, START, MessagesState, StateGraph
builder = StateGraph(MessagesState)
builder.add_node("say", lambda state: {"messages": [("ai", "Hello from the lab.")]})
builder.add_edge(START, "say")
class Inside: GRAPH = builder.compile()
"""


async def test_a_graph_is_found_by_its_name(
    module: Callable[[str], None], led: Led, workspace: FolderWorkspace
) -> None:
    """An attribute of a module, or of something in it."""
    module(GOOD)
    own = load_graph("lab_graph_module:Inside.GRAPH")
    assert own.error is None
    assert (await Talk(led(own.graph), workspace).whole("hi")).text("supervisor") == "Hello from the lab."


@pytest.mark.parametrize(
    ("source", "entry", "told"),
    [
        ("", "lab_graph_module", "is not 'module:attribute'"),
        ("", "not_installed_anywhere:G", "needs the module 'not_installed_anywhere'"),
        ("", "lab_graph_module:G", "could not be imported: AttributeError"),
        ("raise SystemExit(3)", "lab_graph_module:G", "could not be imported: SystemExit"),
        ("G = 1", "lab_graph_module:G", "gives 'int', not a compiled graph"),
        (GOOD, "lab_graph_module:builder", "gives 'StateGraph', not a compiled graph"),
        (
            GOOD.replace("MessagesState)", "State)").replace(
                "builder =", "class State(dict): ...\nbuilder ="
            ),
            "lab_graph_module:Inside.GRAPH",
            "no `messages`",
        ),
    ],
)
async def test_a_graph_that_cannot_be_used_is_told_and_replaced_by_nobody(
    source: str,
    entry: str,
    told: str,
    module: Callable[[str], None],
    registry: Registry,
    workspace: FolderWorkspace,
    provider: FakeOpenAI,
) -> None:
    """Health has the reason; a message ends with it instead of being answered by another supervisor; the team works."""
    module(source)
    own = load_graph(entry)
    assert told in (own.error or "")
    choice = ModelChoice("openai", "fake", provider.url, "127.0.0.1", True, False, "for a test", 100_000)
    teams = Teams(registry, graph=own, timing=ModelTiming(retries=0))
    (view,) = (plugin for plugin in teams.plugins() if plugin["kind"] == "graph")
    assert (view["status"], view["error"]) == ("error", own.error)
    engine = teams.engine(Chosen(choice, Credentials(SecretStr("k"))))
    with pytest.raises(RunFailed) as raised:
        await Talk(engine, workspace).begin("hello")
    assert told in str(raised.value)
    assert (await Talk(engine, workspace).whole("words=1", agent="writer")).text("writer") == "w0 "
    await teams.close()
