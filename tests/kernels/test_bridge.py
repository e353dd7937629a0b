"""Executing code in an idle kernel: what it shows, how it ends, and that nothing of the user's is touched."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_aichat.errors import KernelChanged, KernelGone
from jupyter_aichat.kernels import KernelBridge, Outcome
from jupyter_aichat.kernels.outputs import Clear, Display, Error, Result, Stream, Update
from tests.kernels.people import Desk, Heard, User, error_of


async def test_state_says_what_kernel_it_is(desk: Desk) -> None:
    """An idle kernel is seen as idle, with its language, its name in the launcher and its generation."""
    state = await desk.state()
    assert (state.state, state.language, state.busy_seconds, state.ours) == ("idle", "python", None, False)
    assert state.display_name.startswith("Python 3")
    outcome = await desk.run("")
    assert state.generation == outcome.generation is not None


async def test_what_code_shows_comes_in_order(desk: Desk) -> None:
    """Text, displays and the result arrive as they come; the outcome holds them as a cell would show them."""
    heard = Heard()
    code = "import sys\nprint('one')\ndisplay({'a': 1})\nprint('two', file=sys.stderr)\n40 + 2"
    outcome = await desk.run(code, on_output=heard.output)
    assert [type(output) for output in heard.outputs] == [Stream, Display, Stream, Result]
    assert [output.name for output in heard.outputs if isinstance(output, Stream)] == ["stdout", "stderr"]
    assert heard.text == "one\ntwo\n"
    assert heard.shown == ["{'a': 1}", "42"]
    assert outcome.status == "ok"
    assert outcome.error is None
    kinds = [output["output_type"] for output in outcome.outputs]
    assert kinds == ["stream", "display_data", "stream", "execute_result"]


async def test_output_comes_while_the_code_runs(desk: Desk, user: User) -> None:
    """What is printed before a long wait is heard before it ends."""
    heard = Heard()
    await user.run("import threading; go = threading.Event()")
    task = desk.begin("print('begun'); go.wait(20); print('ended')", heard)
    await heard.until(lambda heard: "begun" in heard.text)
    assert not task.done()
    assert (await desk.state()).ours
    await desk.bridge.interrupt_ours(desk.kernel_id)
    assert (await task).status == "cancelled"


async def test_displays_are_updated_and_cleared(desk: Desk) -> None:
    """`update_display` and `clear_output` are passed on, and obeyed in the outcome."""
    heard = Heard()
    code = (
        "from IPython.display import clear_output\n"
        "print('away'); clear_output(wait=True)\n"
        "handle = display('first', display_id='d'); handle.update('second')"
    )
    outcome = await desk.run(code, on_output=heard.output)
    assert Clear(wait=True) in heard.outputs
    assert any(isinstance(output, Update) and output.display_id == "d" for output in heard.outputs)
    assert [output["data"]["text/plain"] for output in outcome.outputs] == ["'second'"]


async def test_progress_bars_end_as_their_last_drawing(desk: Desk) -> None:
    """A line that is drawn over and over is one line in the outcome, and few outputs."""
    heard = Heard()
    code = "for i in range(5000): print(f'\\r{i:5d} of 5000', end='', flush=True)"
    outcome = await desk.run(code, on_output=heard.output)
    assert [output["text"] for output in outcome.outputs] == [" 4999 of 5000"]
    assert len(heard.outputs) < 500


async def test_an_error_is_told_without_escape_sequences(desk: Desk) -> None:
    """Name, value and traceback of an exception, as plain text, in the outcome and among the outputs."""
    heard = Heard()
    outcome = await desk.run("def f():\n    return 1 / 0\nf()", on_output=heard.output)
    error = error_of(outcome)
    assert (outcome.status, error.name, error.value) == ("error", "ZeroDivisionError", "division by zero")
    assert "return 1 / 0" in error.traceback
    assert "\x1b" not in error.traceback
    assert [output for output in heard.outputs if isinstance(output, Error)] == [error]


async def test_input_is_refused(desk: Desk) -> None:
    """Code that asks for input gets an exception at once, and nobody waits for an answer."""
    outcome = await desk.run("input('pw?')")
    assert (outcome.status, error_of(outcome).name) == ("error", "StdinNotImplementedError")


async def test_silent_code_shows_its_output_only_to_us(desk: Desk, user: User) -> None:
    """A silent request is not announced to other clients, and runs nevertheless."""
    assert (await desk.run("silently = 5", silent=True)).status == "ok"
    assert (await user.run("assert silently == 5"))["status"] == "ok"
    inputs = [m["content"]["code"] for m in await user.heard_on_iopub() if m["msg_type"] == "execute_input"]
    assert "silently = 5" not in inputs


async def test_history_and_counter_stay_the_users(desk: Desk, user: User) -> None:
    """Neither `In`, `Out`, `_` nor the number of the next cell changes, whether our code succeeds or fails."""
    before = await user.run("'mine'")
    await user.run("seen = (_, list(In), dict(Out))")
    await desk.run("123")
    await desk.run("1/0")
    assert await desk.value("1 + 1") == 2
    after = await user.run("assert _ == 'mine', _")
    assert after["status"] == "ok", after
    assert after["execution_count"] == before["execution_count"] + 2
    same = await user.run("assert (list(In)[:-3], dict(Out)) == (seen[1][:-1], seen[2]), (In, Out)")
    assert same["status"] == "ok", same


async def test_requests_of_ours_run_one_after_the_other(desk: Desk) -> None:
    """Requests that come together are executed in the order in which they came."""
    await desk.run("order = []")
    tasks = [desk.begin(f"import time; time.sleep(0.02); order.append({n})") for n in range(5)]
    assert [outcome.status for outcome in await asyncio.gather(*tasks)] == ["ok"] * 5
    assert await desk.value("order") == [0, 1, 2, 3, 4]


async def test_an_unknown_kernel_is_said_to_be_gone(desk: Desk) -> None:
    """Looking at, executing in, or asking a kernel that does not exist names it."""
    for attempt in (
        desk.bridge.state("nobody"),
        desk.bridge.execute("nobody", "1"),
        desk.bridge.ask("nobody", "", {}, 1),
    ):
        with pytest.raises(KernelGone, match="'nobody'"):
            await attempt
    assert not await desk.bridge.interrupt_ours("nobody")


async def test_another_generation_runs_nothing(desk: Desk) -> None:
    """Code that was meant for an earlier process of the kernel is refused; for this one it runs."""
    await desk.run("ran = 0")
    with pytest.raises(KernelChanged):
        await desk.run("ran += 1", generation="an earlier one")
    with pytest.raises(KernelChanged):
        await desk.bridge.ask(desk.kernel_id, "def main(r): pass", {}, 5, generation="an earlier one")
    assert (await desk.run("ran += 10", generation=await desk.generation())).status == "ok"
    assert await desk.value("ran") == 10


async def test_a_listener_that_fails_stops_the_code(desk: Desk) -> None:
    """What `on_output` raises reaches the caller, and the code does not run on unheard."""

    def listen(_: object) -> None:
        raise OSError("the log is full")

    with pytest.raises(OSError, match="the log is full"):
        await desk.run(
            "import time\nprint('x', flush=True)\nfor _ in range(300): time.sleep(0.1)", on_output=listen
        )
    assert (await desk.run("1")).status == "ok"


async def test_the_end_is_told_also_when_the_caller_went(desk: Desk) -> None:
    """`on_end` hears the outcome of a request, also of one whose caller was cancelled."""
    ends: list[Outcome] = []
    await desk.run("1", on_end=ends.append)
    heard = Heard()
    task = desk.begin(
        "import time\nprint('on')\nfor _ in range(300): time.sleep(0.1)", heard, on_end=ends.append
    )
    await heard.until(lambda heard: "on" in heard.text)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [end.status for end in ends] == ["ok", "cancelled"]
    assert error_of(ends[1]).name == "KeyboardInterrupt"


async def test_closing_gives_everything_back(desk: Desk) -> None:
    """After `close` no task and no socket is left, whatever was going on."""
    tasks = asyncio.all_tasks()
    bridge = KernelBridge(desk.kernels)
    context = bridge._context
    heard = Heard()
    running = asyncio.create_task(
        bridge.execute(desk.kernel_id, "print(1)\nwhile True: pass", on_output=heard.output)
    )
    await heard.until(lambda heard: heard.text)
    await bridge.close()
    assert (await running).status == "cancelled"
    assert context.closed
    assert not context._sockets
    assert asyncio.all_tasks() == tasks


async def test_an_unused_connection_is_closed_and_opened_again(desk: Desk) -> None:
    """A kernel that nobody asks for a while costs no sockets; the next request connects anew."""
    bridge = KernelBridge(desk.kernels, unused_after=0.0)
    try:
        generation = (await bridge.state(desk.kernel_id)).generation
        connection = bridge._slots[desk.kernel_id].connection
        assert connection is not None
        await asyncio.wait_for(connection.closed(), 10)
        assert not bridge._context._sockets
        assert not bridge._slots
        assert (await bridge.execute(desk.kernel_id, "1", generation=generation)).status == "ok"
    finally:
        await bridge.close()
