"""Threads and messages that are larger than what the model takes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from jupyter_aichat.agents.port import Turn
from jupyter_aichat.errors import ModelFailed
from jupyter_aichat.protocol.events import ToolCall, ToolEnd, ToolResult, ToolStart
from jupyter_aichat.runs.budget import budget_of, estimate
from tests.fakes.engine import ScriptedEngine, Step
from tests.runs.house import House

CONTEXT = 6_000
TOO_LONG = ModelFailed("model_context", "The conversation is longer than the model takes in.")


def at_most(tokens: float) -> Callable[[Sequence[Turn]], None]:
    """A model that counts, and refuses what is longer."""

    def look(transcript: Sequence[Turn]) -> None:
        if estimate(transcript) > tokens:
            raise TOO_LONG

    return look


async def filled(house: House, characters: int) -> None:
    """Let a conversation be so long."""
    house.engine.scripts["fill"] = ["The revenue was 4,711,001 won. ", "word " * (characters // 5)]
    assert (await house.ask("fill")).type == "done"


async def test_an_answer_of_too_long_is_met_with_a_smaller_fold_once(tmp_path: Path) -> None:
    """The provider counts otherwise than we do: half as much is sent, and answered; nobody sees a failure."""
    engine = ScriptedEngine({"now": [at_most(budget_of(CONTEXT) / 2), "fine"]}, context=CONTEXT)
    async with await House.build(tmp_path, engine) as house:
        for _ in range(3):
            await filled(house, 3_300)
        assert (await house.ask("now")).data["content"] == "fine"
        whole, smaller = (estimate(t) for t in engine.transcripts[-2:])
        assert smaller <= budget_of(CONTEXT) / 2 < whole
        assert (await house.types()).count("error") == 0


async def test_too_long_for_the_smaller_fold_too_is_told(tmp_path: Path) -> None:
    """Twice, and not more often: then the run ends with `model_context`."""
    engine = ScriptedEngine({"now": [TOO_LONG]}, context=CONTEXT)
    async with await House.build(tmp_path, engine) as house:
        error = await house.ask("now")
        assert (error.data["code"], error.data["error"]) == ("model_context", str(TOO_LONG))
        assert len(engine.transcripts) == 2


async def test_what_was_said_is_not_said_again(tmp_path: Path) -> None:
    """Once a word or a call is in the log, "too long" is the end: no silent second try."""
    call = ToolCall(call_id="c1", name="profile_table", args={})
    begun = ToolStart(tool=call, agent="supervisor", message_id="m1.1")
    result = ToolResult(call_id="c1", name="profile_table", output="…", status="ok")
    scripts: dict[str, list[Step]] = {
        "word": ["I look. ", TOO_LONG],
        "call": [begun, ToolEnd(tool=result, agent="supervisor"), TOO_LONG],
    }
    engine = ScriptedEngine(scripts, context=CONTEXT)
    async with await House.build(tmp_path, engine) as house:
        for tried, text in enumerate(scripts, 1):
            assert (await house.ask(text)).data["code"] == "model_context"
            assert len(engine.transcripts) == tried


async def test_a_thread_three_times_the_context_goes_on(tmp_path: Path) -> None:
    """Every question is answered within the budget; a `summary` is logged and keeps the number that was cited."""
    budget = budget_of(CONTEXT)
    engine = ScriptedEngine(context=CONTEXT)
    async with await House.build(tmp_path, engine) as house:
        engine.scripts["first"] = ["The revenue of 2025 was 4,711,001 won. It grew."]
        await house.ask("first")
        said = 0
        for n in range(40):
            question = f"question {'i' * n}"
            engine.scripts[question] = [at_most(budget), "word " * 300]
            assert (await house.ask(question)).data.get("outcome") == "completed"
            said += 1_500
        assert said / 3 > 3 * CONTEXT
        log = await house.log()
        summaries = [e for e in log if e.type == "summary"]
        assert len(summaries) > 1
        assert "4,711,001" in summaries[-1].data["text"]
        assert any("4,711,001" in turn.text for turn in engine.transcripts[-1])
        assert engine.transcripts[-1][-1].text.endswith("i" * 39)
        assert max(s.seq - s.data["until_seq"] for s in summaries) < len(log)
        assert sum(e.type == "run_start" for e in log) == 41, "the reader still sees everything"


async def test_one_message_larger_than_the_context_is_answered(tmp_path: Path) -> None:
    """Its middle is left out for the model; the log has all of it."""
    text = "BEGIN " + "x" * 60_000 + " END"
    engine = ScriptedEngine(context=CONTEXT)
    async with await House.build(tmp_path, engine) as house:
        await house.ask(text)
        (sent,) = engine.transcripts[0]
        assert sent.text.startswith("BEGIN")
        assert sent.text.endswith("END")
        assert estimate([sent]) <= budget_of(CONTEXT)
        assert (await house.until("run_start")).data["message"]["content"] == text
