"""Who may: Jupyter's authorizer is asked for `aichat` on every route, and anew while a socket is open."""

from __future__ import annotations

import time
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from tornado.web import HTTPError

from jupyter_aichat.gateway.app import AiChatApp
from tests.fakes.people import ANN, Rules, TwoPeople
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get, refused
from tests.gateway.test_routes import Raw
from tests.gateway.ways import ways


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """Rights that can be taken away, and people who can be logged out."""
    jp_server_config["ServerApp"] |= {"identity_provider_class": TwoPeople, "authorizer_class": Rules}
    return jp_server_config


@pytest.fixture
def jp_auth_header(jp_serverapp: ServerApp) -> dict[str, str]:
    """Ann is at work."""
    return dict(ANN)


@pytest.fixture
def people(jp_serverapp: ServerApp) -> TwoPeople:
    """The server's identity provider."""
    assert isinstance(jp_serverapp.identity_provider, TwoPeople)
    return jp_serverapp.identity_provider


async def test_without_the_right_no_route_answers(
    jp_serverapp: ServerApp, jp_fetch: Any, rules: Rules
) -> None:
    """Refused `aichat`, a person who is logged in gets 403 on every method of every route, WebSocket included."""
    rules.refused = {("read", "aichat"), ("write", "aichat")}
    raw = Raw(jp_serverapp)
    answers = {(way.method, way.path): await raw.status(way, dict(ANN)) for way in ways(jp_serverapp)}
    assert {key: status for key, status in answers.items() if status != 403} == {}
    rules.refused = {("read", "contents"), ("write", "contents"), ("execute", "kernels")}
    assert (await get(jp_fetch, "health"))["sockets"] == 0


async def test_reading_and_writing_are_two_rights(
    jp_serverapp: ServerApp, jp_fetch: Any, rules: Rules
) -> None:
    """Who may only read gets what GET gives; whatever changes something is refused, and changes nothing."""
    await get(jp_fetch, "chat", method="POST", body={"message": "hello", "thread_id": "t1"})
    before = await get(jp_fetch, "threads", "t1", "events")
    rules.refused = {("write", "aichat")}
    raw = Raw(jp_serverapp)
    for way in ways(jp_serverapp):
        if not way.socket:
            status = await raw.status(way, dict(ANN))
            expected = {403} if way.method in {"POST", "PUT", "PATCH", "DELETE"} else {200, 404, 405}
            assert status in expected, (way, status)
    body = {"message": "hi", "thread_id": "t1"}
    assert await refused(jp_fetch, "chat", method="POST", body=body) == (403, "forbidden")
    assert await get(jp_fetch, "threads", "t1", "events") == before


async def test_who_may_only_read_reads_on(connect: Connect, rules: Rules) -> None:
    """Each command is refused with `forbidden`, the log stays empty, and the socket stays open."""
    rules.refused = {("write", "aichat")}
    client = await connect("t1")
    approve = {"type": "approve", "approval_id": "a", "digest": "0" * 64, "decision": "approve"}
    for command in ({"type": "message", "message": "hello"}, {"type": "cancel"}, approve):
        answer = await client.send(**command)
        assert (answer["event_type"], answer["data"]["code"]) == ("error", "forbidden")
    assert client.events == []
    rules.refused = set()
    assert (await client.ask("hello"))["data"]["outcome"] == "completed"
    assert client.events[0]["seq"] == 1


@pytest.mark.parametrize("how", ["authorizer", "provider"])
async def test_a_right_that_is_withdrawn_ends_an_open_socket(
    connect: Connect, rules: Rules, people: TwoPeople, how: str
) -> None:
    """After fifty accepted commands the next one is refused, nothing happens, and the connection is closed for good."""
    client = await connect("t1")
    for _ in range(50):
        assert (await client.send(type="cancel"))["event_type"] == "ack"
    if how == "authorizer":
        rules.refused = {("read", "aichat"), ("write", "aichat")}
    else:
        people.out.add("ann")
    answer = await client.send(type="message", message="hello")
    code = "forbidden" if how == "authorizer" else "unauthenticated"
    assert (answer["event_type"], answer["data"]["code"]) == ("error", code)
    with pytest.raises(ConnectionError, match="4501"):
        await client.until("never")
    assert client.events == []


@pytest.mark.parametrize("how", ["authorizer", "provider"])
async def test_a_silent_socket_is_closed_within_a_minute(
    connect: Connect, rules: Rules, people: TwoPeople, aichat: AiChatApp, how: str
) -> None:
    """Who sends nothing is looked at from time to time too."""
    client = await connect("t1")
    await client.read()
    assert aichat._door.opened is not None
    (socket,) = aichat._door.opened._sockets
    socket.beat(time.monotonic() + 40)
    await client.until("heartbeat")
    if how == "authorizer":
        rules.refused = {("read", "aichat")}
    else:
        people.out.add("ann")
    socket.beat(time.monotonic() + 80)
    with pytest.raises(ConnectionError, match="4501"):
        await client.until("never")


async def test_rights_that_cannot_be_checked_are_none_for_now(
    connect: Connect, rules: Rules, aichat: AiChatApp
) -> None:
    """An authorizer that fails refuses the command, to be tried again; the socket stays, and works when it does again."""
    client = await connect("t1")
    await client.read()
    rules.broken = RuntimeError("the hub is down")
    answer = await client.send(type="message", message="hello")
    assert (answer["data"]["code"], answer["data"]["retryable"]) == ("busy", True)
    assert "hub" not in answer["data"]["error"]
    assert aichat._door.opened is not None
    (socket,) = aichat._door.opened._sockets
    socket.beat(time.monotonic() + 60)
    await client.until("heartbeat")
    rules.broken = None
    assert (await client.ask("hello"))["data"]["outcome"] == "completed"


async def test_an_authorizer_may_say_no_by_raising(connect: Connect, rules: Rules) -> None:
    """HTTP 403 from it means what it says."""
    client = await connect("t1")
    await client.read()
    rules.broken = HTTPError(403)
    assert (await client.send(type="cancel"))["data"]["code"] == "forbidden"
    with pytest.raises(ConnectionError, match="4501"):
        await client.until("never")
