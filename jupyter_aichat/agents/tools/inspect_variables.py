"""inspect_variables: what the analyst's kernel holds."""

from __future__ import annotations

from typing import Annotated, Literal

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "inspect_variables"]


async def inspect_variables(
    use: ToolUse,
    names: Annotated[list[str] | None, "Exact names of variables; leave it out for all of them."] = None,
    level: Annotated[
        Literal["schema", "aggregates", "rows"],
        "schema: names, types, shapes, columns, missing values. aggregates: ranges and distinct counts too. rows: the first rows "
        "too. A model beyond this machine gets more than the schema only where the person allows it.",
    ] = "schema",
) -> str:
    """Look at variables."""
    return await use.act("inspect_variables", names=names or None, level=level)


SPEC = ToolSpec(
    name="inspect_variables",
    description=(
        "Look at the variables in the kernel of the open notebook: names, types, shapes, memory; for dataframes the columns with "
        "dtype and missing values. It changes nothing. Use it before writing code, to know the exact names."
    ),
    function=inspect_variables,
    beside_notebook=True,
)
