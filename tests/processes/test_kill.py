"""`kill -9` in mid-answer, and two servers on one store: real processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.client import text_of
from tests.fakes.jupyter import JupyterProcess

ROOT = Path(__file__).parents[2]


@pytest.fixture
def slow_model() -> Iterator[dict[str, str]]:
    """The strict OpenAI-compatible server, in a process, slow enough to be killed in the middle."""
    command = [sys.executable, "-m", "tests.fakes.openai_server", "--delay", "0.03"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        yield {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "sk-test"}
        process.kill()


async def log_of(server: JupyterProcess, thread_id: str) -> list[dict[str, Any]]:
    """The whole log, as REST gives it."""
    events: list[dict[str, Any]] = (await server.get(f"api/aichat/threads/{thread_id}/events?limit=5000"))[
        "events"
    ]
    return events


async def test_a_killed_server_leaves_a_gapless_log(tmp_path: Path, slow_model: dict[str, str]) -> None:
    """What a client has seen is in the log, the run ends `interrupted`, and a new message works."""
    home, root = tmp_path / "home", tmp_path / "root"
    first = JupyterProcess(home, root, slow_model)
    first.start()
    try:
        client = await first.connect("t1")
        await client.send(type="message", message="long please: words=200")
        for _ in range(5):
            await client.until("token")
        seen = client.events
    finally:
        first.kill()
    with JupyterProcess(home, root, slow_model) as second:
        await second.get("api/aichat/health")
        log = await log_of(second, "t1")
        assert [e["seq"] for e in log] == list(range(1, len(log) + 1))
        assert log[: len(seen)] == seen
        assert [
            (e["event_type"], e["data"].get("code")) for e in log if e["event_type"] in {"done", "error"}
        ] == [("error", "interrupted")]
        again = await second.connect("t1", after=seen[-1]["seq"], epoch=client.frames[0]["data"]["epoch"])
        await again.until("error", code="interrupted")
        assert (await again.ask("hello"))["data"]["outcome"] == "completed"
        assert text_of(again.events)


async def test_two_servers_share_a_store(tmp_path: Path, slow_model: dict[str, str]) -> None:
    """Both answer; neither harms the other's runs; the run of one that is killed is ended by the other."""
    home, root = tmp_path / "home", tmp_path / "root"
    with JupyterProcess(home, root, slow_model) as one, JupyterProcess(home, root, slow_model) as two:
        mine, other = await one.connect("a"), await two.connect("b")
        assert (await mine.ask("hello"))["data"]["outcome"] == "completed"
        assert (await other.ask("hello"))["data"]["outcome"] == "completed"

        await mine.send(type="message", message="long please: words=400")
        await mine.until("token")
        watcher = await two.connect("a")
        refused = await watcher.send(type="message", message="me too")
        assert refused["data"]["code"] == "conflict"
        assert one.url.rstrip("/") in refused["data"]["error"]
        await watcher.until("token")  # it follows what the other server writes

        one.kill()
        ended = await watcher.end()
        assert (ended["event_type"], ended["data"]["code"]) == ("error", "interrupted")
        log = await log_of(two, "a")
        assert [e["seq"] for e in log] == list(range(1, len(log) + 1))
        assert (await watcher.ask("hello"))["data"]["outcome"] == "completed"


async def test_the_store_is_the_users_alone(tmp_path: Path) -> None:
    """Database and write-ahead log can be read by nobody else."""
    home, root = tmp_path / "home", tmp_path / "root"
    shutil.copytree(ROOT / "notebooks" / "data", root)
    with JupyterProcess(home, root) as server:
        health = await server.get("api/aichat/health")
        assert health["model"]["offline"] is True
        client = await server.connect("t1")
        await client.ask("hello")
        files = sorted((home / "data" / "aichat").glob("aichat.db*"))
        assert len(files) >= 2
        assert {oct(f.stat().st_mode & 0o777) for f in files} == {"0o600"}
        assert "token" not in json.dumps(health)
