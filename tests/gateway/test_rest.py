"""The REST side, with a real server and the offline analyst."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPResponse

from tests.gateway.conftest import Connect


async def get(fetch: Any, *path: str, method: str = "GET", body: Any = None, **params: str) -> Any:
    """A REST answer as JSON."""
    answer: HTTPResponse = await fetch(
        "api", "aichat", *path, method=method, params=params, body=None if body is None else json.dumps(body)
    )
    return json.loads(answer.body) if answer.body else None


async def refused(fetch: Any, *path: str, **request: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    with pytest.raises(HTTPClientError) as error:
        await get(fetch, *path, **request)
    assert error.value.response is not None
    return error.value.code, json.loads(error.value.response.body)["code"]


async def test_health_says_what_answers_and_why(jp_fetch: Any) -> None:
    """The offline analyst, with the reason; store, plugins, and nothing secret."""
    health = await get(jp_fetch, "health")
    assert health["status"] == "ok"
    assert health["model"]["offline"] is True
    assert "OPENAI_API_KEY" in health["model"]["reason"]
    assert {p["name"] for p in health["plugins"]} >= {"analyst", "writer", "profile_table"}


async def test_agents_are_listed(jp_fetch: Any) -> None:
    """The supervisor first, then the five built-in specialists."""
    agents = (await get(jp_fetch, "agents"))["agents"]
    assert agents[0]["name"] == "supervisor"
    assert {a["name"] for a in agents} == {
        "supervisor",
        "analyst",
        "visualizer",
        "researcher",
        "coder",
        "writer",
    }


@pytest.mark.parametrize("path", [("api", "chat"), ("api", "aichat", "chat")])
async def test_a_posted_message_gets_the_whole_answer(
    jp_fetch: Any, sales: Path, path: tuple[str, ...]
) -> None:
    """The seed's `POST`: one request, one answer, with the ids to go on with."""
    answer = await jp_fetch(
        *path, method="POST", body=json.dumps({"message": "Profile sales.csv"}), request_timeout=60
    )
    body = json.loads(answer.body)
    assert body["role"] == "assistant"
    assert body["agent"] == "supervisor"
    assert "806" in body["content"]
    assert {"thread_id", "message_id", "run_id", "created_at"} <= set(body)


async def test_threads_are_listed_searched_renamed_deleted_and_restored(
    jp_fetch: Any, connect: Connect, sales: Path
) -> None:
    """Two Korean syllables are found inside an inflected word; a deleted thread can be brought back."""
    client = await connect("t1")
    await client.ask("sales.csv 지역별 매출을 알려줘")
    await client.until("title")
    other = await connect("t2")
    await other.ask("hello")
    assert {t["id"] for t in (await get(jp_fetch, "threads"))["threads"]} == {"t1", "t2"}
    found = (await get(jp_fetch, "threads", q="매출"))["threads"]
    assert [t["id"] for t in found] == ["t1"]
    assert found[0]["title"] == "sales.csv 지역별 매출을 알려줘"
    renamed = await get(jp_fetch, "threads", "t1", method="PATCH", body={"title": "분기 보고"})
    assert renamed["title"] == "분기 보고"
    assert (await client.until("title"))["data"]["title"] == "분기 보고"
    await get(jp_fetch, "threads", "t1", method="DELETE")
    assert [t["id"] for t in (await get(jp_fetch, "threads"))["threads"]] == ["t2"]
    assert await refused(jp_fetch, "threads", "t1") == (404, "not_found")
    with pytest.raises(ConnectionError, match="4504"):
        await client.until("never")
    restored = await get(jp_fetch, "threads", "t1", "restore", method="POST", body={})
    assert restored["title"] == "분기 보고"


async def test_the_log_can_be_read_a_page_at_a_time(jp_fetch: Any, connect: Connect) -> None:
    """Pages join to what the socket said."""
    client = await connect("t1")
    await client.ask("hello")
    await client.until("title")
    first = await get(jp_fetch, "threads", "t1", "events", limit="3")
    rest = await get(jp_fetch, "threads", "t1", "events", after="3")
    assert first["events"] + rest["events"] == client.events
    assert rest["head"] == client.events[-1]["seq"]


@pytest.mark.parametrize(
    ("path", "request_", "status", "code"),
    [
        (("threads", "nowhere"), {}, 404, "not_found"),
        (("threads", "nowhere"), {"method": "DELETE"}, 404, "not_found"),
        (("threads", "t1", "events"), {"after": "0", "limit": "ten"}, 400, "bad_request"),
        (("threads",), {"method": "POST", "body": {"title": 7}}, 400, "bad_request"),
        (("chat",), {"method": "POST", "body": {"message": "hi", "thread_id": "../x"}}, 400, "bad_request"),
        (("chat",), {"method": "POST", "body": {"message": "hi", "auto": True}}, 400, "bad_request"),
        (("models", "credentials"), {"method": "PUT", "body": {}}, 400, "bad_request"),
        (
            ("models", "credentials"),
            {"method": "PUT", "body": {"base_url": "not a url", "model": "x"}},
            400,
            "bad_request",
        ),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(
    jp_fetch: Any, path: tuple[str, ...], request_: dict[str, Any], status: int, code: str
) -> None:
    """Status and code, and a sentence without a traceback."""
    assert await refused(jp_fetch, *path, **request_) == (status, code)


async def test_a_model_is_connected_without_a_restart(jp_fetch: Any) -> None:
    """The next message goes there; the key is never told; disconnecting brings the offline analyst back."""
    body = {"base_url": "http://127.0.0.1:9/v1", "model": "m-1", "api_key": "sk-secret-1234"}
    current = await get(jp_fetch, "models", "credentials", method="PUT", body=body)
    assert current["current"]["id"] == "openai:m-1"
    health = await get(jp_fetch, "health")
    assert health["model"]["offline"] is False
    assert "sk-secret" not in json.dumps([current, health])
    await get(jp_fetch, "models", "credentials", method="DELETE")
    assert (await get(jp_fetch, "health"))["model"]["offline"] is True
