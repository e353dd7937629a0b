"""The fake provider refuses what OpenAI refuses, and says what it was told to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.openai_script import Call, Piece, Reason, Say, refusal, reply

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ASKS: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": [CALL]}
SAYS = {"role": "tool", "tool_call_id": "c1", "content": "ok"}
USER = {"role": "user", "content": "hi"}


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([USER, ASKS], "did not have response messages: c1"),
        ([USER, ASKS, USER], "did not have response messages: c1"),
        ([USER, SAYS], "must be a response to"),
        ([USER, ASKS, SAYS, SAYS], "must be a response to"),
        ([USER, {**ASKS, "tool_calls": [CALL, CALL]}, SAYS], "Duplicate value"),
        ([USER, {"role": "assistant", "content": None}], "got null"),
        ([{**USER, "name": "no spaces"}], "messages[0].name"),
        (
            [USER, {**ASKS, "tool_calls": [{**CALL, "function": {"name": "f", "arguments": "{"}}]}, SAYS],
            "JSON object",
        ),
        ([], "too short"),
    ],
)
def test_torn_transcripts_are_refused(messages: list[Any], told: str) -> None:
    """As OpenAI does, with 400."""
    wrong = refusal({"messages": messages}, None)
    assert wrong is not None
    assert told in wrong[0]


def test_a_whole_transcript_is_taken_if_it_is_short_enough() -> None:
    """The limit is in characters, and has OpenAI's code."""
    body = {"messages": [USER, ASKS, SAYS, USER]}
    assert refusal(body, None) is None
    assert (refusal(body, 5) or ("", ""))[1] == "context_length_exceeded"


def tools(*names: str) -> list[Any]:
    """Tools by name."""
    return [{"type": "function", "function": {"name": name}} for name in names]


@pytest.mark.parametrize(
    ("text", "results", "said"),
    [
        ("hi", 0, [Say("Hello "), Say("there.")]),
        ("words=2 think=1", 0, [Reason("thought0 "), Say("w0 "), Say("w1 ")]),
        ("say=a b", 0, [Say("a "), Say("b")]),
        ("use=f:x.csv+g use=h", 0, [Say("Working. "), Call("f", '{"path": "x.csv"}'), Call("g", "{}")]),
        ("use=f:x.csv+g use=h", 2, [Say("Working. "), Call("h", "{}")]),
        ("use=f:x.csv+g use=h words=1", 3, [Say("w0 ")]),
        ('use=f{"a": [1, {"b": 2}]} words=1', 0, [Say("Working. "), Call("f", '{"a": [1, {"b": 2}]}')]),
    ],
)
def test_directives(text: str, results: int, said: list[Piece]) -> None:
    """Steps, calls at once, arguments, words."""
    messages = [{"role": "user", "content": text}, *([{"role": "tool", "content": "r"}] * results)]
    assert reply({"messages": messages, "tools": tools("f")}) == said


def test_a_supervisor_delegates_and_sums_up() -> None:
    """What stands behind the colon is the specialists'."""
    messages = [{"role": "user", "content": "ask=a,b words=1: use=f; words=9"}]
    body = {"messages": messages, "tools": tools("ask_a", "ask_b")}
    assert [piece.arguments for piece in reply(body) if isinstance(piece, Call)] == [
        '{"task": "use=f", "reason": "a knows best"}',
        '{"task": "words=9", "reason": "b knows best"}',
    ]
    messages += [{"role": "tool", "content": "x"}, {"role": "tool", "content": "y"}]
    assert reply(body) == [Say("Summary: "), Say("x | y"), Say("w0 ")]
