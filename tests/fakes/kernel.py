"""FakeKernel: a kernel in memory that does what a test has said for each piece of code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jupyter_aichat.errors import KernelChanged, KernelGone, SourceFailed
from jupyter_aichat.kernels import KernelBridge, KernelState, Outcome
from jupyter_aichat.kernels.outputs import Error, Output, fold
from jupyter_aichat.kernels.source import text
from jupyter_aichat.kernels.state import Condition, Status
from jupyter_aichat.runs.kernel_desk import KernelDesk
from tests.fakes.engine import Gate

__all__ = ["NOTEBOOK", "SECRET", "FakeKernel", "Ran", "variable"]

NOTEBOOK = "work.ipynb"
SECRET = "sk-0123456789abcdefSECRET"
"""Stands in the environment of the server: nobody may be told it."""
_SOURCES = ("inspect_variables", "snapshot", "sql")


@dataclass(frozen=True)
class Ran:
    """What comes of a piece of code: what it shows, what it makes, how it ends; at `gate` it waits before that."""

    shows: Sequence[Output] = ()
    makes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    status: Status = "ok"
    error: Error | None = None
    gate: Gate | None = None


def variable(content: str, kind_name: str = "int") -> dict[str, Any]:
    """A variable, as inspection and snapshots tell it."""
    return {
        "id": content,
        "type": kind_name,
        "module": "builtins",
        "kind": "value",
        "content": content,
        "exact": True,
    }


class FakeKernel(KernelBridge):
    """The bridge to one kernel, "k1".

    Not realistic: nothing is executed. Code does what `does` says of it, and code that is not there shows and makes
    nothing; SQL gives `table`. It is never busy with anybody else unless `condition` says so, and a cancelled piece
    of code has just not happened.
    """

    def __init__(self, does: Mapping[str, Ran] | None = None, **variables: dict[str, Any]) -> None:
        self.does = dict(does or {})
        self.variables = dict(variables)
        self.executed: list[str] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        """Names of sources with what they were asked; snapshots are not noted."""
        self.generation: str | None = "g1"
        self.condition: Condition = "idle"
        self.language = "python"
        self.gone = False
        self.blind = False
        """It does not answer questions about its variables in time."""
        self.table: dict[str, Any] | None = None

    def desk(self, *, running: bool = True) -> KernelDesk:
        """A desk for which this kernel runs for every notebook, or (not `running`) none does."""

        async def kernel_of(_path: str) -> str | None:
            return "k1" if running else None

        return KernelDesk(self, kernel_of, {"MY_API_KEY": SECRET})

    def restart(self) -> None:
        """Another life: nothing is known in it."""
        self.generation = f"{self.generation}+"
        self.variables = {}

    async def state(self, kernel_id: str) -> KernelState:
        """As the test has said."""
        if self.gone:
            raise KernelGone(f"There is no kernel {kernel_id!r}.")
        return KernelState(kernel_id, self.condition, self.generation, self.language, "Python 3 (fake)")

    async def execute(
        self,
        kernel_id: str,
        code: str,
        *,
        on_output: Callable[[Output], None] | None = None,
        generation: str | None = None,
        **_: Any,
    ) -> Outcome:
        """Do what the test has said of this code."""
        self._must_be(generation)
        self.executed.append(code)
        ran = self.does.get(code, Ran())
        if ran.gate is not None:
            ran.gate.reached.set()
            await ran.gate.open.wait()
        for output in ran.shows:
            if on_output is not None:
                on_output(output)
        self.variables |= ran.makes
        return Outcome(ran.status, ran.error, self.generation, tuple(fold(ran.shows)))

    async def ask(
        self,
        kernel_id: str,
        source: str,
        request: Mapping[str, Any],
        timeout: float,
        *,
        generation: str | None = None,
        **_: Any,
    ) -> Any:
        """Answer one of `kernels.source`."""
        self._must_be(generation)
        await asyncio.sleep(0)
        name = next(one for one in _SOURCES if text(one) == source)
        if name == "snapshot":
            if self.blind:
                raise SourceFailed("It took too long.", name="Timeout")
            return {"variables": dict(self.variables)}
        self.asked.append((name, dict(request)))
        if self.blind:
            raise SourceFailed("It took too long.", name="Timeout")
        if name == "sql":
            self.variables[request["into"]] = variable(request["sql"], "DataFrame")
            return {"result": self.table, "row_count": 2}
        wanted = request.get("names") or list(self.variables)
        told = [{"name": n, **self.variables[n]} for n in wanted if n in self.variables]
        absent = [n for n in wanted if n not in self.variables]
        return {"level": request["level"], "variables": told, "absent": absent}

    def _must_be(self, generation: str | None) -> None:
        if self.gone:
            raise KernelGone("There is no such kernel.")
        if generation is not None and generation != self.generation:
            raise KernelChanged("It was restarted since.")
