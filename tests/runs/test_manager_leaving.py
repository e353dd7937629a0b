"""Clients that go away in the middle of a command, and the end of the server."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from jupyter_aichat.errors import CommandRefused
from tests.fakes.engine import Ask, Gate, ScriptedEngine
from tests.runs.house import House, locked, refusal


async def test_a_message_is_answered_although_its_sender_has_gone(tmp_path: Path) -> None:
    """The connection broke while the message was stored: it is stored, so it is answered, and the thread goes on."""
    async with await House.build(tmp_path) as house:
        sending = asyncio.create_task(house.submit("a"))
        await house.until("run_start")  # committed; the command has not come to its end yet, or only just
        sending.cancel()
        assert (await house.end("r1")).data["outcome"] == "completed"
        assert (await house.ask("b")).data["outcome"] == "completed"


async def test_a_stored_message_begins_whenever_its_sender_goes(tmp_path: Path) -> None:
    """At whatever step the connection breaks: no start without an end."""
    async with await House.build(tmp_path) as house:
        for steps in range(12):
            house.thread = f"local/t{steps}"
            sending = asyncio.create_task(house.submit("a"))
            for _ in range(steps):
                await asyncio.sleep(0)
            sending.cancel()
            await house.store.write(lambda _: None)
            assert (await house.ask("b")).data["outcome"] == "completed"
            states = [r.state for r in await house.records()]
            assert set(states) == {"completed"}


async def test_a_decision_counts_although_its_sender_has_gone(tmp_path: Path) -> None:
    """The connection broke while the decision was stored: the run hears of it all the same."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Ask("a.csv"), "read"]})) as house:
        for steps in range(12):
            house.thread = f"local/t{steps}"
            await house.submit("a")
            asked = await house.until("approval_request")
            deciding = asyncio.create_task(house.approve(asked))
            for _ in range(steps):
                await asyncio.sleep(0)
            deciding.cancel()
            with contextlib.suppress(CommandRefused):  # the first one counts, if it had been sent at all
                await house.approve(asked)
            assert (await house.end("r1")).data["content"] == "read"


# -- the end of the server ------------------------------------------------------------------------------------------


async def test_shutdown_interrupts_what_runs(tmp_path: Path) -> None:
    """The text so far is kept, the run ends `interrupted` and may be sent again; the queue is left for the next server."""
    gate = Gate()
    house = await House.build(tmp_path, ScriptedEngine({"a": ["so far", gate]}))
    async with house:
        await house.submit("a")
        await house.submit("b")
        await gate.reached.wait()
    async with await House.build(tmp_path) as after:
        first, second = await after.until("error", "r1"), await after.until("error", "r2")
        assert (first.data["code"], first.data["retryable"]) == ("interrupted", True)
        assert second.data["code"] == "interrupted"
        assert await after.types("r1") == ["run_start", "token", "error"]
        assert (await after.ask("c")).data["outcome"] == "completed"


async def test_shutdown_in_the_moment_of_the_start(tmp_path: Path) -> None:
    """A run that has just been accepted is interrupted too, and not waited for."""
    gate = Gate()
    house = await House.build(tmp_path, ScriptedEngine({"a": [gate]}))
    async with house:
        await house.submit("a")  # its run has not had a single step yet
        await house.runs.close()
        assert [r.state for r in await house.records()] == ["failed"]
        assert not gate.reached.is_set()


async def test_a_message_during_shutdown_is_refused(tmp_path: Path) -> None:
    """`busy`, to be sent again; also one that was on its way when the shutdown began."""
    async with await House.build(tmp_path) as house:
        house.held = Gate()
        sending = asyncio.create_task(house.submit("a"))
        await house.held.reached.wait()
        closing = asyncio.create_task(house.runs.close())
        await asyncio.sleep(0)
        house.held.open.set()
        assert await refusal(sending) == "busy"
        await closing
        assert await refusal(house.submit("b")) == "busy"
        assert await house.records() == []


async def test_a_message_that_is_being_stored_during_shutdown_is_interrupted(tmp_path: Path) -> None:
    """It was too late to refuse it: its run has a start and an end, and is not waited for."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Gate()]})) as house:
        with locked(tmp_path):
            sending = asyncio.create_task(house.submit("a"))
            while not house.runs._locks or not house.runs._locks[house.thread].locked():
                await asyncio.sleep(0)
            closing = asyncio.create_task(house.runs.close())
            await asyncio.sleep(0)
        assert (await sending).run_id == "r1"
        await closing
        assert await house.types("r1") == ["run_start", "error"]


async def test_the_next_message_is_not_begun_during_shutdown(tmp_path: Path) -> None:
    """The shutdown comes while the queued message gets its model: it stays queued, for the next server to end."""
    gate = Gate()
    house = await House.build(tmp_path, ScriptedEngine({"a": [gate], "b": [Gate()]}))
    async with house:
        await house.submit("a")
        await house.submit("b")
        house.held = Gate()
        gate.open.set()
        await house.held.reached.wait()
        closing = asyncio.create_task(house.runs.close())
        await asyncio.sleep(0)
        house.held.open.set()
        await closing
        assert [r.state for r in await house.records()] == ["completed", "queued"]
