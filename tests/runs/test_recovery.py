"""What a server that is gone left open."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.runs.recovery import recover
from jupyter_aichat.store import Store
from tests.fakes.engine import Ask, Gate, Pace, ScriptedEngine, Step
from tests.runs.house import House, expire

SCRIPTS: dict[str, list[Step]] = {"a": ["I look. ", (Ask("a.csv", "c1"), Ask("b.csv", "c2")), "Read."]}


async def left_behind(folder: Path, script: list[Step], *behind: str, waiting: bool = False) -> None:
    """A server that died in the middle of a run, with messages behind it."""
    gate = Gate()
    house = await House.build(folder, ScriptedEngine({"a": [*script, gate]}))
    await house.runs.start()
    for text in ("a", *behind):
        await house.submit(text)
    await (house.waiting("r1") if waiting else gate.reached.wait())
    await house.store.write(lambda _: None)
    await house.die()


async def test_a_run_of_a_dead_server_is_interrupted(tmp_path: Path) -> None:
    """The text so far is kept, what was open is closed, and messages behind it are not run by themselves."""
    await left_behind(tmp_path, ["so ", "far"], "b", "c")
    async with await House.build(tmp_path, server="two") as house:
        assert [r.state for r in await house.records()] == ["failed"] * 3
        assert await house.types("r1") == ["run_start", "token", "token", "error"]
        assert await house.types("r2") == await house.types("r3") == ["run_queued", "error"]
        assert {e.data["code"] for e in await house.log() if e.type == "error"} == {"interrupted"}
        assert house.engine.transcripts == []
        assert (await house.ask("d")).data["outcome"] == "completed"


async def test_a_killed_server_s_threads_are_free_at_once(tmp_path: Path) -> None:
    """Its lease had most of its time left, but its process is known to be gone."""
    await left_behind(tmp_path, [])
    async with await House.build(tmp_path, server="two") as house:
        assert (await house.ask("b")).data["outcome"] == "completed"


async def test_servers_that_recover_together_end_a_run_once(tmp_path: Path) -> None:
    """Five find the same runs in the same moment: each run has one end, and one server takes up what waits."""
    await left_behind(tmp_path, ["so far"], "b")
    url = f"sqlite:///{tmp_path / 'a.db'}"
    stores = [await Store.open(url, root="/root", server=f"s{n}") for n in range(5)]
    await asyncio.gather(*(recover(store) for store in stores))
    await asyncio.gather(*(store.close() for store in stores))
    async with await House.build(tmp_path, server="two") as house:
        assert (await house.types()).count("error") == 2


async def test_one_of_two_managers_takes_up_what_waits(tmp_path: Path) -> None:
    """The other one leaves it alone; a decision is refused there and counts here."""
    await left_behind(tmp_path, SCRIPTS["a"], waiting=True)
    one, two = [await House.build(tmp_path, ScriptedEngine(SCRIPTS), server=s) for s in ("two", "three")]
    async with one, two:
        await asyncio.gather(one.runs.recover(), two.runs.recover())
        assert sorted((one.runs.open_runs, two.runs.open_runs)) == [0, 1]
        here = one if one.runs.open_runs else two
        for call in ("c1", "c2"):
            await here.approve(await here.until("approval_request", call_id=call))
        assert (await here.end("r1")).data["content"] == "Read."


async def test_a_living_server_s_runs_are_left_alone(tmp_path: Path) -> None:
    """Another one that starts, or looks again, ends nothing of it."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate, "done"]})) as one:
        await one.submit("a")
        await gate.reached.wait()
        async with await House.build(tmp_path, server="two") as two:
            await two.runs.recover()
        gate.open.set()
        assert (await one.end("r1")).data["content"] == "done"


async def test_a_server_never_recovers_from_itself(tmp_path: Path) -> None:
    """The clock jumps an hour ahead, so that its own leases look expired: its runs go on."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate, "done"]})) as house:
        await house.submit("a")
        await gate.reached.wait()
        expire(tmp_path)
        await house.runs.recover()
        gate.open.set()
        assert (await house.end("r1")).data["content"] == "done"


async def test_a_server_that_dies_later_is_noticed(tmp_path: Path) -> None:
    """Recovery looks from time to time: nobody has to restart anything."""
    gate = Gate()
    one = await House.build(tmp_path, ScriptedEngine({"a": [gate]}))
    await one.runs.start()
    async with await House.build(tmp_path, server="two", lease_seconds=0.4) as two:
        await one.submit("a")
        await gate.reached.wait()
        await one.die()
        assert (await two.end("r1")).data["code"] == "interrupted"


async def test_another_root_s_question_is_left_to_its_server(tmp_path: Path) -> None:
    """Its files are not here; once its own server runs again, the run goes on."""
    await left_behind(tmp_path, SCRIPTS["a"], waiting=True)
    elsewhere = await Store.open(f"sqlite:///{tmp_path / 'a.db'}", root="/elsewhere", server="other")
    assert await recover(elsewhere) == []
    await elsewhere.close()
    async with await House.build(tmp_path, ScriptedEngine(SCRIPTS), server="two") as house:
        assert [r.state for r in await house.records()] == ["waiting"]
        assert house.runs.open_runs == 1
        await house.cancel()
        assert (await house.end("r1")).data["outcome"] == "cancelled"


async def test_a_question_without_a_model_ends_in_words(tmp_path: Path) -> None:
    """The model that asked cannot be had any more: the run ends, the message behind it goes on, the server starts."""
    await left_behind(tmp_path, SCRIPTS["a"], "b", waiting=True)
    house = await House.build(tmp_path, server="two")
    house.broken[None] = CommandRefused("bad_request", "There is no model any more.")
    await house.runs.recover()
    house.broken.clear()
    async with house:
        error = await house.end("r1")
        assert (error.data["code"], error.data["error"]) == ("model_error", "There is no model any more.")
        assert (await house.end("r2")).type in {"done", "error"}
        ended = [e.data["decision"] for e in await house.log() if e.type == "approval_end"]
        assert ended == ["cancelled", "cancelled"]


async def test_a_kill_at_any_moment_leaves_a_sound_log(tmp_path: Path) -> None:
    """Twenty servers die at a random step of a run with calls and questions; each log is closed by the next one, once."""
    chance = random.Random(8)
    steps: list[Step] = [
        "a",
        Ask("a.csv", "c1"),
        Pace(3, 0.001),
        (Ask("b.csv", "c2"), Ask("c.csv", "c3")),
        "z",
    ]
    for n in range(20):
        house = await House.build(tmp_path, ScriptedEngine({"a": steps}), server=f"s{n}")
        await house.runs.start()
        for k in range(max(0, n - 1), n):
            house.thread = f"local/t{k}"
            left = [r.state for r in await house.records("running", "waiting", "queued")]
            assert left in ([], ["waiting"], ["waiting", "queued"])
        house.thread = f"local/t{n}"
        await house.submit("a")
        await house.submit("b")
        answering = asyncio.create_task(_answer_all(house))
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.uniform(0.0, 0.02))  # any moment will do
        answering.cancel()
        await asyncio.wait([answering])
        await house.die()
    async with await House.build(tmp_path, ScriptedEngine({"a": steps}), server="last") as last:
        for n in range(20):
            last.thread = f"local/t{n}"
            await last.cancel()
            while await last.records("running", "waiting", "queued"):
                await last.store.write(lambda _: None)


async def _answer_all(house: House) -> None:
    for call in ("c1", "c2", "c3"):
        await house.approve(await house.until("approval_request", call_id=call))
