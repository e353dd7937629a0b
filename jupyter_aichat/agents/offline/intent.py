"""What a sentence asks for, as far as that can be told without knowing the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from jupyter_aichat.agents.offline.bounds import Bound, bounds_in
from jupyter_aichat.agents.offline.cannot import FORECAST, WHY, other_calculation
from jupyter_aichat.agents.offline.language import FILE, tokens, without_files
from jupyter_aichat.agents.offline.lexicon import concept
from jupyter_aichat.agents.offline.patterns import (
    AGGREGATES,
    CHART,
    CODE,
    COLUMNS,
    COMPARED,
    COMPARED_PERIODS,
    DATA,
    DISTINCT,
    EACH,
    FILES,
    FIRST_LOOK,
    FOLLOW,
    GREETING,
    HELP,
    INSERT,
    KEYWORDS,
    LOOK,
    NUMERALS,
    OPERATIONS,
    ORDERED,
    PEAK,
    PERIODS,
    RELATED,
    RELATIVE,
    REPORT,
    RESEARCH,
    ROWS,
    SELLING,
    SHARE,
    SMALLEST,
    SPREAD,
    THANKS,
    N,
)
from jupyter_aichat.agents.offline.times import times_in
from jupyter_aichat.tables import SUFFIXES, Aggregate, Operation, Period, Sign

__all__ = ["OF_TABLES", "Intent", "Topic", "intent_of"]

Topic = Literal[
    "greeting",
    "help",
    "thanks",
    "files",
    "report",
    "chart",
    "code",
    "insert",
    "why",
    "forecast",
    "research",
    "read",
    "data",
    "follow_up",
    "unknown",
]
"""What kind of thing is wanted. "follow_up": words that make sense only after an earlier question."""


OF_TABLES: Final = frozenset({"data", "report", "chart", "follow_up"})
"""Topics of questions that a later one may go on from."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What was understood of one sentence. What it does not say is `None` or empty."""

    topic: Topic
    operation: Operation | None = None
    aggregate: Aggregate | None = None
    period: Period | None = None
    n: int | None = None
    smallest: bool = False
    rows: bool = False
    """Whether it speaks of rows as such: "top 10 rows", "how many rows"."""
    selling: bool = False
    """Whether it speaks of what sells best, without naming a measure."""
    ordered: bool = False
    """Whether all are wanted in order, not the first few."""
    continues: bool = False
    """Whether it begins like a follow-up: "and …", "what about …"."""
    nouns: bool = False
    """Whether a word stands for something that tables usually hold."""
    bare: bool = False
    """Whether it names a table and says nothing else."""
    tables: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    """Files that are no tables."""
    dates: tuple[str, ...] = ()
    """Years, quarters, months and days that it names, as filters take them."""
    """Also months and quarters of no particular year: "-03", " Q3"."""
    dates_out: tuple[str, ...] = ()
    """Dates that are excluded."""
    date_limits: tuple[tuple[Sign, str, str], ...] = ()
    """Dates that begin or end a range: how they compare, the date, the words."""
    relative: tuple[str, ...] = ()
    """Times such as "last month", which depend on when one asks."""
    bounds: tuple[Bound, ...] = ()
    """Comparisons with a number."""
    doubtful: tuple[str, ...] = ()
    """Words that mean a calculation or a time that the rules do not know."""
    share: bool = False
    """Whether shares of a whole are wanted."""
    text: str = ""
    """The sentence with spaces where names of files, dates and times stood."""

    @property
    def filtering(self) -> bool:
        """Whether it names times or bounds."""
        return bool(self.dates or self.dates_out or self.date_limits or self.relative or self.bounds)


_PEAK_PERIODS: Final[dict[str, Period]] = {
    "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "날": "day", "주": "week",
    "달": "month", "월": "month", "분기": "quarter", "해": "year", "연도": "year",
}  # fmt: skip


def intent_of(sentence: str) -> Intent:
    """What `sentence` asks for."""
    tables, documents = _files(sentence)
    text = without_files(sentence)
    times = times_in(text)
    other = other_calculation(times.rest)
    compared = COMPARED.search(times.rest)
    rest = COMPARED.sub(_blank, times.rest)
    relative = tuple(dict.fromkeys(found[0] for found in RELATIVE.finditer(rest)))
    rest = RELATIVE.sub(_blank, rest)
    bounds = tuple(bounds_in(rest))
    readable = rest
    for bound in bounds:
        readable = readable[: bound.first] + " " * (bound.last - bound.first) + readable[bound.last :]
    rest, kept = readable, rest
    operation = next((name for name, pattern in OPERATIONS if pattern.search(rest)), None)
    aggregate = next((name for name, pattern in AGGREGATES if pattern.search(rest)), None)
    period = next((name for name, pattern in PERIODS if pattern.search(rest)), None)
    if operation == "top_n" and period is None and (peak := PEAK.search(rest)):
        operation, period = "trend", _PEAK_PERIODS[(peak["english"] or peak["korean"]).lower()]
    if operation is None and not period:
        operation = "describe" if SPREAD.search(rest) else "correlation" if RELATED.search(rest) else None
    if compared:
        period = period or next(name for name, words in COMPARED_PERIODS if words in compared[0].lower())
        operation = operation or "trend"
    if aggregate == "count" and DISTINCT.search(rest):
        aggregate = "distinct"
    intent = Intent(
        topic="unknown",
        operation=operation or ("trend" if period else None),
        aggregate=aggregate,
        period=period,
        n=_number(rest),
        smallest=bool(SMALLEST.search(rest)),
        rows=bool(ROWS.search(rest)),
        selling=bool(SELLING.search(rest)),
        ordered=bool(ORDERED.search(rest)),
        continues=bool(FOLLOW.match(rest)),
        nouns=_known(rest),
        bare=bool(tables) and all(len(token.text) == 1 for token in tokens(rest)),
        tables=tables,
        documents=documents,
        dates=tuple(dict.fromkeys(times.only)),
        dates_out=tuple(dict.fromkeys(times.without)),
        date_limits=tuple(times.limits),
        relative=relative,
        bounds=bounds,
        doubtful=(
            *times.doubtful,
            *([other] if other else []),
            *([compared[0]] if compared and (relative or times.only) else []),
        ),
        share=bool(SHARE.search(rest)),
        text=kept,
    )
    return _with_topic(intent, _topic(intent, sentence))


def _with_topic(intent: Intent, topic: Topic) -> Intent:
    """With the topic, and with a first look where nothing more particular is asked."""
    text, operation = intent.text, intent.operation
    if topic == "data" and operation is None and not (intent.aggregate or intent.bare or EACH.search(text)):
        look = FIRST_LOOK.search(text) or COLUMNS.search(text) or (LOOK.search(text) and not intent.nouns)
        operation = "profile" if look else None
    return replace(intent, topic=topic, operation=operation)


def _topic(intent: Intent, sentence: str) -> Topic:
    text = intent.text
    if GREETING.fullmatch(sentence):
        return "greeting"
    if INSERT.search(text):
        return "insert"
    if REPORT.search(text):
        return "report"
    if CHART.search(text):
        return "chart"
    worded = bool(intent.operation or intent.aggregate or intent.share or intent.bounds or EACH.search(text))
    if WHY.search(text):
        return "why"
    if FORECAST.search(text):
        return "forecast"
    if RESEARCH.search(text) and not intent.tables:
        return "research"
    if CODE.search(text) and not (intent.tables and worded):
        return "code"
    if intent.documents and not intent.tables:
        return "read"
    if HELP.search(text) and not worded and not intent.tables:
        return "help"
    if FILES.search(text) and not worded and not intent.tables:
        return "files"
    if worded or intent.tables or intent.selling or COLUMNS.search(text) or FIRST_LOOK.search(text):
        return "data"
    if (LOOK.search(text) and DATA.search(text)) or intent.nouns:
        return "data"
    if THANKS.search(text) and len(tokens(text)) <= 6:
        return "thanks"
    if intent.filtering or intent.n or intent.continues:
        return "follow_up"
    return "unknown"


def _known(text: str) -> bool:
    return any(concept(form) for token in tokens(text) for form in token.forms if form not in KEYWORDS)


def _files(sentence: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = dict.fromkeys((found["quoted"] or found["bare"]).strip() for found in FILE.finditer(sentence))
    tables = tuple(name for name in names if name.lower().endswith(tuple(SUFFIXES)))
    return tables, tuple(name for name in names if name not in tables)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _number(text: str) -> int | None:
    for found in N.finditer(text):
        word = (found[1] or found[2] or found[3]).lower()
        if word.isdigit() or word in NUMERALS:
            return int(word) if word.isdigit() else NUMERALS[word]
    return None
