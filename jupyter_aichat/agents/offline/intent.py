"""What a sentence asks for, as far as that can be told without knowing the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from jupyter_aichat.agents.offline.language import FILE, tokens, without_files
from jupyter_aichat.agents.offline.lexicon import concept
from jupyter_aichat.agents.offline.patterns import (
    AGGREGATES,
    CHART,
    CODE,
    COLUMNS,
    DATA,
    DATES,
    EACH,
    FILES,
    FIRST_LOOK,
    FOLLOW,
    GREETING,
    HELP,
    KEYWORDS,
    LOOK,
    MONTHS,
    NUMERALS,
    OPERATIONS,
    ORDERED,
    PERIODS,
    RELATIVE,
    REPORT,
    RESEARCH,
    ROWS,
    SELLING,
    SMALLEST,
    THANKS,
    YEARLESS,
    N,
)
from jupyter_aichat.tables import SUFFIXES, Aggregate, Operation, Period
from jupyter_aichat.tables.periods import period_label
from jupyter_aichat.tables.values import parse_day

__all__ = ["OF_TABLES", "Intent", "Topic", "intent_of"]

Topic = Literal[
    "greeting",
    "help",
    "thanks",
    "files",
    "report",
    "chart",
    "code",
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
    yearless: tuple[str, ...] = ()
    """Months and quarters of no particular year: "-03", " Q3"."""
    relative: tuple[str, ...] = ()
    """Times such as "last month", which rules without a calendar cannot place."""
    text: str = ""
    """The sentence without names of files and without those dates."""


def intent_of(sentence: str) -> Intent:
    """What `sentence` asks for."""
    tables, documents = _files(sentence)
    text = without_files(sentence)
    dates = tuple(dict.fromkeys(date for found in DATES.finditer(text) if (date := _date(found[0]))))
    rest = DATES.sub(lambda found: _blank(found) if _date(found[0]) else found[0], text)
    yearless = tuple(dict.fromkeys(map(_yearless, YEARLESS.finditer(rest))))
    rest = YEARLESS.sub(_blank, rest)
    relative = tuple(dict.fromkeys(found[0] for found in RELATIVE.finditer(rest)))
    rest = RELATIVE.sub(_blank, rest)
    operation = next((name for name, pattern in OPERATIONS if pattern.search(rest)), None)
    aggregate = next((name for name, pattern in AGGREGATES if pattern.search(rest)), None)
    period = next((name for name, pattern in PERIODS if pattern.search(rest)), None)
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
        dates=dates,
        yearless=yearless,
        relative=relative,
        text=rest,
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
    if REPORT.search(text):
        return "report"
    if CHART.search(text):
        return "chart"
    worded = bool(intent.operation or intent.aggregate or EACH.search(text))
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
    if intent.dates or intent.yearless or intent.relative or intent.n or intent.continues:
        return "follow_up"
    return "unknown"


def _known(text: str) -> bool:
    return any(concept(form) for token in tokens(text) for form in token.forms if form not in KEYWORDS)


def _files(sentence: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = dict.fromkeys((found["quoted"] or found["bare"]).strip() for found in FILE.finditer(sentence))
    tables = tuple(name for name in names if name.lower().endswith(tuple(SUFFIXES)))
    return tables, tuple(name for name in names if name not in tables)


def _date(text: str) -> str | None:
    """A date as filters take it: "2026", "2026 Q3", "2026-03"."""
    text = re.sub(r"\bof\s+", "", text.strip(), flags=re.IGNORECASE)
    text = re.sub(r"^Q(\d)(?=\d)", r"Q\1 ", text, flags=re.IGNORECASE)
    day = parse_day(f"{text}년" if text.isdigit() else text, hinted=True)
    if day is None or day.granularity == "time":
        return None
    return period_label(day.when, day.granularity, "en")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _yearless(found: re.Match[str]) -> str:
    if quarter := found["quarter"] or found["korean"]:
        return f" Q{quarter}"
    if found["month"]:
        return f"-{int(found['month']):02}"
    number = next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(found["name"].lower()[:3]))
    return f"-{number:02}"


def _number(text: str) -> int | None:
    for found in N.finditer(text):
        word = (found[1] or found[2] or found[3]).lower()
        if word.isdigit() or word in NUMERALS:
            return int(word) if word.isdigit() else NUMERALS[word]
    return None
