"""Dates in a sentence: which are meant as they are, which begin or end a range, which are left out.

Without knowing the table: a month of no particular year stays open ("-03"), and `moments` places "last month".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from jupyter_aichat.agents.offline.patterns import DATES, MONTHS, YEARLESS
from jupyter_aichat.tables import Sign
from jupyter_aichat.tables.periods import period_label
from jupyter_aichat.tables.values import parse_day

__all__ = ["Times", "times_in"]


@dataclass(slots=True)
class Times:
    """What a sentence says of dates: years, quarters, months and days as filters take them, or "-03" and " Q3"."""

    only: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    limits: list[tuple[Sign, str, str]] = field(default_factory=list)
    """How it compares, the date, and the words that say so."""
    doubtful: list[str] = field(default_factory=list)
    """Words about a date that could not be understood."""
    rest: str = ""
    """The sentence with spaces where all that stood."""


@dataclass(frozen=True, slots=True)
class _Word:
    first: int
    last: int
    date: str


_BEFORE: Final[tuple[tuple[Sign, str], ...]] = (
    ("<", r"before|prior to|earlier than|<"),
    ("<=", r"until|till|up to|through|no later than|by the end of|<=|≤"),
    (">=", r"since|starting(?: in| from| with)?|beginning(?: in| with)?|as of|on or after|>=|≥"),
    (">", r"after|later than|following|>"),
)
_AFTER: Final[tuple[tuple[Sign, str], ...]] = (
    (">=", r"onwards?|on(?=\s*$|\s*[,?.!])|and later|or later|and after|부터|이후(?:로|에|의)?|이래"),
    ("<=", r"and earlier|or earlier|까지(?:의)?|이전(?:에|의)?"),
    ("<", r"전(?:에|의)?(?![가-힣])"),
    (">", r"(?:지나서|후(?:에|의)?)(?![가-힣])"),
)
_NOT_BEFORE: Final = (
    r"excluding|excl\.?|w/o|except(?:ing)?(?: for)?|without|other than|but not(?: in)?|not(?: in| including)?|apart from|besides"
    r"|ignoring|outside(?: of)?|≠"
)
_NOT_AFTER: Final = (
    r"(?:을|를|은|는|만)?\s*(?:빼고|빼면|뺀|제외하고(?:는)?|제외하면|제외한|제외|말고|이? ?아닌|이외(?:의|에)?"
    r"|외(?:의|에)?(?![가-힣])|없이)"
)
_BETWEEN: Final = re.compile(
    r"\s*(?:to|until|till|through|thru|-|–|—|~|부터|에서|and|와|과|이후|이상)\s*", re.IGNORECASE
)
_FROM: Final = re.compile(r"(?:\b(?:from|between|in|for|during)\s*)$", re.IGNORECASE)
_TO: Final = re.compile(r"\s*(?:까지(?:의)?|사이(?:의|에)?|이전(?:의)?|동안(?:의)?)?", re.IGNORECASE)
_EDGE: Final = re.compile(r"\b(?:the\s+)?(?P<edge>end|start|beginning|middle)\s+of\s*$", re.IGNORECASE)
_MONTH_WORD: Final = re.compile(
    r"\b(?:" + "|".join(m[:3] + f"(?:{m[3:]})?" if m[3:] else m for m in MONTHS) + r")\b\.?", re.IGNORECASE
)


def times_in(text: str) -> Times:
    """The dates of `text`."""
    words = sorted(_dates(text), key=lambda one: one.first)
    times, blanks = Times(), list[tuple[int, int]]()
    number = 0
    while number < len(words):
        word, following = words[number], words[number + 1] if number + 1 < len(words) else None
        taken = _pair(text, word, following, times) if following else None
        taken = taken or _one(text, word, times)
        blanks.append(taken)
        number += 2 if following and taken[1] >= following.last else 1
    rest = list(text)
    for first, last in blanks:
        rest[first:last] = " " * (last - first)
    times.rest = "".join(rest)
    return times


def _pair(text: str, one: _Word, other: _Word, times: Times) -> tuple[int, int] | None:
    """Two dates as the ends of a range."""
    between = text[one.last : other.first]
    joined = _BETWEEN.fullmatch(between)
    start = _FROM.search(text[: one.first])
    closing = _TO.match(text, other.last)
    ends = closing[0].strip() if closing else ""
    ranged = between.strip().lower() in {"부터", "~", "-", "–", "—", "to", "until", "till", "through", "thru", "이후", "에서"} or (
        between.strip().lower() == "and" and start and "between" in start[0].lower()
    ) or (between.strip() in {"와", "과"} and ends.startswith("사이"))  # fmt: skip
    if not joined or not ranged:
        return None
    first = start.start() if start else one.first
    last = other.last + len(closing[0]) if closing and ends else other.last
    low, high = one.date, other.date
    if high[0] in "- " and low[0] not in "- ":
        high = low[:4] + high
    elif low[0] in "- " and high[0] not in "- ":
        low = high[:4] + low
    words = text[first:last].strip()
    times.limits += [(">=", low, words), ("<=", high, words)]
    return first, last


def _one(text: str, word: _Word, times: Times) -> tuple[int, int]:
    """A date by itself, with the words around it that say how it is meant."""
    before, edge, first = text[: word.first], "", word.first
    if found := _EDGE.search(before):
        edge, before, first = found["edge"].lower(), before[: found.start()], found.start()
    for sign, words in _BEFORE:
        if found := re.search(rf"(?<![\w<>=])(?:{words})\s*(?:the\s+)?$", before, re.IGNORECASE):
            said = text[found.start() : word.last].strip()
            if edge and (edge, sign) not in {("end", "<="), ("end", ">"), ("start", ">="), ("start", "<"),
                                             ("beginning", ">="), ("beginning", "<")}:  # fmt: skip
                times.doubtful.append(said)
            else:
                times.limits.append((sign, word.date, said))
            return found.start(), word.last
    if edge:
        times.doubtful.append(text[first : word.last].strip())
        return first, word.last
    for sign, words in _AFTER:
        if found := re.compile(rf"\s*(?:{words})(?!\w*별)", re.IGNORECASE).match(text, word.last):
            start = re.search(r"\bfrom\s*$", before, re.IGNORECASE)
            first = start.start() if start else word.first
            times.limits.append((sign, word.date, text[first : found.end()].strip()))
            return first, found.end()
    if found := re.search(rf"(?:\b(?:{_NOT_BEFORE})|≠)\s*(?:the\s+)?$", before, re.IGNORECASE):
        times.without.append(word.date)
        return found.start(), word.last
    if found := re.compile(rf"\s*(?:{_NOT_AFTER})").match(text, word.last):
        times.without.append(word.date)
        return word.first, found.end()
    times.only.append(word.date)
    return word.first, word.last


def _dates(text: str) -> Iterator[_Word]:
    rest = text
    for found in DATES.finditer(text):
        if date := _date(found[0]):
            yield _Word(found.start(), found.end(), date)
            rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    for found in YEARLESS.finditer(rest):
        group = next(name for name in ("month", "name", "quarter", "korean") if found[name])
        first = found.start(group) if group == "name" else found.start()  # "in" stands before the name
        yield _Word(first, found.end(), _yearless(found))
        rest = rest[:first] + " " * (found.end() - first) + rest[found.end() :]
    for found in _MONTH_WORD.finditer(rest):
        if _names_a_month(rest, found):
            yield _Word(found.start(), found.end(), _month(found[0]))


def _names_a_month(text: str, found: re.Match[str]) -> bool:
    """Whether "may" or "mar" is a month: a whole name in capitals, or with a word before it that speaks of time."""
    before = text[: found.start()].rstrip().lower()
    if re.search(
        r"(?:before|after|since|until|till|from|to|through|between|than|excluding|except|without|of|and|not|in|or|vs)$",
        before,
    ):
        return (
            found[0].lower() != "may"
            or found[0][0].isupper()
            or not before.endswith(("and", "or", "to", "not"))
        )
    return len(found[0]) > 3 and (found[0][0].isupper() or found[0].lower() != "march")


def _month(name: str) -> str:
    return f"-{next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name.lower()[:3])):02}"


def _date(text: str) -> str | None:
    """A date as filters take it: "2026", "2026 Q3", "2026-03"."""
    text = re.sub(r"\bof\s+", "", text.strip(), flags=re.IGNORECASE)
    text = re.sub(r"^Q(\d)(?=\d)", r"Q\1 ", text, flags=re.IGNORECASE)
    day = parse_day(f"{text}년" if text.isdigit() else text, hinted=True)
    if day is None or day.granularity == "time":
        return None
    return period_label(day.when, day.granularity, "en")


def _yearless(found: re.Match[str]) -> str:
    if quarter := found["quarter"] or found["korean"]:
        return f" Q{quarter}"
    return f"-{int(found['month']):02}" if found["month"] else _month(found["name"])
