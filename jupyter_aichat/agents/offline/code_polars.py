"""Calculations as polars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from jupyter_aichat.agents.offline.code_pandas import text as plain
from jupyter_aichat.agents.offline.conditions import OneOf, conditions_of
from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.agents.offline.printed import MOST_ROWS

__all__ = ["body", "conditions", "kept"]

_HOW: Final = {
    "sum": "sum",
    "mean": "mean",
    "median": "median",
    "min": "min",
    "max": "max",
    "count": "count",
    "distinct": "n_unique",
}
_NAMES: Final = {"sum": "total", "mean": "mean", "median": "median", "min": "smallest", "max": "largest", "count": "count",
                 "distinct": "different"}  # fmt: skip
_EVERY: Final = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
_MOST: Final = MOST_ROWS


def _text(value: Any) -> str:
    return f"pl.date({value.year}, {value.month}, {value.day})" if isinstance(value, date) else plain(value)


def _column(frame: Frame, name: str) -> str:
    one = f"pl.col({plain(name)})"
    return f"{one}.str.to_date()" if name in frame.written else one


def conditions(frame: Frame, request: Mapping[str, Any]) -> list[str]:
    """The filters, each as an expression."""
    found: list[str] = []
    for one in conditions_of(frame, request):
        of = _column(frame, one.column)
        if isinstance(one, OneOf):
            test = f"{of}.is_in([{', '.join(map(_text, one.values))}])"
        else:
            spans = [
                " & ".join(f"({of} {sign} {_text(limit)})" for sign, limit in span) for span in one.spans
            ]
            test = " | ".join(f"({span})" for span in spans) if len(spans) > 1 else spans[0]
        found.append(f"~({test}).fill_null(False)" if one.out else test)
    return found


def kept(part: str, frame: str, tests: Sequence[str]) -> str:
    """The rows that all filters keep."""
    return f"{part} = {frame}.filter({', '.join(tests)})"


def body(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    """The calculation on `part`, whose table is called `result`, and the line that prints it."""
    operation = request["operation"]
    if operation == "group_by" and not request.get("columns") and not request.get("period"):
        value, how = request.get("value"), request.get("aggregate", "sum")
        name = _NAMES[how] if value else "count"
        counted = (
            f"{part}[{plain(value)}].{'drop_nulls().' if how == 'distinct' else ''}{_HOW[how]}()"
            if value
            else f"len({part})"
        )
        return [f"{result} = {counted}", f'print(f"{name}\\n{{{result}}}")']
    if operation in {"group_by", "trend"} or (operation == "top_n" and request.get("by")):
        return _groups(frame, request, part, result)
    if operation == "top_n":
        value, n = str(request["value"]), request["n"]
        beside = [c.name for c in frame.head.columns if c.name != value][:5]
        names = ", ".join(map(plain, [value, *beside]))
        how = "top_k" if n > 0 else "bottom_k"
        return [f"{result} = {part}.{how}({abs(n)}, by={plain(value)}).select({names})", _printed(result)]
    return _overview(frame, request, part, result)


def _printed(result: str) -> str:
    return f'print({result}.write_csv(separator="\\t"))'


def _groups(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    value, how, operation = request.get("value"), request.get("aggregate", "sum"), request["operation"]
    keys = [str(key) for key in request.get("columns", ())]
    if operation == "top_n":
        keys = [str(request["by"])]
    period = str(request.get("period", "month")) if operation == "trend" else request.get("period")
    shown = [plain(key) for key in keys]
    if period and operation != "top_n":
        shown.append(
            f'{_column(frame, str(request["by"]))}.dt.truncate("{_EVERY[period]}").alias("{period}")'
        )
    name = _NAMES[how] if value else "count"
    while name in keys:
        name += "_"
    one = f"pl.col({plain(value)})"
    figure = (
        {"distinct": f"{one}.drop_nulls().n_unique()"}.get(how, f"{one}.{_HOW[how]}()")
        if value
        else "pl.len()"
    )
    rows = f", rows={one}.count()" if value else ""
    lines = [f"    {part}.group_by({', '.join(shown)})", f"    .agg({name}={figure}{rows})"]
    down = not (operation == "top_n" and request["n"] < 0)
    if period and operation != "top_n":
        lines.append(f'    .sort("{period}")')
    else:
        lines.append(f'    .sort("{name}", descending={down})')
    if operation == "trend":
        lines.append(f'    .with_columns(change=pl.col("{name}").pct_change())')
    elif operation == "top_n":
        lines.append(f"    .head({abs(request['n'])})")
    elif not period and how in {"sum", "count"}:
        lines.append(f'    .with_columns(share=pl.col("{name}") / pl.col("{name}").sum())')
    return [
        f"{result} = (",
        *lines,
        ")",
        _printed(f"{result}.{'tail' if operation == 'trend' else 'head'}({_MOST})"),
    ]


def _overview(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    names = [str(name) for name in request.get("columns", ())]
    numbers = names or [c.name for c in frame.head.columns if c.numeric]
    listed = ", ".join(map(plain, names))
    of = f"{part}.select({listed})" if names else part
    long = '.transpose(include_header=True, header_name="column", column_names=["{name}"])'
    match request["operation"]:
        case "missing":
            return [f"{result} = {of}.null_count(){long.format(name='missing')}", _printed(result)]
        case "duplicates":
            extra = f"len({of}) - len({of}.unique())"
            return [f"{result} = {extra}", f'print(f"repeated\\n{{{result}}}")']
        case "describe":
            return [
                f'{result} = {part}.select({", ".join(map(plain, numbers))}).describe(interpolation="linear")',
                _printed(result),
            ]
        case "correlation":
            return [
                f"{result} = {part}.select({', '.join(map(plain, numbers))}).drop_nulls().corr()",
                _printed(result),
            ]
        case _:
            return [
                f"{result} = {of}.select(pl.all().drop_nulls().n_unique()){long.format(name='different')}",
                _printed(result),
            ]
