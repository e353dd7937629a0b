"""The answer to one message: how it begins, and the one event that it ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_aichat.errors import ModelFailed, RunFailed, StorageError
from jupyter_aichat.protocol.events import Token, ToolCall, ToolStart, Usage
from tests.fakes.engine import Ask, Gate, ScriptedEngine, Step
from tests.runs.house import House


def start_of(call_id: str) -> ToolStart:
    """A call that is not ended by the script."""
    tool = ToolCall(call_id=call_id, name="profile_table", args={})
    return ToolStart(tool=tool, agent="supervisor", message_id="m1.1")


def aside(text: str) -> Token:
    """What a specialist says."""
    return Token(token=text, agent="analyst", message_id="m1.7")


async def test_an_answer_is_logged_as_it_is_said(tmp_path: Path) -> None:
    """Each piece is an event; `done` has the supervisor's last message, and the tokens that were used in all."""
    used = Usage(agent="supervisor", model="scripted:model", input_tokens=7, output_tokens=2)
    steps: list[Step] = ["I ask.", used, Ask("a.csv"), aside("hm"), "The ", "answer.", used]
    async with await House.build(tmp_path, ScriptedEngine({"hi": steps})) as house:
        await house.submit("hi")
        await house.approve(await house.until("approval_request"))
        done = await house.end("r1")
        assert done.data["content"] == "The answer."
        assert (done.data["agent"], done.data["outcome"]) == ("supervisor", "completed")
        assert done.data["usage"] == {"input_tokens": 14, "output_tokens": 4}
        said = [(e.data["message_id"], e.data["token"]) for e in await house.log() if e.type == "token"]
        assert said == [("m1.1", "I ask."), ("m1.7", "hm"), ("m1.2", "The "), ("m1.2", "answer.")]


async def test_the_first_answer_names_the_thread(tmp_path: Path) -> None:
    """By a title event behind its end; later answers leave the title alone."""
    async with await House.build(tmp_path) as house:
        await house.ask("Profile sales.csv")
        await house.ask("And costs.csv?")
        titles = [e.data["title"] for e in await house.log() if e.type == "title"]
        assert titles == ["Profile sales.csv"]


# -- stopped before it could begin ----------------------------------------------------------------------------------


async def test_stop_before_the_first_step_is_not_lost(tmp_path: Path) -> None:
    """However early: the run ends as cancelled and no model is asked."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Gate()]})) as house:
        run = await house.run("a")
        ended = run.start()
        run.cancel()
        await ended
        assert (await house.end("r1")).data["outcome"] == "cancelled"
        assert house.engine.transcripts == []


async def test_a_failure_before_the_first_step_is_not_lost(tmp_path: Path) -> None:
    """However early: the run ends with it."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Gate()]})) as house:
        run = await house.run("a")
        ended = run.start()
        run.fail(RunFailed("limit", "Enough."))
        run.fail(RunFailed("timeout", "The first reason stays."))
        await ended
        error = (await house.end("r1")).data
        assert (error["code"], error["error"]) == ("limit", "Enough.")


async def test_a_shutdown_before_the_first_step_is_not_lost(tmp_path: Path) -> None:
    """However early: the run ends as interrupted."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Gate()]})) as house:
        run = await house.run("a")
        ended = run.start()
        run.detach()
        await ended
        assert (await house.end("r1")).data["code"] == "interrupted"


async def test_a_lease_that_had_failed_already_ends_the_run(tmp_path: Path) -> None:
    """Whoever begins under it is told at once, not with the first word."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Gate()]})) as house:
        run = await house.run("a")
        run.lease.fail(StorageError("The disk is full."))
        await run.start()
        assert (await house.end("r1")).data["code"] == "storage"


async def test_stop_and_shutdown_together_are_a_stop(tmp_path: Path) -> None:
    """A run that waits for a person and was stopped does not come back with the next server."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [Ask("a.csv")]})) as house:
        run = await house.run("a")
        ended = run.start()
        await house.waiting("r1")
        run.cancel()
        run.detach()
        await ended
        assert (await house.end("r1")).data["outcome"] == "cancelled"


async def test_a_run_that_has_ended_takes_no_notice(tmp_path: Path) -> None:
    """Stop, failure and shutdown afterwards write nothing, and nothing holds the run in memory."""
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        await run.start()
        log = await house.log()
        run.cancel()
        run.fail(RunFailed("internal", "Too late."))
        run.detach()
        await house.store.write(lambda _: None)
        assert len(await house.log()) == len(log)
        assert run.lease.on_failure == []


# -- failures -------------------------------------------------------------------------------------------------------


async def test_a_failed_model_is_told_with_its_name(tmp_path: Path) -> None:
    """Code, host, model and when to try again come through; the text so far is kept."""
    failure = ModelFailed(
        "model_rate", "Too many requests.", retryable=True, host="api.example", retry_after=2.0
    )
    async with await House.build(tmp_path, ScriptedEngine({"a": ["so ", "far", failure]})) as house:
        assert (await house.ask("a")).data == {
            "error": "Too many requests.",
            "code": "model_rate",
            "retryable": True,
            "host": "api.example",
            "model": "model",
            "retry_after": 2.0,
        }
        assert await house.types("r1") == ["run_start", "token", "token", "error"]


async def test_a_mistake_of_ours_is_a_sentence_without_a_traceback(tmp_path: Path) -> None:
    """What was open is closed before it; the details go to the log."""
    steps: list[Step] = [start_of("c1"), start_of("c2"), ZeroDivisionError("a secret path")]
    async with await House.build(tmp_path, ScriptedEngine({"a": steps})) as house:
        error = await house.ask("a")
        assert (error.data["code"], error.data["retryable"]) == ("internal", True)
        assert "ZeroDivisionError" in error.data["error"]
        assert "secret" not in error.data["error"]
        ends = [e.data["tool"] for e in await house.log() if e.type == "tool_end"]
        assert [(t["call_id"], t["status"]) for t in ends] == [("c2", "cancelled"), ("c1", "cancelled")]


async def test_a_failed_run_does_not_stop_the_thread(tmp_path: Path) -> None:
    """The message behind it is answered."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate, ValueError("no")]})) as house:
        await house.submit("a")
        await house.submit("b")
        gate.open.set()
        assert (await house.end("r2")).data["outcome"] == "completed"


@pytest.mark.parametrize("agent", [None, "writer"])
async def test_the_agent_that_was_addressed_answers(tmp_path: Path, agent: str | None) -> None:
    """`run_start` and `done` name it."""
    async with await House.build(tmp_path) as house:
        done = await house.ask("a", agent=agent)
        start = await house.until("run_start")
        assert start.data["agent"] == done.data["agent"] == (agent or "supervisor")
