"""One run at a time per thread, the others in a queue, and the same message sent twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.runs.limits import Limits
from tests.fakes.engine import Gate, ScriptedEngine
from tests.runs.house import House, refusal


async def test_one_runs_and_the_others_wait_in_order(tmp_path: Path) -> None:
    """A message behind a run is stored as queued, told how many are before it, and begun in its turn."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": ["A", gate]})) as house:
        sent = [await house.submit(text) for text in "abcd"]
        assert [(s.run_id, s.queued) for s in sent] == [("r1", 0), ("r2", 1), ("r3", 2), ("r4", 3)]
        await gate.reached.wait()
        assert [r.state for r in await house.records()] == ["running", "queued", "queued", "queued"]
        assert house.runs.open_runs == 1
        gate.open.set()
        await house.end("r4")
        log = await house.log()
        assert [e.run_id for e in log if e.type == "run_queued"] == ["r2", "r3", "r4"]
        told = [(e.type, e.run_id) for e in log if e.type in {"run_start", "done"}]
        assert told == [(kind, f"r{n}") for n in (1, 2, 3, 4) for kind in ("run_start", "done")]
        assert [t[-1].text for t in house.engine.transcripts] == list("abcd")


async def test_eight_may_wait_and_the_next_is_refused(tmp_path: Path) -> None:
    """`busy` leaves nothing behind, may be tried again, and there is room again when a run has ended."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"0": [gate]})) as house:
        for n in range(9):
            assert (await house.submit(str(n))).queued == n
        before = await house.log()
        with pytest.raises(CommandRefused, match="8 messages wait") as refused:
            await house.submit("too many", client_id="x")
        assert (refused.value.code, refused.value.retryable) == ("busy", True)
        assert len(await house.log()) == len(before)
        gate.open.set()
        await house.end("r1")
        assert (await house.submit("too many", client_id="x")).run_id == "r10"
        await house.end("r10")


async def test_messages_sent_at_once_become_one_run_each(tmp_path: Path) -> None:
    """Nine tabs send in the same moment: one runs, eight wait, each has one start and one end."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({f"tab {n}": [gate] for n in range(9)})) as house:
        sent = await asyncio.gather(*(house.submit(f"tab {n}") for n in range(9)))
        gate.open.set()
        assert sorted(s.queued for s in sent) == list(range(9))
        await asyncio.gather(*(house.end(s.run_id) for s in sent))
        assert (await house.types()).count("run_start") == 9


async def test_threads_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """A thread that is stuck holds up no other."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"stuck": [gate]})) as house:
        await house.submit("stuck")
        await gate.reached.wait()
        house.thread = "local/t2"
        assert (await house.ask("hello")).data["outcome"] == "completed"
        await house.open(1)


async def test_a_queued_message_without_a_model_fails_alone(tmp_path: Path) -> None:
    """What goes wrong when its turn comes ends that message, in words; the one behind it is answered."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await house.submit("a")
        await house.submit("b", model="broken:model")
        await house.submit("c", model="gone:model")
        await house.submit("d")
        house.broken["broken:model"] = CommandRefused("bad_request", "There is no model 'broken:model'.")
        house.broken["gone:model"] = ZeroDivisionError("a mistake of ours")
        gate.open.set()
        assert (await house.end("r4")).type == "done"
        first, second = await house.until("error", "r2"), await house.until("error", "r3")
        assert first.data["error"] == "There is no model 'broken:model'."
        assert second.data["code"] == "internal"


# -- the same message again -----------------------------------------------------------------------------------------


async def test_the_same_message_again_is_the_same_run(tmp_path: Path) -> None:
    """A client that lost the `ack` sends ten times: one run, whether it is running, queued or over."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        first = [await house.submit("a", client_id="one") for _ in range(3)]
        second = await asyncio.gather(*(house.submit("b", client_id="two") for _ in range(4)))
        assert {(s.run_id, s.queued) for s in first} == {("r1", 0)}
        assert {(s.run_id, s.queued) for s in second} == {("r2", 1)}
        gate.open.set()
        await house.end("r2")
        assert await house.submit("a", client_id="one") == first[0]
        assert (await house.types()).count("run_start") == 2


async def test_the_same_client_id_for_another_message_is_a_conflict(tmp_path: Path) -> None:
    """Other words, or the same words to another agent, are refused and change nothing."""
    async with await House.build(tmp_path) as house:
        await house.ask("a", client_id="one")
        before = len(await house.log())
        assert await refusal(house.submit("b", client_id="one")) == "conflict"
        assert await refusal(house.submit("a", client_id="one", agent="writer")) == "conflict"
        assert len(await house.log()) == before


async def test_locks_and_followers_go_with_their_threads(tmp_path: Path) -> None:
    """After many threads nothing of them is kept in memory: `House.close` looks for locks, followers and states."""
    async with await House.build(tmp_path, limits=Limits(queue=3)) as house:
        for n in range(20):
            house.thread = f"local/t{n}"
            await house.submit("a")
            await house.submit("b")
            await house.end("r2")
