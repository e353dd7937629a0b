"""A server for one call: started when none runs, ended with the call."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_config_path

from jupyter_aichat.errors import AichatError
from jupyter_aichat.terminal.servers import Server, read_info

__all__ = ["NotStarted", "started_server"]

PATIENCE = 60.0
"""Seconds that a server has to start."""

FAREWELL = 10.0
"""Seconds that it has to end, before it is killed."""

ORPHAN = 300
"""Seconds after which a server whose command was killed ends itself."""


class NotStarted(AichatError):
    """The server could not be started; the message is the last thing that it said."""


@contextlib.asynccontextmanager
async def started_server(
    folder: Path, env: Mapping[str, str], traits: Sequence[str] = ()
) -> AsyncIterator[Server]:
    """Start a server on loopback with `folder` as its root and no extension but ours; end it afterwards.

    `traits` are further options of its command line.

    Its token is random and travels in the environment. Its runtime directory is its own, so that nobody else finds
    it and loses it again.

    Raises `NotStarted`.
    """
    with tempfile.TemporaryDirectory(prefix="aichat-") as own:
        token = secrets.token_urlsafe(32)
        log = Path(own) / "log.txt"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *_command(folder),
                *traits,
                cwd=folder,
                env={**env, "JUPYTER_TOKEN": token, "JUPYTER_RUNTIME_DIR": own},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl+C is for this command first: it stops the answer, then the server
            )
        try:
            yield await _listening(process, Path(own) / f"jpserver-{process.pid}.json", log)
        finally:
            await asyncio.shield(_end(process))


def _command(folder: Path) -> list[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    extensions = {**dict.fromkeys(_enabled(), False), "jupyter_aichat": True}
    return [
        sys.executable,
        "-P",  # what lies in the folder is data, not modules
        "-m",
        "jupyter_server",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=50",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.jpserver_extensions={extensions}",
        f"--ServerApp.shutdown_no_activity_timeout={ORPHAN}",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",
        "--ServerApp.sock=",
    ]


def _enabled() -> set[str]:
    """Name the extensions that Jupyter's configuration enables."""
    names: set[str] = set()
    for folder in jupyter_config_path():
        for path in (Path(folder) / "jupyter_server_config.d").glob("*.json"):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                names |= set(json.loads(path.read_text(encoding="utf-8"))["ServerApp"]["jpserver_extensions"])
    return names


async def _listening(process: asyncio.subprocess.Process, info: Path, log: Path) -> Server:
    try:
        async with asyncio.timeout(PATIENCE):
            while (server := read_info(info)) is None or not await _answers(server):
                if process.returncode is not None:
                    raise NotStarted(_last_line(log))
                await asyncio.sleep(0.05)
            return server
    except TimeoutError:
        raise NotStarted(f"it was not ready after {PATIENCE:.0f} s") from None


async def _answers(server: Server) -> bool:
    """Whether it takes connections: Jupyter writes its file a moment before it does."""
    address = urlsplit(server.url)
    try:
        _, writer = await asyncio.open_connection(address.hostname, address.port)
    except OSError:
        return False
    writer.close()
    return True


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(FAREWELL):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else f"{os.path.basename(sys.executable)} ended without a word"  # noqa: PTH119  a name
