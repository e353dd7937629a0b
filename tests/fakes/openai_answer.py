"""The fake server's answers in the form of OpenAI's Chat Completions: a stream of chunks, or one body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.openai_script import Call, Orders, Reason, Say, reply, text_of

__all__ = ["chunks", "whole"]

CREATED = 1_700_000_000


def chunks(
    body: Mapping[str, Any], call_ids: Iterator[str], orders: Orders | None = None
) -> list[dict[str, Any] | str]:
    """The whole stream, as the `data:` of its events; the last one is `[DONE]`. Arguments come in two halves."""
    pieces = reply(body, orders)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    calls = 0
    for piece in pieces:
        if isinstance(piece, Say):
            deltas.append({"content": piece.text})
        elif isinstance(piece, Reason):
            deltas.append({"reasoning_content": piece.text})
        else:
            half = len(piece.arguments) // 2
            first = {"index": calls, "id": next(call_ids), "type": "function"}
            deltas.append({"tool_calls": [{**first, "function": {"name": piece.name, "arguments": ""}}]})
            deltas += [
                {"tool_calls": [{"index": calls, "function": {"arguments": part}}]}
                for part in (piece.arguments[:half], piece.arguments[half:])
            ]
            calls += 1
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": CREATED, "model": body["model"]}
    out: list[dict[str, Any] | str] = [
        {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    end = "tool_calls" if calls else "stop"
    out.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": end}]})
    if (body.get("stream_options") or {}).get("include_usage"):
        out.append({**base, "choices": [], "usage": _usage(body, len(pieces))})
    return [*out, "[DONE]"]


def whole(body: Mapping[str, Any], call_ids: Iterator[str]) -> dict[str, Any]:
    """The answer to a request that does not stream."""
    pieces = reply(body)
    message: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(piece.text for piece in pieces if isinstance(piece, Say)),
    }
    calls = [piece for piece in pieces if isinstance(piece, Call)]
    if calls:
        message["tool_calls"] = [
            {
                "id": next(call_ids),
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in calls
        ]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": CREATED,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}],
        "usage": _usage(body, len(pieces)),
    }


def _usage(body: Mapping[str, Any], completion: int) -> dict[str, Any]:
    prompt = sum(len(text_of(message.get("content"))) for message in body["messages"]) // 4 + 1
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
