"""insert_cell: a new cell in the notebook that is open."""

from __future__ import annotations

from typing import Annotated, Literal

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "insert_cell"]


async def insert_cell(
    use: ToolUse,
    source: Annotated[str, "The cell's whole text: code, or Markdown."],
    cell_type: Annotated[Literal["code", "markdown"], "What kind of cell."] = "code",
    after_cell: Annotated[
        str | None, "Id of the cell to insert behind, as read_notebook gives it; leave it out for the end."
    ] = None,
) -> str:
    """Insert a cell."""
    return await use.act("insert_cell", source=source, cell_type=cell_type, cell_id=after_cell)


SPEC = ToolSpec(
    name="insert_cell",
    description=(
        "Insert a cell into the notebook that is open in front of the person, after the person approves. It does not run the "
        "cell. Use it when the person asks for a cell, or to leave a result or a report in the notebook."
    ),
    function=insert_cell,
    beside_notebook=True,
)
