"""Random cancels against a strict provider: no thread is ever left with a torn transcript."""

from __future__ import annotations

import asyncio
import random

from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect

THREADS, CANCELS = 50, 4
QUESTIONS = ("both: steps=2", "analyst: steps=3", "long please: words=40", "twice: steps=1 par=2")


async def test_two_hundred_random_cancels_leave_every_thread_usable(
    provider: FakeOpenAI, connect: Connect
) -> None:
    """A message cancelled at any moment ends once, closes the model's stream, and the next one is answered."""
    chance = random.Random(21)

    async def talk(number: int) -> None:
        client = await connect(f"t{number}")  # live from an empty log: every event comes as an event
        for k in range(CANCELS):
            await client.send(type="message", message=QUESTIONS[(number + k) % len(QUESTIONS)])
            await asyncio.sleep(chance.uniform(0.0, 0.25))
            await client.send(type="cancel")
            while [f["event_type"] for f in client.events].count("done") <= k:
                await client.read()
        done = await client.ask("hello again")
        assert (done["event_type"], done["data"].get("outcome")) == ("done", "completed"), done
        started = [e["data"]["tool"]["call_id"] for e in client.events if e["event_type"] == "tool_start"]
        ended = [e["data"]["tool"]["call_id"] for e in client.events if e["event_type"] == "tool_end"]
        assert sorted(started) == sorted(ended)
        assert [e["seq"] for e in client.events] == list(range(1, len(client.events) + 1))
        client.close()

    provider.delay = 0.01
    for first in range(0, THREADS, 10):
        await asyncio.gather(*(talk(n) for n in range(first, first + 10)))
    assert provider.refused == []
    assert provider.open == 0
