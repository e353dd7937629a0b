"""analyse_table: one exact calculation over all rows of a table."""

from __future__ import annotations

from typing import Annotated

from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.tools.tables import Language, Path, Sheet, found_in
from jupyter_aichat.agents.use import ToolUse
from jupyter_aichat.tables import MOST, Aggregate, Operation, Period, Request, Sign

__all__ = ["SPEC", "analyse_table"]

Filter = str | int | float | bool


async def analyse_table(
    use: ToolUse,
    path: Path,
    *,
    operation: Annotated[
        Operation,
        "missing: missing values of `columns` (default: all). duplicates: rows alike in `columns` (default: all). "
        "describe: count, mean, standard deviation and percentiles of `columns` (default: all numbers). "
        "group_by: `aggregate` of `value` for each combination of `columns`; with a date column in `by`, also for each "
        "`period`; without `value` rows are counted; without `columns` one figure for all rows. "
        "top_n: the `n` rows with the largest `value`, with `columns` beside it; with a column in `by`, the groups "
        "with the largest `aggregate` of `value`. "
        "trend: `aggregate` of `value` for each `period` of the date column `by`. "
        "correlation: Pearson's r between `columns` (default: all numbers). profile: as profile_table.",
    ],
    columns: Annotated[
        list[str] | None, "Exact names of columns; what they are for depends on `operation`."
    ] = None,
    value: Annotated[str | None, "Exact name of the column of numbers to aggregate or to rank by."] = None,
    by: Annotated[str | None, "Exact name of a column: see group_by, top_n and trend."] = None,
    aggregate: Annotated[
        Aggregate, "How values are put together; distinct counts the different ones."
    ] = "sum",
    n: Annotated[int, f"How many rows or groups top_n gives, 1 to {MOST}; negative: the smallest."] = 10,
    period: Annotated[Period, "Into what dates are cut, in trend and group_by."] = "month",
    where: Annotated[
        dict[str, Filter | list[Filter]] | None,
        "Keep only rows whose column has this value or one of these values, for example "
        '{"region": ["Seoul", "Busan"], "date": "2026-03"}. Dates: "2026", "2026-03", "2026-03-05" or "2026 Q1".',
    ] = None,
    where_not: Annotated[
        dict[str, Filter | list[Filter]] | None,
        'Leave out rows whose column has this value or one of these values: {"region": "Seoul"} is everything but Seoul.',
    ] = None,
    where_range: Annotated[
        dict[str, dict[Sign, Filter]] | None,
        'Keep only rows whose number or date lies within bounds: {"revenue": {">": 1000, "<=": 5000}, "date": {">=": "2026-03"}}.',
    ] = None,
    sheet: Sheet = None,
    language: Language = None,
) -> str:
    """Analyse a table."""
    request = Request(
        operation,
        columns or (),
        value,
        by,
        aggregate,
        n,
        period,
        where or {},
        where_not or {},
        where_range or {},
    )
    return await found_in(use, "analysing", path, request, sheet=sheet, language=language)


SPEC = ToolSpec(
    name="analyse_table",
    description=(
        "Calculate exactly, over all rows of a table (CSV, TSV, Parquet, Excel): missing values, duplicates, "
        "statistics, sums and means by group, the largest and smallest, developments over time, correlations, with "
        "filters. One question a call. Take the exact column names from profile_table. Cite its figures as they are; "
        "never calculate from examples yourself."
    ),
    function=analyse_table,
)
