"""Streams as OpenAI and compatible servers send them, for the tests of the readers."""

from __future__ import annotations

from typing import Any

from tests.fakes.raw_http import data

__all__ = ["STREAMS", "USAGE", "chunk", "text", "tool"]

BASE = {
    "id": "c1",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m-1",
    "system_fingerprint": "fp",
}
COUNTS = {
    "prompt_tokens": 9,
    "completion_tokens": 3,
    "total_tokens": 12,
    "prompt_tokens_details": {"cached_tokens": 4},
    "completion_tokens_details": {"reasoning_tokens": 1},
}


def chunk(
    delta: Any = None, end: str | None = None, choice: dict[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    """One chunk with one choice; `choice` and `fields` are added to the choice and to the chunk."""
    return {
        **BASE,
        "choices": [{"index": 0, "delta": delta, "finish_reason": end, **(choice or {})}],
        **fields,
    }


def text(content: str) -> dict[str, Any]:
    """A chunk of plain text."""
    return chunk({"content": content})


def tool(index: int, arguments: str, call_id: str | None = None, name: str | None = None) -> dict[str, Any]:
    """A chunk with a piece of a tool call."""
    head = {"id": call_id, "type": "function"} if call_id else {}
    function = {"name": name, "arguments": arguments} if name else {"arguments": arguments}
    return chunk({"tool_calls": [{"index": index, **head, "function": function}]})


USAGE = {**BASE, "choices": [], "usage": COUNTS}
ROLE = chunk({"role": "assistant", "content": ""})
STOP = chunk({}, "stop")
FILTER = {"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False}}}

STREAMS: dict[str, bytes] = {
    "text": data(ROLE, text("안녕 "), text('🙂 "q"\n'), STOP, USAGE, done=True),
    "parallel tool calls": data(
        ROLE,
        text("I "),
        tool(0, "", "a", "f"),
        tool(1, "", "b", "g"),
        tool(0, '{"x":'),
        tool(1, '{"y": 2}'),
        tool(0, " 1}"),
        chunk({}, "tool_calls"),
        USAGE,
        done=True,
    ),
    "whole tool call in one chunk": data(
        chunk(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
                ],
            }
        ),
        chunk({}, "tool_calls"),
        done=True,
    ),
    "tool call in the last chunk": data(
        ROLE,
        {
            **tool(0, '{"x": 1}', "a", "f"),
            "choices": [{**tool(0, '{"x": 1}', "a", "f")["choices"][0], "finish_reason": "tool_calls"}],
        },
        done=True,
    ),
    "refusal": data(ROLE, chunk({"refusal": "I can"}), chunk({"refusal": "not"}), STOP, USAGE, done=True),
    "reasoning": data(
        ROLE,
        chunk({"reasoning_content": "hm"}),
        chunk({"reasoning_content": "m"}),
        text("ok"),
        STOP,
        USAGE,
        done=True,
    ),
    "reasoning by its other name": data(
        ROLE, chunk({"content": "", "reasoning": "hmm"}), text("ok"), STOP, done=True
    ),
    "empty choices": data(
        {**BASE, "choices": []}, ROLE, text("a"), {**BASE, "choices": []}, text("b"), STOP, USAGE, done=True
    ),
    "length": data(ROLE, text("cut"), chunk({}, "length"), USAGE, done=True),
    "content filter": data(ROLE, text("b"), chunk({}, "content_filter"), USAGE, done=True),
    "azure": data(
        {**BASE, "choices": [], "prompt_filter_results": [FILTER]},
        ROLE,
        chunk(
            {"content": "hi"},
            choice={"content_filter_results": {"hate": {"severity": "safe"}}, "logprobs": None},
        ),
        chunk({}, "stop", choice={"content_filter_results": {}}),
        USAGE,
        done=True,
    ),
    "usage on every chunk": data(
        chunk({"role": "assistant", "content": "a"}, usage=COUNTS),
        chunk({"content": "b"}, "stop", usage=COUNTS),
        done=True,
    ),
    "logprobs": data(
        ROLE,
        chunk({"content": "a"}, choice={"logprobs": {"content": [{"token": "a", "logprob": -0.1}]}}),
        STOP,
        done=True,
    ),
    "service tier, delta null": data(
        ROLE,
        chunk(None),
        text("a"),
        chunk({}, "stop", service_tier="flex"),
        {**USAGE, "service_tier": "flex"},
        done=True,
    ),
    "crlf and comments": b": keep-alive\r\n\r\n"
    + data(ROLE, text("a"), text("b"), STOP, USAGE, done=True).replace(b"\n", b"\r\n"),
    "no [DONE]": data(ROLE, text("a"), STOP),
    "error in mid-stream": data(
        ROLE, text("a"), {"error": {"message": "overloaded", "type": "server_error", "code": None}}
    ),
    "not json": data(ROLE, text("a"), b"{oops"),
}
"""Everything here has been seen; the reader must make of it what LangChain and the SDK make of it."""
