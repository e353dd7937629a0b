"""OfflineChatModel: the rules in the form of a LangChain chat model, so that everything runs without one."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Final

import orjson
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from typing_extensions import override

from jupyter_aichat.agents.offline.plan import plan

__all__ = ["OfflineChatModel"]

_PIECE: Final = re.compile(r"[^\n]*\|[^\n]*\n|\S+[^\S\n]*\n*|\s+")
"""A word with the space behind it; of a table, a whole row."""
_LONGEST: Final = 0.4
"""Seconds that the pauses of one message may take together."""


class OfflineChatModel(BaseChatModel):
    """The agent called `role`, by rules. It keeps nothing: every answer follows from the messages it is given.

    `delay` is the pause between two pieces of text, in seconds, so that a reader can follow; 0 for none.
    """

    role: str
    delay: float = 0.008
    streaming: bool = True
    """Agents ask for a stream where this is set."""

    @property
    @override
    def _llm_type(self) -> str:
        return "offline-analyst"

    @property
    @override
    def _identifying_params(self) -> dict[str, Any]:
        return {"role": self.role}

    @override
    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Tell the agent which tools it has. `tool_choice` has no meaning for rules."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    @override
    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(iter(self._chunks(messages, kwargs)))

    @override
    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        chunks = self._chunks(messages, kwargs)
        begun = time.monotonic()
        for number, chunk in enumerate(chunks):
            if pause := self._pause(number, len(chunks), time.monotonic() - begun):
                time.sleep(pause)
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    @override
    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        chunks = self._chunks(messages, kwargs)
        begun = time.monotonic()
        for number, chunk in enumerate(chunks):
            if number:  # at least once round the loop, so that Stop is heard
                await asyncio.sleep(self._pause(number, len(chunks), time.monotonic() - begun))
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _pause(self, number: int, pieces: int, elapsed: float) -> float:
        """Seconds until a piece is due; 0 where it is late, so that slow clocks and readers add nothing."""
        return max(0.0, number * min(self.delay, _LONGEST / pieces) - elapsed)

    def _chunks(self, messages: list[BaseMessage], kwargs: dict[str, Any]) -> list[ChatGenerationChunk]:
        """The whole message, cut in pieces."""
        step = plan(self.role, messages, _arguments(kwargs.get("tools", ())))
        chunks = [AIMessageChunk(content=piece) for piece in _PIECE.findall(step.text)]
        chunks += [
            AIMessageChunk(
                content="",
                tool_call_chunks=[
                    tool_call_chunk(
                        name=call.name, args=orjson.dumps(call.args).decode(), id=_new_call_id(), index=index
                    )
                ],
            )
            for index, call in enumerate(step.calls)
        ]
        chunks.append(
            AIMessageChunk(content="", chunk_position="last", response_metadata={"model_name": "offline"})
        )
        return [ChatGenerationChunk(message=chunk) for chunk in chunks]


def _arguments(tools: Sequence[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """The names of the tools that were bound, with those of their arguments."""
    functions = (tool.get("function", {}) for tool in tools)
    return {
        function["name"]: frozenset(function.get("parameters", {}).get("properties", {}))
        for function in functions
        if "name" in function
    }


def _new_call_id() -> str:
    """Unique within a thread, and short: "c" and nine characters."""
    return "c" + secrets.token_urlsafe(7)[:9]
