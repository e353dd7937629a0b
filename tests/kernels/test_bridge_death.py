"""Kernels that die, are restarted or shut down: told within 5 s, and nothing runs in the wrong one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.errors import KernelChanged, KernelGone
from jupyter_aichat.kernels.channels import NotConnected
from tests.kernels.people import Desk, Heard, error_of

ENDLESS = "print('on', flush=True)\nwhile True: pass"


async def end_while_running(desk: Desk, end: Callable[[], Awaitable[Any] | None]) -> str:
    """Run code, end its kernel under it, give the sentence of the outcome, which must come within 5 s."""
    heard = Heard()
    task = desk.begin(ENDLESS, heard)
    await heard.until(lambda heard: heard.text)
    ending = end()
    async with asyncio.timeout(5):
        outcome = await task
    if ending is not None:
        await ending
    assert outcome.status == "error"
    assert error_of(outcome).name == "KernelGone"
    assert outcome.outputs[0]["text"] == "on\n"
    return error_of(outcome).value


async def test_code_that_ends_its_process(own: Desk) -> None:
    """`os._exit` never replies; the outcome is an error with a sentence, and the restarted kernel works."""
    before = await own.generation()
    async with asyncio.timeout(5):
        outcome = await own.run("import os\nprint('last words', flush=True)\nos._exit(1)")
    assert (outcome.status, error_of(outcome).name) == ("error", "KernelGone")
    assert error_of(outcome).value == "The kernel's process ended."
    assert (await own.state()).state == "restarting"
    with pytest.raises(KernelChanged):
        await own.run("1", generation=before)
    after = await own.run("1 + 1")
    assert after.status == "ok"
    assert after.generation != before


async def test_a_killed_kernel(own: Desk) -> None:
    """SIGKILL from outside is told as the process's end."""
    pid = own.kernels.get_kernel(own.kernel_id).provisioner.pid
    assert await end_while_running(own, lambda: os.kill(pid, signal.SIGKILL)) == "The kernel's process ended."


async def test_a_kernel_restarted_while_code_runs(own: Desk) -> None:
    """The user's restart ends our request; a question for the old process is refused, one for any runs."""
    before = await own.generation()

    def restart() -> asyncio.Task[Any]:
        return asyncio.create_task(own.kernels.restart_kernel(own.kernel_id, now=True))

    assert "restarted" in (sentence := await end_while_running(own, restart)) or "ended" in sentence
    with pytest.raises(KernelChanged, match="restarted"):
        await own.bridge.execute(own.kernel_id, "1", generation=before)
    assert (await own.run("1")).status == "ok"
    assert await own.generation() != before


async def test_a_kernel_shut_down_while_code_runs(own: Desk) -> None:
    """Shutting down ends our request, closes the connection, and the kernel is gone then."""

    def shut_down() -> asyncio.Task[Any]:
        return asyncio.create_task(own.kernels.shutdown_kernel(own.kernel_id, now=True))

    await end_while_running(own, shut_down)
    with pytest.raises(KernelGone):
        await own.run("1")
    await asyncio.gather(*(connection.closed() for connection in own.bridge._connections))
    assert not own.bridge._slots
    assert all(socket().closed for socket in own.bridge._context._sockets)


async def test_a_request_that_waits_survives_a_restart_only_if_it_may(own: Desk) -> None:
    """Of two requests behind a busy kernel that is restarted, the one bound to the old process is refused."""
    generation = await own.generation()
    heard, waiting = Heard(), Heard()
    running = own.begin(ENDLESS, heard)
    await heard.until(lambda heard: heard.text)
    bound = own.begin("bound = 1", waiting, generation=generation)
    free = own.begin("free = 1")
    await waiting.until(lambda waiting: waiting.states)
    assert waiting.states[-1].state == "busy"
    await own.kernels.restart_kernel(own.kernel_id, now=True)
    assert (await running).status == "error"
    with pytest.raises(KernelChanged):
        await bound
    assert (await free).status == "ok"
    assert await own.value("(globals().get('bound'), free)") == [None, 1]


async def test_a_kernel_that_refuses_the_interrupt(own: Desk) -> None:
    """Code that catches the interrupt keeps the kernel; the cancellation ends all the same, and says unknown."""
    heard = Heard()
    ends: list[str] = []
    code = (
        "import time\nprint('on', flush=True)\nuntil = time.monotonic() + 8\n"
        "while time.monotonic() < until:\n"
        "    try: time.sleep(10)\n    except KeyboardInterrupt: print('no', flush=True)"
    )
    task = own.begin(code, heard, on_end=lambda end: ends.append(end.status))
    await heard.until(lambda heard: heard.text)
    task.cancel()
    async with asyncio.timeout(7):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert ends == ["unknown"]
    assert "no" in heard.text
    assert (await own.state()).state == "busy"


async def test_what_was_sent_to_a_dead_kernel_never_reaches_its_successor(own: Desk, tmp_path: Path) -> None:
    """Nothing waits in a socket for a new process: it would run code there that was approved for the old one."""
    await own.state()
    connection = own.bridge._slots[own.kernel_id].connection
    assert connection is not None
    channels, marker, manager = connection._channels, tmp_path / "ran", own.kernels.get_kernel(own.kernel_id)
    manager.stop_restarter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "finish", lambda _: None)  # the sockets stay, as before anybody noticed
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        content = {"code": f"open({str(marker)!r}, 'w').close()", "silent": False}
        async with asyncio.timeout(5):
            with contextlib.suppress(NotConnected):  # refused, as soon as the connection is seen to be broken
                while True:
                    await channels.send("shell", channels.session.msg("execute_request", content))
                    await asyncio.sleep(0)
        await own.kernels.restart_kernel(own.kernel_id, now=True)
        async with asyncio.timeout(20):
            await (
                connection.settle()
            )  # by the same sockets, which have connected to the successor by themselves
    assert not marker.exists()
