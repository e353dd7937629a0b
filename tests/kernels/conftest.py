"""Real kernels: one that the tests of a module share, and fresh ones for tests that end or restart them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.multikernelmanager import AsyncMultiKernelManager, MultiKernelManager
from jupyter_core.utils import ensure_event_loop

from jupyter_aichat.kernels import KernelBridge
from tests.kernels.people import Desk, User


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MultiKernelManager, str]]:
    """Give a kernel for the whole module, under a manager that is not asynchronous, as Jupyter Server can have."""
    home = tmp_path_factory.mktemp("kernel")
    # Jupyter's own manager of this kind wants a running loop for its restarter, which this one does without
    kernels = MultiKernelManager(
        kernel_manager_class="jupyter_client.manager.KernelManager", connection_dir=str(home)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home))
        kernel_id = kernels.start_kernel()
    yield kernels, kernel_id
    kernels.shutdown_all(now=True)
    ensure_event_loop().close()


@pytest.fixture
def desk(
    shared: tuple[MultiKernelManager, str], jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Desk]:
    """Give a bridge to the shared kernel, which is emptied first."""
    kernels, kernel_id = shared
    bridge = KernelBridge(kernels)
    desk = Desk(kernels, kernel_id, bridge)
    jp_asyncio_loop.run_until_complete(bridge.execute(kernel_id, "%reset -f", silent=True))
    yield desk
    jp_asyncio_loop.run_until_complete(bridge.close())


@pytest.fixture
def user(shared: tuple[MultiKernelManager, str], desk: Desk) -> Iterator[User]:
    """Give somebody who works in the shared kernel with a client of their own."""
    kernels, kernel_id = shared
    user = User(kernels.get_kernel(kernel_id))
    yield user
    user.leave()


@pytest.fixture
def fresh(
    jp_asyncio_loop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Desk]]:
    """Give new kernels under an asynchronous manager that restarts them when they die."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    kernels = AsyncMultiKernelManager(connection_dir=str(tmp_path))
    bridge = KernelBridge(kernels)

    def start() -> Desk:
        return Desk(kernels, jp_asyncio_loop.run_until_complete(kernels.start_kernel()), bridge)

    yield start
    jp_asyncio_loop.run_until_complete(bridge.close())
    jp_asyncio_loop.run_until_complete(kernels.shutdown_all(now=True))
    assert not asyncio.all_tasks(jp_asyncio_loop)


@pytest.fixture
def own(fresh: Callable[[], Desk]) -> Desk:
    """Give a kernel that the test may end."""
    return fresh()
