"""A Jupyter server in a process of its own, for what only a process can show: kill -9, two servers on one store."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from tests.fakes.client import Client

__all__ = ["JupyterProcess"]

START = 60.0
"""Seconds that a server may take to start on a busy machine."""


@dataclass
class JupyterProcess:
    """`with JupyterProcess(home=…, root=…) as server:` starts it and ends it.

    `home` keeps Jupyter's data, so two of them with one home share the store. `environment` is added to this process's.
    """

    home: Path
    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    module: str = "jupyter_server"
    enabled: bool = True
    """Whether the server loads the extension."""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    url: str = ""
    process: subprocess.Popen[bytes] | None = None
    clients: list[Client] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start, and wait until it listens."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it, politely first."""
        self.stop()

    def start(self) -> None:
        """Start the server; `url` ends with a slash."""
        runtime = self.home / f"runtime-{secrets.token_hex(4)}"
        for folder in (self.home, self.root, runtime):
            folder.mkdir(parents=True, exist_ok=True)
        variables = {
            **os.environ,
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_CONFIG_DIR": str(self.home / "config"),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTER_TOKEN": self.token,
            **self.environment,
        }
        command = [
            sys.executable,
            "-m",
            self.module,
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--ServerApp.root_dir={self.root}",
            f"--ServerApp.jpserver_extensions={{'jupyter_aichat': {self.enabled}}}",
            *self.options,
        ]
        self.log = self.home / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START
        while not (found := self._running(runtime)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)
        self.url = found

    def _running(self, runtime: Path) -> str:
        for file in runtime.glob("jpserver-*.json"):
            try:
                info = json.loads(file.read_text())
                with socket.create_connection(("127.0.0.1", info["port"]), timeout=5):
                    return str(info["url"])
            except (ValueError, OSError):
                return ""  # being written; or it does not listen yet, because the file comes first
        return ""

    def kill(self) -> None:
        """Kill -9: nothing is said good-bye to."""
        assert self.process is not None
        self._hang_up()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """SIGTERM, then wait."""
        self._hang_up()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    async def get(self, path: str, method: str = "GET", body: Mapping[str, Any] | None = None) -> Any:
        """A REST answer, as JSON."""
        request = HTTPRequest(
            self.url + path,
            method,
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            body=None if body is None else json.dumps(body),
            request_timeout=60,
        )
        answer = await AsyncHTTPClient().fetch(request)
        return json.loads(answer.body)

    async def connect(self, thread_id: str, **position: object) -> Client:
        """A socket on a thread."""
        query = "&".join(f"{k}={v}" for k, v in position.items())
        url = f"{self.url.replace('http', 'ws', 1)}api/aichat/ws/{thread_id}?{query}"
        request = HTTPRequest(url, headers={"Authorization": f"token {self.token}"})
        self.clients.append(Client(await asyncio.wait_for(websocket_connect(request), 60)))
        return self.clients[-1]

    def _hang_up(self) -> None:
        while self.clients:
            self.clients.pop().close()
