"""The dataframes of the kernel, read from the first line of what `inspect_variables` says at the level "rows"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from jupyter_aichat.tables import Column, TableHead
from jupyter_aichat.tables.table import Kind
from jupyter_aichat.tables.values import Granularity, parse_day

__all__ = ["Frame", "Kernel", "kernel_in"]

_OPEN: Final = "<!-- frames "
_CLOSE: Final = " -->"

Library = Literal["pandas", "polars"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A dataframe: its variable, its library, and its columns in the form of a table's head.

    `written` are date columns whose values are texts; `missing` and `distinct` are counts. `setup` is the code that makes
    it, where it is not in the kernel yet.
    """

    name: str
    library: Library
    head: TableHead
    written: frozenset[str]
    missing: Mapping[str, int]
    distinct: Mapping[str, int]
    spans: Mapping[str, tuple[Any, Any]]
    setup: str = ""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The dataframes, and every name that is taken."""

    frames: tuple[Frame, ...] = ()
    taken: frozenset[str] = frozenset()


def kernel_in(text: str) -> Kernel:
    """The dataframes that a text of `inspect_variables` tells of; none where it has no such line, or a damaged one."""
    line, _, _ = text.partition("\n")
    if not (line.startswith(_OPEN) and line.endswith(_CLOSE)):
        return Kernel()
    try:
        told = json.loads(line[len(_OPEN) : -len(_CLOSE)])
        frames = tuple(_frame(one) for one in told["frames"])
        return Kernel(frames, frozenset(map(str, told["taken"])) | {frame.name for frame in frames})
    except (ValueError, KeyError, TypeError, AttributeError):
        return Kernel()


def _frame(told: Mapping[str, Any]) -> Frame:
    columns: list[Column] = []
    values: dict[str, tuple[str, ...]] = {}
    days: dict[str, tuple[date, date]] = {}
    written: set[str] = set()
    for one in told["columns"]:
        name = str(one["name"])
        kind, fine = _kind(one)
        if kind == "text" and (texts := [*one.get("sample", ()), *one.get("values", ())[:3]]):
            read = [parse_day(text) for text in texts]
            if all(day is not None and day.granularity == "day" for day in read):
                kind, fine = "date", "day"
                written.add(name)
        columns.append(Column(name, kind, "", fine))
        if kind == "text" and one.get("values"):
            values[name] = tuple(map(str, one["values"]))
        if kind in {"date", "datetime"} and (span := _span(one)):
            days[name] = span
    frame = TableHead(str(told["name"]), None, int(told["rows"]), tuple(columns), values, days)
    return Frame(
        name=str(told["name"]),
        library="polars" if told["kind"] == "polars" else "pandas",
        head=frame,
        written=frozenset(written),
        missing={str(one["name"]): int(one.get("missing", 0)) for one in told["columns"]},
        distinct={str(one["name"]): int(one["distinct"]) for one in told["columns"] if "distinct" in one},
        spans={str(one["name"]): (one["min"], one["max"]) for one in told["columns"] if "min" in one},
    )


def _kind(told: Mapping[str, Any]) -> tuple[Kind, Granularity | None]:
    dtype = str(told["dtype"]).lower()
    if dtype.startswith(("int", "uint")):
        return "integer", None
    if dtype.startswith(("float", "decimal")):
        return "number", None
    if dtype.startswith("bool"):
        return "boolean", None
    if dtype.startswith("datetime"):
        return "datetime", "day"
    return ("date", "day") if dtype == "date" else ("text", None)


def _span(told: Mapping[str, Any]) -> tuple[date, date] | None:
    """The first and the last day; of dates that are texts only where the order of the texts is that of the days."""
    ends = [told.get("min"), told.get("max")]
    if None in ends:
        ends = [told.get("least"), told.get("greatest")]
        if told.get("values"):
            ends = [told["values"][0], told["values"][-1]]
    if None in ends or any(str(one)[4:5] != "-" for one in ends):
        return None
    try:
        return date.fromisoformat(str(ends[0])[:10]), date.fromisoformat(str(ends[1])[:10])
    except ValueError:
        return None
