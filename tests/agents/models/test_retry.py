"""Asking again: bounded, and only while nothing of an answer has come."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import openai
import pytest
from langchain_openai import _compat

from jupyter_aichat.agents.models.decode import AnswerCut
from jupyter_aichat.agents.models.retry import RetryPolicy, retry_after, wait_before_retry
from tests.agents.models.conftest import MakeModel
from tests.agents.models.recorded import STREAMS, text
from tests.fakes.raw_http import STREAM_HEAD, Cut, Hold, RawServer, data, response

httpx: Any = _compat.httpx  # the one that the installed SDK stands on
REQUEST = httpx.Request("POST", "http://127.0.0.1/v1")
POLICY = RetryPolicy(retries=2)


def refused(status: int, message: str = "no", **headers: str) -> openai.APIStatusError:
    """Make the SDK's error for a status, with headers (`_` for `-`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = httpx.Response(status, headers=named, request=REQUEST)
    return openai.APIStatusError(message, response=answer, body={"message": message})


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("3600", 3600.0),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_is_read(told: str, seconds: float | None) -> None:
    """Seconds are taken as they are; what is no time is ignored."""
    assert retry_after(refused(429, retry_after=told)) == seconds


def test_retry_after_may_be_a_date() -> None:
    """The header's other form, a date, gives the seconds until then."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    seconds = retry_after(refused(429, retry_after=date))
    assert seconds is not None
    assert 15 < seconds <= 20


def test_milliseconds_go_first() -> None:
    """OpenAI's own header is the exacter one."""
    assert retry_after(refused(429, retry_after_ms="250", retry_after="1")) == 0.25


def test_nothing_told_is_nothing() -> None:
    """Neither an answer without the header nor an error without an answer tells a time."""
    assert retry_after(refused(429)) is None
    assert retry_after(ValueError()) is None


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_what_may_pass_is_asked_again(status: int) -> None:
    """Overload and server faults are asked again, twice, after growing waits."""
    first, second = (wait_before_retry(refused(status), attempt, POLICY) for attempt in (1, 2))
    assert first is not None
    assert second is not None
    assert 0.3 < first <= 0.5 < second <= 1.0
    assert wait_before_retry(refused(status), 3, POLICY) is None


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 413, 422])
def test_what_stays_wrong_is_not_asked_again(status: int) -> None:
    """A wrong key, model or request is wrong the second time too."""
    assert wait_before_retry(refused(status), 1, POLICY) is None


@pytest.mark.parametrize(
    "message", ["You exceeded your current quota (insufficient_quota)", "Request too large for gpt-5"]
)
def test_429_that_no_waiting_mends_is_not_asked_again(message: str) -> None:
    """A used-up quota and a request above the limit fail at once."""
    assert wait_before_retry(refused(429, message), 1, POLICY) is None


def test_server_decides_how_long() -> None:
    """A short Retry-After is honoured, a long one fails at once."""
    assert wait_before_retry(refused(429, retry_after="7"), 1, POLICY) == 7
    assert wait_before_retry(refused(503, retry_after="30"), 1, POLICY) == 30
    assert wait_before_retry(refused(429, retry_after="31"), 1, POLICY) is None
    assert wait_before_retry(refused(429, x_should_retry="false"), 1, POLICY) is None
    assert wait_before_retry(refused(400, x_should_retry="true"), 1, POLICY) is not None


def test_silence_is_not_asked_again_but_a_connection_is() -> None:
    """A connection that fails is tried again; a server that took the request and says nothing is not."""
    silent = openai.APITimeoutError(request=REQUEST)
    assert wait_before_retry(silent, 1, POLICY) is None
    silent.__cause__ = httpx.ReadTimeout("")
    assert wait_before_retry(silent, 1, POLICY) is None
    silent.__cause__ = httpx.ConnectTimeout("")
    assert wait_before_retry(silent, 1, POLICY) is not None
    assert wait_before_retry(openai.APIConnectionError(request=REQUEST), 1, POLICY) is not None


BUSY = response(503, {"error": {"message": "busy"}}, {"Retry-After": "0.01"})
ANSWER = STREAM_HEAD + STREAMS["text"]


@pytest.mark.parametrize("fault", [[BUSY], [Cut()], [b""]], ids=["503", "reset", "closed"])
async def test_before_the_first_token_it_is_asked_again(fault: list[Any], make_model: MakeModel) -> None:
    """A server that fails before its answer begins gets another chance, and the person sees nothing of it."""
    async with RawServer(fault, [ANSWER]) as server:
        message = await make_model(server.url, max_retries=1).ainvoke("hi")
        assert message.text == '안녕 🙂 "q"\n'
        assert len(server.requests) == 2


async def test_it_is_asked_no_more_than_allowed(make_model: MakeModel) -> None:
    """After the last retry the server's own error is raised."""
    async with RawServer([BUSY]) as server:
        with pytest.raises(openai.InternalServerError):
            await make_model(server.url, max_retries=2).ainvoke("hi")
        assert len(server.requests) == 3


async def test_long_retry_after_fails_at_once(make_model: MakeModel) -> None:
    """Told to come back in an hour, it says so now."""
    async with RawServer([response(429, {"error": {"message": "later"}}, {"Retry-After": "3600"})]) as server:
        with pytest.raises(openai.RateLimitError) as caught:
            await make_model(server.url, max_retries=2).ainvoke("hi")
        assert len(server.requests) == 1
    assert retry_after(caught.value) == 3600


async def test_after_the_first_token_it_is_never_asked_again(make_model: MakeModel) -> None:
    """An answer that broke off is not asked for a second time: it would repeat itself."""
    async with RawServer([STREAM_HEAD + data(text("half"))], [ANSWER]) as server:
        with pytest.raises(AnswerCut):
            await make_model(server.url, max_retries=2).ainvoke("hi")
        assert len(server.requests) == 1


async def test_cancel_while_waiting_stops_asking(make_model: MakeModel) -> None:
    """A cancel during the wait between two attempts ends it."""
    later = response(429, {"error": {"message": "later"}}, {"Retry-After": "20"})
    async with RawServer([later], [STREAM_HEAD, Hold()]) as server:
        task = asyncio.create_task(make_model(server.url, max_retries=2).ainvoke("hi"))
        await server.until(lambda: len(server.requests) == 1 and server.open == 0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(server.requests) == 1
