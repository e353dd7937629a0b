"""Who decides about an action: earlier decisions, a person, or time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.runs.limits import Limits
from tests.fakes.engine import Ask, Gate, ScriptedEngine, Step
from tests.runs.house import House, Seen, refusal

A, B, ELSEWHERE = Ask("a.csv", "c1"), Ask("b.csv", "c2"), Ask("a.csv", "c3", host="other.example")


def asked(log: list[Seen]) -> list[str]:
    """The files that a person was asked about."""
    return [f for e in log if e.type == "approval_request" for f in e.data["action"]["files"]]


async def test_a_person_is_asked_and_the_run_waits(tmp_path: Path) -> None:
    """The question names host, file and agent; the run is `waiting` with its checkpoint until somebody decides."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "read"]})) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        assert request.data["action"] == {"kind": "share_files", "host": "models.example", "files": ["a.csv"]}
        assert (request.data["agent"], request.data["call_id"]) == ("supervisor", "c1")
        assert len(request.data["approval_id"]) >= 22  # 128 random bits
        await house.waiting("r1")
        assert [(r.state, r.checkpoint is not None) for r in await house.records()] == [("waiting", True)]
        await house.approve(request)
        assert (await house.end("r1")).data["content"] == "read"
        kinds = ["run_start", "tool_start", "approval_request", "approval_end", "tool_end", "token", "done"]
        assert await house.types("r1") == kinds


async def test_the_checkpoint_goes_with_the_next_event(tmp_path: Path) -> None:
    """A checkpoint that is older than the log would say things twice: it is dropped as the run goes on."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, gate]})) as house:
        await house.submit("a")
        await house.waiting("r1")
        await house.approve(await house.until("approval_request"))
        await gate.reached.wait()
        await house.until("tool_end")
        assert [(r.state, r.checkpoint) for r in await house.records()] == [("running", None)]
        gate.open.set()
        await house.end("r1")


async def test_a_message_behind_a_question_settles_nothing(tmp_path: Path) -> None:
    """It is queued; the question stays open and the run goes on with its answer."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "read"]})) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        assert (await house.submit("yes, go on")).queued == 1
        await house.approve(request)
        assert (await house.end("r2")).data["outcome"] == "completed"
        assert (await house.end("r1")).data["content"] == "read"


# -- what a decision covers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "again"),
    [
        (None, ["b.csv", "a.csv", "a.csv", "b.csv"]),
        ("once", ["b.csv", "a.csv", "a.csv", "b.csv"]),
        ("run", ["a.csv", "a.csv", "b.csv"]),
        ("thread", ["a.csv"]),
    ],
)
async def test_a_decision_covers_its_scope(tmp_path: Path, scope: str | None, again: list[str]) -> None:
    """Once: that file in that run. Run: all files for that host in that run. Thread: all files for that host, always."""
    steps: list[Step] = [A, B, Ask("a.csv", "c9"), ELSEWHERE]
    second: list[Step] = [A, B]
    async with await House.build(tmp_path, ScriptedEngine({"a": steps, "b": second})) as house:
        for n, text in enumerate("ab", 1):
            await house.submit(text)
            while (event := await next_of(house, f"r{n}")).type == "approval_request":
                first = len(asked(await house.log())) == 1
                await house.approve(event, **({"scope": scope} if first and scope else {}))
        assert asked(await house.log())[1:] == again


async def next_of(house: House, run_id: str) -> Seen:
    """Wait for the run's next open question, or its end."""
    cursor = house.store.follow(house.thread, 0)
    try:
        questions: dict[str, Seen] = {}
        while True:
            for event in map(Seen, await cursor.next()):
                if event.run_id != run_id:
                    continue
                if event.type == "approval_request":
                    questions[event.data["approval_id"]] = event
                elif event.type == "approval_end":
                    del questions[event.data["approval_id"]]
                elif event.type in {"done", "error"}:
                    return event
            if questions:
                return next(iter(questions.values()))
    finally:
        cursor.close()


async def test_the_scope_of_one_decision_covers_questions_that_are_open(tmp_path: Path) -> None:
    """Three are asked at once: `run` for one settles those for the same host, and leaves the other host's open."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [(A, B, ELSEWHERE), "read"]})) as house:
        await house.submit("a")
        third = await house.until("approval_request", call_id="c3")
        await house.approve(await house.until("approval_request", call_id="c1"), scope="run")
        await house.until("tool_end", "r1")
        ends = [e.data for e in await house.log() if e.type == "approval_end"]
        assert [(e["decision"], e["scope"]) for e in ends] == [("approved", "run")] * 2
        await house.approve(third, "deny")
        assert (await house.end("r1")).data["content"] == "read"


async def test_a_thread_s_grant_is_no_other_thread_s(tmp_path: Path) -> None:
    """In another thread a person is asked again."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A]})) as house:
        for thread in ("local/t1", "local/t2"):
            house.thread = thread
            await house.submit("a")
            await house.approve(await house.until("approval_request"), scope="thread")
            await house.end("r1")


# -- decisions that do not count ------------------------------------------------------------------------------------


async def test_a_decision_is_bound_to_what_was_shown(tmp_path: Path) -> None:
    """Another digest, an unknown approval and a stranger are refused; the question stays open."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "read"]})) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        assert await refusal(house.approve(request, digest="0" * 64)) == "digest_mismatch"
        assert await refusal(house.approve(request, approval_id="guessed")) == "not_pending"
        house.owner = "stranger"
        assert await refusal(house.approve(request)) == "not_pending"
        house.owner = "local"
        await house.waiting("r1")
        await house.approve(request)
        assert (await house.end("r1")).data["content"] == "read"


async def test_the_first_decision_wins(tmp_path: Path) -> None:
    """Two tabs decide in the same moment, twenty times: one `approval_end`, and the run hears what it says."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A]})) as house:
        for trial in range(20):
            house.thread = f"local/t{trial}"
            await house.submit("a")
            request = await house.until("approval_request")
            decisions = ("approve", "deny") if trial % 2 else ("deny", "approve")
            tabs = [asyncio.create_task(house.approve(request, d)) for d in decisions]
            lost = [e for e in await asyncio.gather(*tabs, return_exceptions=True) if e is not None]
            assert [getattr(e, "code", e) for e in lost] == ["not_pending"]
            await house.end("r1")
            (end,) = [e for e in await house.log() if e.type == "approval_end"]
            status = (await house.until("tool_end")).data["tool"]["status"]
            assert (end.data["decision"], status) in {("approved", "ok"), ("denied", "denied")}


@pytest.mark.parametrize("decision", ["approve", "deny"])
async def test_what_is_decided_stays_decided(tmp_path: Path, decision: str) -> None:
    """A second decision is refused and changes nothing, whatever the first was."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A]})) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        await house.approve(request, decision)
        await house.end("r1")
        before = len(await house.log())
        for again in ("approve", "deny"):
            assert await refusal(house.approve(request, again)) == "not_pending"
        assert len(await house.log()) == before


# -- no ------------------------------------------------------------------------------------------------------------


async def test_a_reason_reaches_the_agent(tmp_path: Path) -> None:
    """The tool hears that it was denied, and why; the run goes on."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "I see."]})) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        await house.approve(request, "deny", reason="It names customers.")
        assert (await house.end("r1")).data["content"] == "I see."
        end = await house.until("approval_end")
        assert (end.data["decision"], end.data["reason"]) == ("denied", "It names customers.")
        tool = (await house.until("tool_end")).data["tool"]
        assert (tool["status"], tool["output"]) == ("denied", "a.csv: denied. It names customers.")


async def test_nobody_in_time_is_a_no(tmp_path: Path) -> None:
    """The question expires, the agent hears why, and a decision that comes later is refused."""
    limits = Limits(approval=0.1)
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "without"]}), limits) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        assert (await house.end("r1")).data["content"] == "without"
        assert (await house.until("approval_end")).data["decision"] == "expired"
        assert "nobody decided in time" in (await house.until("tool_end")).data["tool"]["output"]
        assert await refusal(house.approve(request)) == "not_pending"


@pytest.mark.parametrize(
    ("route", "own", "asks"),
    [("deny", None, False), ("deny", "wait", True), ("wait", "deny", False), ("wait", None, True)],
)
async def test_where_nobody_can_answer_nobody_is_asked(
    tmp_path: Path, route: Any, own: str | None, *, asks: bool
) -> None:
    """The route's default, or what the message says: denied at once, with the reason, or asked."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "on"]})) as house:
        await house.runs.submit(
            house.owner, house.thread, house.message("a", **({"approvals": own} if own else {})), route
        )
        if asks:
            await house.approve(await house.until("approval_request"))
        assert (await house.end("r1")).data["content"] == "on"
        assert bool(asked(await house.log())) == asks
        tool = (await house.until("tool_end")).data["tool"]
        assert tool["status"] == ("ok" if asks else "denied")
        assert asks or "nobody can be asked" in tool["output"]


async def test_a_grant_counts_where_nobody_can_be_asked(tmp_path: Path) -> None:
    """What a person allowed for the thread is allowed there too."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [A, "on"]})) as house:
        await house.submit("a")
        await house.approve(await house.until("approval_request"), scope="thread")
        await house.end("r1")
        await house.ask("a", approvals="deny")
        assert (await house.until("tool_end", "r2")).data["tool"]["status"] == "ok"


# -- a question that outlives the server ----------------------------------------------------------------------------


async def test_a_question_survives_the_server(tmp_path: Path) -> None:
    """The run waits on under the next server, with the same approval; no event is said twice, and it goes on."""
    scripts: dict[str, list[Step]] = {"a": ["I look. ", A, "Read."], "b": ["B"]}
    async with await House.build(tmp_path, ScriptedEngine(scripts)) as first:
        await first.submit("a")
        request = await first.until("approval_request")
        await first.submit("b")
        await first.waiting("r1")
    async with await House.build(tmp_path, ScriptedEngine(scripts), server="two") as second:
        before = await second.types()
        assert [r.state for r in await second.records()] == ["waiting", "queued"]
        while second.engine.resumed != [None]:
            await second.store.write(lambda _: None)
        await second.approve(request)
        assert (await second.end("r1")).data["content"] == "Read."
        assert (await second.end("r2")).data["content"] == "B"
        log = await second.log()
        assert [e.type for e in log][: len(before)] == before
        assert asked(log) == ["a.csv"]
        assert [(e.data["message_id"], e.data["token"]) for e in log if e.type == "token"][:2] == [
            ("m1.1", "I look. "),
            ("m1.2", "Read."),
        ]
        assert second.engine.transcripts == [second.engine.transcripts[0]], "only r2 was begun anew"


async def test_a_decision_that_came_before_the_end_of_the_server_counts(tmp_path: Path) -> None:
    """It was committed and the process died before the agent heard of it: the next server's agent hears it."""
    engine = ScriptedEngine({"a": [A, "Read."]})
    first = await House.build(tmp_path, engine)
    await first.runs.start()
    await first.submit("a")
    request = await first.until("approval_request")
    await first.waiting("r1")
    run = first.runs._runs[first.thread]
    run.approvals.settle = lambda *_: None  # type: ignore[method-assign]  # the moment between commit and telling
    await first.approve(request, "deny", reason="No.")
    await first.die()
    async with await House.build(tmp_path, ScriptedEngine(engine.scripts), server="two") as second:
        assert (await second.end("r1")).data["content"] == "Read."
        tool = (await second.until("tool_end")).data["tool"]
        assert (tool["status"], tool["output"]) == ("denied", "a.csv: denied. No.")
        assert asked(await second.log()) == ["a.csv"]


async def test_a_question_that_expired_while_no_server_ran_is_a_no(tmp_path: Path) -> None:
    """The next server says so, and the agent goes on without."""
    limits = Limits(approval=0.3)
    scripts: dict[str, list[Step]] = {"a": [A, "without"]}
    async with await House.build(tmp_path, ScriptedEngine(scripts), limits) as first:
        await first.submit("a")
        await first.waiting("r1")
    await asyncio.sleep(0.3)  # the lifetime itself, not a wait for something to happen
    async with await House.build(tmp_path, ScriptedEngine(scripts), server="two") as second:
        assert (await second.end("r1")).data["content"] == "without"
        assert (await second.until("approval_end")).data["decision"] == "expired"
