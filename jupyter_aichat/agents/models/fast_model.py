"""ChatOpenAI that reads its stream as plain JSON: 25 µs of CPU a token instead of 180. Everything else is stock.

Only the SDK's `chat.completions.create` is wrapped, so authentication, Azure, proxies, error classes, usage, structured
output, the Responses API and the conversion of unusual chunks stay the libraries' own. Five things differ: call ids are
ours; text that arrives together is one chunk; `reasoning_content`, which the library drops, is kept in
`additional_kwargs`; silence, cuts and caps end an answer (`stream`); and retries are told and bounded (`retry`).
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from langchain_openai.chat_models.base import BaseChatOpenAI
from pydantic import Field, model_validator

from jupyter_aichat.agents.models.decode import (
    AnswerUnreadable,
    Chunk,
    StreamLimits,
    plain_text,
    reasoning_text,
)
from jupyter_aichat.agents.models.retry import RetryPolicy, open_with_retries
from jupyter_aichat.agents.models.stream import AnswerStream

__all__ = ["REASONING", "FastAzureChatOpenAI", "FastChatOpenAI"]

REASONING = "reasoning_content"
"""Where a message keeps its reasoning: the key in `additional_kwargs`."""


class FastCompletions:
    """The SDK's `chat.completions` with a cheaper stream."""

    def __init__(self, inner: Any, once: Any, limits: StreamLimits, policy: RetryPolicy) -> None:
        """`once` is the same as `inner` without retries of its own."""
        self._inner = inner
        self._once = once
        self._limits = limits
        self._policy = policy

    def __getattr__(self, name: str) -> Any:
        if name == "_inner":  # while a copy is being made there is none yet
            raise AttributeError(name)
        return getattr(self._inner, name)

    async def create(self, **payload: Any) -> Any:
        """Ask as the SDK's `create` does; a stream comes back as an `AnswerStream`."""
        if not payload.get("stream"):
            return await self._inner.create(**payload)
        # The SDK walks messages and tools with typing introspection before each request: 0.2 ms a message, most of a
        # long turn's CPU. What is in `extra_body` it merges as it is, and what we have is JSON already.
        ready = {key: payload.pop(key) for key in ("messages", "tools") if key in payload}
        payload |= {"messages": [], "extra_body": {**ready, **(payload.get("extra_body") or {})}}

        async def ask() -> AnswerStream:
            asked = asyncio.get_running_loop().time()
            manager = self._once.with_streaming_response.create(**payload)
            return AnswerStream(manager, await manager.__aenter__(), self._limits, asked)

        return await open_with_retries(ask, self._policy)


class FastReading(BaseChatOpenAI):
    """What both classes below have in common. `max_retries` means what it means in the library."""

    limits: StreamLimits = Field(default_factory=StreamLimits, exclude=True)

    @model_validator(mode="after")
    def _read_fast(self) -> Self:
        client = self.root_async_client
        if client is not None and not isinstance(self.async_client, FastCompletions):
            policy = RetryPolicy() if self.max_retries is None else RetryPolicy(self.max_retries)
            once = client.with_options(max_retries=0).chat.completions
            self.async_client = FastCompletions(self.async_client, once, self.limits, policy)
            # asyncio.wait_for around every chunk: with it, cancels get lost and Stop does not stop. See `idle`.
            self.stream_chunk_timeout = None
        return self

    def _convert_chunk_to_generation_chunk(
        self, chunk: Chunk, default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        if (
            not base_generation_info
            and default_chunk_class is AIMessageChunk
            and self.output_version != "v1"
            and (text := plain_text(chunk)) is not None
        ):
            return ChatGenerationChunk(
                message=AIMessageChunk(content=text, response_metadata={"model_provider": "openai"})
            )
        try:
            made = super()._convert_chunk_to_generation_chunk(
                chunk, default_chunk_class, base_generation_info
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise AnswerUnreadable(f"a chunk of the answer does not fit: {error}") from error
        if (
            made is not None
            and isinstance(made.message, AIMessageChunk)
            and (choices := chunk.get("choices"))
        ):
            reasoning = reasoning_text(choices[0].get("delta") or {})
            if reasoning:
                made.message.additional_kwargs[REASONING] = reasoning
        return made


class FastChatOpenAI(FastReading, ChatOpenAI):
    """OpenAI and every server that speaks its Chat Completions."""


class FastAzureChatOpenAI(FastReading, AzureChatOpenAI):
    """OpenAI's models on Azure."""
