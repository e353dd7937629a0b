"""The end of a run, in one transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_aichat.errors import LeaseLost, StorageError
from jupyter_aichat.protocol.events import Done, RunError
from jupyter_aichat.runs.ending import end_run
from tests.fakes.engine import Ask, Gate, ScriptedEngine
from tests.runs.house import THREAD, House, expire

DONE = Done(content="fine", agent="supervisor", outcome="completed", duration_ms=1)
ERROR = RunError(error="Not fine.", code="storage", retryable=True)


async def test_what_is_open_is_closed_before_the_end(tmp_path: Path) -> None:
    """Questions first, then calls, the last one first; the terminal event is the run's last."""
    asks = (Ask("a.csv", "c1"), Ask("b.csv", "c2"))
    async with await House.build(tmp_path, ScriptedEngine({"a": [asks]})) as house:
        await house.submit("a")
        await house.waiting("r1")
        await house.cancel()
        await house.end("r1")
        log = [e for e in await house.log() if e.run_id == "r1"][-5:]
        assert [e.type for e in log] == ["approval_end", "approval_end", "tool_end", "tool_end", "done"]
        assert [e.data["tool"]["call_id"] for e in log[2:4]] == ["c2", "c1"]
        assert [(r.state, r.checkpoint) for r in await house.records()] == [("cancelled", None)]


@pytest.mark.parametrize(("event", "state"), [(DONE, "completed"), (ERROR, "failed")])
async def test_the_lease_goes_with_the_last_run(tmp_path: Path, event: Done | RunError, state: str) -> None:
    """The thread is free, and the run's row says how it ended."""
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        ended = await house.store.write(lambda tx: end_run(tx, run.lease, run.record, event, "fine"))
        assert ended.lease is None
        assert await house.store.read(lambda tx: tx.lease_owner(THREAD)) is None
        assert [r.state for r in await house.records()] == [state]


async def test_the_lease_stays_while_messages_wait(tmp_path: Path) -> None:
    """No other server may take the thread between two of its runs."""
    gate = Gate()
    async with await House.build(tmp_path, ScriptedEngine({"a": [gate]})) as house:
        await house.submit("a")
        await house.submit("b")
        lease = house.runs._runs[THREAD].lease
        house.held = Gate()
        gate.open.set()
        await house.held.reached.wait()
        assert await house.store.read(lambda tx: tx.lease_owner(THREAD)) == "one"
        house.held.open.set()
        await house.end("r2")
        assert lease.failed is None


async def test_a_run_ends_once(tmp_path: Path) -> None:
    """A second end is refused and writes nothing, also when the thread has a new lease here."""
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        await house.store.write(lambda tx: end_run(tx, run.lease, run.record, DONE, ""))
        log = len(await house.log())
        again = await house.store.write(lambda tx: tx.take_lease(THREAD))
        for lease in (run.lease, again):
            with pytest.raises(LeaseLost):
                await house.store.write(lambda tx, x=lease: end_run(tx, x, run.record, ERROR, ""))  # type: ignore[misc]
        assert len(await house.log()) == log
        await house.store.write(lambda tx: tx.release_lease(again))


async def test_another_server_s_thread_is_not_ended(tmp_path: Path) -> None:
    """Not by a `done` and not by an `error`, whatever became of the lease."""
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        expire(tmp_path, taken_by="two")
        for failure in (None, StorageError("The disk is full."), LeaseLost("Gone.")):
            run.lease.failed = failure
            for event in (DONE, ERROR):
                with pytest.raises(StorageError):
                    await house.store.write(lambda tx, e=event: end_run(tx, run.lease, run.record, e, ""))  # type: ignore[misc]
        assert await house.types() == ["run_start"]


async def test_a_failed_lease_allows_an_error_and_no_success(tmp_path: Path) -> None:
    """Something of the answer was not written, so it is not `done`; `storage` is written under a new lease."""
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        run.lease.fail(StorageError("The disk is full."))
        with pytest.raises(StorageError, match="full"):
            await house.store.write(lambda tx: end_run(tx, run.lease, run.record, DONE, ""))
        await house.store.write(lambda tx: end_run(tx, run.lease, run.record, ERROR, ""))
        assert await house.types("r1") == ["run_start", "error"]


async def test_a_deleted_thread_s_run_ends(tmp_path: Path) -> None:
    """Without a title, which nobody would read."""
    async with await House.build(tmp_path) as house:
        run = await house.run("Profile sales.csv")
        await house.store.write(lambda tx: tx.delete("local", THREAD))
        await house.store.write(lambda tx: end_run(tx, run.lease, run.record, DONE, "fine"))
        assert await house.types() == ["run_start", "done"]
        await house.store.write(lambda tx: tx.restore("local", THREAD))


async def test_a_title_that_a_person_gave_stays(tmp_path: Path) -> None:
    """The first answer names the thread only when nobody has."""
    async with await House.build(tmp_path) as house:
        run = await house.run("Profile sales.csv")
        await house.store.write(lambda tx: tx.rename("local", THREAD, "Mine"))
        await house.store.write(lambda tx: end_run(tx, run.lease, run.record, DONE, "fine"))
        assert (await house.store.read(lambda tx: tx.thread("local", THREAD))).title == "Mine"
