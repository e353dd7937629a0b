"""How long a run may take and how much it may say."""

from __future__ import annotations

import time
from pathlib import Path

from jupyter_aichat.protocol.events import Reasoning, Status, ToolOutput
from jupyter_aichat.runs.limits import Limits
from tests.fakes.engine import Ask, Gate, Pace, ScriptedEngine, Step
from tests.runs.house import House


async def test_a_run_to_which_nothing_happens_is_ended(tmp_path: Path) -> None:
    """`timeout`, to be sent again; the text so far is kept and the engine is stopped."""
    engine = ScriptedEngine({"a": ["so far", Gate()]})
    async with await House.build(tmp_path, engine, Limits(idle=0.3)) as house:
        error = await house.ask("a")
        assert (error.data["code"], error.data["retryable"]) == ("timeout", True)
        assert "Nothing happened" in error.data["error"]
        assert await house.types("r1") == ["run_start", "token", "error"]
        assert engine.cancelled == ["local/t1/r1"]


async def test_a_stream_of_events_keeps_a_run_alive(tmp_path: Path) -> None:
    """The idle time is counted from the last event, not from the start."""
    began = time.monotonic()
    engine = ScriptedEngine({"a": [Pace(12, 0.15)]})
    async with await House.build(tmp_path, engine, Limits(idle=1.2)) as house:
        assert (await house.ask("a")).data["outcome"] == "completed"
    assert time.monotonic() - began > 1.2


async def test_a_run_that_never_comes_to_an_end_is_ended(tmp_path: Path) -> None:
    """The time in all is limited however much happens."""
    engine = ScriptedEngine({"a": [Pace(10_000, 0.02)]})
    async with await House.build(tmp_path, engine, Limits(idle=10, total=0.4)) as house:
        error = await house.ask("a")
        assert (error.data["code"], error.data["retryable"]) == ("timeout", True)
        assert "longer than" in error.data["error"]


async def test_waiting_for_a_person_does_not_count(tmp_path: Path) -> None:
    """A question that is open for longer than both limits ends nothing, then or a moment later."""
    limits = Limits(idle=1.5, total=1.8, approval=2.0)
    async with await House.build(
        tmp_path, ScriptedEngine({"a": [Ask("a.csv"), Pace(4, 0.05)]}), limits
    ) as house:
        assert (await house.ask("a")).data["content"] == "0 1 2 3 "
        assert (await house.until("approval_end")).data["decision"] == "expired"


async def test_the_idle_time_begins_anew_with_the_decision(tmp_path: Path) -> None:
    """What comes after the person's answer is timed as before."""
    limits = Limits(idle=0.3, approval=0.6)
    async with await House.build(tmp_path, ScriptedEngine({"a": [Ask("a.csv"), Gate()]}), limits) as house:
        assert (await house.ask("a")).data["code"] == "timeout"
        assert "approval_end" in await house.types()


async def test_questions_that_are_open_together_are_waited_for_once(tmp_path: Path) -> None:
    """Eight of them for a second are one second that does not count, not eight."""
    asks = tuple(Ask(f"{n}.csv", f"c{n}") for n in range(8))
    steps: list[Step] = [asks, Pace(10_000, 0.02)]
    began = time.monotonic()
    limits = Limits(idle=10, total=0.5, approval=1.0)
    async with await House.build(tmp_path, ScriptedEngine({"a": steps}), limits) as house:
        assert (await house.ask("a")).data["code"] == "timeout"
    assert time.monotonic() - began < 6


async def test_too_long_an_answer_is_ended(tmp_path: Path) -> None:
    """`limit`: what was said up to there is kept, and trying again would not help."""
    engine = ScriptedEngine({"a": ["12345", "67890", "1", "never"]})
    async with await House.build(tmp_path, engine, Limits(characters=10)) as house:
        error = await house.ask("a")
        assert (error.data["code"], error.data["retryable"]) == ("limit", False)
        assert "longer than 10 characters" in error.data["error"]
        assert [e.data["token"] for e in await house.log() if e.type == "token"] == ["12345", "67890"]


async def test_all_that_agents_say_counts(tmp_path: Path) -> None:
    """Reasoning and what tools print too; status lines do not."""
    thought = Reasoning(token="x" * 6, agent="supervisor", message_id="m1.1")
    printed = ToolOutput(call_id="c1", stream="stdout", text="y" * 6)
    status = Status(agent="supervisor", text="z" * 60)
    engine = ScriptedEngine({"a": [status, thought, printed, "never"]})
    async with await House.build(tmp_path, engine, Limits(characters=10)) as house:
        assert (await house.ask("a")).data["code"] == "limit"
        assert await house.types("r1") == ["run_start", "status", "reasoning", "error"]
