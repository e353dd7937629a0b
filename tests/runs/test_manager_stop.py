"""Stop: whatever a thread is doing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes.engine import Ask, Gate, ScriptedEngine
from tests.runs.house import House


async def test_stop_ends_the_running_run_and_those_behind_it(tmp_path: Path) -> None:
    """Without a run id all of the thread is cancelled, each with one `done`, and the thread is free again."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": ["so far", gate]})) as house:
        for text in "abc":
            await house.submit(text)
        await gate.reached.wait()
        await house.cancel()
        ends = [await house.end(f"r{n}") for n in (1, 2, 3)]
        assert [e.data["outcome"] for e in ends] == ["cancelled"] * 3
        assert [e.data["content"] for e in ends] == ["so far", "", ""]
        assert house.engine.cancelled == ["local/t1/r1"]
        assert (await house.ask("d")).data["outcome"] == "completed"


async def test_one_queued_message_can_be_taken_back(tmp_path: Path) -> None:
    """A given run id stops that one only; it never begins."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        for text in "abc":
            await house.submit(text)
        await house.cancel("r2")
        gate.open.set()
        assert (await house.end("r3")).data["outcome"] == "completed"
        assert await house.types("r2") == ["run_queued", "done"]
        assert await house.types("r1") == ["run_start", "done"]


async def test_stopping_the_running_run_begins_the_next(tmp_path: Path) -> None:
    """A given run id leaves what waits behind it alone."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await house.submit("a")
        await house.submit("b")
        await gate.reached.wait()
        await house.cancel("r1")
        assert (await house.end("r2")).data["outcome"] == "completed"
        assert (await house.end("r1")).data["outcome"] == "cancelled"


async def test_stop_while_a_person_is_asked(tmp_path: Path) -> None:
    """The question ends as cancelled, the call too, and nothing is kept to go on with."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Ask("a.csv")]})) as house:
        await house.submit("a")
        await house.waiting("r1")
        await house.cancel()
        assert (await house.end("r1")).data["outcome"] == "cancelled"
        assert (await house.until("approval_end")).data["decision"] == "cancelled"
        assert (await house.until("tool_end")).data["tool"]["status"] == "cancelled"


@pytest.mark.parametrize("run_id", [None, "r1"])
async def test_stop_in_the_moment_of_the_start(tmp_path: Path, run_id: str | None) -> None:
    """Sent right behind the message, it still stops the run, which would otherwise never end."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await asyncio.gather(house.submit("a"), house.cancel(run_id))
        await house.cancel(run_id)
        assert (await house.end("r1")).data["outcome"] == "cancelled"


@pytest.mark.parametrize("run_id", [None, "r7"])
async def test_nothing_to_stop_is_fine(tmp_path: Path, run_id: str | None) -> None:
    """Stopping twice, or what is not there, changes nothing; neither does a stranger's stop."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await house.cancel(run_id)
        await house.submit("a")
        await gate.reached.wait()
        house.owner = "stranger"
        await house.cancel()
        house.owner = "local"
        await house.cancel("r7")
        gate.open.set()
        assert (await house.end("r1")).data["outcome"] == "completed"
        await house.cancel(run_id)
        assert await house.types("r1") == ["run_start", "done"]


async def test_stop_and_a_new_message_while_a_run_ends(tmp_path: Path) -> None:
    """Both arrive between a run's end and the start of the queued one: the new message keeps its right to write."""
    gate, last = Gate(), Gate()
    async with await House.build(
        tmp_path, ScriptedEngine({"a": [gate], "c": ["one ", last, "two"]})
    ) as house:
        await house.submit("a")
        await house.submit("b")
        await gate.reached.wait()
        async with house.runs._locked(house.thread):  # whatever comes now waits in this order
            stop = asyncio.create_task(house.cancel("r2"))
            await asyncio.sleep(0)
            new = asyncio.create_task(house.submit("c"))
            while len(house.runs._locks[house.thread]._waiters or ()) < 2:
                await asyncio.sleep(0)
            gate.open.set()
            await house.until("done", "r1")
        await stop
        assert (await new).run_id == "r3"
        await last.reached.wait()
        last.open.set()
        assert (await house.end("r3")).data["content"] == "one two"


async def test_a_thread_that_is_deleted_is_stopped_first(tmp_path: Path) -> None:
    """`stop_thread` returns when nothing of it is open."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await house.submit("a")
        await house.submit("b")
        await house.runs.stop_thread(house.owner, house.thread)
        assert [r.state for r in await house.records()] == ["cancelled", "cancelled"]


async def test_a_run_of_a_thread_that_was_deleted_under_it_ends(tmp_path: Path) -> None:
    """A message that slipped in before the delete does not stay open for ever."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await house.submit("a")
        await gate.reached.wait()
        await house.store.write(lambda tx: tx.delete(house.owner, house.thread))
        gate.open.set()
        await house.open(0)
        assert [r.state for r in await house.records()] == ["completed"]
        assert await house.store.read(lambda tx: tx.lease_owner(house.thread)) is None
