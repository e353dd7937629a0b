"""run_code: Python in the analyst's own kernel, as far as the analyst approves."""

from __future__ import annotations

from typing import Annotated

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "run_code"]


async def run_code(
    use: ToolUse,
    code: Annotated[
        str,
        "Python for one step, as a person would keep it in a cell. Use new variable names; never rebind or change the person's. "
        "End with an expression to see its value. Charts are shown to the person.",
    ],
) -> str:
    """Run code."""
    return await use.act("run_code", code=code)


SPEC = ToolSpec(
    name="run_code",
    description=(
        "Run Python in the kernel of the open notebook, where the person's dataframes are. The person sees the code and approves "
        "it first, may edit it, or may decline with a reason. You get back what it printed and showed; of charts, that they were "
        "shown."
    ),
    function=run_code,
    beside_notebook=True,
)
