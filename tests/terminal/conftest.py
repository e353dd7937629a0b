"""A real Jupyter server with the extension and a real model server, and the command beside them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.terminal.app import Command, parse
from tests.fakes.openai_server import FakeOpenAI
from tests.terminal.streams import Pipe


@dataclass
class Said:
    """What a call of the command wrote, and its exit code once it has ended."""

    out: Pipe
    err: Pipe
    code: int | None = None


Run = Callable[..., Awaitable[Said]]


@pytest.fixture
def jp_server_config(tmp_path: Path) -> dict[str, Any]:
    """The extension is on, its store in a folder of the test's."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_aichat": True}},
        "AiChatApp": {"db_url": f"sqlite:///{tmp_path / 'aichat.db'}"},
    }


@pytest.fixture
def provider(
    jp_asyncio_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeOpenAI]:
    """The strict OpenAI-compatible server, which is the model of servers that start after it."""

    async def listen() -> FakeOpenAI:
        return FakeOpenAI().__enter__()

    fake = jp_asyncio_loop.run_until_complete(listen())
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
    monkeypatch.setenv("OPENAI_MODEL", "fake")
    yield fake
    fake.__exit__(None, None, None)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Let a test run the command in this process; `said` may be given, to look at it meanwhile."""

    async def run_command(
        *arguments: str, env: Mapping[str, str] | None = None, stdin: str = "", said: Said | None = None
    ) -> Said:
        said = said or Said(Pipe(), Pipe())
        variables = {**os.environ, "LANG": "en_US.UTF-8", **(env or {})}
        command = Command(parse(arguments), variables, tmp_path, Pipe(stdin), said.out, said.err)
        said.code = await command.run()
        return said

    return run_command


@pytest.fixture
def here(
    provider: FakeOpenAI, jp_serverapp: Any, http_server: Any, jp_http_port: int, jp_base_url: str
) -> list[str]:
    """The options that name the server of this test, which listens for real."""
    url = f"http://127.0.0.1:{jp_http_port}{jp_base_url}"
    return ["--server", url, "--token", jp_serverapp.identity_provider.token]
