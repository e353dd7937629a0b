"""Tap: takes tokens, reasoning, tool calls and usage from the model as it speaks.

LangChain calls it from the model's own task (`run_inline`), so events keep the order in which they happened, and a
token costs no wake-up of LangGraph's runner. Calls of a tool are put when the model has ended, before any tool begins.
Internal model calls are kept out with LangChain's tag `nostream`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, GenerationChunk, LLMResult
from typing_extensions import override

from jupyter_aichat.agents.calls import calls_of, shown
from jupyter_aichat.agents.words import Phrase, say
from jupyter_aichat.protocol.events import Reasoning, Token, ToolCall, Usage

if TYPE_CHECKING:
    from jupyter_aichat.agents.scope import RunScope

__all__ = ["Tap", "thought_of"]


@dataclass(slots=True)
class _Speaking:
    """One call of a model that goes on. It gets its message id with the first thing that it says."""

    agent: str
    message_id: str | None = None
    said: bool = False


class Tap(BaseCallbackHandler):
    """The callback handler of one call of `Team.run`."""

    run_inline = True
    raise_error = True  # what goes wrong here, a lost lease for one, ends the run

    def __init__(self, scope: RunScope) -> None:
        self._scope = scope
        self._speaking: dict[UUID, _Speaking] = {}

    @override
    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A model is asked."""
        if "nostream" not in (tags or ()):
            agent = (metadata or {}).get("lc_agent_name", self._scope.progress.agent)
            self._speaking[run_id] = _Speaking(agent)
            phrase: Phrase = "writing_report" if agent == "writer" else "thinking"
            self._scope.status(agent, say(self._scope.context.language, phrase))

    @override
    def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        run_id: UUID,
        **kwargs: Any,
    ) -> None:
        """A piece of its answer has come."""
        if not isinstance(chunk, ChatGenerationChunk) or (speaking := self._speaking.get(run_id)) is None:
            return
        message = chunk.message
        text = message.content if type(message.content) is str else message.text
        if thought := thought_of(message):
            message_id = self._message_id(speaking)
            self._scope.put(Reasoning(token=thought, agent=speaking.agent, message_id=message_id))
        if text:
            self._say(speaking, text)

    @override
    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """It has said all."""
        if (speaking := self._speaking.pop(run_id, None)) is None:
            return
        generation = response.generations[0][0]
        message = generation.message if isinstance(generation, ChatGeneration) else None
        if not isinstance(message, AIMessage):
            return
        if not speaking.said and message.text:  # a model that does not stream
            self._say(speaking, message.text)
        for call in calls_of(message):
            told = ToolCall(call_id=call["id"] or "", name=call["name"], args=shown(call["args"]))
            self._scope.tool_started(told, speaking.agent, self._message_id(speaking))
        if used := message.usage_metadata:
            self._scope.put(
                Usage(
                    agent=speaking.agent,
                    model=self._scope.choices[speaking.agent].id,
                    input_tokens=used["input_tokens"],
                    output_tokens=used["output_tokens"],
                )
            )

    @override
    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """It has failed; what it had said stays said."""
        self._speaking.pop(run_id, None)

    def _message_id(self, speaking: _Speaking) -> str:
        if speaking.message_id is None:
            speaking.message_id = self._scope.context.new_message_id()
        return speaking.message_id

    def _say(self, speaking: _Speaking, text: str) -> None:
        speaking.said = True
        self._scope.put(Token(token=text, agent=speaking.agent, message_id=self._message_id(speaking)))


def thought_of(message: BaseMessage) -> str:
    """The reasoning in a message; of one that is made of blocks, in LangChain's common form."""
    if type(message.content) is str:
        return message.additional_kwargs.get("reasoning_content") or ""
    blocks = (block for block in message.content_blocks if block["type"] == "reasoning")
    return "".join(block.get("reasoning", "") for block in blocks)
