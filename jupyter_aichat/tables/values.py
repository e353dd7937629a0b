"""What one cell's text means: a number, a day, or nothing. Pure, no table and no foreign library in sight.

Both parsers are strict: what they do not know for certain is `None`, and the column decides what to do about it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Literal, NamedTuple

__all__ = ["MISSING", "Day", "Granularity", "Number", "parse_day", "parse_number"]

MISSING: Final = frozenset(
    {"", "-", "NA", "N/A", "n/a", "#N/A", "null", "NULL", "Null", "NaN", "nan", "결측", "결측치"}
)
"""Texts that stand for "no value". Exact: "none" and "na" may be categories."""

Granularity = Literal["year", "quarter", "month", "day", "time"]
"""How fine a date was written: "2026년 3분기" is a quarter."""


class Number(NamedTuple):
    """A number as it was written. `value` is an `int` where no decimals were written."""

    value: int | float
    unit: str
    """"₩", "원", "$", "€", "£", "¥", "%" or "" where none was written."""
    plain: bool
    """Whether it was written with digits, sign and point only."""


class Day(NamedTuple):
    """A day as it was written; a month or a quarter is its first day."""

    when: date | datetime
    granularity: Granularity


_UNITS: Final = {
    "￦": "₩", "KRW": "₩", "US$": "$", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "％": "%",
}  # fmt: skip
_CURRENCY: Final = r"[₩￦€£¥]|US\$|\$|KRW|USD|EUR|GBP|JPY"
_NUMBER: Final = re.compile(
    rf"""(?P<open>\()?\s*
         (?P<sign>[+\-−])?\s*
         (?P<before>{_CURRENCY})?\s*
         (?P<inner>[+\-−])?
         (?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)
         (?P<exponent>[eE][+\-]?\d{{1,3}})?\s*
         (?P<after>원|%|％|{_CURRENCY})?\s*
         (?P<close>\))?""",
    re.VERBOSE | re.ASCII,
)
_PLAIN: Final = re.compile(r"[+\-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+\-]?\d{1,3})?", re.ASCII)


def parse_number(text: str) -> Number | None:
    """The number in `text`, or `None`.

    Knows thousands separators, currencies before or after, percent signs and accounting's "(1,234)" for -1234.
    "12.5%" is 12.5 with the unit "%".
    """
    text = text.strip()
    found = _NUMBER.fullmatch(text)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [mark for mark in (found["sign"], found["inner"], found["open"]) if mark]
    units = [mark for mark in (found["before"], found["after"]) if mark]
    if len(signs) > 1 or len(units) > 1:
        return None
    digits = found["digits"].replace(",", "")
    exponent = found["exponent"] or ""
    value = int(digits) if digits.isdigit() and not exponent else float(digits + exponent)
    if signs and signs[0] != "+":
        value = -value
    unit = _UNITS.get(units[0], units[0]) if units else ""
    return Number(value, unit, _PLAIN.fullmatch(text) is not None)


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_Y: Final = r"(?P<year>[12]\d{3})"
_M: Final = r"(?P<month>\d{1,2})"
_D: Final = r"(?P<day>\d{1,2})"
_TIME: Final = (
    r"(?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?"
    r"\s*(?P<zone>Z|[+\-]\d{2}:?\d{2})?)?"
)
_WEEKDAY: Final = r"(?:\s*\([월화수목금토일]\))?"
_WORD: Final = r"(?P<name>[A-Za-z]{3,9})\.?"


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.ASCII) for source in sources)


_DAYS: Final = _patterns(
    rf"{_Y}-{_M}-{_D}{_TIME}",
    rf"{_Y}/{_M}/{_D}{_TIME}",
    rf"{_Y}\.\s*{_M}\.\s*{_D}\.?{_WEEKDAY}{_TIME}",
    rf"{_Y}년\s*{_M}월\s*{_D}일{_WEEKDAY}{_TIME}",
    rf"{_WORD}\s+{_D}(?:st|nd|rd|th)?,?\s+{_Y}",
    rf"{_D}(?:st|nd|rd|th)?[\s\-]{_WORD},?[\s\-]{_Y}",
)
_QUARTERS: Final = _patterns(
    rf"{_Y}년?\s*(?P<quarter>[1-4])\s*분기",
    rf"{_Y}[\s\-/]?[Qq](?P<quarter>[1-4])",
    rf"[Qq](?P<quarter>[1-4])[\s\-/]{_Y}",
)
_YEAR_MONTHS: Final = _patterns(rf"{_Y}-{_M}", rf"{_Y}/{_M}", rf"{_Y}년\s*{_M}월", rf"{_WORD}[\s\-]{_Y}")
_YEARS: Final = _patterns(rf"{_Y}년")
_SLASHED: Final = re.compile(rf"(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{_Y}{_TIME}", re.ASCII)
_HINTED_DAYS: Final = _patterns(rf"{_Y}(?P<month>\d{{2}})(?P<day>\d{{2}})")
_HINTED_MONTHS: Final = _patterns(rf"{_Y}\.(?P<month>\d{{2}})", rf"{_Y}(?P<month>\d{{2}})")


def parse_day(text: str, *, day_first: bool = False, hinted: bool = False) -> Day | None:
    """The day in `text`, or `None`.

    `day_first` reads "03/05/2026" as 3 May instead of March 5. `hinted` says that the column's name speaks of dates:
    only then are "20260305", "202603" and "2026.03" dates and not numbers.
    """
    text = text.strip()
    if not text or not any(mark.isdigit() for mark in text):
        return None
    for pattern in (*_DAYS, *(_HINTED_DAYS if hinted else ())):
        if (found := pattern.fullmatch(text)) and (day := _day(found.groupdict())):
            return day
    if found := _SLASHED.fullmatch(text):
        first, second = found["one"], found["two"]
        order = {"day": first, "month": second} if day_first else {"day": second, "month": first}
        return _day({**found.groupdict(), **order})
    for pattern in _QUARTERS:
        if found := pattern.fullmatch(text):
            return Day(date(int(found["year"]), 3 * int(found["quarter"]) - 2, 1), "quarter")
    for pattern in (*_YEAR_MONTHS, *(_HINTED_MONTHS if hinted else ())):
        if (found := pattern.fullmatch(text)) and (day := _day({**found.groupdict(), "day": "1"})):
            return Day(day.when, "month")
    for pattern in _YEARS:
        if found := pattern.fullmatch(text):
            return Day(date(int(found["year"]), 1, 1), "year")
    return None


def _day(parts: dict[str, str | None]) -> Day | None:
    """The day that matched parts name; `None` where the calendar has no such day."""
    name = parts.get("name")
    month = _MONTHS.get(name.lower(), 0) if name else int(parts.get("month") or 0)
    try:
        day = date(int(parts["year"] or 0), month, int(parts["day"] or 0))
        if parts.get("hour") is None:
            return Day(day, "day")
        fraction = round(float(parts.get("fraction") or 0) * 1_000_000)
        when = datetime(
            day.year, day.month, day.day, int(parts["hour"] or 0), int(parts["minute"] or 0),
            int(parts.get("second") or 0), min(fraction, 999_999), tzinfo=_zone(parts.get("zone")),
        )  # fmt: skip
    except ValueError:
        return None
    return Day(when, "time")


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
