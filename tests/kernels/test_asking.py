"""Questions to the kernel: answered as JSON, and without a trace."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_aichat.errors import KernelUnsupported, SourceFailed
from jupyter_aichat.kernels.asking import answer_in
from tests.kernels.people import Desk, Heard, User


async def test_an_answer_is_the_json_that_main_returns(desk: Desk) -> None:
    """The request arrives as it was, and the result as it is, in any script."""
    request = {"text": "갑'\"\\n\n𝄞", "list": [1, 2.5, None, True]}
    source = "def main(request):\n    return [request, helper()]\n\ndef helper():\n    return {'나': 1}\n"
    assert await desk.bridge.ask(desk.kernel_id, source, request, 10) == [request, {"나": 1}]


async def test_a_question_leaves_no_trace(desk: Desk, user: User) -> None:
    """No name, no history, no `_`, no number, no module, no hook of the user's, and nothing on iopub but statuses."""
    await user.run("'mine'")
    await user.run(
        "import sys; before = None; hooked = []; get_ipython().events.register('pre_run_cell', hooked.append)"
    )
    count = (await user.run("before = (set(globals()), set(sys.modules), list(In), dict(Out), _)"))[
        "execution_count"
    ]
    await user.heard_on_iopub()
    source = "import json\nX = 1\ndef main(request):\n    print('not for the user')\n    return X\n"
    assert await desk.bridge.ask(desk.kernel_id, source, {}, 10) == 1
    heard = [m for m in await user.heard_on_iopub() if m["msg_type"] not in {"status", "stream"}]
    assert heard == []
    check = "(set(globals()) - {f'_i{len(In) - 1}'}, set(sys.modules), list(In)[:-1], dict(Out), _) == before"
    after = await user.run(
        f"assert {check}, [a ^ b for a, b in zip((set(globals()), set(sys.modules)), before)]"
    )
    assert after["status"] == "ok", after
    assert after["execution_count"] == count + 1
    assert (await user.run("assert len(hooked) == 3, hooked"))["status"] == "ok"


async def test_the_users_names_do_not_get_in_the_way(desk: Desk, user: User) -> None:
    """A user may call variables `exec`, `json`, `main` or `print`; the question is answered all the same."""
    await user.run("exec = compile = json = main = space = builtins = len = str = 5")
    assert await desk.bridge.ask(desk.kernel_id, "def main(r): return len('abc')", {}, 10) == 3


@pytest.mark.parametrize(
    ("source", "name", "sentence"),
    [
        ("def main(r): return 1/0", "ZeroDivisionError", "division by zero"),
        ("def main(r): raise SystemExit(3)", "SystemExit", "3"),
        ("def main(r): return object()", "TypeError", "JSON"),
        ("def main(r): return float('nan')", "ValueError", "JSON"),
        ("def main(r) return", "SyntaxError", "expected"),
        ("x = 1", "KeyError", "main"),
        ("def main(r): return 'x' * 10_000_000", "TooLarge", "10,000,014 bytes; 4,000,000 are allowed"),
    ],
)
async def test_a_question_that_fails_says_how(desk: Desk, source: str, name: str, sentence: str) -> None:
    """What the source raises is named, nothing of it is shown to the user, and the kernel goes on."""
    with pytest.raises(SourceFailed, match=sentence) as failed:
        await desk.bridge.ask(desk.kernel_id, source, {}, 20)
    assert failed.value.name == name
    assert await desk.value("1") == 1


async def test_a_question_that_takes_too_long_is_interrupted(desk: Desk) -> None:
    """The kernel is free again after the time is over."""
    with pytest.raises(SourceFailed, match="longer than 1 s") as failed:
        await desk.bridge.ask(desk.kernel_id, "def main(r):\n    while True: pass", {}, 1)
    assert failed.value.name == "Timeout"
    async with asyncio.timeout(3):
        assert await desk.value("1") == 1


async def test_a_question_can_be_stopped(desk: Desk) -> None:
    """`interrupt_ours` ends a question as it ends code."""
    source = "def main(r):\n    while True: pass"
    task = asyncio.create_task(desk.bridge.ask(desk.kernel_id, source, {}, 30))
    async with asyncio.timeout(10):
        while not (await desk.state()).ours:
            await asyncio.sleep(0)
    assert await desk.bridge.interrupt_ours(desk.kernel_id)
    with pytest.raises(SourceFailed, match="stopped"):
        await task


async def test_half_characters_do_not_break_the_answer(desk: Desk) -> None:
    """A lone surrogate, which no encoding takes, arrives as a question mark."""
    assert await desk.bridge.ask(desk.kernel_id, "def main(r): return '\\ud800x'", {}, 10) == "?x"


async def test_results_of_our_code_stay_out_of_the_users_underscore(desk: Desk, user: User) -> None:
    """Our results are displayed to us and kept nowhere; the user's results are kept as always."""
    await user.run("'mine'")
    heard = Heard()
    await desk.run("'ours'", on_output=heard.output)
    assert heard.shown == ["'ours'"]
    assert (await user.run("assert _ == 'mine' and 'ours' not in Out.values(), _"))["status"] == "ok"
    await user.run("'new'")
    assert (await user.run("assert _ == 'new', _"))["status"] == "ok"


@pytest.mark.parametrize(
    "reply", [{}, {"user_expressions": {}}, {"user_expressions": {"answer": {"status": "ok"}}}]
)
def test_a_kernel_without_ipython_is_said_to_be_one(reply: dict[str, object]) -> None:
    """A kernel that evaluates nothing, or shows things in its own way, cannot be asked."""
    with pytest.raises(KernelUnsupported, match="cannot be asked"):
        answer_in(reply)
