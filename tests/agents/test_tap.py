"""The tap, and LangChain's contract with it: what an upgrade of LangChain must not change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field
from typing_extensions import override

from jupyter_aichat.agents.models.choice import OFFLINE
from jupyter_aichat.agents.port import RunContext
from jupyter_aichat.agents.scope import Progress, RunScope
from jupyter_aichat.agents.shelf import Shelf
from jupyter_aichat.agents.tap import Tap
from jupyter_aichat.errors import LeaseLost
from jupyter_aichat.protocol.events import EventData, Reasoning, Token, ToolStart, Usage
from tests.fakes.workspace import FolderWorkspace


class Scripted(BaseChatModel):
    """Says its chunks and ends with the task it runs in; without chunks it does not stream."""

    chunks: list[AIMessageChunk] = Field(default_factory=list)
    whole: AIMessage | None = None
    streaming: bool = True
    seen: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @override
    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        assert self.whole is not None
        return ChatResult(generations=[ChatGeneration(message=self.whole)])

    @override
    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self.chunks:
            said = ChatGenerationChunk(message=chunk)
            self.seen.append(asyncio.current_task())
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=said)
            yield said


@pytest.fixture
def heard() -> list[tuple[EventData, Any]]:
    """What was put, and the task it was put from."""
    return []


@pytest.fixture
def tap(heard: list[tuple[EventData, Any]], workspace: FolderWorkspace, shelf: Shelf) -> Tap:
    """A tap of the supervisor's run."""
    ids = iter(f"m1.{i}" for i in range(1, 9))
    return Tap(
        RunScope(
            context=RunContext("en", workspace, None, lambda: next(ids)),
            put=lambda event: heard.append((event, asyncio.current_task())),  # type: ignore[arg-type]
            progress=Progress("supervisor"),
            choices={"supervisor": OFFLINE},
            max_model_calls=5,
            shelf=shelf,
        )
    )


async def ask(model: BaseChatModel, tap: Tap, tags: tuple[str, ...] = ()) -> None:
    """Ask a model as an agent does."""
    metadata = {"lc_agent_name": "supervisor"}
    await model.ainvoke("hi", {"callbacks": [tap], "metadata": metadata, "tags": [*tags]})


async def test_tokens_are_put_from_the_models_own_task_in_order(
    tap: Tap, heard: list[tuple[EventData, Any]]
) -> None:
    """Contract: a handler with `run_inline` is called at once, in the task of the model."""
    model = Scripted(chunks=[AIMessageChunk(content=text) for text in ("a", "", "b", "c")], streaming=True)
    await ask(model, tap)
    tokens = [(event.token, task) for event, task in heard if isinstance(event, Token)]
    assert [token for token, _ in tokens] == ["a", "b", "c"]
    assert {task for _, task in tokens} == set(model.seen)


async def test_what_put_raises_reaches_the_model(tap: Tap) -> None:
    """Contract: `raise_error` lets a lost lease end the model's call."""

    def fail(_: object) -> None:
        raise LeaseLost("gone")

    tap._scope = RunScope(tap._scope.context, fail, Progress("supervisor"), {}, 5, tap._scope.shelf)
    with pytest.raises(LeaseLost):
        await ask(Scripted(chunks=[AIMessageChunk(content="a")], streaming=True), tap)


async def test_a_model_that_does_not_stream_is_heard_too(
    tap: Tap, heard: list[tuple[EventData, Any]]
) -> None:
    """Its whole text is one token."""
    await ask(Scripted(whole=AIMessage(content="all at once"), streaming=False), tap)
    assert [event.token for event, _ in heard if isinstance(event, Token)] == ["all at once"]


async def test_calls_follow_the_text_and_precede_their_tools(
    tap: Tap, heard: list[tuple[EventData, Any]]
) -> None:
    """When the model has ended, its calls are put, in its message; usage is told last."""
    call = {"name": "list_files", "args": "{}", "id": "c1", "index": 0}
    used = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
    last = AIMessageChunk(content="", tool_call_chunks=[call], usage_metadata=used)
    await ask(Scripted(chunks=[AIMessageChunk(content="Let me look."), last], streaming=True), tap)
    token, start, usage = (event for event, _ in heard[1:])
    assert isinstance(token, Token)
    assert isinstance(start, ToolStart)
    assert isinstance(usage, Usage)
    assert (start.tool.call_id, start.tool.args, start.message_id) == ("c1", {}, token.message_id)
    assert (usage.input_tokens, usage.output_tokens) == (5, 2)


async def test_a_call_without_text_has_a_message_of_its_own(
    tap: Tap, heard: list[tuple[EventData, Any]]
) -> None:
    """Each call of a model is a message, also when it says nothing."""
    for call_id in ("c1", "c2"):
        call = {"name": "list_files", "args": "{}", "id": call_id, "index": 0}
        await ask(Scripted(chunks=[AIMessageChunk(content="", tool_call_chunks=[call])], streaming=True), tap)
    assert [event.message_id for event, _ in heard if isinstance(event, ToolStart)] == ["m1.1", "m1.2"]


@pytest.mark.parametrize(
    "chunk",
    [
        AIMessageChunk(content="", additional_kwargs={"reasoning_content": "hm"}),
        AIMessageChunk(content=[{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": ""}]),
    ],
    ids=["field", "block"],
)
async def test_reasoning_in_both_of_its_forms(
    chunk: AIMessageChunk, tap: Tap, heard: list[tuple[EventData, Any]]
) -> None:
    """A field beside the text (OpenAI-compatible servers), or a block (other providers)."""
    await ask(Scripted(chunks=[chunk, AIMessageChunk(content="ok")], streaming=True), tap)
    assert [event.token for event, _ in heard if isinstance(event, Reasoning)] == ["hm"]


async def test_internal_calls_are_not_heard(tap: Tap, heard: list[tuple[EventData, Any]]) -> None:
    """A call with LangChain's tag `nostream` is no part of the conversation."""
    await ask(Scripted(chunks=[AIMessageChunk(content="secret")], streaming=True), tap, tags=("nostream",))
    assert heard == []
