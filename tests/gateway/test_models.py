"""Models: which one answers whom, connected without a restart; what a key may never show up in."""

from __future__ import annotations

import json
import logging
import os
from typing import Any

import pytest

from jupyter_aichat.gateway.app import AiChatApp
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get, refused

KEY = "sk-harvest-4711-secret"


@pytest.fixture
def model(provider: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> FakeOpenAI:
    """A model server that the environment does not know and that wants a key."""
    monkeypatch.delenv("OPENAI_BASE_URL")
    provider.key = KEY
    return provider


async def connected(fetch: Any, **fields: str) -> Any:
    """Connect a model; what answers then."""
    return (await get(fetch, "models", "credentials", method="PUT", body=fields))["current"]


async def test_the_next_message_is_answered_by_what_was_connected(
    model: FakeOpenAI, connect: Connect, jp_fetch: Any
) -> None:
    """No restart, no new socket: offline before, the model after, offline again when it is disconnected."""
    client = await connect("t1")
    await client.ask("hello")
    current = await connected(jp_fetch, base_url=model.url, api_key=KEY)
    assert (current["id"], current["url"], current["offline"]) == ("openai:fake", model.url, False)
    assert "You connected fake at 127.0.0.1" in current["reason"]
    done = await client.ask("say=From the model.")
    assert done["data"]["content"] == "From the model."
    assert model.asked[-1].headers["Authorization"] == f"Bearer {KEY}"
    back = await get(jp_fetch, "models", "credentials", method="DELETE")
    assert back["current"]["offline"] is True
    asked = len(model.asked)
    await client.ask("hello")
    assert len(model.asked) == asked
    starts = [e["data"]["model"] for e in client.events if e["event_type"] == "run_start"]
    assert starts == ["offline:rules", "openai:fake", "offline:rules"]


async def test_the_servers_own_key_does_not_go_to_an_address_that_somebody_typed(
    provider: FakeOpenAI, monkeypatch: pytest.MonkeyPatch, jp_fetch: Any, connect: Connect
) -> None:
    """A key in the environment is for where the environment sends it; another host gets the placeholder."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    client = await connect("t1")
    await client.ask("hello")
    assert provider.asked[-1].headers["Authorization"] == f"Bearer {KEY}"
    elsewhere = provider.url.replace("127.0.0.1", "localhost")
    await connected(jp_fetch, base_url=elsewhere)
    await client.ask("hello")
    assert provider.asked[-1].host.startswith("localhost")
    assert KEY not in json.dumps(provider.asked[-1].headers)


async def test_a_run_keeps_the_model_that_it_began_with(
    model: FakeOpenAI, connect: Connect, jp_fetch: Any
) -> None:
    """Disconnecting in the middle of an answer breaks nothing off; the next answer is the offline analyst's."""
    await connected(jp_fetch, base_url=model.url, api_key=KEY)
    model.delay = 0.02
    client = await connect("t1")
    await client.send(type="message", message="words=40")
    await client.until("token")
    await get(jp_fetch, "models", "credentials", method="DELETE")
    done = await client.end()
    assert done["data"]["content"].split() == [f"w{i}" for i in range(40)]
    await client.ask("hello")
    assert [e["data"]["model"] for e in client.events if e["event_type"] == "run_start"][
        -1
    ] == "offline:rules"


async def test_what_the_server_offers_is_listed(model: FakeOpenAI, jp_fetch: Any) -> None:
    """The one in use first; a message may name another one, and is refused a model that cannot be."""
    model.models = ["fake", "other", "text-embedding-3"]
    await connected(jp_fetch, base_url=model.url, api_key=KEY, model="other")
    listed = await get(jp_fetch, "models")
    assert listed["current"] == "openai:other"
    assert [m["id"] for m in listed["models"]] == ["openai:other", "openai:fake"]
    await get(jp_fetch, "chat", method="POST", body={"message": "hi", "model": "openai:fake"})
    assert model.asked[-1].body["model"] == "fake"
    body = {"message": "hi", "model": "mistralai:"}
    assert await refused(jp_fetch, "chat", method="POST", body=body) == (400, "bad_request")


async def test_the_key_shows_up_nowhere(
    model: FakeOpenAI,
    connect: Connect,
    jp_fetch: Any,
    aichat: AiChatApp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither in an answer, an event, a log line, a repr or the environment; not when it is wrong either."""
    caplog.set_level(logging.DEBUG)
    client = await connect("t1")
    seen: list[Any] = [await connected(jp_fetch, base_url=model.url, api_key=KEY)]
    await client.ask(f"say=You told me {KEY[:3]}")
    model.key = "another"
    await client.ask("hello")
    seen += [await get(jp_fetch, path) for path in ("health", "models", "agents", "threads")]
    gateway = aichat._door.opened
    assert gateway is not None
    models = gateway.models
    inside = [
        repr(vars(models)),
        repr(models._connected),
        repr(models._chosen),
        repr(await models._choose("local", None)),
    ]
    everything = json.dumps([seen, client.frames]) + caplog.text + "".join(inside) + repr(dict(os.environ))
    assert KEY not in everything
    assert "harvest" not in everything
    assert [a.headers["Authorization"] for a in model.asked] == [f"Bearer {KEY}"] * len(model.asked)


async def test_a_wrong_key_is_said_with_the_host(model: FakeOpenAI, connect: Connect, jp_fetch: Any) -> None:
    """The run ends with `model_auth`, not to be repeated, and names whom to ask; the right key mends it."""
    await connected(jp_fetch, base_url=model.url, model="fake", api_key="sk-wrong")
    client = await connect("t1")
    error = await client.ask("hello")
    assert error["event_type"] == "error"
    assert (error["data"]["code"], error["data"]["retryable"]) == ("model_auth", False)
    host = model.root.removeprefix("http://")
    assert error["data"]["host"] == host
    assert host in error["data"]["error"]
    assert "sk-wrong" not in json.dumps(client.frames)
    await connected(jp_fetch, base_url=model.url, model="fake", api_key=KEY)
    assert (await client.ask("hello"))["data"]["outcome"] == "completed"


async def test_an_address_where_nobody_listens_is_an_error_and_no_fallback(
    connect: Connect, jp_fetch: Any
) -> None:
    """What was connected is never replaced silently."""
    await connected(jp_fetch, base_url="http://127.0.0.1:9/v1", model="m-1")
    error = await (await connect("t1")).ask("hello")
    assert (error["event_type"], error["data"]["code"], error["data"]["host"]) == (
        "error",
        "model_error",
        "127.0.0.1:9",
    )
