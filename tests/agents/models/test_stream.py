"""An open answer over real HTTP: silence, cuts, caps and cancels."""

import asyncio
import random
from typing import Any

import openai
import pytest
from langchain_openai import ChatOpenAI

from jupyter_aichat.agents.models import stream as stream_module
from jupyter_aichat.agents.models.decode import (
    AnswerCut,
    AnswerTooLong,
    AnswerUnreadable,
    StreamError,
    StreamLimits,
)
from jupyter_aichat.agents.models.idle import ServerSilent
from tests.agents.models.conftest import MakeModel
from tests.agents.models.recorded import ROLE, STOP, USAGE, chunk, text, tool
from tests.fakes.raw_http import STREAM_HEAD, Cut, Hold, Pause, RawServer, Step, chunked, data

QUICK = StreamLimits(first_token=0.4, idle=0.2)
KEEPALIVE: list[Step] = [Pause(0.05), b": keepalive\n\n"] * 40


async def ask(model: ChatOpenAI) -> tuple[str, Exception | None]:
    """What was said, and what ended it early."""
    said = ""
    try:
        async for piece in model.astream("hi"):
            said += piece.text
    except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
        return said, error
    return said, None


async def test_stall_in_mid_answer_is_ended(make_model: MakeModel) -> None:
    """A server that falls silent is given up after the idle time; the text so far has come, the server is left."""
    async with RawServer([STREAM_HEAD + data(ROLE, text("so far")), Hold()]) as server:
        said, failure = await ask(make_model(server.url, limits=QUICK))
        await server.until(lambda: server.left == 1)
    assert said == "so far"
    assert isinstance(failure, ServerSilent)
    assert failure.seconds == QUICK.idle


async def test_comments_do_not_hide_a_stall(make_model: MakeModel) -> None:
    """`: keepalive` keeps the connection open and is silence all the same."""
    async with RawServer([STREAM_HEAD + data(ROLE, text("so far")), *KEEPALIVE]) as server:
        said, failure = await ask(make_model(server.url, limits=QUICK))
        await server.until(lambda: server.left == 1)
    assert said == "so far"
    assert isinstance(failure, ServerSilent)


@pytest.mark.parametrize(
    "script",
    [
        [Hold()],
        [STREAM_HEAD, Hold()],
        [STREAM_HEAD, *KEEPALIVE],
        [STREAM_HEAD + data(ROLE), Hold()],
        [STREAM_HEAD, *[step for _ in range(40) for step in (Pause(0.05), data(ROLE))]],
    ],
    ids=["no head", "head only", "comments", "role only", "role again and again"],
)
async def test_first_token_has_its_own_time(script: list[Step], make_model: MakeModel) -> None:
    """Until an answer begins the longer limit counts, from the request on, whatever else the server sends."""
    loop = asyncio.get_running_loop()
    async with RawServer(script) as server:
        begun = loop.time()
        timeout = openai.Timeout(QUICK.first_token)
        said, failure = await ask(make_model(server.url, limits=QUICK, timeout=timeout))
        assert 0.35 < loop.time() - begun < 1.5
        await server.until(lambda: server.left == 1)
    assert said == ""
    assert isinstance(failure, ServerSilent | openai.APITimeoutError)


async def test_slow_answer_is_no_stall(make_model: MakeModel) -> None:
    """An answer may take long, as long as it goes on."""
    words: list[Step] = [step for _ in range(10) for step in (Pause(0.06), data(text("w ")))]
    async with RawServer([STREAM_HEAD, *words, data(STOP, done=True)]) as server:
        said, failure = await ask(make_model(server.url, limits=QUICK))
    assert (said, failure) == ("w " * 10, None)


async def test_server_that_does_not_hang_up_has_finished(
    make_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its reason for the end, an answer is whole, though neither usage nor the end of the stream comes."""
    monkeypatch.setattr(stream_module, "AFTER_THE_END", 0.1)
    async with RawServer([STREAM_HEAD + data(text("whole"), STOP), Hold()]) as server:
        said, failure = await ask(make_model(server.url))
        await server.until(lambda: server.left == 1)
    assert (said, failure) == ("whole", None)


@pytest.mark.parametrize(
    "script",
    [
        [STREAM_HEAD + data(ROLE, text("so far"))],
        [STREAM_HEAD + data(ROLE, text("so far")) + data(text("lost"))[:-9]],
        [STREAM_HEAD + data(ROLE, text("so far"), text("갑"))[:-12]],
        [STREAM_HEAD + data(ROLE, text("so far")), Pause(0.05), Cut()],
        [chunked(data(ROLE, text("so far")), end=False)],
    ],
    ids=["end", "within a line", "within a character", "reset", "incomplete body"],
)
async def test_cut_stream_is_an_error(script: list[Step], make_model: MakeModel) -> None:
    """However a stream breaks off, the text so far has come and the answer does not pass for a whole one."""
    async with RawServer(script) as server:
        said, failure = await ask(make_model(server.url))
    assert (said, type(failure)) == ("so far", AnswerCut), repr(failure.__cause__ if failure else None)


async def test_break_after_the_end_does_no_harm(make_model: MakeModel) -> None:
    """A connection that breaks after the answer's end takes only the count of tokens with it."""
    async with RawServer([STREAM_HEAD + data(text("whole"), STOP), Pause(0.05), Cut()]) as server:
        assert await ask(make_model(server.url)) == ("whole", None)


@pytest.mark.parametrize("keep", range(1, 12))
async def test_cut_tool_call_is_never_made(keep: int, make_model: MakeModel) -> None:
    """Wherever a stream with a tool call breaks off, no piece of the call reaches the agent."""
    whole = data(
        ROLE, text("I "), tool(0, '{"path": "sal', "a", "f"), tool(0, 'es"}'), chunk({}, "tool_calls")
    )
    end = whole.index(b'"finish_reason":"tool_calls"')
    heard: list[Any] = []
    failure: StreamError | None = None
    async with RawServer([STREAM_HEAD + whole[: end * keep // 11]]) as server:
        try:
            async for piece in make_model(server.url).astream("hi"):
                heard += [*piece.tool_calls, *piece.tool_call_chunks, *piece.invalid_tool_calls]
        except StreamError as error:
            failure = error
    assert heard == []
    assert isinstance(failure, AnswerCut)


async def test_broken_arguments_reach_the_agent_as_invalid(make_model: MakeModel) -> None:
    """Arguments that are no JSON are not completed by guessing: the call is listed as invalid, with its text."""
    stream = data(tool(0, '{"path": "sal', "a", "f"), chunk({}, "tool_calls"), done=True)
    async with RawServer([STREAM_HEAD + stream]) as server:
        message = await make_model(server.url).ainvoke("hi")
    assert message.tool_calls == []
    [broken] = message.invalid_tool_calls
    assert broken["name"] == "f"
    assert "sal" in (broken["args"] or "")


async def test_garbage_is_an_error(make_model: MakeModel) -> None:
    """A web page instead of an answer, as a portal sends it, is said to be one."""
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Log in</html>"
    async with RawServer([page]) as server:
        _, failure = await ask(make_model(server.url))
    assert isinstance(failure, AnswerUnreadable)
    assert "<html>" in str(failure)


async def test_endless_answer_is_ended(make_model: MakeModel) -> None:
    """At the cap the stream is closed; the text until there is kept."""
    endless: list[Step] = [data(*[text("x" * 50)] * 20)] * 1000
    async with RawServer([STREAM_HEAD, *endless, Hold()]) as server:
        said, failure = await ask(make_model(server.url, limits=StreamLimits(answer=20_000)))
        await server.until(lambda: server.open == 0)
    assert isinstance(failure, AnswerTooLong)
    assert 20_000 <= len(said) < 40_000


async def test_duplicates_and_empty_choices_are_harmless(make_model: MakeModel) -> None:
    """Chunks without choices and repeated ends change nothing."""
    stream = data({"choices": []}, ROLE, {"choices": None}, text("a"), STOP, STOP, USAGE, USAGE, done=True)
    async with RawServer([STREAM_HEAD + stream]) as server:
        assert await ask(make_model(server.url)) == ("a", None)


async def test_leaving_in_mid_answer_closes_the_stream(make_model: MakeModel) -> None:
    """Whoever stops listening stops the server."""
    async with RawServer([STREAM_HEAD + data(text("a")), Hold()]) as server:
        answer = make_model(server.url).astream("hi")
        assert (await anext(answer)).text == "a"
        await answer.aclose()  # type: ignore[attr-defined]  # LangChain calls its generator an iterator
        await server.until(lambda: server.left == 1)


async def test_every_cancel_stops_the_stream(make_model: MakeModel) -> None:
    """100 cancels at random points of a stream: each is heard at once, and each closes its connection."""
    dice = random.Random(7)
    words: list[Step] = [step for _ in range(400) for step in (data(text("w ")), Pause(0.002))]
    async with RawServer([STREAM_HEAD, *words, Hold()]) as server:
        model = make_model(server.url)
        for _ in range(100):
            task = asyncio.create_task(ask(model))
            await asyncio.sleep(dice.uniform(0, 0.06))
            task.cancel()
            async with asyncio.timeout(2):
                with pytest.raises(asyncio.CancelledError):
                    await task
            await server.until(lambda: server.open == 0, 2)
        assert server.left == len(server.requests)
        assert len(server.requests) > 50
