"""run_sql: SQL over the dataframes of the analyst's kernel."""

from __future__ import annotations

from typing import Annotated

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "run_sql"]


async def run_sql(
    use: ToolUse,
    sql: Annotated[str, "One SELECT in DuckDB's dialect. Dataframes are tables by their variable names."],
    into: Annotated[str, "A new variable name for the result, a dataframe."] = "result",
    engine: Annotated[
        str | None, "Variable name of a SQLAlchemy engine, to ask its database instead."
    ] = None,
) -> str:
    """Run a query."""
    return await use.act("run_sql", sql=sql, into=into, engine=engine)


SPEC = ToolSpec(
    name="run_sql",
    description=(
        "Run one SQL SELECT over the dataframes in the kernel of the open notebook, or on a database by an engine that is there. "
        "The result becomes a dataframe under the name you give; you get back its columns and size."
    ),
    function=run_sql,
    beside_notebook=True,
)
