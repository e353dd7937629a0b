"""What the two table tools share: getting the table, and saying what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from jupyter_aichat.agents.finding import find
from jupyter_aichat.tables import Request, analyse, tool_text

if TYPE_CHECKING:
    from jupyter_aichat.agents.use import ToolUse
    from jupyter_aichat.agents.words import Phrase

__all__ = ["Language", "Path", "Sheet", "found_in"]

Path = Annotated[str, "Path of a CSV, TSV, Parquet or Excel file, as list_files gives it."]
Sheet = Annotated[
    str | None, "Name of a sheet of an Excel file; leave it out for the first with anything in it."
]
Language = Annotated[Literal["en", "ko"] | None, "Language of the result: that of the person's message."]


async def found_in(
    use: ToolUse, phrase: Phrase, path: str, request: Request, *, sheet: str | None, language: str | None
) -> str:
    """What a request finds in a file, as the text that an agent reads. Raises `ToolError`."""
    entry = await find(use.context, path)
    await use.share(entry.path)
    use.say(phrase, entry.path)
    shelf = use.scope.shelf
    table = await shelf.table(use.workspace, entry, sheet)
    spoken = language or use.context.language.lower()[:2]
    return await shelf.work(lambda: tool_text(analyse(table, request), spoken))
