"""The socket, with a real server and the offline analyst."""

from __future__ import annotations

import asyncio
import csv
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError
from tornado.websocket import websocket_connect

from tests.fakes.client import text_of
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect


async def test_hello_comes_first(connect: Connect) -> None:
    """A new thread has an empty log; the first frame says so and names the protocol."""
    client = await connect("t1")
    hello = await client.read()
    assert hello["event_type"] == "hello"
    assert hello["data"]["protocol"] == 1
    assert hello["data"]["head"] == 0
    assert hello["data"]["approvals"] == []


async def test_a_client_written_for_the_seed_works(jp_ws_fetch: Any, sales: Path) -> None:
    """It knows one address, sends one kind of message, appends tokens and stops at `done`."""
    socket = await jp_ws_fetch("api", "chat", "ws", str(uuid.uuid4()))
    socket.write_message(json.dumps({"message": "Profile sales.csv"}))
    answer, ended = "", False
    while not ended:
        event = json.loads(await socket.read_message())
        if event["event_type"] == "token":
            answer += event["data"]["token"]
        ended = event["event_type"] == "done"
    rows = len(list(csv.DictReader(sales.read_text(encoding="utf-8").splitlines())))
    socket.close()
    assert f"{rows:,}" in answer


@pytest.mark.parametrize("question", ["Profile sales.csv", "sales.csv 살펴봐 줘"])
async def test_the_offline_analyst_profiles_a_file(connect: Connect, sales: Path, question: str) -> None:
    """Asked in English or Korean, the team delegates, reads the file and answers with the right number of rows."""
    client = await connect("t1")
    done = await client.ask(question)
    assert (done["event_type"], done["data"]["outcome"]) == ("done", "completed")
    rows = len(list(csv.DictReader(sales.read_text(encoding="utf-8").splitlines())))
    assert f"{rows:,}" in done["data"]["content"]
    handoff = next(f for f in client.events if f["event_type"] == "agent_change" and "task" in f["data"])
    assert handoff["data"]["path"] == ["supervisor", "analyst"]
    assert "profile_table" in [
        f["data"]["tool"]["name"] for f in client.events if f["event_type"] == "tool_end"
    ]


async def test_the_log_is_gapless_and_closed(connect: Connect, sales: Path) -> None:
    """Numbers without a gap, one terminal event at the end of the run, every call with its end."""
    client = await connect("t1")
    await client.ask("Profile sales.csv")
    await client.until("title")
    events = client.events
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert [e["event_type"] for e in events if e["event_type"] in {"done", "error"}] == ["done"]
    started = [e["data"]["tool"]["call_id"] for e in events if e["event_type"] == "tool_start"]
    ended = [e["data"]["tool"]["call_id"] for e in events if e["event_type"] == "tool_end"]
    assert sorted(started) == sorted(ended)
    assert len(started) >= 2


async def test_done_repeats_the_supervisors_last_message(connect: Connect, sales: Path) -> None:
    """`content` is the answer, byte for byte as its tokens say it."""
    client = await connect("t1")
    done = await client.ask("Profile sales.csv")
    last = [f for f in client.events if f["event_type"] == "token" and f["data"]["agent"] == "supervisor"][-1]
    answer = [f for f in client.events if f["event_type"] == "token"]
    same = [f for f in answer if f["data"]["message_id"] == last["data"]["message_id"]]
    assert text_of(same) == done["data"]["content"]


async def test_a_dropped_socket_goes_on_at_any_token(connect: Connect, sales: Path) -> None:
    """Reopened with `after`, what was missed comes exactly; the joined text is the same."""
    first = await connect("t1")
    await first.ask("Profile sales.csv")
    epoch = first.frames[0]["data"]["epoch"]
    whole = first.events
    for at in range(0, len(whole), 7):
        again = await connect("t1", after=at, epoch=epoch)
        while not again.events or again.events[-1]["seq"] < whole[-1]["seq"]:
            await again.read()
        assert again.events == whole[at:]
        again.close()


async def test_a_drop_in_mid_answer_loses_nothing(connect: Connect, sales: Path) -> None:
    """The run belongs to the server: it goes on without anybody, and a client catches up."""
    first = await connect("t1")
    await first.send(type="message", message="Profile sales.csv")
    await first.until("token")
    seen = first.events
    first.close()
    second = await connect("t1", after=seen[-1]["seq"], epoch=first.frames[0]["data"]["epoch"])
    await second.end()
    joined = seen + second.events
    assert [e["seq"] for e in joined] == list(range(1, len(joined) + 1))


async def test_two_tabs_see_the_same_frames(connect: Connect, sales: Path) -> None:
    """All sockets of a thread get the same events in the same order."""
    one, two = await connect("t1"), await connect("t1")
    await two.read()
    await one.ask("Profile sales.csv")
    await two.end()
    assert one.events[: len(two.events)] == two.events


async def test_without_epoch_a_client_starts_from_a_snapshot(connect: Connect, sales: Path) -> None:
    """`after` alone cannot be trusted: `reset` brings the whole fold and its position."""
    first = await connect("t1")
    done = await first.ask("Profile sales.csv")
    again = await connect("t1", after=0)
    reset = await again.until("reset")
    messages = reset["data"]["snapshot"]["messages"]
    assert reset["data"]["head"] >= done["seq"]
    assert messages[0]["content"] == "Profile sales.csv"
    assert messages[-1]["content"] == done["data"]["content"]
    assert reset["data"]["snapshot"]["runs"][0]["state"] == "completed"


@pytest.mark.parametrize("position", [{"after": 108}, {"after": 1, "epoch": "other"}])
async def test_a_position_that_cannot_be_continued_is_reset(
    connect: Connect, position: dict[str, Any]
) -> None:
    """A position beyond the head or of another epoch is never guessed at."""
    first = await connect("t1")
    await first.ask("hello")
    epoch = first.frames[0]["data"]["epoch"]
    again = await connect("t1", **{"epoch": epoch, **position})
    assert (await again.read())["event_type"] == "hello"
    assert (await again.read())["event_type"] == "reset"


@pytest.mark.parametrize("after", ["-1", "1.5", "9223372036854775808", "ten"])
async def test_a_malformed_position_is_refused_before_the_upgrade(jp_ws_fetch: Any, after: str) -> None:
    """HTTP 400, never quietly live-from-now."""
    with pytest.raises(HTTPClientError) as refused:
        await jp_ws_fetch("api", "aichat", "ws", "t1", params={"after": after})
    assert refused.value.code == 400


async def test_nobody_comes_in_without_credentials(
    jp_ws_fetch: Any, jp_http_port: int, jp_base_url: str
) -> None:
    """403 before the upgrade, on ours and on the seed's address."""
    for path in ("api/aichat/ws/t1", "api/chat/ws/t1"):
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(f"ws://127.0.0.1:{jp_http_port}{jp_base_url}{path}")
        assert refused.value.code == 403


async def test_a_bad_frame_is_answered_and_nothing_happens(connect: Connect) -> None:
    """The socket stays open, the log stays empty, the answer says what was wrong."""
    client = await connect("t1")
    for text, code in [("nope", "bad_json"), ('{"type":"frobnicate"}', "bad_request"), ("", "bad_json")]:
        await client.socket.write_message(text)
        refused = await client.until("error")
        assert refused["data"]["code"] == code
        assert "seq" not in refused
    done = await client.ask("hello")
    assert done["event_type"] == "done"
    assert client.events[0]["seq"] == 1


async def test_twenty_bad_frames_end_the_connection(connect: Connect) -> None:
    """Policy 4508 tells the client to stay away."""
    client = await connect("t1")
    for _ in range(20):
        await client.socket.write_message("nope")
    with pytest.raises(ConnectionError, match="4508"):
        await client.until("never")


async def test_sending_again_with_the_same_client_id_is_one_run(connect: Connect) -> None:
    """A lost `ack` costs nothing: the same id and body name the same run; another body is a conflict."""
    client = await connect("t1")
    acks = [await client.send(type="message", message="hello", client_id="k1") for _ in range(5)]
    assert len({a["data"]["run_id"] for a in acks}) == 1
    other = await client.send(type="message", message="something else", client_id="k1")
    assert other["data"]["code"] == "conflict"
    if not any(f["event_type"] == "done" for f in client.events):
        await client.end()
    assert [f["event_type"] for f in client.events].count("run_start") == 1


async def test_further_messages_wait_their_turn(provider: FakeOpenAI, connect: Connect) -> None:
    """A message behind a run is queued and acked as such; all are answered in order; a full queue refuses."""
    provider.delay = 0.05
    client = await connect("t1")
    await client.send(type="message", message="long please: words=60")
    queued = [await client.send(type="message", message="hello") for _ in range(8)]
    assert [q["data"]["queued"] for q in queued] == list(range(1, 9))
    refused = await client.send(type="message", message="one too many")
    assert refused["data"]["code"] == "busy"
    provider.delay = 0.0
    while [f["event_type"] for f in client.events].count("done") < 9:
        await client.read()
    runs = [f["run_id"] for f in client.events if f["event_type"] == "run_start"]
    assert runs == [f"r{i}" for i in range(1, 10)]


async def test_cancel_stops_the_run_and_what_waits_behind_it(provider: FakeOpenAI, connect: Connect) -> None:
    """Stop means stop: the model's stream is closed, each run has its one `done`, the thread can be used after."""
    provider.delay = 0.05
    client = await connect("t1")
    await client.send(type="message", message="long please: words=200")
    await client.send(type="message", message="hello")
    await client.until("token")
    assert (await client.send(type="cancel"))["event_type"] == "ack"
    while [f["event_type"] for f in client.events].count("done") < 2:
        await client.read()
    assert {f["data"]["outcome"] for f in client.events if f["event_type"] == "done"} == {"cancelled"}
    assert (provider.open, provider.closed_early) == (0, 1)
    provider.delay = 0.0
    assert (await client.ask("hello"))["data"]["outcome"] == "completed"


async def test_nothing_to_cancel_is_fine(connect: Connect) -> None:
    """An `ack`, also on a thread that does not exist."""
    client = await connect("nowhere")
    assert (await client.send(type="cancel"))["event_type"] == "ack"


async def test_a_frame_over_the_limit_closes_with_1009(connect: Connect) -> None:
    """262,144 bytes are handled, one more is not."""
    client = await connect("t1")
    await client.read()
    padding = 262_144 - len('{"message":""}')
    await client.socket.write_message(json.dumps({"message": "x" * padding}, separators=(",", ":")))
    assert (await client.read())["data"]["code"] == "bad_request"  # a message has at most 200,000 characters
    await client.socket.write_message("x" * 262_145)
    with pytest.raises(ConnectionError, match="1009"):
        await client.read()


async def test_a_binary_frame_is_refused(connect: Connect) -> None:
    """Commands are text."""
    client = await connect("t1")
    await client.socket.write_message(b'{"message":"hi"}', binary=True)
    assert (await client.until("error"))["data"]["code"] == "bad_request"


async def test_commands_in_one_segment_are_handled_in_order(connect: Connect) -> None:
    """Each gets its answer, with its own `ref`."""
    client = await connect("t1")
    for i in range(200):
        client.socket.write_message(json.dumps({"type": "cancel", "id": f"x{i}"}))
    refs = [(await client.until("ack"))["data"]["ref"] for _ in range(200)]
    assert refs == [f"x{i}" for i in range(200)]


async def test_answers_of_two_threads_do_not_mix(connect: Connect, sales: Path) -> None:
    """Each thread has its own log."""
    one, two = await connect("a"), await connect("b")
    await asyncio.gather(one.ask("hello"), two.ask("Profile sales.csv"))
    assert "profile_table" not in json.dumps(one.events)
    assert [e["seq"] for e in two.events] == list(range(1, len(two.events) + 1))
