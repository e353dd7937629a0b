"""Agents of one's own in a running server: files that are saved while it runs, and a graph in the supervisor's place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get

GRAPH = """
import os
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI

def count_letters(word: str) -> str:
    "Count letters."
    return f"{word} has {len(word)} letters."

MODEL = ChatOpenAI(model="fake", base_url=os.environ["LAB_URL"], api_key="k", max_retries=0)
GRAPH = create_agent(MODEL, [count_letters])
"""

Save = Callable[..., Path]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on Jupyter's data path, as an environment's share/jupyter."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    return tmp_path / "share" / "aichat" / "agents"


@pytest.fixture
def save(jp_config_dir: Path) -> Save:
    """Save an agent's file among the person's own, or in another folder."""

    def write(name: str, prompt: str, *, folder: Path | None = None, tools: str = "") -> Path:
        path = (folder or jp_config_dir / "aichat" / "agents") / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\nname: {name}\ndescription: d\ntools: [{tools}]\n---\n{prompt}\n")
        return path

    return write


async def system_of(provider: FakeOpenAI) -> str:
    """What the model was told last."""
    return str(provider.asked[-1].body["messages"][0]["content"])


async def test_a_saved_agent_answers_the_next_message(
    shared: Path, save: Save, provider: FakeOpenAI, connect: Connect, jp_fetch: Any
) -> None:
    """From the person's folder and from a shared one; changed and gone while the server runs."""
    client = await connect("t1")
    await client.ask("hello")
    path = save("auditor", "You audit.")
    save("librarian", "You count.", folder=shared)
    await client.ask("words=1", agent="auditor")
    assert (await system_of(provider)).startswith("You audit.")
    await client.ask("words=1", agent="librarian")
    assert (await system_of(provider)).startswith("You count.")
    path.write_text(path.read_text().replace("You audit.", "You audit twice."))
    await client.ask("words=1", agent="auditor")
    assert (await system_of(provider)).startswith("You audit twice.")
    sources = {a["name"]: a["source"] for a in (await get(jp_fetch, "agents"))["agents"]}
    assert (sources["auditor"], sources["librarian"]) == ("auditor.md", "librarian.md")
    path.unlink()
    error = await client.ask("words=1", agent="auditor")
    assert "There is no agent 'auditor'" in error["data"]["error"]


async def test_a_broken_file_is_listed_with_its_line_and_the_others_go_on(
    save: Save, provider: FakeOpenAI, connect: Connect, jp_fetch: Any
) -> None:
    """In the list of agents and in health, until it is mended; no path of the machine is in it."""
    save("good", "You are good.")
    save("auditor", "You audit.", tools="read_fil")
    told = await get(jp_fetch, "agents")
    (broken,) = told["unusable"]
    assert (broken["name"], broken["source"]) == ("auditor", "auditor.md")
    assert broken["error"].startswith("auditor.md: line 4: It wants the tool 'read_fil'")
    assert "good" in [agent["name"] for agent in told["agents"]]
    health = await get(jp_fetch, "health")
    assert health["status"] == "degraded"
    assert [p["error"] for p in health["plugins"] if p["status"] == "error"] == [broken["error"]]
    assert (await (await connect("t1")).ask("words=1", agent="good"))["data"]["outcome"] == "completed"
    save("auditor", "You audit.", tools="read_file")
    assert "unusable" not in await get(jp_fetch, "agents")
    assert (await get(jp_fetch, "health"))["status"] == "ok"


async def test_a_run_goes_on_with_the_agents_that_it_began_with(
    save: Save, provider: FakeOpenAI, connect: Connect
) -> None:
    """Saving a file in the middle of an answer breaks nothing off."""
    path = save("auditor", "You audit.")
    provider.delay = 0.01
    client = await connect("t1")
    await client.send(type="message", message="words=40", agent="auditor")
    await client.until("token")
    path.unlink()
    assert (await client.end())["data"]["content"].split() == [f"w{i}" for i in range(40)]


async def test_files_in_the_servers_own_folder_are_no_agents(
    save: Save, jp_root_dir: Path, jp_fetch: Any
) -> None:
    """What lies in a workspace is data: whoever made it has not been trusted."""
    for folder in ("", "agents", "aichat/agents", "share/jupyter/aichat/agents", ".jupyter/aichat/agents"):
        save("stranger", "You obey.", folder=jp_root_dir / folder)
    told = await get(jp_fetch, "agents")
    assert "stranger" not in [agent["name"] for agent in told["agents"]]
    assert "unusable" not in told


async def test_offline_a_custom_agent_says_that_it_needs_a_model(save: Save, connect: Connect) -> None:
    """Addressed by the person, and asked by the supervisor, in the person's language."""
    save("auditor", "You audit.")
    client = await connect("t1")
    done = await client.ask("Check sales.csv", agent="auditor")
    assert "needs a connected model: there are no offline rules for “auditor”" in done["data"]["content"]
    done = await client.ask("auditor에게 sales.csv 점검을 맡겨줘")
    assert "모델을 연결해야" in done["data"]["content"]
    assert "ask_auditor" in [
        e["data"]["tool"]["name"] for e in client.events if e["event_type"] == "tool_start"
    ]


class TestGraph:
    """With `AiChatApp.graph`."""

    @pytest.fixture
    def settings(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str) -> dict[str, Any]:
        """The setting, and the module that it names."""
        (tmp_path / "lab_served_graph.py").write_text(GRAPH)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "lab_served_graph", raising=False)
        return {"graph": entry}

    @pytest.fixture
    def lab(self, provider: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> FakeOpenAI:
        """The graph has a model of its own, the chat has none."""
        monkeypatch.delenv("OPENAI_BASE_URL")
        monkeypatch.setenv("LAB_URL", provider.url)
        return provider

    @pytest.mark.parametrize("entry", ["lab_served_graph:GRAPH"])
    async def test_it_answers_in_the_supervisors_place(
        self, lab: FakeOpenAI, connect: Connect, jp_fetch: Any
    ) -> None:
        """Tokens, tools and `done` reach the socket and the snapshot; specialists stay; the next message knows the last."""
        client = await connect("t1")
        done = await client.ask('use=count_letters{"word": "abc"} say=It has three.')
        assert done["data"]["content"] == "It has three."
        kinds = [e["event_type"] for e in client.events]
        assert kinds.count("token") > 2
        assert kinds.index("tool_start") < kinds.index("tool_end") < kinds.index("done")
        starts = [e["data"] for e in client.events if e["event_type"] == "run_start"]
        assert starts[0]["model"] == "graph:lab_served_graph:GRAPH"
        await client.ask("say=Bye.")
        roles = [m["role"] for m in lab.asked[-1].body["messages"]]
        assert roles == ["user", "assistant", "tool", "assistant", "user"]
        snapshot = await get(jp_fetch, "threads", "t1")
        assert [m["content"] for m in snapshot["messages"] if m["role"] == "assistant"][-1] == "Bye."
        (plugin,) = (p for p in (await get(jp_fetch, "health"))["plugins"] if p["kind"] == "graph")
        assert plugin["status"] == "ok"
        offline = await client.ask("hello", agent="analyst")
        assert offline["data"]["outcome"] == "completed"

    @pytest.mark.parametrize("entry", ["lab_served_graph:NOTHING"])
    async def test_one_that_cannot_be_used_is_told_and_the_server_runs(
        self, lab: FakeOpenAI, connect: Connect, jp_fetch: Any
    ) -> None:
        """Health says why, and so does the run; nobody answers in its place in silence."""
        health = await get(jp_fetch, "health")
        assert health["status"] == "degraded"
        (plugin,) = (p for p in health["plugins"] if p["kind"] == "graph")
        assert "could not be imported: AttributeError" in plugin["error"]
        client = await connect("t1")
        error = await client.ask("hello")
        assert plugin["error"] in error["data"]["error"]
        assert (await client.ask("hello", agent="analyst"))["data"]["outcome"] == "completed"
