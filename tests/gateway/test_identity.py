"""Whose thread it is: two people on one server see nothing of each other, by any way."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_aichat.gateway.identity import public_id, thread_key
from tests.fakes.client import Client
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.people import ANN, BEN, TwoPeople
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get
from tests.gateway.test_routes import Raw
from tests.gateway.ways import Way, ways

HERS, NOBODYS = "hers-0000", "none-0000"


@pytest.fixture
def two(jp_server_config: dict[str, Any]) -> None:
    """A server of two people, whose names stay."""
    jp_server_config["ServerApp"]["identity_provider_class"] = TwoPeople


@pytest.fixture
def raw(two: None, jp_serverapp: ServerApp, jp_fetch: Any) -> Raw:
    """A client of that server."""
    return Raw(jp_serverapp)


Open = Callable[..., Awaitable[Client]]


@pytest.fixture
def sit(raw: Raw) -> Iterator[Open]:
    """How a person opens a socket on a thread."""
    opened: list[Client] = []

    async def open_socket(who: dict[str, str], thread_id: str, query: str = "") -> Client:
        url = f"ws://{raw.host}{raw.server.base_url}api/aichat/ws/{thread_id}{query}"
        opened.append(Client(await websocket_connect(HTTPRequest(url, headers=dict(who)))))
        return opened[-1]

    yield open_socket
    for client in opened:
        client.close()


async def fetched(raw: Raw, who: dict[str, str], path: str) -> Any:
    """A person's GET, as JSON."""
    way = Way("GET", f"{raw.server.base_url}api/aichat/{path}", socket=False)
    return json.loads((await raw.ask(way, dict(who))).body)


def body_of(way: Way) -> str | None:
    """What the method takes."""
    if way.method == "PATCH":
        return '{"title": "mine now"}'
    return "{}" if way.method in {"POST", "PUT"} else None


async def test_by_no_verb_does_anybody_learn_of_anothers_thread(raw: Raw, sit: Open) -> None:
    """Status, body and headers are those for an id that never existed, but for the id; her thread is untouched."""
    hers = await sit(ANN, HERS, "?after=0")
    await hers.ask("what about the harvest?")
    await hers.until("title")
    before = await fetched(raw, ANN, f"threads/{HERS}/events")
    tried = 0
    for way in ways(raw.server, HERS):
        if HERS not in way.path or way.socket:
            continue
        answers = []
        for thread_id in (HERS, NOBODYS):
            there = way._replace(path=way.path.replace(HERS, thread_id))
            answer = await raw.ask(there, dict(BEN), body_of(way))
            headers = {k: v for k, v in answer.headers.get_all() if k not in {"Date", "Etag", "Set-Cookie"}}
            text = (answer.body or b"").decode().replace(thread_id, "ID")
            answers.append((answer.code, headers, text))
        assert answers[0] == answers[1], way
        assert answers[0][0] in {404, 405}, way
        tried += 1
    assert tried == 6
    assert await fetched(raw, ANN, f"threads/{HERS}/events") == before
    assert (await fetched(raw, BEN, "threads"))["threads"] == []
    assert (await fetched(raw, BEN, "threads?q=harvest"))["threads"] == []
    assert [t["id"] for t in (await fetched(raw, ANN, "threads?q=harvest"))["threads"]] == [HERS]


async def test_a_deleted_thread_is_restored_by_its_owner_only(raw: Raw, sit: Open) -> None:
    """What she has deleted he cannot bring back; she can."""
    await (await sit(ANN, HERS)).ask("hello")
    base = f"{raw.server.base_url}api/aichat/threads/{HERS}"
    assert (await raw.ask(Way("DELETE", base, socket=False), dict(ANN))).code == 204
    restore = Way("POST", f"{base}/restore", socket=False)
    assert (await raw.ask(restore, dict(BEN), "{}")).code == 404
    assert (await raw.ask(restore, dict(ANN), "{}")).code == 200


async def test_by_socket_her_thread_is_another_one(raw: Raw, sit: Open) -> None:
    """He opens the same id, at her position: he sees an empty thread of his own, and what he says is in his only."""
    hers = await sit(ANN, HERS, "?after=0")
    await hers.ask("what about the harvest?", client_id="k1")
    await hers.until("title")
    epoch = hers.frames[0]["data"]["epoch"]
    his = await sit(BEN, HERS, f"?after=5&epoch={epoch}")
    assert (await his.read())["data"]["head"] == 0
    reset = await his.read()
    never = await sit(BEN, NOBODYS, f"?after=5&epoch={epoch}")
    await never.read()
    same = json.dumps(await never.read()).replace(NOBODYS, HERS)
    assert json.dumps(reset) == same
    ack = await his.send(type="message", message="hello", client_id="k1")
    assert ack["event_type"] == "ack"  # her client_id is free for him
    done = await his.end()
    assert "harvest" not in json.dumps(his.frames)
    assert done["run_id"] == "r1"
    titles = {
        name: (await fetched(raw, who, f"threads/{HERS}"))["title"]
        for name, who in (("ann", ANN), ("ben", BEN))
    }
    assert "harvest" in titles["ann"]
    assert "harvest" not in titles["ben"]


async def test_nobody_decides_or_stops_for_another(distant: FakeOpenAI, sit: Open, jp_root_dir: Any) -> None:
    """He knows the ids and the digest of her approval: it is not pending for him; his cancel stops nothing of hers."""
    (jp_root_dir / "notes.txt").write_text("secret")
    hers = await sit(ANN, HERS)
    await hers.send(type="message", message="ask=analyst: use=read_file:notes.txt words=1")
    asked = (await hers.until("approval_request"))["data"]
    his = await sit(BEN, HERS)
    decision = {"approval_id": asked["approval_id"], "digest": asked["digest"], "decision": "approve"}
    assert (await his.send(type="approve", **decision))["data"]["code"] == "not_pending"
    assert (await his.send(type="cancel", run_id="r1"))["event_type"] == "ack"
    assert (await hers.send(type="approve", **decision))["event_type"] == "ack"
    assert (await hers.end())["data"]["outcome"] == "completed"


async def test_what_one_connects_answers_one(
    provider: FakeOpenAI, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that she connects is hers; his messages go where the environment says."""
    way = Way("PUT", f"{raw.server.base_url}api/aichat/models/credentials", socket=False)
    body = {"base_url": provider.url, "model": "hers", "api_key": "sk-hers-1234"}
    assert (await raw.ask(way, dict(ANN), json.dumps(body))).code == 200
    assert (await fetched(raw, ANN, "health"))["model"]["id"] == "openai:hers"
    assert (await fetched(raw, BEN, "health"))["model"]["id"] == "openai:fake"


async def test_one_person_is_one_owner_under_jupyters_own_providers(connect: Connect, jp_fetch: Any) -> None:
    """Token by token another name in Jupyter, but the same threads: in the next tab, and by REST."""
    await (await connect("t1")).ask("hello")
    assert [t["id"] for t in (await get(jp_fetch, "threads"))["threads"]] == ["t1"]
    again = await connect("t1", after=0)
    assert (await again.read())["data"]["head"] > 0


def test_a_key_leads_back_to_the_public_id() -> None:
    """Also for owners with a slash in their name, which stay apart from those without."""
    assert public_id(thread_key("team/ann", "t1")) == "t1"
    assert thread_key("team", "t1") != thread_key("team/ann", "t1")
