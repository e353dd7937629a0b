"""run_cell: a cell of the notebook that is open, run where it stands."""

from __future__ import annotations

from typing import Annotated

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "run_cell"]


async def run_cell(
    use: ToolUse, cell_id: Annotated[str, "Id of a code cell, as read_notebook gives it."]
) -> str:
    """Run a cell."""
    return await use.act("run_cell", cell_id=cell_id)


SPEC = ToolSpec(
    name="run_cell",
    description=(
        "Run a code cell of the notebook that is open, as the person would: its outputs appear below it. The person sees the code "
        "and approves it first. You get back what it printed and showed, as text. Use it after replace_cell, to see whether a "
        "corrected cell works."
    ),
    function=run_cell,
    beside_notebook=True,
)
