"""The fast reading against LangChain's own, over real HTTP: the same messages, the same errors, the same requests."""

import functools
import operator
import time
from collections.abc import Sequence
from typing import Any

import openai
import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import ModelRetryMiddleware
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from langchain_openai._compat import httpx  # the one that the installed SDK stands on

from jupyter_aichat.agents.models.decode import AnswerUnreadable
from jupyter_aichat.agents.models.fast_model import REASONING, FastChatOpenAI
from tests.agents.models.closing import close
from tests.agents.models.conftest import MakeModel
from tests.agents.models.recorded import ROLE, STOP, STREAMS, USAGE, chunk, text, tool
from tests.fakes.raw_http import STREAM_HEAD, RawServer, data, response

WEATHER = {
    "type": "function",
    "function": {
        "name": "f",
        "description": "d",
        "parameters": {"type": "object", "properties": {"t": {"type": "string"}}},
    },
}


async def collect(model: ChatOpenAI, question: Any = "hi") -> tuple[AIMessageChunk | None, Exception | None]:
    """The whole answer as one message, and what ended it early."""
    pieces: list[AIMessageChunk] = []
    failure = None
    try:
        async for piece in model.astream(question):
            pieces.append(piece)  # noqa: PERF401  a comprehension would lose them with the exception
    except Exception as error:  # noqa: BLE001  whatever it is, it is compared
        failure = error
    return (functools.reduce(operator.add, pieces) if pieces else None), failure


def compared(message: AIMessageChunk | None) -> Any:
    """What two readings of one stream must agree on; ids of calls and of runs are each reader's own."""
    if message is None:
        return None
    for call in (*message.tool_calls, *message.invalid_tool_calls, *message.tool_call_chunks):
        assert call["id"]
        call["id"] = "…"
    kept = message.model_dump(exclude={"id"})
    kept["additional_kwargs"].pop(REASONING, None)
    return without_none(kept)


def without_none(value: Any) -> Any:
    """Leave out what is None: one reading leaves such fields out, the other fills them in."""
    if isinstance(value, dict):
        return {key: without_none(part) for key, part in value.items() if part is not None}
    return [without_none(part) for part in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("name", [name for name in sorted(STREAMS) if name != "not json"])
async def test_recorded_streams_are_read_alike(name: str, make_model: MakeModel) -> None:
    """Each recorded stream gives the same message, usage and error as LangChain's own class gives."""
    async with RawServer([STREAM_HEAD + STREAMS[name]]) as server:
        stock, stock_failure = await collect(make_model(server.url, ChatOpenAI))
        fast, fast_failure = await collect(make_model(server.url))
    assert compared(fast) == compared(stock)
    assert type(fast_failure) is type(stock_failure)
    assert str(fast_failure) == str(stock_failure)


async def test_broken_json_has_an_error_of_our_own(make_model: MakeModel) -> None:
    """Where the library lets a parser's error through, ours quotes what came; the text before it is the same."""
    async with RawServer([STREAM_HEAD + STREAMS["not json"] + b"\n"]) as server:
        _, stock_failure = await collect(make_model(server.url, ChatOpenAI))
        fast, fast_failure = await collect(make_model(server.url))
    assert type(stock_failure).__name__ == "JSONDecodeError"
    assert isinstance(fast_failure, AnswerUnreadable)
    assert "{oops" in str(fast_failure)
    assert fast is not None
    assert fast.text == "a"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
async def test_refusals_are_the_same(status: int, make_model: MakeModel) -> None:
    """An HTTP status becomes the same exception, with the same message."""
    refusal = response(status, {"error": {"message": "no", "type": "t", "param": None, "code": None}})
    async with RawServer([refusal]) as server:
        _, stock_failure = await collect(make_model(server.url, ChatOpenAI))
        _, fast_failure = await collect(make_model(server.url))
    assert stock_failure is not None
    assert type(fast_failure) is type(stock_failure)
    assert str(fast_failure) == str(stock_failure)


async def test_nobody_there_is_the_same(make_model: MakeModel) -> None:
    """A port where nobody listens becomes the same exception."""
    async with RawServer([b""]) as server:
        url = server.url
    _, stock_failure = await collect(make_model(url, ChatOpenAI))
    _, fast_failure = await collect(make_model(url))
    assert isinstance(fast_failure, openai.APIConnectionError)
    assert type(fast_failure) is type(stock_failure)


async def test_requests_are_the_same(make_model: MakeModel) -> None:
    """Path, body and authorization are what LangChain's class sends, with tools and a body of the user's own."""
    question: list[BaseMessage] = [
        HumanMessage("안녕"),
        AIMessage("I will", tool_calls=[{"id": "c0", "name": "f", "args": {"t": "안녕"}}]),
        ToolMessage("r", tool_call_id="c0"),
    ]
    async with RawServer([STREAM_HEAD + STREAMS["text"]]) as server:
        for kind in (ChatOpenAI, FastChatOpenAI):
            model = make_model(server.url, kind, max_tokens=3, extra_body={"top_k": 3}).bind_tools([WEATHER])
            assert [piece async for piece in model.astream(question)]
        stock, fast = server.requests
    assert fast.json == stock.json
    assert fast.json["messages"][0] == {"role": "user", "content": "안녕"}
    assert fast.json["stream_options"] == {"include_usage": True}
    assert (fast.method, fast.path, fast.headers["authorization"]) == (
        "POST",
        "/v1/chat/completions",
        "Bearer x",
    )
    assert (stock.method, stock.path, stock.headers["authorization"]) == (
        "POST",
        "/v1/chat/completions",
        "Bearer x",
    )


@pytest.mark.parametrize("name", ["reasoning", "reasoning by its other name"])
async def test_reasoning_is_kept(name: str, make_model: MakeModel) -> None:
    """Reasoning, which the library drops, is in the message, under one name."""
    async with RawServer([STREAM_HEAD + STREAMS[name]]) as server:
        message, _ = await collect(make_model(server.url))
    assert message is not None
    assert message.additional_kwargs[REASONING] == "hmm"
    assert message.text == "ok"


async def test_call_ids_are_ours_and_never_repeat(make_model: MakeModel) -> None:
    """A server that says `call_0` in every answer, or nothing, gets other ids from us."""
    answers = [
        data(ROLE, tool(0, "{}", "call_0", "f"), tool(1, "{}", None, "g"), chunk({}, "tool_calls"), done=True)
    ]
    ids = []
    async with RawServer([STREAM_HEAD + answers[0]]) as server:
        for _ in range(3):
            message, failure = await collect(make_model(server.url))
            assert message is not None, failure
            ids += [call["id"] for call in message.tool_calls]
    assert len(ids) == len(set(ids)) == 6
    assert all(i is not None and len(i) == 10 and i.startswith("c") for i in ids)


async def test_chunks_that_do_not_fit_are_garbage(make_model: MakeModel) -> None:
    """Where a chunk has a form that LangChain cannot convert, the error says so, instead of a KeyError."""
    async with RawServer(
        [STREAM_HEAD + data(text("a"), {**USAGE, "usage": {"prompt_tokens": "many"}}, STOP)]
    ) as server:
        message, failure = await collect(make_model(server.url))
    assert isinstance(failure, AnswerUnreadable)
    assert message is not None


class _Retries(BaseCallbackHandler):
    """Hears of retries, as a team does."""

    run_inline = True

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    def on_custom_event(self, name: str, data: Any, **_: Any) -> None:
        self.heard.append((name, data))


async def test_agent_hears_of_retries(make_model: MakeModel) -> None:
    """Inside of a graph, a retry is a custom event of LangChain's, before the wait begins."""
    busy = response(429, {"error": {"message": "slow down"}}, {"Retry-After": "0.01"})
    heard = _Retries()
    async with RawServer([busy], [STREAM_HEAD + STREAMS["text"]]) as server:
        agent = create_agent(make_model(server.url, max_retries=2), [])
        await agent.ainvoke({"messages": [HumanMessage("hi")]}, {"callbacks": [heard]})
        assert len(server.requests) == 2
    assert heard.heard == [("model_retry", {"attempt": 2, "attempts": 3, "seconds": 0.01, "status": 429})]


async def test_retries_of_others_work_too(make_model: MakeModel) -> None:
    """LangChain's own middleware for retries sees the errors it expects."""
    retry = ModelRetryMiddleware(max_retries=2, initial_delay=0.01, jitter=False)
    async with RawServer(
        [response(500, {"error": {"message": "no"}})], [STREAM_HEAD + STREAMS["text"]]
    ) as server:
        agent = create_agent(make_model(server.url), [], middleware=[retry])
        result = await agent.ainvoke({"messages": [HumanMessage("hi")]})
        assert len(server.requests) == 2
    assert result["messages"][-1].text == '안녕 🙂 "q"\n'


async def test_what_is_not_streamed_goes_the_stock_way(make_model: MakeModel) -> None:
    """A call without a stream is answered by the SDK, with its own retries."""
    whole = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "whole"}, "finish_reason": "stop"}
        ],
    }
    async with RawServer([response(503, {}, {"Retry-After": "0.01"})], [response(200, whole)]) as server:
        model = make_model(server.url, streaming=False, max_retries=1)
        assert (await model.ainvoke("hi")).text == "whole"
        assert len(server.requests) == 2


async def test_responses_api_goes_the_stock_way(make_model: MakeModel) -> None:
    """OpenAI's other protocol is not touched: its path is asked."""
    async with RawServer([response(404, {"error": {"message": "none here"}})]) as server:
        _, failure = await collect(make_model(server.url, use_responses_api=True))
        assert [request.path for request in server.requests] == ["/v1/responses"]
    assert isinstance(failure, openai.NotFoundError)


async def test_chunk_timeout_of_the_library_is_off(make_model: MakeModel) -> None:
    """With it, one cancel in four would not stop the stream."""
    assert make_model("http://127.0.0.1:9/v1").stream_chunk_timeout is None


class _Burst(httpx.AsyncByteStream):
    def __init__(self, blocks: Sequence[bytes]) -> None:
        self.blocks = blocks

    async def __aiter__(self) -> Any:
        for block in self.blocks:
            yield block


class _Transport(httpx.AsyncBaseTransport):
    """Answers in this process, one event per read, so that only the reading is measured."""

    def __init__(self, blocks: Sequence[bytes]) -> None:
        self.blocks = blocks

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=_Burst(self.blocks))


async def test_a_token_costs_a_fraction_of_what_it_did(record_property: Any) -> None:
    """The fast reading takes less CPU than the stock one; both figures are reported, only the order is asserted."""
    tokens = 1000
    blocks = [data(ROLE), *(data(text(f"t={n:06d} ")) for n in range(tokens)), data(STOP, USAGE, done=True)]
    cost = {}
    for kind in (ChatOpenAI, FastChatOpenAI):
        client = httpx.AsyncClient(transport=_Transport(blocks))
        model = kind(model="m", base_url="http://127.0.0.1:9/v1", api_key="x", http_async_client=client)
        spent = []
        for _ in range(4):
            begun = time.process_time()
            characters = sum([len(piece.text) async for piece in model.astream("hi")])
            spent.append((time.process_time() - begun) / tokens * 1e6)
            assert characters == 9 * tokens
        cost[kind.__name__] = min(spent)
        await close(model)
    for name, microseconds in cost.items():
        record_property(f"{name}: µs of CPU per token", round(microseconds, 1))
        print(f"{name}: {microseconds:.1f} µs of CPU per token")  # noqa: T201  the report of a measurement
    assert cost["FastChatOpenAI"] < cost["ChatOpenAI"]
