"""Calculations as pandas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from jupyter_aichat.agents.offline.conditions import Compared, OneOf, conditions_of
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
    "distinct": "nunique",
}
_RULE: Final = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}
_PERIOD: Final = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
_PRINT: Final = 'print({result}.to_csv(sep="\\t"{index}))'
_MOST: Final = MOST_ROWS


def text(value: Any) -> str:
    """A value as Python writes it; texts in double quotes."""
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def column(frame: Frame, variable: str, name: str) -> str:
    """A column; dates that are texts are read as dates."""
    one = f"{variable}[{text(name)}]"
    return f"pd.to_datetime({one})" if name in frame.written else one


def conditions(frame: Frame, request: Mapping[str, Any]) -> list[str]:
    """The filters, each as an expression on the dataframe."""
    found: list[str] = []
    for one in conditions_of(frame, request):
        of = column(frame, frame.name, one.column)
        if isinstance(one, OneOf):
            values = ", ".join(map(text, one.values))
            test = f"{of}.isin([{values}])" if len(one.values) > 1 or one.out else f"{of} == {values}"
        else:
            test = _spans(one, of)
        negated = f"~({test})" if isinstance(one, Compared) else f"~{test}"
        found.append(negated if one.out else f"({test})")
    return found


def _spans(one: Compared, of: str) -> str:
    spans = [" & ".join(f"({of} {sign} {text(limit)})" for sign, limit in span) for span in one.spans]
    return " | ".join(f"({span})" for span in spans) if len(spans) > 1 else spans[0]


def kept(part: str, frame: str, tests: Sequence[str]) -> str:
    """The rows that all filters keep."""
    if len(tests) == 1:
        test = tests[0]
        inner = (
            test[1:-1]
            if test.startswith("(") and test.endswith(")") and " & " not in test and " | " not in test
            else test
        )
        return f"{part} = {frame}[{inner}]"
    return f"{part} = {frame}[\n    " + "\n    & ".join(tests) + "\n]"


def body(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    """The calculation on `part`, whose table is called `result`, and the line that prints it."""
    match request["operation"]:
        case "group_by" if not request.get("columns") and not request.get("period"):
            return _figure(request, part, result)
        case "group_by":
            return _groups(frame, request, part, result)
        case "top_n" if request.get("by"):
            return _groups(frame, {**request, "columns": [request["by"]], "period": None}, part, result)
        case "top_n":
            return _rows(frame, request, part, result)
        case "trend":
            return _trend(frame, request, part, result)
        case _:
            return _overview(frame, request, part, result)


def _figure(request: Mapping[str, Any], part: str, result: str) -> list[str]:
    value, how = request.get("value"), request.get("aggregate", "sum")
    counted = (
        f"len({part})"
        if value is None
        else f"{part}[{text(value)}].{_HOW[how]}({'min_count=1' if how == 'sum' else ''})"
    )
    return [f"{result} = {counted}", f'print(f"{_NAMES[how if value else "count"]}\\n{{{result}}}")']


_NAMES: Final = {"sum": "total", "mean": "mean", "median": "median", "min": "smallest", "max": "largest", "count": "count",
                 "distinct": "different"}  # fmt: skip


def _aggregates(frame: Frame, request: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, str]:
    """The arguments of `agg`, and the name of the figure."""
    value, how = request.get("value"), request.get("aggregate", "sum")
    used = value or (keys[0] if keys else frame.head.columns[0].name)
    name = _NAMES[how] if value else "count"
    while name in keys:
        name += "_"
    if value is None:
        return f'{name}=({text(used)}, "size")', name
    rows = "rows" if "rows" not in keys else "rows_"
    if how == "sum" and frame.missing.get(value):
        return (
            f'{name}=({text(value)}, lambda values: values.sum(min_count=1)), {rows}=({text(value)}, "count")',
            name,
        )
    return f'{name}=({text(value)}, "{_HOW[how]}"), {rows}=({text(value)}, "count")', name


def _groups(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    keys = [str(key) for key in request.get("columns", ())]
    period, by = request.get("period"), request.get("by")
    aggregates, name = _aggregates(frame, request, keys)
    shown = [text(key) for key in keys]
    if period and by:
        unit = period if period not in keys else f"{period}_"
        shown.append(f'{column(frame, part, by)}.dt.to_period("{_PERIOD[period]}").rename("{unit}")')
    grouped = f"[{', '.join(shown)}]" if len(shown) > 1 else shown[0]
    down = not (request["operation"] == "top_n" and request["n"] < 0)
    lines = [f"    {part}.groupby({grouped}, dropna=False)", f"    .agg({aggregates})"]
    if period and by:
        lines.append("    .sort_index(level=-1)" if len(shown) > 1 else "    .sort_index()")
    else:
        lines.append(f'    .sort_values("{name}", ascending={not down}, kind="stable")')
    lines.append("    .reset_index()")
    if request["operation"] == "top_n":
        lines.append(f"    .head({abs(request['n'])})")
    elif not period and request.get("aggregate", "sum") in {"sum", "count"}:
        lines.append(f'    .assign(share=lambda table: table["{name}"] / table["{name}"].sum())')
    return [
        f"{result} = (",
        *lines,
        ")",
        _PRINT.format(result=f"{result}.head({_MOST})", index=", index=False"),
    ]


def _trend(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    by, period = str(request["by"]), request.get("period", "month")
    aggregates, name = _aggregates(frame, {**request, "value": request.get("value")}, [])
    if request.get("value") is None:
        aggregates = f'{name}=({text(by)}, "size")'
    dates = column(frame, "table", by)
    week = ', label="left", closed="left"' if period == "week" else ""
    return [
        f"{result} = (",
        f"    {part}.dropna(subset=[{text(by)}])",
        f"    .assign({period}=lambda table: {dates})",
        f'    .resample("{_RULE[period]}", on="{period}"{week})',
        f"    .agg({aggregates})",
        f'    .assign(change=lambda table: table["{name}"].pct_change(fill_method=None))',
        "    .reset_index()",
        ")",
        _PRINT.format(result=f"{result}.tail({_MOST})", index=", index=False"),
    ]


def _rows(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    value, n = str(request["value"]), request["n"]
    beside = [c.name for c in frame.head.columns if c.name != value][:5]
    names = ", ".join(map(text, [value, *beside]))
    how = "nlargest" if n > 0 else "nsmallest"
    return [
        f"{result} = {part}.{how}({abs(n)}, {text(value)})[[{names}]]",
        _PRINT.format(result=result, index=", index=False"),
    ]


def _overview(frame: Frame, request: Mapping[str, Any], part: str, result: str) -> list[str]:
    names = [str(name) for name in request.get("columns", ())]
    numbers = names or [c.name for c in frame.head.columns if c.numeric]
    listed = ", ".join(map(text, names))
    of = f"{part}[[{listed}]]" if names else part
    match request["operation"]:
        case "missing":
            return [f'{result} = {of}.isna().sum().sort_values(ascending=False).rename("missing").rename_axis("column")',
                    _PRINT.format(result=result, index="")]  # fmt: skip
        case "duplicates":
            subset = f"subset=[{listed}]" if names else ""
            return [
                f"{result} = {part}[{part}.duplicated({subset})]",
                f'print(f"repeated\\n{{len({result})}}")',
            ]
        case "describe":
            return [f"{result} = {part}[[{', '.join(map(text, numbers))}]].describe().T.rename_axis(\"column\")",
                    _PRINT.format(result=result, index="")]  # fmt: skip
        case "correlation":
            return [f"{result} = {part}[[{', '.join(map(text, numbers))}]].corr().rename_axis(\"column\")",
                    _PRINT.format(result=result, index="")]  # fmt: skip
        case _:
            return [
                f'{result} = {of}.nunique().rename("different").rename_axis("column")',
                _PRINT.format(result=result, index=""),
            ]
