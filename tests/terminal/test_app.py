"""The command as a process: what it finds, what it starts and ends, its signals and exit codes."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.jupyter import JupyterProcess
from tests.fakes.openai_server import FakeOpenAI
from tests.terminal.conftest import Run

DATA = Path(__file__).parents[2] / "notebooks" / "data"
COMMAND = (sys.executable, "-m", "jupyter_aichat.terminal.app")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of the test's own, with a table in a project folder."""
    project = tmp_path / "home" / "project"
    project.mkdir(parents=True)
    shutil.copy(DATA / "sales.csv", project)
    return tmp_path / "home"


def variables(home: Path, **more: str) -> dict[str, str]:
    """Keep everything of Jupyter's in that home, and the command in English."""
    folders = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("DATA", "CONFIG", "RUNTIME")}
    return {**os.environ, **folders, "HOME": str(home), "LANG": "en_US.UTF-8", **more}


@asynccontextmanager
async def command(
    *arguments: str, home: Path, env: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the command in the project folder."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=home / "project",
        env=variables(home, **(env or {})),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def result(*arguments: str, home: Path, **env: str) -> tuple[int | None, str, str]:
    """Run the command to its end: exit code, stdout, stderr."""
    async with command(*arguments, home=home, env=env) as process:
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()


async def is_refused(url: str) -> bool:
    """Whether nobody listens there any more."""
    host, port = re.findall(r"//([\d.]+):(\d+)", url)[0]
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


def test_it_starts_without_the_servers_side() -> None:
    """Nothing heavy is imported to ask a question."""
    code = "import sys, jupyter_aichat.terminal.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {
        "pydantic",
        "langchain_core",
        "langgraph",
        "openai",
        "sqlalchemy",
        "jupyter_server",
        "traitlets",
        "polars",
    }
    assert heavy.isdisjoint(loaded)


async def test_without_a_server_it_starts_one_and_ends_it(home: Path) -> None:
    """On a machine where nothing runs and no model is configured, a question about a file is answered all the same."""
    code, out, err = await result("ask", "-v", "How many rows does sales.csv have?", home=home)
    assert code == 0, err
    rows = len((DATA / "sales.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert re.search(rf"\b{rows:,}\b|\b{rows}\b", out), out
    assert "Starting a server" in err
    assert "offline" not in out.lower()[:20]
    [url] = re.findall(r"Server: (\S+)", err)
    assert await is_refused(url)
    assert list((home / "runtime").glob("jpserver-*")) == []


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_signals_stop_the_answer_and_the_server(
    sent: signal.Signals, code: int, home: Path, provider: FakeOpenAI
) -> None:
    """Ctrl+C, or being terminated, stops the model and leaves no server behind."""
    provider.delay = 0.05
    async with command("ask", "-v", "words=2000", home=home) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert await process.stdout.readuntil(b"w5 ")
        process.send_signal(sent)
        _, err = await process.communicate()
        assert process.returncode == code, err
    await provider.until(lambda: provider.open == 0)
    assert provider.closed_early == 1
    assert "The answer was stopped." in err.decode()
    [url] = re.findall(r"Server: (\S+)", err.decode())
    assert await is_refused(url)


async def test_it_finds_the_server_that_runs_here(home: Path, provider: FakeOpenAI) -> None:
    """The server around the folder is asked, with the token that it left; nothing is started."""
    with JupyterProcess(home=home / "jupyter", root=home / "project") as server:
        [runtime] = (home / "jupyter").glob("runtime-*")
        env = {"JUPYTER_RUNTIME_DIR": str(runtime)}
        code, out, err = await result("ask", "-v", "--thread", "t1", "say=Twelve rows.", home=home, **env)
        assert (code, out) == (0, "Twelve rows.\n"), err
        assert f"Server: {server.url} · thread: t1" in err
        assert server.token not in out + err
        events = await server.get("api/aichat/threads/t1/events?after=0")
        assert [e["event_type"] for e in events["events"]].count("done") == 1

        code, out, _ = await result("health", "--json", home=home, **env)
        assert (code, json.loads(out)["model"]["id"]) == (0, "openai:fake")

        # a reader that leaves early (| head) ends the command, and with it the answer
        provider.delay = 0.05
        async with command("ask", "words=2000", home=home, env=env) as process:
            assert process.stdout is not None
            assert await process.stdout.readuntil(b"w3 ")
            process.stdout._transport.close()  # type: ignore[attr-defined]
            assert await process.wait() == 141
        await provider.until(lambda: provider.open == 0)


async def test_server_that_does_not_start_says_why(home: Path) -> None:
    """When Jupyter's own configuration is broken, its last words are passed on."""
    (home / "config").mkdir()
    (home / "config" / "jupyter_server_config.py").write_text("c.ServerApp.certfile = '/no/such/file.pem'\n")
    code, out, err = await result("ask", "hi", home=home)
    assert (code, out) == (2, "")
    assert err.startswith("The server could not be started: ")


async def test_question_may_come_from_stdin(here: list[str], run: Run) -> None:
    """A question that is piped in is asked."""
    said = await run("ask", *here, stdin="say=Yes.\n")
    assert (said.code, said.out.getvalue()) == (0, "Yes.\n")


async def test_nothing_asked_is_said(run: Run) -> None:
    """An empty question says how to ask one."""
    said = await run("ask", stdin=" \n")
    assert said.code == 2
    assert "jupyter aichat ask" in said.err.getvalue()


async def test_no_server_for_health_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Health starts nothing: where nothing runs, it says how to start it."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    said = await run("health")
    assert said.code == 2
    assert "Start one with: jupyter lab" in said.err.getvalue()


@pytest.mark.parametrize(
    "arguments", [["ask", "--thread", "a/b", "hi"], ["ask", "--thread", "", "hi"], ["frobnicate"], []]
)
def test_wrong_command_lines_are_refused(arguments: list[str]) -> None:
    """What cannot be meant ends with 2 before anything is asked."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "usage: jupyter aichat" in done.stderr


async def test_korean_terminals_read_korean(run: Run) -> None:
    """The command's own sentences are Korean where the terminal is."""
    said = await run("ask", stdin="", env={"LANG": "ko_KR.UTF-8"})
    assert said.err.getvalue().startswith("질문이 없어요.")
