"""Every kind of kernel manager: Jupyter Server's own, one behind a gateway, and kernels of other languages."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_server.gateway import managers
from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.serverapp import ServerApp

from jupyter_aichat.errors import KernelUnsupported
from jupyter_aichat.kernels import KernelBridge
from tests.kernels import echo_kernel
from tests.kernels.people import Desk, Heard, error_of


async def all_of_it(desk: Desk) -> None:
    """Execute, fail, ask, cancel, and see another generation after a restart."""
    heard = Heard()
    before = await desk.generation()
    outcome = await desk.run("x = 20\nprint('갑')\nx + 1", on_output=heard.output, generation=before)
    assert outcome.status == "ok"
    assert heard.text == "갑\n"
    assert heard.shown == ["21"]
    assert error_of(await desk.run("1/0")).name == "ZeroDivisionError"
    assert await desk.value("x") == 20
    running = Heard()
    ends: list[str] = []
    task = desk.begin(
        "print(1, flush=True)\nwhile True: pass", running, on_end=lambda end: ends.append(end.status)
    )
    await running.until(lambda running: running.text)
    assert (await desk.state()).ours
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ends == ["cancelled"]


async def test_kernels_of_a_jupyter_server(jp_serverapp: ServerApp) -> None:
    """The server's own kernel manager, also over a restart by it."""
    kernels: Any = jp_serverapp.kernel_manager
    kernel_id = await kernels.start_kernel()
    bridge = KernelBridge(kernels)
    desk = Desk(kernels, kernel_id, bridge)
    try:
        await all_of_it(desk)
        before = await desk.generation()
        await kernels.restart_kernel(kernel_id)
        assert (await desk.run("assert 'x' not in dir()")).status == "ok"
        assert await desk.generation() != before
    finally:
        await bridge.close()
        await kernels.shutdown_all(now=True)


@pytest.fixture
def gateway(
    jp_serverapp: ServerApp,
    http_server: object,
    http_server_port: tuple[object, int],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Give a gateway: a Jupyter Server, which serves kernels to other servers as a Kernel Gateway does.

    A Kernel Gateway asks for no token at its WebSocket, and Jupyter Server's client sends none; this server does.
    """
    url, token = (
        f"http://127.0.0.1:{http_server_port[1]}{jp_serverapp.base_url}",
        jp_serverapp.identity_provider.token,
    )
    sockets: Any = managers.websocket  # type: ignore[attr-defined]  # the library that it imports
    connect = partial(sockets.create_connection, header=[f"Authorization: token {token}"])
    monkeypatch.setattr(sockets, "create_connection", connect)
    GatewayClient.clear_instance()
    GatewayClient.instance(url=url, auth_token=token)
    yield
    GatewayClient.clear_instance()


async def test_kernels_behind_a_gateway(gateway: None, jp_serverapp: ServerApp) -> None:
    """A kernel of another server is used through its WebSocket; its death is told, and a flood that it cuts is said."""
    make: Any = managers.GatewayMappingKernelManager
    server_kernels: Any = jp_serverapp.kernel_manager
    kernels = make(parent=jp_serverapp, shared_context=False)
    kernel_id = await kernels.start_kernel(kernel_name="python3")
    bridge = KernelBridge(kernels)
    desk = Desk(kernels, kernel_id, bridge)
    try:
        await all_of_it(desk)
        heard = Heard()
        assert (
            await desk.run("for _ in range(60): print('x' * 1_000_000)", on_output=heard.output)
        ).status == "ok"
        assert "rate exceeded" in heard.text
        assert len(heard.text) < 250_000
        async with asyncio.timeout(5):
            outcome = await desk.run("import os; os._exit(1)")
        assert (outcome.status, error_of(outcome).name) == ("error", "KernelGone")
        assert (await desk.run("1")).status == "ok"
    finally:
        await bridge.close()
        await server_kernels.shutdown_kernel(kernel_id, now=True)


@pytest.fixture
def echo(jp_asyncio_loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Desk]:
    """Give a kernel of another language."""
    spec = tmp_path / "echo"
    spec.mkdir()
    argv = [sys.executable, str(Path(echo_kernel.__file__)), "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Echo 1", "language": "echo"})
    )
    specs = KernelSpecManager(kernel_dirs=[str(tmp_path)])
    kernels = AsyncMultiKernelManager(kernel_spec_manager=specs, connection_dir=str(tmp_path))
    wait: Callable[[Awaitable[Any]], Any] = jp_asyncio_loop.run_until_complete
    desk = Desk(kernels, wait(kernels.start_kernel(kernel_name="echo")), KernelBridge(kernels))
    yield desk
    wait(desk.bridge.close())
    wait(kernels.shutdown_all(now=True))


async def test_a_kernel_of_another_language(echo: Desk) -> None:
    """Code runs in it as in any; questions are refused with a sentence that names the language."""
    assert (await echo.run("")).status == "ok"
    state = await echo.state()
    assert (state.state, state.language, state.display_name) == ("idle", "echo", "Echo 1")
    heard = Heard()
    assert (await echo.run("hello", on_output=heard.output)).status == "ok"
    assert heard.text == "hello"
    error = error_of(await echo.run("boom"))
    assert (error.name, error.value, error.traceback) == ("Boom", "as asked", "Boom")
    with pytest.raises(KernelUnsupported, match="'echo'"):
        await echo.bridge.ask(echo.kernel_id, "def main(r): return 1", {}, 5)
    assert error_of(await echo.run("end")).name == "KernelGone"
