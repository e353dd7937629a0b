"""A store that cannot be written for a while, and a thread that another server has taken over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_aichat.store import LoggedEvent, Store
from tests.fakes.engine import Ask, Gate, ScriptedEngine, Step
from tests.fakes.trouble import Trouble
from tests.runs.house import PATIENCE, THREAD, House, expire, locked


async def shown(store: Store, until: tuple[str, ...] = ("done", "error")) -> list[LoggedEvent]:
    """All that somebody who looks from the beginning is shown, up to a terminal event."""
    cursor, seen = store.follow(THREAD, 0), list[LoggedEvent]()
    try:
        while not any(e.event_type in until for e in seen):
            seen += await cursor.next()
    finally:
        cursor.close()
    return seen


def health(house: House) -> str:
    """What the server says of its store."""
    return house.store.health.status


async def warned(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Wait until the server's log says so."""
    async with asyncio.timeout(PATIENCE):
        while text not in caplog.text:
            await asyncio.sleep(0.005)


# -- the store cannot be written ------------------------------------------------------------------------------------


async def test_a_short_lock_delays_words_and_loses_none(tmp_path: Path) -> None:
    """Another program holds the database for a moment: the answer is late and whole."""
    gate, said = Gate(), Gate()
    steps: list[Step] = ["one ", gate, "two ", "three", said]
    async with await House.build(tmp_path, ScriptedEngine({"a": steps})) as house:
        await house.submit("a")
        await house.until("token")
        with locked(tmp_path):
            gate.open.set()
            await said.reached.wait()
        said.open.set()
        assert (await house.end("r1")).data["content"] == "one two three"
        assert "".join(e.data["token"] for e in await house.log() if e.type == "token") == "one two three"


async def test_the_end_is_written_when_the_store_can_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A long lock: the run ends with `storage`, later; what was shown is what is stored, then and now."""
    gate = Gate()
    engine = ScriptedEngine({"a": ["stored ", gate, "lost"]})
    async with await House.build(tmp_path, engine, busy=0.05) as house:
        looking = asyncio.create_task(shown(house.store))
        await house.submit("a")
        await house.until("token")
        with locked(tmp_path):
            gate.open.set()
            await warned(caplog, "cannot be written yet")
            assert health(house) == "failed"
        error = await house.end("r1")
        assert (error.data["code"], error.data["retryable"]) == ("storage", True)
        seen = await looking
        assert [e.event_type for e in seen][:3] == ["run_start", "token", "error"]
        assert seen == (await house.store.read(lambda tx: tx.events(THREAD)))[: len(seen)]
        assert (await house.ask("b")).data["outcome"] == "completed"
        assert health(house) == "ok"


async def test_a_message_behind_a_run_that_cannot_end_yet_is_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It arrives when the store can be written again and the end is not written yet: both come to their end, in order."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate, "lost"]}), busy=0.05) as house:
        await house.submit("a")
        await house.submit("b")
        await gate.reached.wait()
        with locked(tmp_path):
            gate.open.set()
            await warned(caplog, "cannot be written yet")
        assert (await house.submit("c")).run_id == "r3"
        ends = [await house.end(f"r{n}") for n in (1, 2, 3)]
        assert [e.data.get("code", "done") for e in ends] == ["storage", "done", "done"]
        assert ends[0].seq < ends[1].seq < ends[2].seq


async def test_the_next_message_begins_when_the_store_can_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The store fails between two runs: the one that waits is begun later, not forgotten."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Gate()]}), busy=0.05) as house:
        await house.submit("a")
        await house.submit("b")
        house.held = Gate()  # the next message waits for its model, with the lock of the thread
        await house.cancel("r1")
        await house.held.reached.wait()
        with locked(tmp_path):
            house.held.open.set()
            await warned(caplog, "cannot begin yet")
        assert (await house.end("r2")).data["outcome"] == "completed"


async def test_words_behind_lost_ones_are_not_written(tmp_path: Path) -> None:
    """A commit fails and the next one succeeds: the text in the log has an end too early, and never a hole."""
    gate = Gate()
    house = await House.build(tmp_path)
    with Trouble(house.store) as trouble:
        steps: list[Step] = [trouble.strike, "two ", trouble.taken, "three", trouble.settle]
        house.engine.scripts["a"] = ["one ", gate, *steps]
        async with house:
            await house.submit("a")
            await house.until("token")
            gate.open.set()
            assert (await house.end("r1")).data["code"] == "storage"
            assert [e.data["token"] for e in await house.log() if e.type == "token"] == ["one "]


async def test_a_lost_word_is_no_success(tmp_path: Path) -> None:
    """The last commit of the words fails and that of the end succeeds: the run ends with `storage`, not `done`."""
    gate = Gate()
    house = await House.build(tmp_path)
    with Trouble(house.store) as trouble:
        house.engine.scripts["a"] = ["one ", gate, trouble.strike, "two", trouble.taken]
        async with house:
            await house.submit("a")
            await house.until("token")
            gate.open.set()
            assert (await house.end("r1")).data["code"] == "storage"
            assert await house.types("r1") == ["run_start", "token", "error"]


async def test_words_behind_a_lost_resume_are_not_written(tmp_path: Path) -> None:
    """The first event after a person's decision is lost: what follows on it is not written either."""
    house = await House.build(tmp_path)
    with Trouble(house.store) as trouble:
        house.engine.scripts["a"] = [Ask("a.csv"), trouble.taken, "one ", trouble.settle]
        house.engine.on_resume = trouble.strike
        async with house:
            await house.submit("a")
            await house.waiting("r1")
            await house.approve(await house.until("approval_request"))
            assert (await house.end("r1")).data["code"] == "storage"
            assert "token" not in await house.types("r1")
            assert (await house.until("tool_end")).data["tool"]["status"] == "cancelled"


async def test_a_shutdown_does_not_wait_for_a_store_that_fails(tmp_path: Path) -> None:
    """The end stays unwritten, for the next server to write."""
    gate = Gate()
    engine = ScriptedEngine({"a": ["so far", gate]})
    house = await House.build(tmp_path, engine, busy=0.05, lease_seconds=1.0)
    await house.runs.start()
    await house.submit("a")
    await house.until("token")
    await gate.reached.wait()
    with locked(tmp_path):
        await house.runs.close()
        await house.store.close()
    await asyncio.wait(
        [t for t in house.runs._tasks if not t.done()] or [asyncio.create_task(asyncio.sleep(0))]
    )
    async with await House.build(tmp_path, server="two", lease_seconds=0.5) as after:
        assert (await after.until("error", "r1")).data["code"] == "interrupted"


# -- another server has taken over ----------------------------------------------------------------------------------


async def test_a_run_whose_thread_was_taken_over_writes_nothing(tmp_path: Path) -> None:
    """The other server ends it as interrupted; this one ends it for itself and leaves the log alone."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": ["one ", gate, "two"]})) as one:
        await one.submit("a")
        await one.until("token")
        expire(tmp_path)
        async with await House.build(tmp_path, server="two") as two:
            assert (await two.end("r1")).data["code"] == "interrupted"
            gate.open.set()
            await one.open(0)
            assert await two.types() == ["run_start", "token", "error"]
            assert one.engine.states == {}
            assert (await two.ask("b")).data["outcome"] == "completed"


@pytest.mark.parametrize("steps", [[Ask("a.csv")], ["done"], [ValueError("no")]])
async def test_nothing_of_it_is_written_afterwards(tmp_path: Path, steps: list[Step]) -> None:
    """Neither a question to a person, nor an end, good or bad: the run has ended and stays so."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate, *steps]})) as one:
        await one.submit("a")
        await gate.reached.wait()
        expire(tmp_path)
        async with await House.build(tmp_path, server="two") as two:
            await two.end("r1")
            gate.open.set()
            await one.open(0)
            assert await two.types() == ["run_start", "error"]
            assert [r.state for r in await two.records()] == ["failed"]


async def test_a_question_of_a_run_that_was_taken_over_is_not_kept(tmp_path: Path) -> None:
    """The checkpoint comes too late: the run that the other server ended does not wait again."""
    engine = ScriptedEngine({"a": [Ask("a.csv")]})
    async with await House.build(tmp_path, engine) as one:
        run = await one.run("a")
        dump = engine.dump

        def late(key: str) -> bytes:
            expire(tmp_path, taken_by="two")
            return dump(key)

        engine.dump = late  # type: ignore[method-assign]  # the moment between asking and keeping
        assert await run.start() is None
        assert [(r.state, r.checkpoint) for r in await one.records()] == [("running", None)]


async def test_a_thread_that_is_at_work_elsewhere_is_refused(tmp_path: Path) -> None:
    """Messages, stops and decisions are refused with the server's name; the run goes on there."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [Ask("a.csv"), gate]})) as one:
        await one.submit("a")
        asked = await one.until("approval_request")
        async with await House.build(tmp_path, server="two") as two:
            for command in (two.submit("b"), two.cancel(), two.cancel("r1"), two.approve(asked)):
                with pytest.raises(Exception, match="one") as refused:
                    await command
                assert getattr(refused.value, "code", "") == "conflict"
        await one.approve(asked)
        gate.open.set()
        assert (await one.end("r1")).data["outcome"] == "completed"
