"""From the parts of a question to the calls of `analyse_table` that answer it, or to what has to be asked first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from jupyter_aichat.agents.offline.columns import Closeness, Mention, meaning
from jupyter_aichat.agents.offline.lexicon import AVERAGED, DEFAULT_MEASURES
from jupyter_aichat.agents.offline.patterns import EACH
from jupyter_aichat.agents.offline.placing import date_column
from jupyter_aichat.agents.offline.slots import OVERVIEW, Slots
from jupyter_aichat.tables import MOST, Column, TableHead

__all__ = ["Question", "Requests", "filters_of", "report_requests", "requests_for"]

_RANKED = 5
"""How many of the largest, where nobody says how many."""
_FEW = 20

Doubt = Literal[
    "several_columns", "no_column", "no_numbers", "no_dates", "which_date", "which_time",
    "which_measure", "what", "doubtful", "lost", "which_compared", "group_bound", "which_value", "no_group",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked, or said, before anything can be calculated. `columns` are the choices."""

    doubt: Doubt
    word: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requests:
    """The arguments of each call of `analyse_table`, without the file. No call: the profile answers."""

    calls: tuple[Mapping[str, Any], ...]


def requests_for(slots: Slots, head: TableHead) -> Requests | Question:
    """What to calculate, or what to ask first."""
    intent = slots.intent
    if question := _doubt(slots, head):
        return question
    names = tuple(column.name for column in head.columns)
    numeric = tuple(column.name for column in head.columns if column.numeric)
    for mention in (*slots.values, *slots.keys, *slots.columns, *([slots.dated] if slots.dated else [])):
        if len(mention.columns) > 1 and not _all_meant(slots, mention):
            return Question(
                "several_columns", mention.words, tuple(column.name for column in mention.columns)
            )
    if slots.unknown_key:
        return Question("no_column", slots.unknown_key, names)
    if slots.intent.share:
        slots = _of_all(slots, head)
    if intent.operation in OVERVIEW or slots.columns:
        return _overview(slots, head)
    keys = [mention.columns[0] for mention in slots.keys]
    for name, values in (slots.where or {}).items():
        column = next(column for column in head.columns if column.name == name)
        if len(values) > 1 and not keys and intent.operation is None and not column.dated:
            keys.append(column)
    values_ = [mention.columns[0] for mention in slots.values]
    if slots.compared and not values_:
        # "total revenue over 1000" adds up what it compares; "revenue over 1000" asks how many rows there are
        worded = (
            (intent.aggregate and intent.aggregate != "count") or intent.operation or intent.period or keys
        )
        values_ = [column for one in slots.compared[:1] for column in one.columns[:1] if worded]
        if keys and values_ and not intent.rows:
            return Question("group_bound", intent.bounds[0].words if intent.bounds else "", ())
    counting = intent.aggregate in {"count", "distinct"} or (
        (intent.rows or bool(slots.compared and not values_))
        and not intent.aggregate
        and intent.operation is None
    )
    wordless = [value for value in values_ if not value.numeric]
    if wordless and not counting:
        return Question("no_numbers", wordless[0].name, numeric)
    if not values_ and not counting:
        if intent.aggregate and slots.strange:
            return Question("no_column", slots.strange[0], names)
        default = _default_measure(slots, head)
        if default is None and intent.operation == "top_n":
            return Question("which_measure", "", numeric) if numeric else Question("no_numbers", "", ())
        if default is None and intent.aggregate and intent.aggregate != "sum":
            return Question("which_measure", "", numeric) if numeric else Question("no_numbers", "", ())
        values_ = [default] if default else []
    return _calculation(slots, head, keys, values_, counting=counting)


def _doubt(slots: Slots, head: TableHead) -> Question | None:
    """What is not understood, or not known, of the rows and the calculation that are meant."""
    intent = slots.intent
    numeric = tuple(column.name for column in head.columns if column.numeric)
    if intent.doubtful:
        return Question("doubtful", intent.doubtful[0])
    lenient = intent.operation in {"profile", "missing", "duplicates"} and not slots.columns
    if slots.lost and not (lenient and not slots.unused):
        return Question("lost", "”, “".join(slots.lost), ())
    if slots.clash:
        return Question("which_value", slots.clash[0], slots.clash[1:])
    if slots.loose:
        return (
            Question("which_compared", slots.loose[0].words, numeric) if numeric else Question("no_numbers")
        )
    if slots.open_times:
        dated = slots.dated.columns[0] if slots.dated else date_column(head)
        return Question("which_time", slots.open_times[0], (dated.name,) if dated else ())
    return None


def _of_all(slots: Slots, head: TableHead) -> Slots:
    """For a share of one value, all values of its column side by side: a part has a share only of a whole."""
    where = dict(slots.where or {})
    names = [name for name in where if not next(c for c in head.columns if c.name == name).dated]
    if len(names) != 1 or slots.keys or slots.intent.operation not in {None, "group_by"}:
        return slots
    column = next(column for column in head.columns if column.name == names[0])
    del where[names[0]]
    return replace(slots, where=where or None, keys=(Mention(0, 0, (column,), Closeness.NAME, column.name),))


def filters_of(slots: Slots) -> dict[str, Any]:
    """The filters, as `analyse_table` takes them; what is empty is left out."""

    def plain(filters: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        return {name: list(values) if len(values) > 1 else values[0] for name, values in filters.items()}

    ranges = {name: dict(bounds) for name, bounds in slots.where_range.items()}
    every = {"where": plain(slots.where or {}), "where_not": plain(slots.where_not), "where_range": ranges}
    return {name: filters for name, filters in every.items() if filters}


def _calculation(
    slots: Slots,
    head: TableHead,
    keys: list[Column],
    values: list[Column],
    *,
    counting: bool,
) -> Requests | Question:
    intent = slots.intent
    base = filters_of(slots)
    measures: list[Column | None] = list(values) or [None]
    several_dates = intent.operation is None and len(intent.dates) > 1
    over_time = (
        intent.operation == "trend" or intent.period or (slots.dated and not slots.filters) or several_dates
    )
    if over_time:
        dated = slots.dated.columns[0] if slots.dated else date_column(head)
        if dated is None:
            choices = tuple(column.name for column in head.columns if column.dated)
            return Question("which_date" if choices else "no_dates", "", choices)
        base |= {"by": dated.name, "period": intent.period or _period(slots, dated)}
        if keys:
            base |= {"operation": "group_by", "columns": [key.name for key in keys]}
        else:
            base["operation"] = "trend"
    elif intent.operation == "top_n":
        n = min(intent.n or (MOST if intent.ordered else _RANKED), MOST) * (-1 if intent.smallest else 1)
        base |= {"operation": "top_n", "n": n}
        if len(keys) == 1:
            base["by"] = keys[0].name
        elif keys:
            base |= {"operation": "group_by", "columns": [key.name for key in keys]}
            del base["n"]
        elif counting or not values:
            return Question("which_measure", "", tuple(c.name for c in head.columns if c.numeric))
    else:
        base |= {"operation": "group_by", "columns": [key.name for key in keys]}
    calls = []
    for measure in measures[:3]:
        call = dict(base)
        if measure is not None:
            call["value"] = measure.name
        aggregate = intent.aggregate or ("count" if counting else _aggregate(measure))
        # "how many products by region": rows are counted for what each row has its own of, not for a category
        if aggregate == "count" and measure is not None and measure.name in head.values:
            aggregate = "distinct"
        if aggregate != "sum" and (keys or base["operation"] != "top_n"):
            call["aggregate"] = aggregate
        calls.append(call)
    return Requests(tuple(calls))


def _aggregate(measure: Column | None) -> str:
    """What is usual: ages, ratings, prices and shares are averaged, everything else is added up."""
    if measure is not None and (measure.unit == "%" or meaning(measure.name) in AVERAGED):
        return "mean"
    return "sum"


def _all_meant(slots: Slots, mention: Mention) -> bool:
    """Whether a word for several columns may stand for all of them: in an overview of missing values, it may."""
    return mention in slots.columns and slots.intent.operation in {"missing", "describe"}


def _overview(slots: Slots, head: TableHead) -> Requests | Question:
    filters = filters_of(slots)
    operation = slots.intent.operation if slots.intent.operation in OVERVIEW else "profile"
    columns = list(dict.fromkeys(c for mention in slots.columns for c in mention.columns))
    if (
        slots.intent.operation is None
    ):  # counting: "customers" are not counted by a column such as customer_age
        weak = next((one for one in slots.columns if one.closeness < Closeness.HEAD), None)
        if weak or slots.intent.selling:
            word = weak.words if weak else slots.columns[0].words
            return Question("no_column", word, tuple(column.name for column in head.columns))
    if operation in {"describe", "correlation", "missing"} and EACH.search(slots.intent.text):
        return Question("no_group")
    if operation in {"describe", "correlation"}:
        numbers = [column for column in columns if column.numeric]
        if columns and not numbers:
            choices = tuple(column.name for column in head.columns if column.numeric)
            return Question("no_numbers", columns[0].name, choices)
        columns = numbers if operation == "describe" or len(numbers) > 1 else []
    if operation == "profile" and not columns and not filters:
        return Requests(())
    call: dict[str, Any] = {"operation": operation}
    if columns:
        call["columns"] = [column.name for column in columns]
    return Requests(({**call, **filters},))


def _default_measure(slots: Slots, head: TableHead) -> Column | None:
    """What is added up where nobody says what: revenue and the like, or the only column of numbers."""
    numeric = [column for column in head.columns if column.numeric]
    order = ("quantity", *DEFAULT_MEASURES) if slots.intent.selling else DEFAULT_MEASURES
    for wanted in order:
        for column in numeric:
            if meaning(column.name) == wanted:
                return column
    return numeric[0] if len(numeric) == 1 else None


def _period(slots: Slots, dated: Column) -> str:
    """Months, unless the dates that are compared, or those in the column, are coarser."""
    if len(slots.intent.dates) > 1:
        widths = {4: "year", 7: "month"}
        kinds = {"quarter" if "Q" in date else widths.get(len(date), "month") for date in slots.intent.dates}
        if len(kinds) == 1:
            return kinds.pop()
    return dated.granularity if dated.granularity in {"quarter", "year"} else "month"


def report_requests(slots: Slots, head: TableHead) -> Requests | Question:
    """The calculations that a small report is made of, beside the profile."""
    if question := _doubt(slots, head):
        return question
    measure = next((m.columns[0] for m in slots.values if m.columns[0].numeric), None) or _default_measure(
        slots, head
    )
    named = [m.columns[0] for m in slots.keys]
    groups = [
        *named,
        *(c for c in head.columns if 1 < len(head.values.get(c.name, ())) <= _FEW and c not in named),
    ]
    base = filters_of(slots)
    if measure is not None:
        base["value"] = measure.name
        if _aggregate(measure) != "sum":
            base["aggregate"] = _aggregate(measure)
    calls: list[dict[str, Any]] = []
    if groups:
        calls.append({**base, "operation": "group_by", "columns": [groups[0].name]})
    dated = slots.dated.columns[0] if slots.dated else date_column(head)
    if dated:
        calls.append({**base, "operation": "trend", "by": dated.name, "period": _period(slots, dated)})
    if len(groups) > 1:
        calls.append({**base, "operation": "top_n", "by": groups[1].name, "n": _RANKED})
    return Requests(tuple(calls))
