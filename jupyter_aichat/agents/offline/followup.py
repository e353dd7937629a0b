"""A short question after a longer one: "and by product?", "2026년만", "the average?"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jupyter_aichat.agents.offline.slots import OVERVIEW, Slots

__all__ = ["continued"]


def continued(now: Slots, before: Slots) -> Slots:
    """`now` with what it leaves open taken from the question `before` it. A question that stands alone stays as it is."""
    said, earlier = now.intent, before.intent
    if said.topic == "report" or (said.topic == "unknown" and now.empty):
        return now
    if said.operation in OVERVIEW:
        return now
    if earlier.operation in OVERVIEW or (before.columns and not before.values):
        return _of_overview(now, before)
    if now.columns or _stands_alone(now):
        return now
    if (
        before.loose
        and not now.filters
        and len(now.values) == 1
        and not (now.keys or said.operation or said.aggregate)
    ):
        return _bound_to(now, before)
    where, where_not, where_range = _filters(now, before)
    grouped = bool(now.keys or now.unknown_key)
    cut = bool(said.period or now.dated)
    operation = said.operation
    if operation is None:
        operation = ("top_n" if earlier.operation == "top_n" else None) if grouped else earlier.operation
    keep_period = not grouped or said.period is not None
    same_measure = not now.values or now.values == before.values
    intent = replace(
        said,
        topic="data",
        operation=operation,
        aggregate=said.aggregate or (earlier.aggregate if same_measure or before.ambiguous else None),
        period=said.period or (earlier.period if keep_period else None),
        n=said.n or earlier.n,
        smallest=said.smallest or (earlier.smallest and said.operation != "top_n"),
        rows=said.rows or (earlier.rows and not now.values),
        selling=said.selling or earlier.selling,
    )
    return replace(
        now,
        intent=intent,
        values=now.values or before.values,
        keys=now.keys if grouped or cut else before.keys,
        dated=now.dated or (before.dated if keep_period else None),
        where=where,
        where_not=where_not,
        where_range=where_range,
        meant=now.meant or before.meant,
        open_times=now.open_times or before.open_times,
        loose=now.loose or before.loose,
        compared=(*now.compared, *before.compared),
        strange=() if before.values else now.strange,
    )


def _stands_alone(now: Slots) -> bool:
    """Whether a question names what to calculate and needs nothing from the one before it."""
    said = now.intent
    if said.continues:
        return False
    if said.aggregate == "count" and now.keys:
        return True
    if not now.values:
        return False
    return bool(now.keys or said.aggregate or said.operation or now.filters or said.relative or now.unused)


def _filters(now: Slots, before: Slots) -> tuple[Any, Any, Any]:
    """The filters of both: what is said now takes the place of what was said of the same column."""
    anew = {*(now.where or {}), *now.where_not, *now.where_range}
    kept = [
        {name: one for name, one in (filters or {}).items() if name not in anew}
        for filters in (before.where, before.where_not, before.where_range)
    ]
    return (
        {**kept[0], **(now.where or {})} or None,
        {**kept[1], **now.where_not},
        {**kept[2], **now.where_range},
    )


def _bound_to(now: Slots, before: Slots) -> Slots:
    """The question before, whose bound had no column, with the column that was named now."""
    mention = now.values[0]
    if len(mention.columns) > 1:
        return replace(before, values=now.values)
    limits = {sign: number for bound in before.loose for sign, number in bound.limits}
    return replace(
        before,
        loose=(),
        compared=now.values,
        where_range={**before.where_range, mention.columns[0].name: limits},
    )


def _of_overview(now: Slots, before: Slots) -> Slots:
    """After a profile or a count: the same look at other rows or columns, or a question of its own."""
    said = now.intent
    own = now.keys or now.unknown_key or said.operation or said.aggregate or said.period
    if own or (now.values and not said.continues):
        return now
    where, where_not, where_range = _filters(now, before)
    return replace(
        now,
        intent=replace(before.intent, text=said.text, dates=said.dates),
        values=(),
        columns=now.columns or now.values or before.columns,
        where=where,
        where_not=where_not,
        where_range=where_range,
    )
