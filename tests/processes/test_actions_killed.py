"""A server that is killed around an approval, with the kernel gone with it or alive behind a gateway: once, or not at all."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tornado.httpclient import AsyncHTTPClient

from tests.fakes.client import Client, Frame
from tests.fakes.jupyter import JupyterProcess
from tests.fakes.openai_server import FakeOpenAI

NOTEBOOK = "work.ipynb"


class House:
    """One home, one root, one ledger; servers come and go."""

    def __init__(self, place: Path, model: FakeOpenAI) -> None:
        self.home, self.root, self.ledger = place / "home", place / "root", place / "ledger"
        self.root.mkdir()
        (self.root / NOTEBOOK).write_text(nbformat.writes(nbformat.v4.new_notebook()))
        self.model = model
        self.options: tuple[str, ...] = ()
        self.servers: list[JupyterProcess] = []

    @property
    def count(self) -> str:
        """Code that leaves a mark each time it runs."""
        return f"open({str(self.ledger)!r}, 'a').write('x')"

    @property
    def ran(self) -> int:
        """How many marks there are."""
        return len(self.ledger.read_text()) if self.ledger.exists() else 0

    async def open(self) -> JupyterProcess:
        """Start a server; beside the loop, on which the model answers."""
        environment = {"OPENAI_BASE_URL": self.model.url, "OPENAI_API_KEY": "sk-test"}
        self.servers.append(JupyterProcess(self.home, self.root, environment, self.options))
        await asyncio.to_thread(self.servers[-1].start)
        return self.servers[-1]

    async def session(self, server: JupyterProcess, kernel_id: str | None = None) -> str:
        """Open the notebook, with a new kernel or with one that runs; gives the kernel's id."""
        kernel: dict[str, Any] = {"id": kernel_id} if kernel_id else {"name": "python3"}
        body = {"path": NOTEBOOK, "name": NOTEBOOK, "type": "notebook", "kernel": kernel}
        found: str = (await server.get("api/sessions", "POST", body))["kernel"]["id"]
        return found

    async def asked(self, server: JupyterProcess, code: str) -> tuple[Client, Frame]:
        """Have an agent propose code; the client and the question."""
        client = await server.connect("t1", after=0)
        use = f"ask=analyst: use=run_code{json.dumps({'code': code})} words=1"
        await client.send(type="message", message=use, notebook={"path": NOTEBOOK})
        return client, await client.until("approval_request")

    async def kept(self, server: JupyterProcess) -> None:
        """Wait until the pause is on disk."""
        async with asyncio.timeout(15):
            while not any(t.get("running") for t in (await server.get("api/aichat/threads"))["threads"]):
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)

    def end(self) -> None:
        """End the servers that still run."""
        for server in self.servers:
            server.stop()


@pytest.fixture
def house(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[House]:
    """A place for servers, and their model."""

    async def listen() -> FakeOpenAI:
        return FakeOpenAI().__enter__()

    model = jp_asyncio_loop.run_until_complete(listen())
    made = House(tmp_path, model)
    yield made
    made.end()
    model.__exit__(None, None, None)


@asynccontextmanager
async def gateway(place: Path) -> AsyncIterator[str]:
    """A Kernel Gateway in a process of its own; its kernels outlive the servers that use them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kernel_gateway", f"--port={port}", "--ip=127.0.0.1"]
    command += ["--JupyterWebsocketPersonality.list_kernels=True"]
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(place / "gateway")}
    with (place / "gateway.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(60):
            while True:
                try:
                    await AsyncHTTPClient().fetch(f"{url}/api")
                    break
                except OSError:
                    assert process.poll() is None, (place / "gateway.log").read_text()[-2000:]
                    await asyncio.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(15)


async def decide(client: Client, request: Frame, decision: str = "approve") -> Frame:
    """Answer a question; its `ack` or `error`."""
    data = {k: request["data"][k] for k in ("approval_id", "digest")}
    return await client.send(type="approve", decision=decision, **data)


async def ends(server: JupyterProcess) -> list[str]:
    """How the uses of run_code ended, from the whole log."""
    log = (await server.get("api/aichat/threads/t1/events?limit=5000"))["events"]
    assert [e["seq"] for e in log] == list(range(1, len(log) + 1))
    tools = [e["data"]["tool"] for e in log if e["event_type"] == "tool_end"]
    return [tool["status"] for tool in tools if tool["name"] == "run_code"]


async def test_a_question_whose_kernel_went_with_the_server_is_stale(house: House) -> None:
    """It still waits after `kill -9`; a yes is refused as stale, nothing runs, the agent hears why and the run ends."""
    first = await house.open()
    await house.session(first)
    _, request = await house.asked(first, house.count)
    await house.kept(first)
    first.kill()

    second = await house.open()
    again = await second.connect("t1")
    hello = await again.read()
    assert [a["approval_id"] for a in hello["data"]["approvals"]] == [request["data"]["approval_id"]]
    assert (await decide(again, request))["data"]["code"] == "stale"
    done = next((f for f in again.frames if f["event_type"] == "done"), None) or await again.end()
    assert done["data"]["outcome"] == "completed"
    assert await ends(second) == ["cancelled"]
    assert house.ran == 0
    told = json.dumps([asked.body for asked in house.model.asked])
    assert "restarted or is gone" in told
    assert house.model.refused == []


async def test_behind_a_gateway_a_question_outlives_the_server_and_runs_once(
    house: House, tmp_path: Path
) -> None:
    """The kernel is the same one: after a restart of the server a yes runs the code, exactly once."""
    async with gateway(tmp_path) as url:
        house.options = (f"--GatewayClient.url={url}",)
        first = await house.open()
        kernel = await house.session(first)
        _, request = await house.asked(first, house.count)
        await house.kept(first)
        first.kill()

        second = await house.open()
        assert await house.session(second, kernel) == kernel
        again = await second.connect("t1")
        await again.read()
        assert house.ran == 0
        assert (await decide(again, request))["event_type"] == "ack"
        done = next((f for f in again.frames if f["event_type"] == "done"), None) or await again.end()
        assert done["data"]["outcome"] == "completed"
        assert (await decide(again, request))["data"]["code"] == "not_pending"
        assert await ends(second) == ["ok"]
        assert house.ran == 1


@pytest.mark.parametrize("when", ["as the yes is stored", "while it runs"])
async def test_a_server_killed_around_the_execution_never_runs_it_twice(
    house: House, tmp_path: Path, when: str
) -> None:
    """The kernel lives on behind a gateway: at most one mark, and what is not known is called unknown."""
    async with gateway(tmp_path) as url:
        house.options = (f"--GatewayClient.url={url}",)
        first = await house.open()
        kernel = await house.session(first)
        slow = f"{house.count}\nimport time\ntime.sleep(4)"
        client, request = await house.asked(first, slow if when == "while it runs" else house.count)
        await house.kept(first)
        assert (await decide(client, request))["event_type"] == "ack"
        if when == "while it runs":
            async with asyncio.timeout(20):
                while house.ran == 0:
                    await asyncio.sleep(0.02)
        first.kill()

        second = await house.open()
        await house.session(second, kernel)
        again = await second.connect("t1", after=0, epoch=client.frames[0]["data"]["epoch"])
        await again.end()
        (end,) = await ends(second)
        if when == "while it runs":
            assert (end, house.ran) == ("unknown", 1)
        assert house.ran <= 1
        if end == "ok":
            assert house.ran == 1
        assert (await decide(again, request))["data"]["code"] == "not_pending"
        assert house.ran <= 1
