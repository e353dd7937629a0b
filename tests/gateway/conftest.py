"""A real Jupyter server with the extension, its store in a folder of the test's, and clients that speak the wire."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_aichat.gateway.app import AiChatApp
from tests.fakes.client import Client
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.people import Rules

DATA = Path(__file__).parents[2] / "notebooks" / "data"

NOTEBOOK = "work.ipynb"

Connect = Callable[..., Awaitable[Client]]
Session = Callable[..., Awaitable[str]]
RunCell = Callable[[str, str], Awaitable[str]]


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    """Where the server keeps its conversations."""
    return tmp_path / "store" / "aichat.db"


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of the extension that a test wants other than the product's own."""
    return {}


@pytest.fixture
def jp_server_config(store_file: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """The extension is on; other settings are the product's own."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_aichat": True}},
        "AiChatApp": {"db_url": f"sqlite:///{store_file}", **settings},
    }


@pytest.fixture
def sales(jp_root_dir: Path) -> Path:
    """The quickstart's table, below the server's root."""
    return Path(shutil.copy(DATA / "sales.csv", jp_root_dir / "sales.csv"))


@pytest.fixture
def provider(
    jp_asyncio_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeOpenAI]:
    """The strict OpenAI-compatible server, which is the model of servers that start after it."""

    async def listen() -> FakeOpenAI:
        return FakeOpenAI().__enter__()

    fake = jp_asyncio_loop.run_until_complete(listen())
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
    yield fake
    fake.__exit__(None, None, None)


@pytest.fixture
def distant(provider: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> FakeOpenAI:
    """The same server as a model beyond this machine: reached by the name `models.example`, through a proxy."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://models.example/v1")
    monkeypatch.setenv("HTTP_PROXY", provider.root)
    return provider


@pytest.fixture
def aichat(jp_serverapp: Any) -> AiChatApp:
    """The extension as the running server has it."""
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_aichat"]
    assert isinstance(app, AiChatApp)
    return app


@pytest.fixture
def connect(jp_ws_fetch: Any) -> Iterator[Connect]:
    """How a test opens a socket on a thread, by id and position."""
    opened: list[Client] = []

    async def open_socket(thread_id: str, *, route: str = "api/aichat/ws", **position: object) -> Client:
        params = {k: str(v) for k, v in position.items() if v is not None}
        opened.append(Client(await jp_ws_fetch(*route.split("/"), thread_id, params=params)))
        return opened[-1]

    yield open_socket
    for client in opened:
        client.close()


@pytest.fixture
def session(jp_fetch: Any, jp_root_dir: Path) -> Session:
    """Open a notebook with a kernel, as JupyterLab does; gives the kernel's id."""

    async def start(path: str = NOTEBOOK, cells: Sequence[Any] = ()) -> str:
        notebook = nbformat.v4.new_notebook(cells=list(cells))
        (jp_root_dir / path).write_text(nbformat.writes(notebook), "utf-8")
        body = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        answer = await jp_fetch("api", "sessions", method="POST", body=json.dumps(body))
        kernel_id: str = json.loads(answer.body)["kernel"]["id"]
        return kernel_id

    return start


@pytest.fixture
def run_cell(jp_serverapp: Any) -> RunCell:
    """Run a cell as the person, in the person's own session; gives what it printed."""

    async def run(kernel_id: str, code: str) -> str:
        client = jp_serverapp.kernel_manager.get_kernel(kernel_id).client()
        client.start_channels()
        printed: list[str] = []
        try:
            await client.wait_for_ready(timeout=30)

            def hear(message: dict[str, Any]) -> None:
                if message["msg_type"] == "stream":
                    printed.append(message["content"]["text"])

            await client.execute_interactive(code, timeout=30, output_hook=hear, allow_stdin=False)
        finally:
            client.stop_channels()
        return "".join(printed)

    return run


@pytest.fixture
def rules(jp_serverapp: ServerApp) -> Rules:
    """The server's authorizer, in a module whose configuration sets it."""
    assert isinstance(jp_serverapp.authorizer, Rules)
    return jp_serverapp.authorizer
