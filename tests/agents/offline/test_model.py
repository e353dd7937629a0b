"""The rules as a chat model: pieces that can be read as they come, and no waiting for show."""

import asyncio
import time

import pytest
from langchain_core.messages import HumanMessage

from jupyter_aichat.agents.offline import OfflineChatModel


@pytest.mark.parametrize("role", ["supervisor", "writer"])
async def test_a_message_comes_in_pieces_and_its_pauses_are_short(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest message there is pauses between its pieces, and 0.4 seconds at most in all: whoever speaks."""
    pauses: list[float] = []
    clock = [0.0]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    task = "What can you do?" if role == "supervisor" else "Write.\n\n" + "### A\n\nText of a result. " * 200
    pieces = [chunk.text async for chunk in OfflineChatModel(role=role).astream([HumanMessage(task)])]
    assert len(pieces) > 100
    assert any(pauses)
    assert sum(pauses) <= 0.4 + 1e-9


async def test_a_slow_reader_is_not_kept_waiting_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece that is due already comes at once."""
    pauses: list[float] = []
    clock = [0.0]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    async for _ in OfflineChatModel(role="supervisor").astream([HumanMessage("What can you do?")]):
        clock[0] += 1
    assert len(pauses) > 100
    assert sum(pauses) == 0
