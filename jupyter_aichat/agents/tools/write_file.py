"""write_file: a text file below the server's root."""

from __future__ import annotations

from typing import Annotated

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "write_file"]


async def write_file(
    use: ToolUse,
    path: Annotated[
        str, "Path of the file below the root, in a folder that exists, with its ending (.md, .csv, .py, …)."
    ],
    content: Annotated[str, "The file's whole text."],
) -> str:
    """Write a file."""
    return await use.act("write_file", path=path, content=content)


SPEC = ToolSpec(
    name="write_file",
    description=(
        "Write a text file, a report for instance, after the person approves; they are told whether a file of that name is there "
        "already. Text only, at most 2 MB; notebooks and settings cannot be written. Use it when the person asks for a file."
    ),
    function=write_file,
)
