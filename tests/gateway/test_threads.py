"""Threads by REST: name, pin, delete and undo, snapshot, the log in pages, search."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get, refused


async def titles(fetch: Any, **params: str) -> list[str]:
    """The list's titles, in order."""
    return [t["title"] for t in (await get(fetch, "threads", **params))["threads"]]


async def named(fetch: Any, *names: str) -> list[str]:
    """Make threads, the first one first; their ids."""
    made = [await get(fetch, "threads", method="POST", body={"title": name}) for name in names]
    return [m["id"] for m in made]


async def test_a_thread_is_made_empty(jp_fetch: Any) -> None:
    """With an id that nobody can guess, and the title that was given."""
    answer = await jp_fetch("api", "aichat", "threads", method="POST", body='{"title": "  분기   보고 "}')
    made = json.loads(answer.body)
    assert answer.code == 201
    assert (made["title"], made["pinned"], made["running"]) == ("분기 보고", False, False)
    assert len(made["id"]) >= 16
    snapshot = await get(jp_fetch, "threads", made["id"])
    assert (snapshot["messages"], snapshot["title"]) == ([], "분기 보고")


async def test_a_rename_is_an_event_of_the_log(jp_fetch: Any, connect: Connect) -> None:
    """Who looks at the thread sees it; the list and the snapshot have it."""
    (thread_id,) = await named(jp_fetch, "before")
    client = await connect(thread_id)
    await client.read()
    assert (await get(jp_fetch, "threads", thread_id, method="PATCH", body={"title": "뒤"}))["title"] == "뒤"
    assert (await client.until("title"))["data"]["title"] == "뒤"
    assert await titles(jp_fetch) == ["뒤"]
    assert (await get(jp_fetch, "threads", thread_id))["title"] == "뒤"


async def test_a_pinned_thread_stays_on_top(jp_fetch: Any) -> None:
    """Newest first, pinned before all; unpinned it goes back to its place."""
    first, *_ = await named(jp_fetch, "a", "b", "c")
    assert await titles(jp_fetch) == ["c", "b", "a"]
    assert (await get(jp_fetch, "threads", first, method="PATCH", body={"pinned": True}))["pinned"] is True
    assert await titles(jp_fetch) == ["a", "c", "b"]
    await get(jp_fetch, "threads", first, method="PATCH", body={"pinned": False})
    assert await titles(jp_fetch) == ["c", "b", "a"]


@pytest.mark.parametrize(
    "body",
    [
        {"title": 7},
        {"title": "x" * 201},
        {"pinned": "yes"},
        {"pinned": 1},
        {"owner": "ben"},
        {"title": "ok", "id": "other"},
    ],
)
async def test_a_change_that_does_not_fit_changes_nothing(jp_fetch: Any, body: dict[str, Any]) -> None:
    """400, also where a part of it would fit."""
    (thread_id,) = await named(jp_fetch, "as it was")
    assert await refused(jp_fetch, "threads", thread_id, method="PATCH", body=body) == (400, "bad_request")
    (after,) = (await get(jp_fetch, "threads"))["threads"]
    assert (after["title"], after["pinned"]) == ("as it was", False)


@pytest.mark.parametrize(
    "text", ["nope", "[1]", '{"title":"a","title":"b"}', '{"title": NaN}', "[" * 100_000]
)
async def test_a_body_that_is_no_object_is_refused(jp_fetch: Any, text: str) -> None:
    """Strict JSON, by REST as on the socket."""
    with pytest.raises(HTTPClientError) as error:
        await jp_fetch("api", "aichat", "threads", method="POST", body=text)
    assert error.value.code == 400
    assert await titles(jp_fetch) == []


async def test_half_a_character_breaks_nothing(jp_fetch: Any) -> None:
    """A lone surrogate is refused or replaced, never a failure of the store."""
    try:
        await jp_fetch("api", "aichat", "threads", method="POST", body='{"title": "a\\ud800b"}')
    except HTTPClientError as error:
        assert error.code == 400  # noqa: PT017  refusing is as good as replacing
    assert all("\ud800" not in title for title in await titles(jp_fetch))
    assert (await get(jp_fetch, "health"))["store"]["status"] == "ok"


async def test_too_large_a_body_is_refused(jp_fetch: Any) -> None:
    """413 above 1 MiB."""
    body = {"title": "x" * 1_100_000}
    assert await refused(jp_fetch, "threads", method="POST", body=body) == (413, "too_large")


async def test_a_deleted_thread_can_be_brought_back(jp_fetch: Any, connect: Connect) -> None:
    """Gone from the list, the search and every route until it is restored, then as it was; a second undo changes nothing."""
    client = await connect("t1")
    done = await client.ask("what about the harvest?")
    await client.until("title")
    answer = await jp_fetch("api", "aichat", "threads", "t1", method="DELETE")
    assert (answer.code, answer.body) == (204, b"")
    for request in ({}, {"method": "PATCH", "body": {"title": "x"}}, {"method": "DELETE"}):
        assert await refused(jp_fetch, "threads", "t1", **request) == (404, "not_found")
    assert await refused(jp_fetch, "threads", "t1", "events") == (404, "not_found")
    body = {"message": "hi", "thread_id": "t1"}
    assert await refused(jp_fetch, "chat", method="POST", body=body) == (404, "not_found")
    assert await titles(jp_fetch, q="harvest") == []
    with pytest.raises(ConnectionError, match="4504"):
        await (await connect("t1")).until("never")
    for _ in range(2):
        await get(jp_fetch, "threads", "t1", "restore", method="POST", body={})
    snapshot = await get(jp_fetch, "threads", "t1")
    assert snapshot["messages"][-1]["content"] == done["data"]["content"]
    assert (await get(jp_fetch, "threads", "t1", "events"))["events"] == client.events
    assert len(await titles(jp_fetch, q="harvest")) == 1


async def test_a_refusal_names_the_thread_as_the_client_knows_it(jp_fetch: Any) -> None:
    """The owner, who is a part of its key, is not told."""
    with pytest.raises(HTTPClientError) as error:
        await get(jp_fetch, "threads", "nowhere")
    assert error.value.response is not None
    assert json.loads(error.value.response.body)["error"].startswith("There is no thread 'nowhere'.")


async def test_a_snapshot_is_the_fold_of_the_log(jp_fetch: Any, connect: Connect, sales: Path) -> None:
    """Position, messages and runs are those that the socket told, and `reset` has the same."""
    client = await connect("t1")
    done = await client.ask("sales.csv 살펴봐 줘")
    await client.until("title")
    snapshot = await get(jp_fetch, "threads", "t1")
    assert (snapshot["epoch"], snapshot["head"]) == (
        client.frames[0]["data"]["epoch"],
        client.events[-1]["seq"],
    )
    assert snapshot["messages"][0]["role"] == "user"
    assert snapshot["messages"][-1]["content"] == done["data"]["content"]
    reset = await (await connect("t1", after=0)).until("reset")
    assert reset["data"]["snapshot"].items() <= snapshot.items()


async def test_the_log_comes_in_pages(jp_fetch: Any, connect: Connect) -> None:
    """Pages of any size join to the whole; beyond the head there is nothing, and the head is always told."""
    client = await connect("t1")
    await client.ask("hello")
    await client.until("title")
    whole, head = client.events, client.events[-1]["seq"]
    for size in (1, 2, 7, 5000):
        found: list[Any] = []
        while len(found) < head:
            page = await get(jp_fetch, "threads", "t1", "events", after=str(len(found)), limit=str(size))
            assert 1 <= len(page["events"]) <= size
            assert page["head"] == head
            found += page["events"]
        assert found == whole
    for beyond in (head, head + 1, 2**53):
        page = await get(jp_fetch, "threads", "t1", "events", after=str(beyond))
        assert (page["events"], page["head"]) == ([], head)


@pytest.mark.parametrize(
    "params",
    [
        {"after": "-1"},
        {"after": "1.5"},
        {"after": str(2**53 + 1)},
        {"after": "٣"},
        {"limit": "ten"},
        {"limit": "5001"},
        {"limit": ""},
    ],
)
async def test_a_page_that_cannot_be_is_refused(jp_fetch: Any, params: dict[str, str]) -> None:
    """400, never quietly another page."""
    (thread_id,) = await named(jp_fetch, "a")
    assert await refused(jp_fetch, "threads", thread_id, "events", **params) == (400, "bad_request")


async def test_the_list_comes_in_pages(jp_fetch: Any) -> None:
    """`next` leads from page to page; every thread comes once; a position that was not given out is refused."""
    names = [f"n{i}" for i in range(7)]
    await named(jp_fetch, *names)
    found: list[str] = []
    position: dict[str, str] = {}
    while True:
        page = await get(jp_fetch, "threads", limit="3", **position)
        found += [t["title"] for t in page["threads"]]
        if "next" not in page:
            break
        position = {"before": page["next"]}
    assert found == names[::-1]
    assert await refused(jp_fetch, "threads", before="nonsense") == (400, "bad_request")
    assert await refused(jp_fetch, "threads", limit="201") == (400, "bad_request")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("매출", ["지역별 매출을 알려줘"]),
        ("매출을", ["지역별 매출을 알려줘"]),
        ("알려줘 지역", ["지역별 매출을 알려줘"]),
        (unicodedata.normalize("NFD", "매출"), ["지역별 매출을 알려줘"]),
        ("HARVEST", ["The harvest of 2026"]),
        ("2026 harv", ["The harvest of 2026"]),
        ("harvest 매출", []),
        ("100%", []),
        ("_", []),
        ("x') OR 1=1--", []),
        ('"', []),
        ("", ["The harvest of 2026", "지역별 매출을 알려줘"]),
    ],
)
async def test_search_finds_words_anywhere(jp_fetch: Any, query: str, found: list[str]) -> None:
    """Each word, in any case, inside inflected Korean words, composed or not; signs mean themselves."""
    await named(jp_fetch, "지역별 매출을 알려줘", "The harvest of 2026")
    assert await titles(jp_fetch, q=query) == found


async def test_search_finds_what_was_answered(jp_fetch: Any, connect: Connect, sales: Path) -> None:
    """Not only titles: a word of an answer leads to its thread."""
    client = await connect("t1")
    done = await client.ask("Profile sales.csv")
    assert "806" in done["data"]["content"]
    await client.until("title")
    await get(jp_fetch, "threads", "t1", method="PATCH", body={"title": "something else"})
    assert await titles(jp_fetch, q="806") == ["something else"]
    assert await titles(jp_fetch, q="profile sales") == ["something else"]
