"""GraphReader: from the stream of a foreign graph (LangGraph's version 2) to our events.

Tokens come as `messages`. What a node gives comes as `updates`, in whatever form it gave it; what became of it in the graph's
state, where a pair ("ai", "text") is a message too, comes as `values`.

All that the graph says is said by the supervisor, whose place it has: which of its parts spoke is its own affair. Its ids
are not trusted to be unique within our thread: messages and calls get ids of ours.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, BaseMessage, ToolMessage
from langgraph.types import StreamMode

from jupyter_aichat.agents.calls import calls_of
from jupyter_aichat.agents.cutting import OUTPUT_BYTES, shortened
from jupyter_aichat.agents.spec import SUPERVISOR
from jupyter_aichat.agents.tap import thought_of
from jupyter_aichat.errors import RunFailed
from jupyter_aichat.protocol.events import Reasoning, Token, ToolCall, ToolStatus, Usage

if TYPE_CHECKING:
    from jupyter_aichat.agents.scope import RunScope

__all__ = ["MODES", "GraphReader"]

MODES: Final[list[StreamMode]] = ["messages", "updates", "values"]
"""What the stream has to consist of."""


class GraphReader:
    """Reads one run of a graph. `given` are the messages that went in: they may come back, and are not said again."""

    def __init__(self, scope: RunScope, entry: str, given: Sequence[AnyMessage]) -> None:
        self._scope = scope
        self._entry = entry
        self._given = {message.id for message in given}
        self._messages: dict[str, str] = {}  # the graph's ids, and ours
        self._streamed: dict[str, AIMessageChunk] = {}  # messages that are coming in, for the calls in them
        self._heard: set[str] = set()  # messages whose text, if any, was told
        self._answered = False
        self._calls: dict[str, str] = {}  # the graph's ids of calls, and ours

    def take(self, part: Mapping[str, Any]) -> None:
        """Take a part of the stream. Raises `RunFailed` where the graph stops to ask something."""
        if part["type"] == "messages":
            message, about = part["data"]
            if isinstance(message, AIMessageChunk):
                self._chunk(message, message.id or str(about.get("langgraph_checkpoint_ns", "")))
            else:
                self._whole(message)
        elif part["type"] == "updates":
            if "__interrupt__" in part["data"]:
                raise RunFailed(
                    "internal",
                    f"The graph {self._entry} stopped to ask something with interrupt(); that is not supported here.",
                )
            for update in part["data"].values():
                for message in _messages_in(update):
                    self._whole(message)
        elif part["type"] == "values":
            for message in _messages_in(part["data"]):
                self._whole(message)

    def end(self) -> None:
        """The graph has ended. Raises `RunFailed` where it has said nothing."""
        if not self._answered:
            raise RunFailed(
                "internal",
                f"The graph {self._entry} ended without an answer: it put no text of an AIMessage into `messages`.",
            )

    def _chunk(self, chunk: AIMessageChunk, known: str) -> None:
        self._heard.add(known)
        if thought := thought_of(chunk):
            self._scope.put(Reasoning(token=thought, agent=SUPERVISOR, message_id=self._message(known)))
        self._say(known, chunk.text)
        if used := chunk.usage_metadata:
            self._used(used["input_tokens"], used["output_tokens"])
        if chunk.tool_call_chunks:
            before = self._streamed.get(known)
            whole = chunk if before is None else before + chunk
            self._streamed[known] = whole
        if chunk.chunk_position == "last" and (done := self._streamed.pop(known, None)) is not None:
            self._start(done, known)

    def _whole(self, message: BaseMessage) -> None:
        if message.id is None:
            message.id = secrets.token_urlsafe(9)  # by which it is known when it comes again
        known = message.id
        if known in self._given:
            return
        if isinstance(message, ToolMessage):
            self._ended(message)
        elif isinstance(message, AIMessage):
            if known not in self._heard:
                self._heard.add(known)
                self._say(
                    known, message.text
                )  # of a node that made it by itself, or a model that does not stream
                if used := message.usage_metadata:
                    self._used(used["input_tokens"], used["output_tokens"])
            self._start(message, known)

    def _say(self, known: str, text: str) -> None:
        if text:
            self._answered = True
            self._scope.put(Token(token=text, agent=SUPERVISOR, message_id=self._message(known)))

    def _used(self, taken: int, given: int) -> None:
        model = self._scope.choices[SUPERVISOR].id
        self._scope.put(Usage(agent=SUPERVISOR, model=model, input_tokens=taken, output_tokens=given))

    def _start(self, message: AIMessage, known: str) -> None:
        for call in calls_of(message):
            if (theirs := call["id"] or "") not in self._calls:
                self._started(theirs, call["name"], call["args"], known)

    def _started(self, theirs: str, name: str, args: dict[str, Any], known: str) -> None:
        self._calls[theirs] = "c" + secrets.token_urlsafe(7)[:9]
        call = ToolCall(call_id=self._calls[theirs], name=name, args=args)
        self._scope.tool_started(call, SUPERVISOR, self._message(known))

    def _ended(self, message: ToolMessage) -> None:
        theirs, name = message.tool_call_id, message.name or "tool"
        if theirs not in self._calls:
            self._started(theirs, name, {}, message.id or theirs)
        text = shortened(message.text, OUTPUT_BYTES)
        status: ToolStatus = "error" if message.status == "error" else "ok"
        self._scope.tool_ended(self._calls[theirs], name, text, status, SUPERVISOR)

    def _message(self, known: str) -> str:
        """Our id of a message."""
        if known not in self._messages:
            self._messages[known] = self._scope.context.new_message_id()
        return self._messages[known]


def _messages_in(update: Any) -> Iterator[BaseMessage]:
    """The messages in what a node gave, or in a state, under whatever name."""
    if isinstance(update, dict):
        values = list(update.values())
    elif hasattr(update, "messages"):  # a state that is a model or a dataclass
        values = [update.messages]
    else:
        values = [update]
    for value in values:
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(one, BaseMessage):
                yield one
