"""A desk with a kernel: what the planner writes is really run, in a namespace of its own, and what it inspects is really there.

Not realistic: the kernel is this process, nobody is asked before code runs unless `deny` says so, and what the last
expression shows is its plain text.
"""

import ast
import contextlib
import io
import json
import warnings
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from jupyter_aichat.errors import ToolError
from jupyter_aichat.kernels.describe import listing
from jupyter_aichat.kernels.head import head_line
from jupyter_aichat.kernels.source import text
from tests.agents.offline.desk import TOOLS, Desk

mpl.use("Agg")

KERNEL_TOOLS = {
    "supervisor": {**TOOLS["supervisor"], "ask_visualizer": frozenset({"task", "reason"})},
    "analyst": {
        **TOOLS["analyst"],
        "inspect_variables": frozenset({"names", "level"}),
        "run_code": frozenset({"code"}),
    },
    "visualizer": {
        "inspect_variables": frozenset({"names", "level"}),
        "run_code": frozenset({"code"}),
    },
    "writer": {"insert_cell": frozenset({"source", "cell_type", "after_cell"})},
}


class Notebook(Desk):
    """Variables of a notebook, and files beside it."""

    tools = KERNEL_TOOLS

    def __init__(
        self, variables: Mapping[str, Any], files: Mapping[str, bytes] | None = None, *, deny: str = ""
    ) -> None:
        super().__init__(files or {})
        self.space: dict[str, Any] = dict(variables)
        self.deny = deny
        self.code: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self.charts: list[str] = []

    def use(self, name: str, args: Mapping[str, Any]) -> str:
        if name == self.deny:
            raise ToolError("The person declined to run this code, so it was not done. Reason: not now")
        if name == "inspect_variables":
            return self._inspect(args)
        if name == "run_code":
            return self._execute(str(args["code"]))
        if name == "insert_cell":
            self.cells.append((str(args["source"]), str(args["cell_type"])))
            return "The cell is inserted."
        return super().use(name, args)

    def _inspect(self, args: Mapping[str, Any]) -> str:
        own: dict[str, Any] = {}
        exec(compile(text("inspect_variables"), "<inspect>", "exec"), own)  # noqa: S102  as a kernel does
        own["namespace"] = lambda: self.space
        answer = own["main"]({"level": args.get("level", "schema")})
        told = json.loads(json.dumps(answer, ensure_ascii=False))
        return head_line(told) + listing(told, "en")

    def _execute(self, code: str) -> str:
        self.code.append(code)
        tree = ast.parse(code)
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
                exec(compile(tree, "<cell>", "exec"), self.space)  # noqa: S102  it is what is tested
        except Exception as error:  # noqa: BLE001  whatever the code raises
            raise ToolError(f"{out.getvalue()}\n{type(error).__name__}: {error}".strip()) from None
        for number in plt.get_fignums():
            figure = plt.figure(number)
            figure.canvas.draw()  # a missing glyph is a warning, and so an error
            self.charts.append(figure.axes[0].get_title())
            plt.close(figure)
            out.write("[a chart was shown to the person]\n")
        return out.getvalue().strip() or "It ran, and showed nothing."
