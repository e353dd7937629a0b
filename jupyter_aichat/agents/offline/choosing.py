"""Which dataframe of the kernel a question is about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from jupyter_aichat.agents.offline.frames import Frame, Kernel
from jupyter_aichat.agents.offline.language import tokens
from jupyter_aichat.agents.offline.leftover import name_words
from jupyter_aichat.agents.offline.naming import new_name
from jupyter_aichat.agents.offline.slots import Slots
from jupyter_aichat.agents.offline.work import Work, slots_for

__all__ = ["fitting", "joined"]

_PART: Final = re.compile(r"(.+)_part(?:_\d+)?")
"""Rows that code of ours has kept."""


def fitting(work: Work, kernel: Kernel) -> list[Frame]:
    """The dataframes that a question may be about: the one it goes on with or names, else those that its words fit."""
    frames = list(kernel.frames)
    if going_on := [frame for frame in frames if frame.name == work.task.frame]:
        return going_on
    said = {form for token in tokens(work.intent.text) for form in token.forms}
    exact = [
        frame for frame in frames if frame.name.lower() in work.intent.text.lower().replace("`", " ").split()
    ]
    if exact:
        return exact[:1]
    names = {frame.name for frame in frames}
    own = [frame for frame in frames if not ((part := _PART.fullmatch(frame.name)) and part[1] in names)]
    ranked: dict[Frame, tuple[int, bool]] = {}
    for frame in own:
        slots = slots_for(work, frame.head)
        if _fits(slots):
            named = bool(said & (name_words(frame.name) - {"df", "data", "table"}))
            ranked[frame] = (_parts(slots), named)
    if ranked:
        best = max(ranked.values())
        return [frame for frame, rank in ranked.items() if rank == best]
    return [pair] if (pair := joined(work, kernel)) else []


def _parts(slots: Slots) -> int:
    """How many of the question's words are columns or values of a dataframe."""
    filters = len(slots.where or {}) + len(slots.where_not) + len(slots.where_range)
    return len(slots.values) + len(slots.keys) + len(slots.columns) + filters + (slots.dated is not None)


def _fits(slots: Slots) -> bool:
    """Whether nothing in a question is foreign to a dataframe."""
    return not (slots.lost or slots.unknown_key) and not (slots.intent.topic == "unknown" and slots.empty)


def joined(work: Work, kernel: Kernel) -> Frame | None:
    """Two dataframes by the one key that they share, where a question needs both: each row keeps its one partner."""
    for left in kernel.frames:
        for right in kernel.frames:
            if left is right or left.library != right.library or left.head.rows < right.head.rows:
                continue
            shared = [
                c.name for c in left.head.columns if c.name in {other.name for other in right.head.columns}
            ]
            if len(shared) != 1 or right.distinct.get(shared[0]) != right.head.rows:
                continue
            both = _both(left, right, shared[0], kernel.taken)
            slots = slots_for(work, both.head)
            if _fits(slots) and not slots.empty:
                return both
    return None


def _both(left: Frame, right: Frame, key: str, taken: frozenset[str]) -> Frame:
    name = new_name(f"{left.name}_{right.name}", taken)
    others = tuple(column for column in right.head.columns if column.name != key)
    if left.library == "polars":
        setup = f'{name} = {left.name}.join({right.name}, on="{key}", how="left", validate="m:1")'
    else:
        setup = f'{name} = {left.name}.merge({right.name}, on="{key}", how="left", validate="many_to_one")'
    head = replace(
        left.head,
        name=name,
        columns=(*left.head.columns, *others),
        values={**left.head.values, **right.head.values},
        spans={**left.head.spans, **right.head.spans},
    )
    return Frame(
        name, left.library, head, left.written | right.written, {**right.missing, **left.missing},
        {**right.distinct, **left.distinct}, {**right.spans, **left.spans}, setup,
    )  # fmt: skip
