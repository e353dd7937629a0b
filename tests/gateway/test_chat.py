"""`POST api/aichat/chat` and the seed's `POST api/chat`: a question in, the whole answer out."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.fakes.openai_server import Fail, FakeOpenAI
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get, refused


async def post(fetch: Any, **body: Any) -> Any:
    """An answer."""
    return await get(fetch, "chat", method="POST", body=body)


async def test_the_answer_is_that_of_the_log(provider: FakeOpenAI, jp_fetch: Any) -> None:
    """Text, ids and time are those of the run that the thread's log has; the specialists' words are not the answer."""
    answer = await post(jp_fetch, message="ask=analyst: words=5")
    log = (await get(jp_fetch, "threads", answer["thread_id"], "events"))["events"]
    (done,) = (e for e in log if e["event_type"] == "done")
    assert (answer["content"], answer["created_at"]) == (done["data"]["content"], done["time"])
    assert (answer["run_id"], answer["role"], answer["agent"]) == ("r1", "assistant", "supervisor")
    tokens = [e["data"] for e in log if e["event_type"] == "token"]
    mine = "".join(t["token"] for t in tokens if t["message_id"] == answer["message_id"])
    assert mine == answer["content"]
    assert {t["agent"] for t in tokens} == {"supervisor", "analyst"}


async def test_a_thread_goes_on(jp_fetch: Any, connect: Connect) -> None:
    """The id of the answer leads back to the conversation, also by socket; without an id each question is its own."""
    first = await post(jp_fetch, message="hello")
    second = await post(jp_fetch, message="hello", thread_id=first["thread_id"])
    assert (second["thread_id"], second["run_id"]) == (first["thread_id"], "r2")
    assert (await post(jp_fetch, message="hello"))["thread_id"] != first["thread_id"]
    client = await connect(first["thread_id"])
    assert (await client.read())["data"]["head"] > 0


async def test_a_specialist_can_be_asked_directly(provider: FakeOpenAI, jp_fetch: Any) -> None:
    """The answer is then the specialist's."""
    answer = await post(jp_fetch, message="say=Mine.", agent="writer")
    assert (answer["agent"], answer["content"]) == ("writer", "Mine.")


async def test_a_question_behind_a_run_waits_its_turn(
    provider: FakeOpenAI, jp_fetch: Any, connect: Connect
) -> None:
    """It is answered with its own answer, when the one before it has ended."""
    provider.delay = 0.03
    client = await connect("t1")
    await client.send(type="message", message="words=20")
    answer = await post(jp_fetch, message="say=Second.", thread_id="t1")
    assert (answer["content"], answer["run_id"]) == ("Second.", "r2")


async def test_the_same_client_id_gets_the_same_answer(provider: FakeOpenAI, jp_fetch: Any) -> None:
    """An answer that was lost on its way is asked for again: no second run, also when the first has long ended."""
    body = {"message": "say=Once.", "thread_id": "t1", "client_id": "k1"}
    answers = [await post(jp_fetch, **body) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(provider.asked) == 1
    other = {**body, "message": "say=Twice."}
    assert await refused(jp_fetch, "chat", method="POST", body=other) == (409, "conflict")


async def test_a_run_that_fails_is_a_502(provider: FakeOpenAI, jp_fetch: Any) -> None:
    """With the terminal event's own words, and the ids to look it up."""
    provider.fail(Fail(401))
    with pytest.raises(HTTPClientError) as failed:
        await post(jp_fetch, message="hello", thread_id="t1")
    assert failed.value.code == 502
    assert failed.value.response is not None
    body = json.loads(failed.value.response.body)
    log = (await get(jp_fetch, "threads", "t1", "events"))["events"]
    (error,) = (e["data"] for e in log if e["event_type"] == "error")
    assert body == {**error, "thread_id": "t1", "run_id": "r1"}
    assert body["code"] == "model_auth"


@pytest.mark.parametrize("outcome", ["cancelled", "deleted"])
async def test_somebody_stops_it(provider: FakeOpenAI, jp_fetch: Any, connect: Connect, outcome: str) -> None:
    """A cancel from elsewhere ends the request with what there was; deleting the thread ends it with 404."""
    provider.delay = 0.03
    client = await connect("t1")
    asking = asyncio.ensure_future(post(jp_fetch, message="words=500", thread_id="t1"))
    await client.until("token")
    if outcome == "cancelled":
        await client.send(type="cancel")
        assert (await asking)["content"].startswith("w0")
    else:
        await get(jp_fetch, "threads", "t1", method="DELETE")
        try:
            assert (await asking)["content"].startswith("w0")  # it may have heard of the end first
        except HTTPClientError as gone:
            assert gone.code == 404  # noqa: PT017  one of two good ends


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": 7},
        {"message": "hi", "thread_id": "../x"},
        {"message": "hi", "thread_id": ""},
        {"message": "hi", "thread_id": "a" * 129},
        {"message": "hi", "thread_id": "a/b"},
        {"message": "hi", "thread_id": "a.chat"},
        {"message": "hi", "thread_id": "갑"},
        {"message": "hi", "thread_id": "t1\n"},
        {"message": "hi", "thread_id": 7},
        {"message": "hi", "thread_id": ["t1"]},
        {"message": "hi", "auto_approve": True},
        {"type": "cancel"},
        {"type": "message", "message": "hi", "approvals": "always"},
        {"message": "x" * 200_001},
    ],
)
async def test_what_does_not_fit_is_refused_and_makes_no_thread(jp_fetch: Any, body: dict[str, Any]) -> None:
    """400 with a sentence."""
    assert await refused(jp_fetch, "chat", method="POST", body=body) == (400, "bad_request")
    assert (await get(jp_fetch, "threads"))["threads"] == []


async def test_nothing_is_approved_that_nobody_was_asked(
    distant: FakeOpenAI, jp_fetch: Any, jp_root_dir: Path
) -> None:
    """What needs consent is denied by itself, and the answer comes at once."""
    (jp_root_dir / "notes.txt").write_text("harvest-4711")
    answer = await post(jp_fetch, message="ask=analyst: use=read_file:notes.txt words=1")
    assert answer["content"]
    assert "harvest-4711" not in json.dumps([a.body for a in distant.asked])


async def test_who_can_answer_elsewhere_may_let_it_wait(
    distant: FakeOpenAI, jp_fetch: Any, connect: Connect, jp_root_dir: Path
) -> None:
    """`approvals: wait`: a socket on the same thread decides, and the request gets its answer."""
    (jp_root_dir / "notes.txt").write_text("harvest-4711")
    client = await connect("t1")
    message = "ask=analyst: use=read_file:notes.txt words=1"
    asking = asyncio.ensure_future(post(jp_fetch, message=message, thread_id="t1", approvals="wait"))
    asked = (await client.until("approval_request"))["data"]
    decision = {"approval_id": asked["approval_id"], "digest": asked["digest"], "decision": "approve"}
    await client.send(type="approve", **decision)
    assert "Summary" in (await asking)["content"]
