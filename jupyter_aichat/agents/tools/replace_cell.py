"""replace_cell: another text for a cell of the notebook that is open."""

from __future__ import annotations

from typing import Annotated

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "replace_cell"]


async def replace_cell(
    use: ToolUse,
    cell_id: Annotated[str, "Id of the cell, as read_notebook gives it."],
    source: Annotated[str, "The cell's whole new text, with what stays as it is."],
) -> str:
    """Replace a cell's text."""
    return await use.act("replace_cell", cell_id=cell_id, source=source)


SPEC = ToolSpec(
    name="replace_cell",
    description=(
        "Give a cell of the notebook that is open another text, after the person has seen the difference and approved. It does "
        "not run the cell. Read the notebook first. If the person has edited the cell since, nothing is changed."
    ),
    function=replace_cell,
    beside_notebook=True,
)
