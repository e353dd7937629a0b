"""A calculation as pandas or polars, as a person would keep it in a cell. It prints what the answer is read from.

Each calculation prints a line "# title | kept of all rows", then a table with tabs between the cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_aichat.agents.offline import code_pandas, code_polars
from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.agents.offline.naming import new_name, word

__all__ = ["Piece", "calculation", "title_of"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Code for one calculation: the variable that holds its table, its title, and the names it made."""

    text: str
    result: str
    title: str
    made: frozenset[str]
    part: str
    """The variable with the rows that are looked at."""


def calculation(
    frame: Frame, request: Mapping[str, Any], taken: frozenset[str], parts: dict[str, str] | None = None
) -> Piece:
    """The code that calculates `request`, the arguments of `analyse_table`, from a dataframe.

    `parts` are the rows that code before it has kept already, by the conditions; it gets those that this code keeps.
    """
    writer = code_polars if frame.library == "polars" else code_pandas
    lines: list[str] = []
    part, made = frame.name, set(taken)
    conditions = writer.conditions(frame, request)
    known = {} if parts is None else parts
    if conditions and (found := known.get("\n".join(conditions))):
        part = found
    elif conditions:
        part = new_name(f"{frame.name}_part", made)
        made.add(part)
        known["\n".join(conditions)] = part
        lines.append(writer.kept(part, frame.name, conditions))
    title = title_of(request)
    result = new_name(_result_name(request), made)
    made.add(result)
    lines.append(f'print(f"# {_brace(title)} | {{len({part})}} of {{len({frame.name})}} rows")')
    lines += writer.body(frame, request, part, result)
    return Piece("\n".join(lines), result, title, frozenset(made), part)


def title_of(request: Mapping[str, Any]) -> str:
    """What a calculation is called, in the output and in the answer."""
    measure = str(request.get("value") or "rows")
    how = str(request.get("aggregate", "sum")) if request.get("value") else "count"
    by = [*request.get("columns", ())]
    if request["operation"] == "trend" or request.get("period"):
        by.append(str(request.get("period", "month")))
    elif request["operation"] == "top_n" and request.get("by"):
        by = [str(request["by"])]
    if request["operation"] in {"missing", "duplicates", "describe", "correlation", "profile"}:
        return str(request["operation"]) + (f" of {', '.join(by)}" if by else "")
    if request["operation"] == "top_n" and not request.get("by"):
        return f"rows with the {'largest' if request['n'] > 0 else 'smallest'} {measure}"
    return f"{how} of {measure}" + (f" by {' and '.join(by)}" if by else "")


def _result_name(request: Mapping[str, Any]) -> str:
    operation = request["operation"]
    measure = word(str(request.get("value") or "rows"))
    if operation == "trend":
        return f"{measure}_by_{request.get('period', 'month')}"
    if operation == "top_n":
        side = "top" if request["n"] > 0 else "lowest"
        return f"{side}_{word(str(request.get('by') or measure))}"
    if operation == "group_by":
        keys = "_".join(word(str(key)) for key in request.get("columns", ()))
        how = request.get("aggregate", "sum")
        return f"{measure}_by_{keys}" if keys else f"{'total' if how == 'sum' else how}_{measure}"
    return {"missing": "missing_values", "duplicates": "repeated_rows", "describe": "statistics",
            "correlation": "correlations", "profile": f"different_{measure}"}[operation]  # fmt: skip


def _brace(text: str) -> str:
    """`text` inside an f-string in double quotes."""
    return json.dumps(text.replace("{", "{{").replace("}", "}}"), ensure_ascii=False)[1:-1]
