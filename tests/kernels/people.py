"""Who uses a kernel in these tests: the bridge at its desk, and a user with a client of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_event_loop

from jupyter_aichat.kernels import KernelBridge, KernelState, Outcome
from jupyter_aichat.kernels.outputs import Display, Error, Output, Stream

__all__ = ["Desk", "Heard", "User"]


@dataclass
class Heard:
    """What a request showed, and a way to wait for it."""

    outputs: list[Output] = field(default_factory=list)
    states: list[KernelState] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def output(self, output: Output) -> None:
        """Take an output."""
        self.outputs.append(output)
        self.came.set()

    def state(self, state: KernelState) -> None:
        """Take a state."""
        self.states.append(state)
        self.came.set()

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(output.text for output in self.outputs if isinstance(output, Stream))

    @property
    def shown(self) -> list[Any]:
        """The plain text of what was displayed."""
        return [output.data.get("text/plain") for output in self.outputs if isinstance(output, Display)]

    async def until(self, true: Callable[[Heard], object]) -> None:
        """Wait until this is true."""
        async with asyncio.timeout(20):
            while not true(self):
                self.came.clear()
                await self.came.wait()


@dataclass
class Desk:
    """A bridge and the kernel that it works in."""

    kernels: Any
    kernel_id: str
    bridge: KernelBridge

    async def run(self, code: str, **kwargs: Any) -> Outcome:
        """Execute code, wait for the outcome."""
        async with asyncio.timeout(60):
            return await self.bridge.execute(self.kernel_id, code, **kwargs)

    def begin(self, code: str, heard: Heard | None = None, **kwargs: Any) -> asyncio.Task[Outcome]:
        """Execute code, do not wait."""
        if heard is not None:
            kwargs |= {"on_output": heard.output, "on_state": heard.state}
        return asyncio.create_task(self.run(code, **kwargs))

    async def value(self, expression: str) -> Any:
        """Give the value of an expression over the user's variables."""
        source = (
            "def main(request):\n"
            "    from IPython import get_ipython\n"
            "    return eval(request['expression'], dict(get_ipython().user_ns))\n"
        )
        return await self.bridge.ask(self.kernel_id, source, {"expression": expression}, 20)

    async def state(self) -> KernelState:
        """Look at the kernel."""
        return await self.bridge.state(self.kernel_id)

    async def generation(self) -> str:
        """Give the kernel's generation."""
        generation = (await self.state()).generation
        assert generation
        return generation


def error_of(outcome: Outcome) -> Error:
    """Give the error of an outcome that must have one."""
    assert outcome.error is not None, outcome
    return outcome.error


class User:
    """A person in JupyterLab: cells go to the kernel at once, as after *Run all*.

    The client blocks and brings a loop of its own, so all of it stays in a thread of its own.
    """

    def __init__(self, manager: KernelManager) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._client: BlockingKernelClient = self._there(self._enter, manager)
        self._replies: dict[str, dict[str, Any]] = {}

    @staticmethod
    def _enter(manager: KernelManager) -> BlockingKernelClient:
        client = BlockingKernelClient()
        client.load_connection_info(manager.get_connection_info())
        client.start_channels()
        client.wait_for_ready(timeout=60)
        return client

    def _there(self, function: Callable[..., Any], *args: Any) -> Any:
        return self._thread.submit(function, *args).result(60)

    async def _awaited(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)

    def queue(self, *cells: str) -> list[str]:
        """Send cells to the kernel, one behind the other."""
        return [self._there(self._client.execute, cell) for cell in cells]

    async def replies(self, cells: list[str]) -> list[dict[str, Any]]:
        """Wait for the replies to these cells."""
        while not self._replies.keys() >= set(cells):
            message = await self._awaited(self._client.get_shell_msg, 30)
            self._replies[message["parent_header"]["msg_id"]] = message["content"]
        return [self._replies[cell] for cell in cells]

    async def run(self, cell: str) -> dict[str, Any]:
        """Run one cell, give its reply."""
        return (await self.replies(self.queue(cell)))[0]

    async def heard_on_iopub(self) -> list[dict[str, Any]]:
        """Give everything that the kernel published so far for anybody."""
        marker = await self._awaited(self._client.kernel_info)
        heard: list[dict[str, Any]] = []
        while True:
            message = await self._awaited(self._client.get_iopub_msg, 10)
            if message["parent_header"].get("msg_id") == marker:
                if message["content"].get("execution_state") == "idle":
                    return heard
                continue
            heard.append(message)

    def leave(self) -> None:
        """Close the client."""
        self._there(self._client.stop_channels)
        self._there(lambda: ensure_event_loop().close())
        self._thread.shutdown()
