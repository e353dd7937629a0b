"""The examples in the documents, run as a reader would run them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.docs.blocks import DOCS
from tests.docs.conftest import EXAMPLES, UNSET, Example
from tests.fakes.client import Client, text_of
from tests.fakes.forwarder import Forwarder
from tests.fakes.jupyter import JupyterProcess

RUN = {
    ("simple", "python"), ("simple-js", "js"), ("resuming", "python"), ("approving", "python"),
    ("config", "python"), ("agent", "markdown"), ("package", "toml"), ("package", "python"),
    ("agent-commands", "sh"), ("graph", "python"), ("graph-config", "python"),
}  # fmt: skip
ROWS = "806"
"""Rows of the example table."""


async def log_of(server: JupyterProcess, thread_id: str) -> list[dict[str, Any]]:
    """A thread's log."""
    events: list[dict[str, Any]] = (await server.get(f"api/aichat/threads/{thread_id}/events?limit=5000"))[
        "events"
    ]
    return events


@asynccontextmanager
async def connected(server: JupyterProcess, base_url: str) -> AsyncIterator[None]:
    """While it lasts, the model at this address answers."""
    route = "api/aichat/models/credentials"
    told = await server.get(route, "PUT", {"base_url": base_url, "model": "fake", "api_key": "k"})
    assert told["current"]["id"] == "openai:fake"
    try:
        yield
    finally:
        assert (await server.get(route, "DELETE"))["current"]["offline"] is True


@asynccontextmanager
async def talking(server: JupyterProcess, thread_id: str) -> AsyncIterator[Client]:
    """A socket that is closed on the loop that opened it: the server outlives the test."""
    client = await server.connect(thread_id)
    try:
        yield client
    finally:
        server.clients.remove(client)
        client.close()


def test_all_marked_examples_are_run() -> None:
    """An example that says that a test runs it is run by one below."""
    assert set(EXAMPLES) == RUN


@pytest.mark.parametrize(("name", "language"), [("simple", "python"), ("simple-js", "js")])
def test_the_simple_client(name: str, language: str, example: Example) -> None:
    """Twenty lines are enough to ask and to read the answer."""
    assert len(EXAMPLES[name, language].strip().splitlines()) <= 20
    assert ROWS in example.run(name, language, "Profile sales.csv")


async def test_the_resuming_client(example: Example, server: JupyterProcess) -> None:
    """Connections that break lose nothing and repeat nothing, also the message whose `ack` got lost."""
    port = urlsplit(server.url).port
    assert port is not None
    async with Forwarder(port) as way:
        way.cut_before = [b'"run_id":"r1"', b'"seq":6,', b'"seq":8,', b'"seq":40,']
        process = await asyncio.create_subprocess_exec(
            *example.command("resuming", "python", "resuming", "Profile sales.csv"),
            env=example.environment(f"http://127.0.0.1:{way.port}/"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await asyncio.wait_for(process.communicate(), 60)
        assert (way.connections, way.cut_before) == (5, [])
    assert (process.returncode, errors.decode().count("trying again")) == (0, 4)
    log = await log_of(server, "resuming")
    assert {e["event_type"] for e in log[4:8]} == {"token"}  # two of the cuts are between tokens
    assert output.decode() == text_of(log, "supervisor")
    assert len([e for e in log if e["event_type"] in {"run_start", "run_queued"}]) == 1


@pytest.mark.parametrize(
    ("typed", "decision", "status"), [("y\n", "approved", "ok"), ("\n", "denied", "denied")]
)
async def test_the_approving_client(
    typed: str, decision: str, status: str, example: Example, server: JupyterProcess
) -> None:
    """It shows what would go where, and what a person answers is what happens."""
    async with connected(server, "http://models.example/v1"):
        question = "ask=analyst: use=read_file:notes.txt"
        printed = await asyncio.to_thread(
            lambda: example.run("approving", "python", decision, question, typed=typed)
        )
    assert "analyst wants to send notes.txt to models.example." in printed
    assert f"[{decision}]" in printed
    ends = [e["data"]["tool"] for e in await log_of(server, decision) if e["event_type"] == "tool_end"]
    assert (ends[0]["name"], ends[0]["status"]) == ("read_file", status)


async def test_the_whole_answer_at_once(server: JupyterProcess) -> None:
    """The fields that the page names, and no other."""
    answer = await server.get("api/aichat/chat", "POST", {"message": "Profile sales.csv"})
    page = (DOCS / "protocol.md").read_text("utf-8")
    assert [field for field in answer if f"`{field}`" not in page] == []
    assert set(answer) == {
        "thread_id", "message_id", "run_id", "content", "created_at", "role", "agent",
    }  # fmt: skip
    assert ROWS in answer["content"]


async def test_the_configuration(server: JupyterProcess) -> None:
    """What stands in the file counts, and so does what stands on the command line."""
    health = await server.get("api/aichat/health")
    assert health["model"]["reason"] == "The offline analyst is set as the model."
    assert health["store"]["url"].endswith("/elsewhere.db")


async def test_health_has_the_fields_that_are_described(server: JupyterProcess) -> None:
    """Each field of the answer is in the table for those who run the server."""
    page = (DOCS / "operations.md").read_text("utf-8")
    health = await server.get("api/aichat/health")
    assert health["status"] == "ok"
    described = set(health) - {"version", "protocol"}
    assert [field for field in described if f"`{field}`" not in page] == []


async def test_the_agents_and_the_tool(server: JupyterProcess, model: str) -> None:
    """The agent in Markdown and the agent of the package are there, and the package's tool works."""
    agents = {a["name"]: a["source"] for a in (await server.get("api/aichat/agents"))["agents"]}
    assert agents["auditor"] == "auditor.md"
    assert agents["librarian"] == "lab-agents"
    plugins = (await server.get("api/aichat/health"))["plugins"]
    assert [p for p in plugins if p["status"] != "ok"] == []
    async with connected(server, model), talking(server, "librarian") as client:
        await client.ask("ask=librarian: use=count_words:notes.txt")
        await client.ask("use=count_words:sales.parquet", agent="librarian")
        await client.ask("use=profile_table:sales.csv", agent="auditor")
    ends = [e["data"]["tool"] for e in client.events if e["event_type"] == "tool_end"]
    told = [(end["name"], end["status"]) for end in ends if not end["name"].startswith("ask_")]
    assert told == [("count_words", "ok"), ("count_words", "error"), ("profile_table", "ok")]
    assert ends[0]["output"] == "notes.txt has 3 words."
    assert ROWS in ends[-1]["output"]


def test_the_commands_for_an_agent(example: Example, tmp_path: Path, model: str) -> None:
    """Made, checked and tried, one after the other, in a folder with a table."""
    folders = {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", EXAMPLES["agent-commands", "sh"]],
        cwd=example.server.root,
        env={**os.environ, **UNSET, **folders, "PATH": path, "OPENAI_BASE_URL": model, "LANG": "en_US.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    file = tmp_path / "config" / "aichat" / "agents" / "reviewer.md"
    assert done.stdout.splitlines() == [str(file), f"{file}: reviewer can be used.", "Hello there."]


async def test_the_graph(tmp_path: Path, model: str) -> None:
    """The module and the setting of the documents, in a server of their own: the graph answers and uses its tool."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(EXAMPLES["graph-config", "python"])
    source = EXAMPLES["graph", "python"].replace(
        "gpt-5-mini", "fake"
    )  # the only model of the scripted server
    (tmp_path / "lab_graph.py").write_text(source)
    variables = {**UNSET, "OPENAI_BASE_URL": model, "OPENAI_API_KEY": "k", "PYTHONPATH": str(tmp_path)}
    with JupyterProcess(tmp_path, tmp_path / "root", variables) as server:
        async with talking(server, "graph") as client:
            done = await client.ask('use=count_letters{"word": "abc"} say=Three.')
        health = await server.get("api/aichat/health")
    assert (done["data"]["content"], health["status"]) == ("Three.", "ok")
    assert ("lab_graph:GRAPH", "graph") in [(p["name"], p["kind"]) for p in health["plugins"]]
    (end,) = (e["data"]["tool"] for e in client.events if e["event_type"] == "tool_end")
    assert end["output"] == "abc has 3 letters."
