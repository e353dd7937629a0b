"""A real ipykernel, in which the sources are run as the server runs them: as text, in a namespace of their own."""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from jupyter_aichat.kernels.source import text

__all__ = ["Kernel", "started"]

_SECONDS = 60
_CALL = (
    "(lambda space: (exec({source!r}, space), __import__('json').dumps("
    "space['main'](__import__('json').loads({request!r})), allow_nan=False))[1])({{'__name__': 'source'}})"
)


class Kernel:
    """Runs code as the user does, and sources as the server does."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client

    def run(self, code: str) -> str:
        """Run a cell; return what it printed. A failing cell fails the test."""
        reply, printed = self._execute(code, {})
        assert reply["status"] == "ok", "\n".join(reply["traceback"])
        return printed

    def ask(self, source: str, **request: Any) -> dict[str, Any]:
        """Run a source; return its answer. The test fails if it prints or shows anything."""
        call = _CALL.format(source=text(source), request=json.dumps(request))
        reply, printed = self._execute("", {"answer": call})
        answer = reply["user_expressions"]["answer"]
        assert answer["status"] == "ok", "\n".join(answer["traceback"])
        assert not printed
        told: dict[str, Any] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
        return told

    def value(self, expression: str) -> Any:
        """The value of an expression that can be written as a Python literal."""
        reply, _ = self._execute("", {"value": expression})
        answer = reply["user_expressions"]["value"]
        assert answer["status"] == "ok", "\n".join(answer["traceback"])
        return ast.literal_eval(answer["data"]["text/plain"])

    def _execute(self, code: str, expressions: dict[str, str]) -> tuple[dict[str, Any], str]:
        printed: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] in {"stream", "display_data", "execute_result"}:
                printed.append(message["content"].get("text", "") or str(message["content"].get("data")))

        reply = self._client.execute_interactive(
            code,
            silent=not code,
            store_history=False,
            user_expressions=expressions,
            allow_stdin=False,
            output_hook=hear,
            timeout=_SECONDS,
        )
        return reply["content"], "".join(printed)


@contextmanager
def started(
    python: str = sys.executable, env: dict[str, str] | None = None, cwd: str | None = None
) -> Iterator[Kernel]:
    """A kernel of this interpreter, ended afterwards; variables and folder are those of the test, unless given."""
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=[python, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    manager.start_kernel(env=dict(os.environ if env is None else env), cwd=cwd)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=_SECONDS)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
