"""From the bytes of a streamed answer to its chunks. Pure: bytes in, dictionaries out; no clock, no socket.

The bytes are Server-Sent Events whose data are the JSON chunks of OpenAI's Chat Completions. What is plain text and
arrives together leaves as one chunk: nothing is lost and nothing waits. Failures are kept until the chunks before them
have been taken, so that the text so far reaches the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from jupyter_aichat.agents.models.tool_deltas import ToolDeltas

__all__ = [
    "AnswerCut",
    "AnswerTooLong",
    "AnswerUnreadable",
    "Chunk",
    "Decoder",
    "ErrorEvent",
    "StreamError",
    "StreamLimits",
    "plain_text",
    "reasoning_text",
]

Chunk = dict[str, Any]

LONGEST_LINE = 10_000_000
"""Bytes of one line of the stream; a line is one chunk, mostly 200 bytes."""


class StreamError(Exception):
    """An answer that began and cannot be used to its end."""


class AnswerCut(StreamError):
    """The stream ended before the answer did. `tool` is the tool whose call was being written, if it was one."""

    def __init__(self, tool: str | None = None) -> None:
        super().__init__(
            f"the stream ended in the middle of {f'a call of {tool!r}' if tool else 'the answer'}"
        )
        self.tool = tool


class AnswerUnreadable(StreamError):
    """What came is not a streamed answer. The message says what it was instead."""


class AnswerTooLong(StreamError):
    """A cap was reached. `what` is "answer" or "reasoning", `limit` the cap in characters."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"the {what} is longer than {limit} characters")
        self.what = what
        self.limit = limit


class ErrorEvent(StreamError):
    """The server sent an error in the stream. `body` is what it said."""

    def __init__(self, body: object) -> None:
        message = body.get("message") if isinstance(body, dict) else body
        super().__init__(str(message or "an error without a message"))
        self.body = body


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How long to wait, in seconds, and how much to take, in characters.

    `first_token`: from the request to the first piece of an answer. `idle`: between pieces. Comments that only keep
    the connection open count as silence.
    """

    first_token: float = 300.0
    idle: float = 120.0
    answer: int = 10_000_000
    reasoning: int = 10_000_000


class Decoder:
    """The chunks of one answer. Feed it what was read, then `close` it at the end of the stream."""

    def __init__(self, limits: StreamLimits) -> None:
        self.heard = False
        """The last `feed` had a data event in it, not just comments."""
        self.speaking = False
        """The answer has begun: text, reasoning, a tool call or an end."""
        self.finished = False
        """The server gave a reason for the end of the answer."""
        self.done = False
        """`[DONE]` has come: nothing follows."""
        self.failure: StreamError | None = None
        """Why the stream cannot be read on; what `feed` returned with it is still good."""
        self._limits = limits
        self._answer = 0
        self._reasoning = 0
        self._tools = ToolDeltas()
        self._tail: list[bytes] = []  # of an unfinished line
        self._tail_size = 0
        self._held = b""  # data of an event that goes over several lines
        self._opening = b""  # the first bytes of the body, while there was no event in it
        self._any = False
        self._last: Chunk = {}

    def feed(self, block: bytes) -> list[Chunk]:
        """Take what was read; the chunks that are complete with it. Look at `failure` and `done` afterwards."""
        self.heard = False
        if not self._any and len(self._opening) < 2000:
            self._opening += block[:2000]
        end = block.rfind(b"\n")
        if end < 0:
            self._keep(block)
            return []
        head = b"".join((*self._tail, block[:end]))
        self._tail.clear()
        self._tail_size = 0
        self._keep(block[end + 1 :])
        return self._lines(head)

    def close(self) -> list[Chunk]:
        """Take the end of the stream: the last chunks. Look at `failure` afterwards."""
        chunks = self._lines(b"".join(self._tail)) if self._tail and not self.done else []
        if self.failure is None:
            chunks += self._end()
        return chunks

    def _keep(self, tail: bytes) -> None:
        if tail:
            self._tail.append(tail)
            self._tail_size += len(tail)
            if self._tail_size > LONGEST_LINE:
                self.failure = AnswerUnreadable(f"a line of more than {LONGEST_LINE} bytes")

    def _lines(self, head: bytes) -> list[Chunk]:
        chunks: list[Chunk] = []
        texts: list[str] = []  # of the last chunk, while it and what follows are plain text
        for line in head.split(b"\n"):
            if not line.startswith(b"data:"):
                if line.startswith(b"error:"):  # older llama.cpp names its error events so
                    self.failure = ErrorEvent(_loads(line[6:]))
                elif self._held and not line.strip():
                    self.failure = AnswerUnreadable(f"{_shown(self._held)} is not JSON")
                if self.failure:
                    break
                continue
            data = line[5:]
            if data.strip() == b"[DONE]":
                self.done = True
                break
            try:
                chunk = orjson.loads(self._held + data)
            except ValueError:
                self._held += data + b"\n"
                if len(self._held) > LONGEST_LINE:
                    self.failure = AnswerUnreadable(f"an event of more than {LONGEST_LINE} bytes")
                    break
                continue
            self._held = b""
            self._any = self.heard = True
            if (text := plain_text(chunk)) is not None:
                self._answer += len(text)
                self.speaking = self.speaking or bool(text)
                if texts:
                    texts.append(text)
                else:
                    texts = [text]
                    chunks.append(chunk)
                continue
            _join(chunks, texts)
            texts = []
            chunks += self._unusual(chunk)
            if self.failure:
                break
        _join(chunks, texts)
        if self.failure is None:
            if self._answer > self._limits.answer:
                self.failure = AnswerTooLong("answer", self._limits.answer)
            elif self._reasoning > self._limits.reasoning:
                self.failure = AnswerTooLong("reasoning", self._limits.reasoning)
        return chunks

    def _unusual(self, chunk: Any) -> list[Chunk]:
        """Take a chunk that is more than plain text; what is to be passed on, mended where servers differ."""
        try:
            if error := chunk.get("error") or (chunk if chunk.get("object") == "error" else None):
                self.failure = ErrorEvent(error)
                return []
            choices = chunk.get("choices") or ()
            empty = not chunk.get("usage")
            for choice in choices:
                delta = choice.setdefault("delta", {}) or {}
                calls = delta.pop("tool_calls", None)
                if calls:
                    self._answer += self._tools.take(calls)
                self._answer += len(delta.get("content") or "")
                self._reasoning += len(reasoning_text(delta))
                reason = choice.get("finish_reason")
                more = any(value for key, value in delta.items() if key != "role")
                self.speaking = self.speaking or bool(calls or more or reason)
                empty = empty and bool(calls) and not more and not reason
                if reason:
                    self.finished = True
                    return [*self._release(chunk, cut_short=reason == "length"), chunk]
        except (AttributeError, TypeError, KeyError, ValueError):
            self.failure = AnswerUnreadable(f"{_shown(orjson.dumps(chunk))} is not a chunk of an answer")
            return []
        self._last = chunk
        return [] if choices and empty else [chunk]

    def _release(self, chunk: Chunk, *, cut_short: bool = False) -> list[Chunk]:
        """Let the tool calls go, now that the server has said that they are complete: one chunk like `chunk`."""
        if cut_short and (tool := self._tools.broken()):
            self.failure = AnswerCut(tool)
            return []
        calls = self._tools.release()
        if not calls:
            return []
        choice = {"index": 0, "delta": {"tool_calls": calls}, "finish_reason": None}
        return [{**{key: value for key, value in chunk.items() if key != "usage"}, "choices": [choice]}]

    def _end(self) -> list[Chunk]:
        if not self._any and self.done:
            self.failure = AnswerUnreadable("an empty answer")
        elif not self._any and not self._held:
            self.failure = self._not_a_stream()
        elif not self.finished and not self.done:
            self.failure = AnswerCut()
        else:
            return self._release(self._last)
        return []

    def _not_a_stream(self) -> StreamError:
        opening = self._opening.strip()
        if not opening or opening.startswith(b":"):
            return AnswerCut()
        body = _loads(opening)
        if isinstance(body, dict) and body.get("error"):
            return ErrorEvent(body["error"])
        return AnswerUnreadable(f"{_shown(opening)} is not a stream of events")


def plain_text(chunk: Any) -> str | None:
    """Take the text of a chunk that holds nothing but text; `None` for every other chunk."""
    if type(chunk) is not dict:
        return None
    choices = chunk.get("choices")
    if type(choices) is not list or len(choices) != 1 or chunk.get("usage") or chunk.get("error"):
        return None
    choice = choices[0]
    if (
        type(choice) is not dict
        or choice.get("finish_reason")
        or choice.get("logprobs")
        or choice.get("index")
    ):
        return None
    delta = choice.get("delta")
    if type(delta) is not dict or type(text := delta.get("content")) is not str:
        return None
    for key, value in delta.items():
        if value and key != "content" and not (key == "role" and value == "assistant"):
            return None
    return text


def reasoning_text(delta: dict[str, Any]) -> str:
    """Take the reasoning in a delta, under either of the names that servers use; "" if there is none."""
    text = delta.get("reasoning_content") or delta.get("reasoning")
    return text if isinstance(text, str) else ""


def _join(chunks: list[Chunk], texts: list[str]) -> None:
    if len(texts) > 1:
        chunks[-1]["choices"][0]["delta"]["content"] = "".join(texts)


def _loads(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:
        return data.decode(errors="replace").strip()


def _shown(data: bytes) -> str:
    text = data.strip().decode(errors="replace")
    return repr(text if len(text) <= 100 else f"{text[:100]}…")
