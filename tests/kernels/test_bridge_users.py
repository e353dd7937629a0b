"""A user and the bridge in one kernel at once: neither's failing code costs the other anything."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_aichat.errors import KernelBusy
from jupyter_aichat.kernels import OutputLimits
from jupyter_aichat.kernels.channels import Message
from jupyter_aichat.kernels.execution import Execution
from tests.kernels.people import Desk, Heard, User, error_of

WAIT = "import time\nwhile not go: time.sleep(0.01)"
"""A cell that runs until `go` is true; the bridge cannot set it, so an interrupt ends it."""


async def test_failing_code_of_ours_costs_no_cell(desk: Desk, user: User) -> None:
    """Cells that the user queues while our code runs and fails are all executed, in order."""
    await user.run("order = []")
    heard = Heard()
    task = desk.begin("print('on', flush=True)\nimport time; time.sleep(0.3)\n1/0", heard)
    await heard.until(lambda heard: heard.text)
    cells = user.queue(*(f"order.append({n})" for n in range(5)))
    assert (await task).status == "error"
    assert [reply["status"] for reply in await user.replies(cells)] == ["ok"] * 5
    assert await desk.value("order") == [0, 1, 2, 3, 4]


async def test_a_failing_cell_costs_none_of_our_code(desk: Desk, user: User) -> None:
    """What we ask for while the user's cells run waits until they are through, though one of them fails."""
    await user.run("order = []")
    cells = user.queue("import time; time.sleep(0.3); order.append('first')", "1/0", "order.append('never')")
    outcomes = await asyncio.gather(*(desk.run(f"order.append({n})") for n in range(2)))
    assert [outcome.status for outcome in outcomes] == ["ok", "ok"]
    assert [reply["status"] for reply in await user.replies(cells)] == ["ok", "error", "aborted"]
    assert await desk.value("order") == ["first", 0, 1]


async def test_both_work_and_fail_at_once(desk: Desk, user: User) -> None:
    """Everything of both runs that should, in each one's order, and the user's numbers have no gap."""
    first = (await user.run("theirs, ours = [], []"))["execution_count"]
    tasks = [desk.begin(f"ours.append({n})\nif {n} % 2: 1/0") for n in range(6)]
    counts = []
    for n in range(6):
        cells = user.queue(f"theirs.append({n})", f"theirs.append({n}.5)")
        counts += [reply["execution_count"] for reply in await user.replies(cells)]
        await asyncio.sleep(0)
    outcomes = [await task for task in tasks]
    assert [outcome.status for outcome in outcomes] == ["ok", "error"] * 3
    assert await desk.value("theirs") == [n / 2 for n in range(12)]
    assert await desk.value("ours") == list(range(6))
    assert counts == list(range(first + 1, first + 13))


async def test_waiting_for_a_busy_kernel_is_told(desk: Desk, user: User) -> None:
    """While the user's cell runs, the state says busy, for how long, and that it is not ours."""
    await desk.state()
    await user.run("go = False")
    cell = user.queue(WAIT)
    heard = Heard()
    task = desk.begin("1", heard)
    await heard.until(lambda heard: len(heard.states) >= 2)
    first, second = heard.states[-2:]
    assert (first.state, first.ours) == ("busy", False)
    assert (first.busy_seconds or 0) < (second.busy_seconds or 0)
    assert (await desk.state()).state == "busy"
    assert not task.done()
    await desk.kernels.get_kernel(desk.kernel_id)._async_interrupt_kernel()
    assert (await user.replies(cell))[0]["ename"] == "KeyboardInterrupt"
    assert (await task).status == "ok"


async def test_a_kernel_that_was_busy_before_is_seen_as_busy(desk: Desk, user: User) -> None:
    """A bridge that connects while a cell runs says busy, with the generation, and does not wait for the cell."""
    await user.run("go = False")
    connection = desk.bridge._slots[desk.kernel_id].connection
    assert connection is not None
    connection.finish("unused")
    await connection.closed()
    cell = user.queue(WAIT)
    await asyncio.to_thread(lambda: None)
    async with asyncio.timeout(5):
        while (state := await desk.state()).state != "busy":
            pass
    assert state.generation
    assert state.busy_seconds is not None
    await desk.kernels.get_kernel(desk.kernel_id)._async_interrupt_kernel()
    await user.replies(cell)


async def test_a_waiting_request_is_dropped_at_once(desk: Desk, user: User) -> None:
    """Cancelling what waits for the user's cell is immediate, runs nothing, and leaves the cell alone."""
    await user.run("go = False; ran = 0")
    cell = user.queue(WAIT + "\nran += 1")
    heard = Heard()
    ends: list[str] = []
    dropped = desk.begin("ran += 100", heard, on_end=lambda end: ends.append(end.status))
    stopped = desk.begin("ran += 100")
    await heard.until(lambda heard: heard.states)
    dropped.cancel()
    async with asyncio.timeout(1):
        with pytest.raises(asyncio.CancelledError):
            await dropped
        assert await desk.bridge.interrupt_ours(desk.kernel_id)
    assert ends == ["not_executed"]
    assert (await stopped).status == "not_executed"
    assert (await desk.state()).state == "busy"
    await desk.kernels.get_kernel(desk.kernel_id)._async_interrupt_kernel()
    await user.replies(cell)
    assert await desk.value("ran") == 0


async def test_a_request_behind_a_cell_never_interrupts_it(desk: Desk, user: User) -> None:
    """A request that slipped behind a new cell is left there when cancelled; the cell runs to its end."""
    await user.run("go = False; ended = False")
    connection = await desk.bridge._connect(desk.kernel_id, desk.bridge._slot(desk.kernel_id))
    assert connection is not None

    async def settled() -> None:
        """Say that the kernel is idle although it is not: the cell came just after the question."""

    connection.settle = settled  # type: ignore[method-assign]
    cell = user.queue("import time; time.sleep(1.5); ended = True")
    await asyncio.sleep(0)
    ends: list[str] = []
    task = desk.begin("while True: pass", on_end=lambda end: ends.append(end.status))
    async with asyncio.timeout(5):
        while connection.execution is None or not connection.execution.request:
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del connection.settle
    assert (await user.replies(cell))[0]["status"] == "ok"
    assert ends == ["unknown"]
    # when it begins at last it is interrupted, so the kernel is free again
    assert (await desk.run("assert ended")).status == "ok"


async def test_a_request_that_has_just_ended_interrupts_nobody(desk: Desk, user: User) -> None:
    """A cancellation that comes when the user's next cell runs already leaves that cell alone."""
    connection = await desk.bridge._connect(desk.kernel_id, desk.bridge._slot(desk.kernel_id))
    assert connection is not None
    ended = Execution(OutputLimits(), None)
    ended.request, ended.started, ended.idle = "ours", True, True
    cell = user.queue("import time; time.sleep(0.5)")
    async with asyncio.timeout(5):
        while connection.activity.request is None:
            await asyncio.sleep(0)
    ended.replied(Message("execute_reply", "", {}, {"status": "ok"}))
    await connection._stop(ended)
    assert (await user.replies(cell))[0]["status"] == "ok"


async def test_an_aborted_request_is_tried_once_more(desk: Desk, user: User) -> None:
    """A request that the kernel aborted, because a cell failed before it, is executed when the kernel is idle."""
    await user.run("ran = 0")
    connection = await desk.bridge._connect(desk.kernel_id, desk.bridge._slot(desk.kernel_id))
    assert connection is not None
    settle, asked = connection.settle, []

    async def settled() -> None:
        asked.append(1)
        if len(asked) > 1:
            await settle()

    connection.settle = settled  # type: ignore[method-assign]
    connection.spared = True
    cells = user.queue("import time; time.sleep(0.5); 1/0")
    async with asyncio.timeout(5):  # the cell comes first: it goes another way than our request
        while connection.activity.request is None:
            await asyncio.sleep(0)
    outcome = await desk.run("ran += 1")
    await user.replies(cells)
    assert outcome.status == "ok"
    assert len(asked) == 2
    assert await desk.value("ran") == 1


async def test_a_question_waits_only_as_long_as_it_may(desk: Desk, user: User) -> None:
    """A question to a busy kernel ends in time with a sentence, and the cell runs on."""
    await user.run("go = False")
    cell = user.queue(WAIT)
    with pytest.raises(KernelBusy, match=r"busy for 0\.5 s"):
        await desk.bridge.ask(desk.kernel_id, "def main(r): return 1", {}, 0.5)
    assert (await desk.state()).state == "busy"
    await desk.kernels.get_kernel(desk.kernel_id)._async_interrupt_kernel()
    assert (await user.replies(cell))[0]["status"] == "error"


async def test_an_interrupt_by_the_user_is_an_error_of_the_code(desk: Desk) -> None:
    """The user may interrupt what we run: the outcome is the kernel's KeyboardInterrupt."""
    heard = Heard()
    task = desk.begin("print(1, flush=True)\nwhile True: pass", heard)
    await heard.until(lambda heard: heard.text)
    await desk.kernels.get_kernel(desk.kernel_id)._async_interrupt_kernel()
    outcome = await task
    assert (outcome.status, error_of(outcome).name) == ("error", "KeyboardInterrupt")
