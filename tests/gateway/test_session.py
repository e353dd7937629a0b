"""A session is a cursor: it goes on from any position, tells where the log stands, and does not wait for who lags."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket as sockets
import time
from typing import Any

import pytest

from jupyter_aichat.gateway.app import AiChatApp
from jupyter_aichat.gateway.socket import ThreadSocket
from tests.fakes.client import Client, Frame, text_of
from tests.fakes.lazy import LazyClient
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect


async def up_to(client: Client, seq: int) -> list[Frame]:
    """Read up to an event of the log."""
    while not client.events or client.events[-1]["seq"] < seq:
        await client.read()
    return client.events


def open_sockets(aichat: AiChatApp) -> list[ThreadSocket]:
    """The server's ends of the open sockets."""
    gateway = aichat._door.opened
    assert gateway is not None
    return [s for s in gateway._sockets if isinstance(s, ThreadSocket)]


async def test_a_finished_run_goes_on_after_each_of_its_events(
    provider: FakeOpenAI, connect: Connect
) -> None:
    """From every position exactly the rest comes, and the joined text is the same, byte for byte."""
    first = await connect("t1")
    await first.ask("ask=analyst: use=list_files words=6 think=2")
    await first.until("title")
    whole, epoch = first.events, first.frames[0]["data"]["epoch"]
    text = text_of(whole).encode()
    for at in range(len(whole)):
        again = await connect("t1", after=at, epoch=epoch)
        rest = await up_to(again, whole[-1]["seq"])
        assert rest == whole[at:]
        assert text_of(whole[:at] + rest).encode() == text
        again.close()


async def test_who_sends_at_once_misses_nothing_of_the_answer(
    provider: FakeOpenAI, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client without a position (the seed's has none) whose message is there before the hello: hello first, then all of it."""
    from jupyter_aichat.gateway.gateway import Gateway, ThreadState
    from jupyter_aichat.runs.manager import RunManager

    submitted, state, submit = asyncio.Event(), Gateway.state, RunManager.submit

    async def late_state(gateway: Gateway, owner: str, key: str) -> ThreadState:
        with contextlib.suppress(TimeoutError):  # it must not come; bounded
            await asyncio.wait_for(submitted.wait(), 1.0)
        return await state(gateway, owner, key)

    async def seen_submit(*args: Any, **rights: Any) -> Any:
        try:
            return await submit(*args, **rights)
        finally:
            submitted.set()

    monkeypatch.setattr(Gateway, "state", late_state)
    monkeypatch.setattr(RunManager, "submit", seen_submit)
    client = await connect("t1")
    await client.ask("say=hello there")
    assert client.frames[0]["event_type"] == "hello"
    assert [e["seq"] for e in client.events] == list(range(1, len(client.events) + 1))
    assert text_of(client.events).startswith("hello there")


async def test_a_running_run_goes_on_after_each_of_its_events(provider: FakeOpenAI, connect: Connect) -> None:
    """The connection is lost after every single event, over and over: what was seen together is the log, byte for byte."""
    provider.delay = 0.01
    watcher = await connect("t1", after=0)
    client = await connect("t1")
    await client.send(type="message", message="ask=analyst: use=list_files words=40")
    epoch = client.frames[0]["data"]["epoch"]
    seen = client.events
    while not seen or seen[-1]["event_type"] != "done":
        client.close()
        client = await connect("t1", after=seen[-1]["seq"] if seen else 0, epoch=epoch)
        while not client.events:
            await client.read()
        seen += client.events[:1]  # the connection breaks here; what came behind it never arrived
    await watcher.end()
    assert seen == watcher.events
    assert text_of(seen).encode() == text_of(watcher.events).encode()
    assert text_of(seen, "analyst").endswith("w39 ")


async def test_who_comes_in_the_middle_of_a_run_follows_it(provider: FakeOpenAI, connect: Connect) -> None:
    """Ten at ten different moments, each from the beginning: all have the same log in the end."""
    provider.delay = 0.01
    first = await connect("t1")
    await first.send(type="message", message="words=60")
    epoch = first.frames[0]["data"]["epoch"]
    followers: list[Client] = []
    for _ in range(10):
        await first.until("token")
        followers.append(await connect("t1", after=0, epoch=epoch))
    end = (await first.end())["seq"]
    for follower in followers:
        assert (await up_to(follower, end))[:end] == first.events[:end]


async def test_at_the_head_nothing_is_replayed(connect: Connect) -> None:
    """The next event after the head is the next one that happens."""
    first = await connect("t1")
    await first.ask("hello")
    head = (await first.until("title"))["seq"]
    again = await connect("t1", after=head, epoch=first.frames[0]["data"]["epoch"])
    assert (await again.read())["data"]["head"] == head
    await first.send(type="message", message="hello")
    while not again.events:
        await again.read()
    assert again.events[0]["seq"] == head + 1


async def test_a_silence_is_filled_with_the_head(connect: Connect, aichat: AiChatApp) -> None:
    """Not before 15 s; then one heartbeat says where the log stands; who hears events hears no heartbeats."""
    client = await connect("t1")
    await client.ask("hello")
    head = (await client.until("title"))["seq"]
    (socket,) = open_sockets(aichat)
    now = time.monotonic()
    socket.beat(now + 10)
    socket.beat(now + 16)
    assert await client.read() == {"event_type": "heartbeat", "data": {"head": head}}
    await client.ask("hello")
    socket.beat(time.monotonic() + 10)
    assert (await client.send(type="cancel"))["event_type"] == "ack"
    beats = [f for f in client.frames if f["event_type"] == "heartbeat"]
    assert len(beats) == 1


async def test_heartbeats_come_by_themselves(
    connect: Connect, aichat: AiChatApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server looks at its sockets from time to time; so on a thread that does not exist yet, too."""
    monkeypatch.setattr("jupyter_aichat.gateway.gateway._TICK", 0.01)
    monkeypatch.setattr("jupyter_aichat.gateway.session._BEAT", 0.05)
    client = await connect("t1")
    for _ in range(3):
        assert (await client.until("heartbeat"))["data"] == {"head": 0}


async def test_who_does_not_read_costs_nothing_and_is_sent_away(
    provider: FakeOpenAI,
    connect: Connect,
    aichat: AiChatApp,
    jp_serverapp: Any,
    jp_auth_header: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its buffer stays small and it is closed with 4408; others on the thread get every event; it can come back."""
    monkeypatch.setattr("jupyter_aichat.gateway.socket._SEND", 1.0)
    path = f"{jp_serverapp.base_url}api/aichat/ws/t1?after=0"
    lazy = await LazyClient.open(jp_serverapp.port, path, jp_auth_header)
    (end,) = open_sockets(aichat)
    assert end.ws_connection is not None
    stream: Any = end.ws_connection.stream
    stream.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 4096)
    eager = await connect("t1", after=0)
    largest = 0
    for _ in range(6):
        await eager.send(type="message", message="say=" + " ".join(["x" * 2_000] * 90))
        while eager.frames[-1]["event_type"] != "done":
            await eager.read()
            largest = max(largest, len(stream._write_buffer or b""))
    async with asyncio.timeout(20):
        while end.ws_connection is not None:
            largest = max(largest, len(stream._write_buffer or b""))
            await asyncio.sleep(0.01)
    assert sum(len(json.dumps(e)) for e in eager.events) > 1_500_000
    assert 0 < largest < 512 * 1024
    assert [e["seq"] for e in eager.events] == list(range(1, len(eager.events) + 1))
    got = [f for f in await lazy.drain() if "seq" in f]
    assert lazy.code == 4408
    assert got == eager.events[: len(got)]
    epoch = eager.frames[0]["data"]["epoch"]
    again = await connect("t1", after=got[-1]["seq"] if got else 0, epoch=epoch)
    rest = await up_to(again, eager.events[-1]["seq"])
    assert got + rest[: len(eager.events) - len(got)] == eager.events
    assert [r.message for r in caplog.records if r.levelname in {"WARNING", "ERROR"}] == []
