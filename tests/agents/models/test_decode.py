"""From the bytes of a streamed answer to its chunks."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.agents.models.decode import (
    AnswerCut,
    AnswerTooLong,
    AnswerUnreadable,
    Chunk,
    Decoder,
    ErrorEvent,
    StreamLimits,
    plain_text,
)
from tests.agents.models.recorded import ROLE, STOP, STREAMS, USAGE, chunk, text, tool
from tests.fakes.raw_http import data

SEEN = [text("안녕"), text(" 🙂"), tool(0, '{"x":', "a", "f"), tool(0, " 1}"), chunk({}, "tool_calls"), USAGE]


def decode(*blocks: bytes, limits: StreamLimits | None = None) -> tuple[list[Chunk], Decoder]:
    """Feed the blocks as a stream does, and close."""
    decoder = Decoder(limits or StreamLimits())
    chunks: list[Chunk] = []
    for block in blocks:
        chunks += decoder.feed(block)
        if decoder.failure or decoder.done:
            break
    if decoder.failure is None:
        chunks += decoder.close()
    return chunks, decoder


def said(chunks: list[Chunk]) -> str:
    """Join the text of all chunks."""
    return "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])


def calls(chunks: list[Chunk]) -> list[tuple[str, str]]:
    """List the names and arguments of all tool calls."""
    found: list[dict[str, Any]] = []
    for one in chunks:
        for choice in one["choices"]:
            found += (choice["delta"] or {}).get("tool_calls") or []
    return [(call["function"]["name"], call["function"]["arguments"]) for call in found]


@given(st.sets(st.integers(0, len(data(*SEEN, done=True)))))
def test_cutting_the_stream_into_reads_changes_nothing(cuts: set[int]) -> None:
    """However the bytes arrive, in the middle of a character or a line, text and calls are the same."""
    stream = data(*SEEN, done=True)
    edges = [0, *sorted(cuts), len(stream)]
    chunks, decoder = decode(*(stream[a:b] for a, b in pairwise(edges)))
    assert decoder.failure is None
    assert said(chunks) == "안녕 🙂"
    assert calls(chunks) == [("f", '{"x": 1}')]
    assert chunks[-1]["usage"]["total_tokens"] == 12


def test_text_that_arrives_together_is_one_chunk() -> None:
    """Neighbouring plain text of one read leaves as one chunk; what is more than text stays apart."""
    chunks, _ = decode(
        data(text("a"), text("b"), chunk({"reasoning_content": "r"}), text("c"), text("d"), STOP)
    )
    assert [c["choices"][0]["delta"].get("content") for c in chunks] == ["ab", None, "cd", None]


def test_tool_call_leaves_when_the_answer_ends() -> None:
    """Half a call is never passed on; the whole one comes before the chunk that says why the answer ended."""
    decoder = Decoder(StreamLimits())
    assert calls(decoder.feed(data(tool(0, '{"x":', "a", "f"), tool(0, "1}")))) == []
    chunks = decoder.feed(data(chunk({}, "tool_calls")))
    assert calls(chunks) == [("f", '{"x":1}')]
    assert [c["choices"][0]["finish_reason"] for c in chunks] == [None, "tool_calls"]


def test_done_without_a_reason_ends_the_answer_too() -> None:
    """Servers that send `[DONE]` and no finish_reason are understood, calls included."""
    chunks, decoder = decode(data(text("a"), tool(0, "{}", "a", "f"), done=True))
    assert decoder.failure is None
    assert calls(chunks) == [("f", "{}")]


@pytest.mark.parametrize("keep", range(0, len(data(ROLE, text("안녕"), tool(0, '{"x": 1}', "a", "f"))), 7))
def test_a_stream_that_is_cut_anywhere_is_no_answer(keep: int) -> None:
    """Without a reason for the end and without `[DONE]`, the answer is cut, and no tool call comes of it."""
    chunks, decoder = decode(data(ROLE, text("안녕"), tool(0, '{"x": 1}', "a", "f"))[:keep])
    assert isinstance(decoder.failure, AnswerCut), decoder.failure
    assert calls(chunks) == []


def test_call_that_the_length_limit_cut_is_not_passed_on() -> None:
    """A call whose arguments stop at the model's output limit is cut, and named."""
    chunks, decoder = decode(data(tool(0, '{"path": "sal', "a", "read_file"), chunk({}, "length"), done=True))
    assert calls(chunks) == []
    assert isinstance(decoder.failure, AnswerCut)
    assert decoder.failure.tool == "read_file"


def test_broken_arguments_of_a_whole_answer_reach_the_agent_as_such() -> None:
    """When the model wrote no JSON, its words go on as a string: no tool takes them, and the agent can be told."""
    chunks, decoder = decode(
        data(tool(0, '{"path": "sal', "a", "read_file"), chunk({}, "tool_calls"), done=True)
    )
    assert decoder.failure is None
    assert calls(chunks) == [("read_file", '"{\\"path\\": \\"sal"')]


@pytest.mark.parametrize(
    "bad",
    [
        b"{oops",
        b'{"choices": [{"delta": {"content": "\xff\xfe"}}]}',
        b"[1, 2]",
        b'"text"',
        b'{"choices": [1]}',
        b'{"choices": [{"delta": "text"}]}',
        b'{"choices": [{"delta": {"tool_calls": "f"}}]}',
        b'{"choices": [{"delta": {"content": 7}}]}',
    ],
)
def test_garbage_is_named_and_the_text_before_it_kept(bad: bytes) -> None:
    """What is no chunk ends the reading with a sentence that quotes it; what came before is passed on."""
    chunks, decoder = decode(data(ROLE, text("kept"), bad, text("lost"), STOP))
    assert said(chunks) == "kept"
    assert isinstance(decoder.failure, AnswerUnreadable)


def test_event_of_several_lines_is_one_chunk() -> None:
    """JSON that goes over several `data:` lines of one event is read as a whole."""
    event = b'data: {"choices": [{"index": 0,\ndata: "delta": {"content": "a"}}]}\n\n'
    chunks, decoder = decode(event + data(STOP))
    assert decoder.failure is None
    assert said(chunks) == "a"


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (data({"error": {"message": "overloaded", "code": 503}}), "overloaded"),
        (data({"error": "out of memory"}), "out of memory"),
        (data({"object": "error", "message": "too much", "code": 400}), "too much"),
        (b'error: {"code": 500, "message": "slot gone"}\n\n', "slot gone"),
        (b'{"error": {"message": "not as a stream"}}', "not as a stream"),
    ],
)
def test_errors_in_the_stream_are_found(stream: bytes, message: str) -> None:
    """Servers report an error in mid-stream in several forms; each is recognised with its message."""
    _, decoder = decode(stream)
    assert isinstance(decoder.failure, ErrorEvent)
    assert str(decoder.failure) == message


@pytest.mark.parametrize(
    "body", [b"<html><body>Portal</body></html>", b'{"choices": []}', b"404 page not found"]
)
def test_what_is_no_stream_is_said(body: bytes) -> None:
    """An answer that is no stream of events at all is quoted."""
    _, decoder = decode(body)
    assert isinstance(decoder.failure, AnswerUnreadable)
    assert "not a stream" in str(decoder.failure)


@pytest.mark.parametrize("stream", [b"", b": keepalive\n\n"])
def test_stream_without_anything_is_cut(stream: bytes) -> None:
    """An end before the first event is a cut."""
    _, decoder = decode(stream)
    assert isinstance(decoder.failure, AnswerCut)


def test_done_alone_is_no_answer() -> None:
    """`[DONE]` without anything before it is nothing that could be shown."""
    _, decoder = decode(data(done=True))
    assert isinstance(decoder.failure, AnswerUnreadable)


@pytest.mark.parametrize(
    ("piece", "what"),
    [
        (text("x" * 10), "answer"),
        (tool(0, "x" * 10, "a", "f"), "answer"),
        (chunk({"content": "x" * 10}, choice={"logprobs": {"content": []}}), "answer"),
        (chunk({"reasoning_content": "x" * 10}), "reasoning"),
        (chunk({"reasoning": "x" * 10}), "reasoning"),
    ],
)
def test_endless_answers_are_ended(piece: dict[str, Any], what: str) -> None:
    """Text, arguments and reasoning each count towards a cap; what came until then is kept."""
    limits = StreamLimits(answer=95, reasoning=95)
    decoder = Decoder(limits)
    fed = 0
    while decoder.failure is None:
        decoder.feed(data(piece))
        fed += 1
    assert isinstance(decoder.failure, AnswerTooLong)
    assert (decoder.failure.what, decoder.failure.limit, fed) == (what, 95, 10)


def test_line_without_an_end_is_given_up() -> None:
    """A line that never ends does not fill the memory."""
    decoder = Decoder(StreamLimits())
    fed = 0
    while decoder.failure is None:
        decoder.feed(b"x" * 1_000_000)
        fed += 1
    assert fed == 11


def test_it_says_whether_the_server_has_said_anything() -> None:
    """Comments are silence, the role alone is no answer yet, and reasoning, text and calls are."""
    decoder = Decoder(StreamLimits())
    for block, heard, speaking in (
        (b": keepalive\n\n", False, False),
        (data(ROLE), True, False),
        (data({"choices": []}), True, False),
        (data(chunk({"reasoning_content": "hm"})), True, True),
        (b": keepalive\n\n", False, True),
    ):
        decoder.feed(block)
        assert (decoder.heard, decoder.speaking) == (heard, speaking)
    assert not decoder.finished
    decoder.feed(data(STOP))
    assert decoder.finished


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_plain_text_is_text_and_nothing_else(name: str) -> None:
    """A chunk counts as plain only when nothing would be lost by taking its text alone."""
    chunks, _ = decode(STREAMS[name])
    for one in chunks:
        if plain_text(one) is not None:
            choice = one["choices"][0]
            assert set(choice["delta"]) <= {"role", "content"}
            assert not choice["finish_reason"]
            assert not one.get("usage")
