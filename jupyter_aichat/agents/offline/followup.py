"""A short question after a longer one: "and by product?", "2026년만", "the average?"."""

from __future__ import annotations

from dataclasses import replace

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
    where = {**(before.where or {}), **(now.where or {})} or None
    if said.relative and where:
        where = {name: values for name, values in where.items() if not values[0][:4].isdigit()} or None
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
    return bool(now.keys or said.aggregate or said.operation or now.where or said.relative or now.unused)


def _of_overview(now: Slots, before: Slots) -> Slots:
    """After a profile or a count: the same look at other rows or columns, or a question of its own."""
    said = now.intent
    own = now.keys or now.unknown_key or said.operation or said.aggregate or said.period
    if own or (now.values and not said.continues):
        return now
    return replace(
        now,
        intent=replace(before.intent, text=said.text, dates=said.dates),
        values=(),
        columns=now.columns or now.values or before.columns,
        where={**(before.where or {}), **(now.where or {})} or None,
    )
