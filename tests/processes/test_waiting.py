"""A server that goes while a person is asked for consent: the question outlives it. Real processes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.client import Client, Frame
from tests.fakes.jupyter import JupyterProcess
from tests.fakes.openai_server import FakeOpenAI

SECRET = "harvest-4711"
QUESTION = "ask=analyst: use=read_file:notes.txt words=3"


def beyond(model: FakeOpenAI, host: str = "models.example") -> dict[str, str]:
    """The environment in which the model is at a host beyond this machine."""
    return {"OPENAI_BASE_URL": f"http://{host}/v1", "OPENAI_API_KEY": "sk-test", "HTTP_PROXY": model.root}


def carriers(model: FakeOpenAI) -> list[str]:
    """Which requests to the model carried the file's content."""
    return [asked.host for asked in model.asked if SECRET in json.dumps(asked.body)]


class House:
    """One home and one root, in which servers come and go."""

    def __init__(self, place: Path) -> None:
        self.home, self.root = place / "home", place / "root"
        self.root.mkdir()
        (self.root / "notes.txt").write_text(f"the code is {SECRET}\n")
        self.servers: list[JupyterProcess] = []

    async def open(self, environment: Mapping[str, str], *options: str) -> JupyterProcess:
        """Start a server; beside the loop, on which the model answers."""
        self.servers.append(JupyterProcess(self.home, self.root, environment, options))
        await asyncio.to_thread(self.servers[-1].start)
        return self.servers[-1]

    async def waiting(self, server: JupyterProcess) -> tuple[Client, Frame]:
        """Ask something that needs consent; go on when the pause is kept on disk."""
        client = await server.connect("t1", after=0)
        await client.send(type="message", message=QUESTION)
        request = await client.until("approval_request")
        async with asyncio.timeout(10):
            while self._state() != "waiting":
                await asyncio.sleep(0.02)
        return client, request

    def _state(self) -> str:
        with closing(sqlite3.connect(self.home / "data" / "aichat" / "aichat.db")) as store:
            (state,) = store.execute("SELECT state FROM aichat_run").fetchone()
        return str(state)


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """A place for servers; those that still run are ended."""
    house = House(tmp_path)
    yield house
    for server in house.servers:
        server.stop()


async def log_of(server: JupyterProcess) -> list[Frame]:
    """The whole log."""
    log: list[Frame] = (await server.get("api/aichat/threads/t1/events?limit=5000"))["events"]
    assert [e["seq"] for e in log] == list(range(1, len(log) + 1))
    return log


def told(log: list[Frame], event_type: str) -> list[dict[str, Any]]:
    """The data of all events of a type."""
    return [e["data"] for e in log if e["event_type"] == event_type]


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_a_question_outlives_its_server(house: House, end: str) -> None:
    """Killed (or stopped) and started again, the same question waits; a yes completes the run, each step once."""
    with FakeOpenAI() as model:
        first = await house.open(beyond(model))
        client, request = await house.waiting(first)
        epoch = client.frames[0]["data"]["epoch"]
        getattr(first, end)()

        second = await house.open(beyond(model))
        again = await second.connect("t1", after=request["seq"], epoch=epoch)
        hello = await again.read()
        assert hello["data"]["approvals"] == [request["data"]]
        assert hello["data"]["run_id"] == request["run_id"]
        assert carriers(model) == []

        decision = {k: request["data"][k] for k in ("approval_id", "digest")}
        assert (await again.send(type="approve", decision="approve", **decision))["event_type"] == "ack"
        done = await again.end()
        assert (done["event_type"], done["data"]["outcome"]) == ("done", "completed")
        assert [asked.who for asked in model.asked] == [
            "supervisor/0",
            "specialist/0",
            "specialist/1",
            "supervisor/1",
        ]
        assert carriers(model) == ["models.example"]
        assert model.refused == []
        log = await log_of(second)
        assert told(log, "approval_request") == [request["data"]]
        assert [e["decision"] for e in told(log, "approval_end")] == ["approved"]
        assert [e["event_type"] for e in log].count("run_start") == 1
        assert [e["event_type"] for e in log].count("done") == 1
        assert [e["tool"]["status"] for e in told(log, "tool_end")] == ["ok", "ok"]


async def test_a_yes_for_one_host_is_none_for_another(house: House) -> None:
    """Started again with the model at another host: the old question is withdrawn and a new one names the new host."""
    with FakeOpenAI() as model:
        first = await house.open(beyond(model))
        client, old = await house.waiting(first)
        first.kill()

        second = await house.open(beyond(model, "elsewhere.example"))
        again = await second.connect("t1", after=old["seq"], epoch=client.frames[0]["data"]["epoch"])
        new = await again.until("approval_request")
        assert new["data"]["action"] == {**old["data"]["action"], "host": "elsewhere.example"}
        late = {k: old["data"][k] for k in ("approval_id", "digest")}
        refused = await again.send(type="approve", decision="approve", **late)
        assert refused["data"]["code"] == "not_pending"
        assert carriers(model) == []

        decision = {k: new["data"][k] for k in ("approval_id", "digest")}
        await again.send(type="approve", decision="approve", **decision)
        assert (await again.end())["data"]["outcome"] == "completed"
        assert set(carriers(model)) == {"elsewhere.example"}
        ends = told(await log_of(second), "approval_end")
        assert [(e["approval_id"], e["decision"]) for e in ends] == [
            (old["data"]["approval_id"], "cancelled"),
            (new["data"]["approval_id"], "approved"),
        ]


async def test_a_model_that_is_gone_ends_the_run_and_not_the_server(house: House) -> None:
    """Started again without a usable model, the server works, and the run that waited ends with a sentence."""
    with FakeOpenAI() as model:
        first = await house.open(beyond(model))
        await house.waiting(first)
        first.kill()

        second = await house.open({}, "--AiChatApp.model=openai:gpt-5-mini")
        assert (await second.get("api/aichat/health"))["runs"] == 0
        log = await log_of(second)
        (error,) = told(log, "error")
        assert error["code"] == "model_error"
        assert "OPENAI_API_KEY" in error["error"]
        assert [e["decision"] for e in told(log, "approval_end")] == ["cancelled"]
        assert [e["tool"]["status"] for e in told(log, "tool_end")] == ["cancelled", "cancelled"]
        assert carriers(model) == []
