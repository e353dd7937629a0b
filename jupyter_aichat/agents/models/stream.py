"""An open answer: bytes from the SDK's response, chunks for LangChain, and an end in any case.

`BaseChatOpenAI._astream` takes the SDK's stream as an asynchronous context manager and iterates over it; it accepts
dictionaries. So does this, without the pydantic model per token that the SDK makes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Self

import openai

from jupyter_aichat.agents.models.decode import AnswerCut, Chunk, Decoder, ErrorEvent, StreamLimits
from jupyter_aichat.agents.models.idle import IdleWatch, ServerSilent

__all__ = ["AnswerStream"]

AFTER_THE_END = 10.0
"""Seconds to wait, after the answer is whole, for its usage and the end of the stream."""


class AnswerStream:
    """The chunks of one answer. Leaving it closes the connection, so that the server stops."""

    def __init__(self, manager: Any, response: Any, limits: StreamLimits, asked: float) -> None:
        """`manager` is what gave the SDK's `response`; `asked` is the loop's time when the request went out."""
        self._manager = manager
        self._response = response
        self._limits = limits
        self._decoder = Decoder(limits)
        self._watch = IdleWatch(limits.first_token, asked)
        self._chunks = self._read_on()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *reason: object) -> None:
        self._watch.close()
        await self._chunks.aclose()
        await self._manager.__aexit__(*reason)

    def __aiter__(self) -> AsyncIterator[Chunk]:
        return self._chunks

    async def _read_on(self) -> AsyncGenerator[Chunk, None]:
        decoder, watch, limits = self._decoder, self._watch, self._limits
        blocks = self._response.iter_bytes()
        speaking = finished = False
        try:
            while not decoder.done and (block := await self._read(blocks)) is not None:
                for chunk in decoder.feed(block):
                    yield chunk
                self._raise_failure()
                if decoder.heard and decoder.speaking:
                    watch.heard()
                    if not speaking:
                        speaking = True
                        watch.allow(limits.idle)
                    if decoder.finished and not finished:
                        finished = True
                        watch.allow(min(AFTER_THE_END, limits.idle))
            for chunk in decoder.close():
                yield chunk
            self._raise_failure()
        finally:
            watch.close()
            await blocks.aclose()

    async def _read(self, blocks: AsyncIterator[bytes]) -> bytes | None:
        try:
            return await self._watch.read(blocks)
        except ServerSilent:
            if self._decoder.finished:
                return None  # the answer is whole; only its usage is missing
            raise
        except Exception as error:
            kinds = {kind.__name__ for kind in type(error).__mro__}
            if (
                not {"RequestError", "StreamError"} & kinds
            ):  # of httpx or httpx2: the SDK decides which one it uses
                raise
            if self._decoder.finished:
                return None
            if "TimeoutException" in kinds:
                raise ServerSilent(self._limits.first_token) from error
            raise AnswerCut from error

    def _raise_failure(self) -> None:
        failure = self._decoder.failure
        if isinstance(failure, ErrorEvent):
            # the SDK's own class for it: LangChain, and whoever retries, knows it
            raise openai.APIError(str(failure), self._response.http_request, body=failure.body) from failure
        if failure is not None:
            raise failure
