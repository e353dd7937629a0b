"""Putting the dates of a question into the calendar of a table: which column, which year, which days."""

from __future__ import annotations

from datetime import date
from typing import Final

from jupyter_aichat.agents.offline.filters import Rows
from jupyter_aichat.agents.offline.intent import Intent
from jupyter_aichat.agents.offline.moments import Meant, meant, today
from jupyter_aichat.tables import Column, Sign, TableHead
from jupyter_aichat.tables.periods import period_label

__all__ = ["date_column", "place"]

_OPEN: Final = "- "


def date_column(head: TableHead) -> Column | None:
    """The column that dates are in: the only one, or the only one that has days."""
    dated = [column for column in head.columns if column.dated]
    fine = [column for column in dated if column.granularity in {"day", "time"}]
    if len(dated) == 1:
        return dated[0]
    return fine[0] if len(fine) == 1 else None


def place(
    intent: Intent, column: Column | None, head: TableHead, rows: Rows
) -> tuple[tuple[Meant, ...], tuple[str, ...]]:
    """What relative times were taken for, and the words that could not be placed. `rows` gets the filters."""
    if not (intent.dates or intent.dates_out or intent.date_limits or intent.relative):
        return (), ()
    if column is None:
        return (), (
            *intent.relative,
            *intent.dates,
            *intent.dates_out,
            *(words for _, _, words in intent.date_limits),
        )
    for out, dates in ((False, intent.dates), (True, intent.dates_out)):
        for one in dates:
            for dated in _in_years(one, column, head):
                rows.add(column.name, dated, out=out)
    missing = _limits(intent, column, head, rows)
    span = head.spans.get(column.name)
    found: list[Meant] = []
    for words in intent.relative:
        exactly = any(
            word.lower().startswith(("this", "current", "이번", "올해", "금년")) for word in intent.relative
        )
        moment = meant(words, span[1], today(), exactly=exactly) if span else None
        if moment is None:
            missing.append(words)
        else:
            found.append(moment)
            if moment.label:
                rows.add(column.name, moment.label, out=False)
            else:
                own: dict[Sign, int | float | str] = {
                    ">=": moment.first.isoformat(),
                    "<=": moment.last.isoformat(),
                }
                rows.where_range[column.name] = own
    return tuple(found), tuple(missing)


def _limits(intent: Intent, column: Column, head: TableHead, rows: Rows) -> list[str]:
    """Put the bounds on dates into `rows`. A month of no particular year needs data of one year."""
    span = head.spans.get(column.name)
    missing: list[str] = []
    for sign, dated, words in intent.date_limits:
        if dated[0] in _OPEN:
            if span is None or span[0].year != span[1].year:
                missing.append(words)
                continue
            dated = f"{span[0].year}{dated}"  # noqa: PLW2901  the same date, with its year
        rows.where_range.setdefault(column.name, {})[sign] = dated
    return list(dict.fromkeys(missing))


def _in_years(dated: str, column: Column, head: TableHead) -> list[str]:
    """A date; for a month or quarter of no particular year, that of every year in the table."""
    if dated[0] not in _OPEN:
        return [dated]
    first, last = head.spans.get(column.name, (date.min, date.min))
    if column.name not in head.spans:
        return []
    low, high = (period_label(day, "month" if dated[0] == "-" else "quarter", "en") for day in (first, last))
    every = [f"{year}{dated}" for year in range(first.year, last.year + 1)]
    return [one for one in every if low <= one <= high] or every[:1]
