"""One run at a time per thread, the others in a queue; stopping; the end of the server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.runs.limits import Limits
from tests.fakes.engine import Ask, Gate, ScriptedEngine
from tests.runs.house import House


async def refusal(work: object) -> str:
    """The code with which a command was refused."""
    with pytest.raises(CommandRefused) as refused:
        await work  # type: ignore[misc]  # any awaitable
    return refused.value.code


# -- the queue ------------------------------------------------------------------------------------------------------


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


# -- stopping -------------------------------------------------------------------------------------------------------


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


# -- clients that go away -------------------------------------------------------------------------------------------


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
            await house.store.write(lambda _: None)
            if not any(e.type == "approval_end" for e in await house.log()):
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


async def test_locks_and_followers_go_with_their_threads(tmp_path: Path) -> None:
    """After many threads nothing of them is kept in memory: `House.close` looks for locks, followers and states."""
    async with await House.build(tmp_path, limits=Limits(queue=3)) as house:
        for n in range(20):
            house.thread = f"local/t{n}"
            await house.submit("a")
            await house.submit("b")
            await house.end("r2")
