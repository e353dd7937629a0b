"""The queue of a thread, where two servers look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused, LeaseLost
from jupyter_aichat.protocol.events import Done, RunError, RunStart, UserMessage
from jupyter_aichat.runs.ending import end_run
from jupyter_aichat.runs.queueing import begin_queued, first_queued, must_be_here
from jupyter_aichat.runs.run import Run
from jupyter_aichat.store import Lease, RunRecord
from tests.runs.house import THREAD, House, expire

START = RunStart(message=UserMessage(id="m2", content="b"), agent="supervisor", model="scripted:model")
REFUSED = RunError(error="No model.", code="model_error", retryable=True)
DONE = Done(content="", agent="supervisor", outcome="completed", duration_ms=0)


async def waiting(house: House) -> tuple[Run, RunRecord, Lease]:
    """A run that has ended, and the message whose turn it is."""
    run = await house.run("a")
    await house.submit("b")
    await house.store.write(lambda tx: end_run(tx, run.lease, run.record, DONE, ""))
    found = await house.store.write(lambda tx: first_queued(tx, THREAD))
    assert found is not None
    assert found[0].id == "r2"
    return run, *found


async def test_a_message_that_was_taken_back_is_not_begun(tmp_path: Path) -> None:
    """Stop came between the look at the queue and the start, from another server: the message has one end."""
    async with await House.build(tmp_path) as house:
        _, record, lease = await waiting(house)
        await house.cancel("r2")
        for event in (START, REFUSED):
            assert not await house.store.write(lambda tx, e=event: begin_queued(tx, lease, record, e))  # type: ignore[misc]
        assert await house.types("r2") == ["run_queued", "done"]
        assert await house.store.write(lambda tx: first_queued(tx, THREAD)) is None
        assert await house.store.read(lambda tx: tx.lease_owner(THREAD)) is None


async def test_nothing_begins_in_a_thread_that_was_taken_over(tmp_path: Path) -> None:
    """Neither a start nor a refusal is written."""
    async with await House.build(tmp_path) as house:
        _, record, lease = await waiting(house)
        expire(tmp_path, taken_by="two")
        for event in (START, REFUSED):
            with pytest.raises(LeaseLost):
                await house.store.write(lambda tx, e=event: begin_queued(tx, lease, record, e))  # type: ignore[misc]
        assert await house.types("r2") == ["run_queued"]
        with pytest.raises(CommandRefused, match="two"):
            await house.store.write(lambda tx: first_queued(tx, THREAD))


async def test_a_message_that_cannot_begin_ends(tmp_path: Path) -> None:
    """With the reason, and without a start."""
    async with await House.build(tmp_path) as house:
        _, record, lease = await waiting(house)
        assert await house.store.write(lambda tx: begin_queued(tx, lease, record, REFUSED))
        assert await house.types("r2") == ["run_queued", "error"]
        await house.store.write(lambda tx: tx.release_lease(lease))


async def test_only_another_server_s_work_is_elsewhere(tmp_path: Path) -> None:
    """Our own lease, one that has expired and none are no reason to refuse."""
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        await house.store.read(lambda tx: must_be_here(tx, THREAD, "one"))
        with pytest.raises(CommandRefused, match="on another server: one"):
            await house.store.read(lambda tx: must_be_here(tx, THREAD, "two"))
        expire(tmp_path)
        await house.store.read(lambda tx: must_be_here(tx, THREAD, "two"))
        await house.store.write(lambda tx: end_run(tx, run.lease, run.record, DONE, ""))
        await house.store.read(lambda tx: must_be_here(tx, THREAD, "two"))
