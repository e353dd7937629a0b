"""Kernels that print or display without end: little of it is passed on, all of it is counted, memory is bounded."""

from __future__ import annotations

import asyncio

import psutil  # type: ignore[import-untyped]  # publishes no types

from jupyter_aichat.kernels.outputs import Display, Omitted
from tests.kernels.people import Desk, Heard, User


async def test_sixty_megabytes_of_text(desk: Desk) -> None:
    """Head and tail arrive with the full size between them; the process does not stay larger by 30 MB.

    A fast kernel puts all 60 MB into one message, which has to be received as a whole. It is never copied.
    """
    heard = Heard()
    process = psutil.Process()
    before = process.memory_info().rss
    largest = 0

    async def measure() -> None:
        nonlocal largest
        while True:
            largest = max(largest, process.memory_info().rss)
            await asyncio.sleep(0.01)

    measuring = asyncio.create_task(measure())
    code = "print('the head')\nfor _ in range(60_000): print('x' * 999)\nprint('the tail')"
    outcome = await desk.run(code, on_output=heard.output)
    measuring.cancel()
    assert outcome.status == "ok"
    assert outcome.text_size == 60_000_018
    text = outcome.outputs[0]["text"]
    assert text.startswith("the head\n")
    assert text.endswith("the tail\n")
    assert "[… 59.8 MB of 60.0 MB of text left out …]" in text
    assert len(text) < 201_000
    assert len(heard.text) <= 200_000
    assert len(heard.outputs) < 100
    assert (process.memory_info().rss - before) / 1e6 < 30
    assert (largest - before) / 1e6 < 60 + 15


async def test_a_tight_loop_is_heard_and_stopped(desk: Desk) -> None:
    """`while True: print(…)` shows its head at once, floods nobody, and can be stopped."""
    heard = Heard()
    task = desk.begin("while True: print('x' * 1000)", heard)
    await heard.until(lambda heard: len(heard.text) > 50_000)
    async with asyncio.timeout(10):
        assert await desk.bridge.interrupt_ours(desk.kernel_id)
    outcome = await task
    assert outcome.status == "cancelled"
    assert outcome.text_size > 50_000
    assert len(heard.text) <= 200_000
    assert len(heard.outputs) < 1000


async def test_displays_beyond_the_limit_are_said_not_sent(desk: Desk) -> None:
    """Of 30 MB of pictures 20 MB arrive, and a sentence tells of the others."""
    heard = Heard()
    code = "for n in range(30): display({'text/plain': 'p' * 1_000_000}, raw=True)"
    outcome = await desk.run(code, on_output=heard.output)
    sent = [output for output in heard.outputs if isinstance(output, Display)]
    assert 15 < len(sent) < 20 + 1
    assert [output.what for output in heard.outputs if isinstance(output, Omitted)] == ["display"]
    assert outcome.display_size > 30_000_000
    assert "of 30.0 MB of display data left out" in outcome.outputs[-1]["data"]["text/plain"]


async def test_what_others_print_is_never_kept(desk: Desk, user: User) -> None:
    """The output of the user's cells is not ours, however large."""
    heard = Heard()
    cells = user.queue("print('x' * 20_000_000)")
    outcome = await desk.run("print('ours')", on_output=heard.output)
    await user.replies(cells)
    assert heard.text == "ours\n"
    assert outcome.text_size == 5
