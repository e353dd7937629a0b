"""Kernels that are not there, busy, die, ask, or never stop: the run says so and goes on, and the person's cells are theirs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.client import Client
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import NOTEBOOK, Connect, RunCell, Session
from tests.gateway.test_kernel_actions import ask, decide, send, tool_end

Cells = Callable[[str, list[str]], Coroutine[Any, Any, list[str]]]
UNTIL_GO = "import os, time\nopen('on', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.02)"
"""Code that tells by a file that it runs, and runs until another file is there."""


@pytest.fixture
def cells(jp_serverapp: Any) -> Cells:
    """Queue cells as the person, all at once, as `Run All` does; gives the status of each when the last has ended."""

    async def run(kernel_id: str, codes: list[str]) -> list[str]:
        client = jp_serverapp.kernel_manager.get_kernel(kernel_id).client()
        client.start_channels()
        try:
            sent = [client.execute(code) for code in codes]
            replies: dict[str, str] = {}
            while len(replies) < len(sent):
                reply = await client.get_shell_msg(timeout=60)
                if reply["msg_type"] == "execute_reply":
                    replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
            return [replies[one] for one in sent]
        finally:
            client.stop_channels()

    return run


async def there(path: Path) -> None:
    """Wait for a file."""
    async with asyncio.timeout(30):
        while not path.exists():
            await asyncio.sleep(0.02)


async def approved(client: Client, code: str) -> None:
    """Have an agent propose code, and allow it."""
    await send(client, ask(code))
    await decide(client, await client.until("approval_request"))


async def test_a_kernel_that_there_is_not_is_told(
    provider: FakeOpenAI, connect: Connect, session: Session
) -> None:
    """A message that names a kernel nobody has is refused; nothing is stored, and the next one works."""
    kernel = await session()
    client = await connect("t1")
    for unknown in ("nobodys", "../x", kernel[:-1]):
        notebook = {"path": NOTEBOOK, "kernel_id": unknown}
        refused = await client.send(type="message", message="hello", notebook=notebook)
        assert (refused["event_type"], refused["data"]["code"]) == ("error", "not_found")
    assert client.events == []
    done = await client.ask("hello", notebook={"path": NOTEBOOK, "kernel_id": kernel})
    assert done["data"]["outcome"] == "completed"


async def test_a_busy_kernel_is_told_and_stop_works_at_once(
    provider: FakeOpenAI,
    connect: Connect,
    session: Session,
    cells: Cells,
    run_cell: RunCell,
    jp_root_dir: Path,
) -> None:
    """The status says that the person's cell is waited for; Stop ends the run before the cell ends, and leaves it alone."""
    kernel = await session()
    client = await connect("t1")
    await send(client, ask("late = 1"))
    request = await client.until("approval_request")
    running = asyncio.create_task(cells(kernel, [UNTIL_GO]))
    await there(jp_root_dir / "on")
    await decide(client, request)
    while "Waiting for your cell" not in (await client.until("status"))["data"]["text"]:
        pass
    began = time.monotonic()
    await client.send(type="cancel")
    assert (await client.end())["data"]["outcome"] == "cancelled"
    assert time.monotonic() - began < 5
    assert not running.done()
    (jp_root_dir / "go").touch()
    assert await running == ["ok"]
    assert await run_cell(kernel, "print('late' in globals())") == "False\n"


@pytest.mark.parametrize("how", ["it ends itself", "killed", "restarted", "shut down"])
async def test_a_kernel_that_goes_ends_the_call_and_not_the_run(
    how: str,
    provider: FakeOpenAI,
    connect: Connect,
    session: Session,
    jp_fetch: Any,
    jp_serverapp: Any,
    jp_root_dir: Path,
) -> None:
    """The call ends with an error within seconds, the agents go on, and what it began is not begun again."""
    kernel = await session()
    client = await connect("t1")
    if how == "it ends itself":
        await approved(client, "open('ledger', 'a').write('x')\nimport os\nos._exit(1)")
        await there(jp_root_dir / "ledger")
    else:
        await approved(client, f"open('ledger', 'a').write('x')\n{UNTIL_GO}")
        await there(jp_root_dir / "on")
        if how == "killed":
            await jp_serverapp.kernel_manager.get_kernel(kernel).provisioner.kill()
        elif how == "restarted":
            await jp_fetch("api", "kernels", kernel, "restart", method="POST", body="{}")
        else:
            await jp_fetch("api", "kernels", kernel, method="DELETE")
    done = await asyncio.wait_for(client.end(), 15)
    assert done["data"]["outcome"] == "completed"
    end = tool_end(client, "run_code")["data"]["tool"]
    assert end["status"] in {"error", "unknown"}
    assert (jp_root_dir / "ledger").read_text() == "x"
    assert provider.refused == []


async def test_nobody_is_asked_for_input(provider: FakeOpenAI, connect: Connect, session: Session) -> None:
    """`input` is refused by the kernel, the call ends with its error, and the run goes on."""
    await session()
    client = await connect("t1")
    await approved(client, "input('pw?')")
    assert (await client.end())["data"]["outcome"] == "completed"
    end = tool_end(client, "run_code")["data"]["tool"]
    assert (end["status"], "StdinNotImplementedError" in end["output"]) == ("error", True)


def memory() -> int:
    """Bytes that this process, which is the server too, holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from Linux's /proc")
async def test_sixty_megabytes_are_cut_and_the_size_is_said(
    provider: FakeOpenAI, connect: Connect, session: Session
) -> None:
    """Head and tail go out, a marker and the full size in between, to the person and to the model; memory stays small."""
    await session()
    client = await connect("t1")
    before = memory()
    await approved(client, "print('FIRST')\nfor i in range(600): print('x' * 100_000)\nprint('LAST')")
    assert (await client.end())["data"]["outcome"] == "completed"
    grown = memory() - before
    shown = "".join(f["data"]["text"] for f in client.events if f["event_type"] == "tool_output")
    output = tool_end(client, "run_code")["data"]["tool"]["output"]
    for text in (shown, output):
        assert text.startswith("FIRST")
        assert text.rstrip().endswith("LAST")
        assert "left out" in text
    assert len(shown) < 300_000
    assert len(output) < 30_000
    assert "of 60.0 MB" in shown
    assert "60,0" in output
    assert "bytes were printed in all" in json.dumps([asked.body for asked in provider.asked])
    assert grown < 60_000_000


async def test_endless_output_is_stopped_by_the_person(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: RunCell
) -> None:
    """The log holds no more than the cap, Stop works, and the kernel is free and the same."""
    kernel = await session()
    await run_cell(kernel, "kept = 1")
    client = await connect("t1")
    await approved(client, "while True: print('x' * 1000)")
    size = 0
    while size < 90_000:
        size += len((await client.until("tool_output"))["data"]["text"])
    await client.send(type="cancel")
    assert (await client.end())["data"]["outcome"] == "cancelled"
    assert sum(len(json.dumps(f)) for f in client.events) < 500_000
    assert await run_cell(kernel, "print(kept)") == "1\n"


async def test_html_of_a_kernel_is_data_that_nobody_trusts(
    provider: FakeOpenAI, connect: Connect, session: Session
) -> None:
    """It comes as an artifact, as it is, and nothing in its metadata can say that it is safe."""
    await session()
    client = await connect("t1")
    html = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    shown = f"display({{'text/html': {html!r}}}, raw=True, metadata={{'trusted': True, 'text/html': {{'isolated': False}}}})"
    await approved(client, shown)
    await client.end()
    (artifact,) = [f["data"] for f in client.events if f["event_type"] == "artifact"]
    assert artifact["bundle"]["text/html"] == html
    assert "trusted" not in json.dumps(artifact.get("metadata") or {})
    assert "script" not in tool_end(client, "run_code")["data"]["tool"]["output"]


@pytest.mark.parametrize("how", ["fails", "is stopped"])
async def test_the_persons_queued_cells_all_run(
    how: str,
    provider: FakeOpenAI,
    connect: Connect,
    session: Session,
    cells: Cells,
    run_cell: RunCell,
    jp_root_dir: Path,
) -> None:
    """Queued behind an agent's code that fails, or that is stopped: not one of them is aborted or interrupted."""
    kernel = await session()
    client = await connect("t1")
    await approved(client, f"{UNTIL_GO}\nraise ValueError('no')")
    await there(jp_root_dir / "on")
    mine = ["ran = ['a']", "time.sleep(0.3)\nran.append('b')", "ran.append('c')"]
    running = asyncio.create_task(cells(kernel, ["import time", *mine]))
    await asyncio.sleep(0)  # let them be sent
    if how == "fails":
        (jp_root_dir / "go").touch()
        assert (await client.end())["data"]["outcome"] == "completed"
        assert tool_end(client, "run_code")["data"]["tool"]["status"] == "error"
    else:
        await client.send(type="cancel")
        assert (await client.end())["data"]["outcome"] == "cancelled"
    assert await running == ["ok"] * 4
    assert await run_cell(kernel, "print(ran)") == "['a', 'b', 'c']\n"
