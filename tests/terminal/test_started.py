"""A server for one call: it is asked when it can answer."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from pathlib import Path

import pytest

from jupyter_aichat.terminal import started
from jupyter_aichat.terminal.servers import Server, read_info


async def test_a_server_that_has_only_written_its_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jupyter tells its port before it listens there; on a busy machine a question would be refused."""
    looked = asyncio.Semaphore(0)

    def read(path: Path) -> Server | None:
        looked.release()
        return read_info(path)

    monkeypatch.setattr(started, "read_info", read)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        told = {"pid": os.getpid(), "port": door.getsockname()[1], "base_url": "/", "hostname": "127.0.0.1"}
        info = tmp_path / "jpserver.json"
        info.write_text(json.dumps({**told, "secure": False, "token": "t", "root_dir": str(tmp_path)}))
        waiting = asyncio.create_task(started._listening(process, info, tmp_path / "log.txt"))
        for _ in range(3):
            look = asyncio.ensure_future(looked.acquire())
            await asyncio.wait([look, waiting], return_when=asyncio.FIRST_COMPLETED)
        assert not waiting.done()
        door.listen()
        assert (await waiting).url == f"http://127.0.0.1:{told['port']}/"
    await process.communicate(b"\n")
