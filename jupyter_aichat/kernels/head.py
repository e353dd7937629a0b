"""The first line of what an agent reads of variables: the dataframes in a form that rules can read back.

An HTML comment of JSON, as before a table's profile: a reader of the text does not see it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["head_line"]

_FRAMES: Final = ("frame", "polars")
_MOST_FRAMES: Final = 30
_MOST_COLUMNS: Final = 200
_FACTS: Final = ("name", "dtype", "types", "missing", "distinct", "min", "max", "values", "least", "greatest")
_ROOM: Final = 20_000


def head_line(result: Mapping[str, Any]) -> str:
    """The line with what `inspect_variables` told at the level "rows"; "" for other levels, or where no dataframe is."""
    if result.get("level") != "rows":
        return ""
    frames = [_frame(one) for one in result["variables"] if one["kind"] in _FRAMES and "shape" in one]
    if not frames:
        return ""
    head = {"frames": frames[:_MOST_FRAMES], "taken": result.get("taken", [])}
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"), default=str)
    if len(text) > _ROOM:
        for column in (column for frame in frames for column in frame["columns"]):
            column.pop("values", None)
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"), default=str)
    # ">" can only stand inside strings here; escaped, no name can end the comment
    return "<!-- frames " + text.replace(">", "\\u003e") + " -->\n"


def _frame(variable: Mapping[str, Any]) -> dict[str, Any]:
    columns = [
        {fact: _plain(column[fact]) for fact in _FACTS if fact in column}
        for column in variable.get("columns", ())[:_MOST_COLUMNS]
        # a masked column, one of two alike and one whose name is no text cannot be calculated with by name
        if not (column.get("masked") or column.get("duplicate") or "label" in column)
    ]
    first = variable.get("rows", ())[:3]
    names = [column["name"] for column in variable.get("columns", ())]
    samples = {
        name: [row[i] for row in first if i < len(row) and isinstance(row[i], str)][:3]
        for i, name in enumerate(names)
    }
    for column in columns:
        if texts := samples.get(column["name"]):
            column["sample"] = [text[:40] for text in texts]
    return {
        "name": variable["name"],
        "kind": variable["kind"],
        "rows": variable["shape"][0],
        "columns": columns,
    }


def _plain(value: Any) -> Any:
    """What JSON could not hold, as the text that stands for it."""
    return next(iter(value.values()), None) if isinstance(value, dict) else value
