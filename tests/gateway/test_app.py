"""The extension in a running Jupyter server: its settings, what it costs to load, when it is busy, how it ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from jupyter_aichat.gateway.app import AiChatApp
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get

ROOT = Path(__file__).parents[2]
HEAVY = {"langgraph", "langchain", "langchain_core", "openai", "pydantic", "sqlalchemy", "polars"}

LOADED = """
import sys
from jupyter_server.serverapp import ServerApp

app = ServerApp(jpserver_extensions={"jupyter_aichat": True}, open_browser=False, allow_root=True, port=0)
app.initialize(argv=[], new_httpserver=False)
assert app.extension_manager.extension_apps["jupyter_aichat"]
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_loading_the_extension_imports_nothing_heavy(tmp_path: Path) -> None:
    """When Jupyter has loaded the extension and is about to listen, what takes seconds to import is not there yet."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"HOME": str(tmp_path), "PATH": "", "JUPYTER_CONFIG_DIR": str(tmp_path)},
    )
    loaded = set(run.stdout.split())
    assert "jupyter_aichat" in loaded
    assert loaded.isdisjoint(HEAVY)


async def test_the_gateway_is_made_when_the_server_has_started(jp_serverapp: Any, aichat: AiChatApp) -> None:
    """Nobody has to ask for it: it is made beside the server, so that the first question does not pay for it."""
    await jp_serverapp._post_start()
    assert aichat._opening is not None
    await aichat._opening
    assert aichat._door.opened is not None
    assert {name.partition(".")[0] for name in sys.modules} >= HEAVY


@pytest.mark.parametrize(
    "settings",
    [{"model": "gpt-test", "base_url": "http://127.0.0.1:9/v1", "context_tokens": 9000, "max_sockets": 3}],
)
async def test_settings_reach_what_they_are_for(jp_fetch: Any, connect: Connect, aichat: AiChatApp) -> None:
    """Model and address are those of health, with the reason; the fourth of three sockets is sent away with 4503."""
    model = (await get(jp_fetch, "health"))["model"]
    assert (model["id"], model["url"]) == ("openai:gpt-test", "http://127.0.0.1:9/v1")
    assert "base_url" in model["reason"]
    gateway = aichat._door.opened
    assert gateway is not None
    assert (await gateway.models.current("local")).context_tokens == 9000
    for i in range(3):
        await (await connect(f"t{i}")).read()
    with pytest.raises(ConnectionError, match="4503"):
        await (await connect("t4")).read()
    assert (await get(jp_fetch, "health"))["sockets"] == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_sockets", 0),
        ("run_timeout", 0.5),
        ("idle_timeout", "long"),
        ("seed_routes", "yes"),
        ("model", 7),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(name: str, value: object) -> None:
    """By Jupyter, at the start, in its own words."""
    with pytest.raises(TraitError, match=name):
        setattr(AiChatApp(), name, value)


def test_every_setting_says_what_it_is_for() -> None:
    """`jupyter server --help-all` shows it."""
    own = AiChatApp.class_own_traits(config=True)
    assert set(own) >= {"db_url", "model", "base_url", "agents_dir", "max_sockets", "seed_routes"}
    assert [name for name, trait in own.items() if not trait.help] == []


async def test_agents_of_the_person_are_found_in_jupyters_configuration(
    jp_config_dir: Path, jp_fetch: Any
) -> None:
    """A Markdown file in `aichat/agents` below `jupyter --config-dir` is an agent, wherever Jupyter itself is installed."""
    folder = jp_config_dir / "aichat" / "agents"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "translator.md").write_text(
        "---\nname: translator\ndescription: Translates.\n---\nTranslate.\n"
    )
    names = [a["name"] for a in (await get(jp_fetch, "agents"))["agents"]]
    assert "translator" in names


async def test_open_runs_are_activity(provider: FakeOpenAI, connect: Connect, aichat: AiChatApp) -> None:
    """`None` when idle, else how many runs are open: Jupyter does not shut down in the middle of an answer."""
    one, two = await connect("a"), await connect("b")
    await one.read()
    assert aichat.current_activity() is None
    provider.delay = 0.05
    await one.send(type="message", message="words=200")
    await two.send(type="message", message="words=200")
    await one.until("token")
    assert aichat.current_activity() == 2
    await one.send(type="cancel")
    await two.send(type="cancel")
    for client in (one, two):
        if client.events[-1]["event_type"] not in {"done", "title"}:
            await client.until("done")
    await asyncio.wait_for(_idle(aichat), 10)


async def _idle(aichat: AiChatApp) -> None:
    while aichat.current_activity() is not None:
        await asyncio.sleep(0.01)


async def test_looking_is_no_activity(
    jp_serverapp: Any, jp_fetch: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open sockets, their heartbeats and health requests do not keep a server alive; a command of a person does."""
    monkeypatch.setattr("jupyter_aichat.gateway.gateway._TICK", 0.01)
    monkeypatch.setattr("jupyter_aichat.gateway.session._BEAT", 0.05)
    client = await connect("t1")
    await client.read()
    before = jp_serverapp.web_app.last_activity()
    await get(jp_fetch, "health")
    for _ in range(3):
        await client.until("heartbeat")
    client.close()
    await (await connect("t2")).read()
    assert jp_serverapp.web_app.last_activity() == before
    await get(jp_fetch, "threads")
    assert jp_serverapp.web_app.last_activity() > before


async def test_a_run_moves_the_time_of_the_last_activity(
    provider: FakeOpenAI,
    jp_serverapp: Any,
    connect: Connect,
    aichat: AiChatApp,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """JupyterHub goes by that time: while an answer is being written it does not stand still."""
    monkeypatch.setattr("jupyter_aichat.gateway.gateway._TICK", 0.01)
    client = await connect("t1")
    provider.delay = 0.05
    before = jp_serverapp.web_app.last_activity()
    await client.send(type="message", message="words=200")
    await client.until("token")
    while jp_serverapp.web_app.last_activity() <= before:
        await client.until("token")
    await client.send(type="cancel")
    await client.until("done")


async def test_the_end_of_the_server_ends_runs_and_sockets(
    provider: FakeOpenAI, connect: Connect, aichat: AiChatApp
) -> None:
    """The run ends `interrupted` for all to see, sockets close with 1012 (come back), the model's stream is closed."""
    provider.delay = 0.05
    client, idle = await connect("t1"), await connect("t2")
    await idle.read()
    await client.send(type="message", message="words=500")
    await client.until("token")
    began = time.monotonic()
    await aichat.stop_extension()
    assert time.monotonic() - began < 5
    ended = await client.end()
    assert (ended["event_type"], ended["data"]["code"], ended["data"]["retryable"]) == (
        "error",
        "interrupted",
        True,
    )
    for each in (client, idle):
        with pytest.raises(ConnectionError, match="1012"):
            await each.until("never")
    await provider.until(lambda: provider.open == 0)


async def test_a_server_that_never_started_ends_too() -> None:
    """There is nothing to end then, and nothing fails."""
    await AiChatApp().stop_extension()
