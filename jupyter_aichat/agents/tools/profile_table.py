"""profile_table: a first look at a table."""

from __future__ import annotations

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.tools.tables import Language, Path, Sheet, found_in
from jupyter_aichat.agents.use import ToolUse
from jupyter_aichat.tables import Request

__all__ = ["SPEC", "profile_table"]


async def profile_table(use: ToolUse, path: Path, sheet: Sheet = None, language: Language = None) -> str:
    """Profile a table."""
    return await found_in(use, "profiling", path, Request("profile"), sheet=sheet, language=language)


SPEC = ToolSpec(
    name="profile_table",
    description=(
        "Take a first look at a table (CSV, TSV, Parquet, Excel): number of rows, and for every column its exact name, "
        "kind, missing values, distinct values, range or most frequent values; duplicate rows; and what was assumed "
        "while reading (encoding, dates, currencies). All rows are counted. Use it before analyse_table, to know the "
        "columns."
    ),
    function=profile_table,
)
