"""Times that depend on when one asks: "last quarter", "지난달", "최근 3개월".

They are counted from the last date in the data (from today, where the data reach so far), and the answer says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from jupyter_aichat.tables.periods import Period, next_start, period_label, start_of

__all__ = ["Meant", "meant", "today"]

_PERIODS: Final[dict[str, Period]] = {
    "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "일": "day", "날": "day", "주": "week",
    "주일": "week", "달": "month", "월": "month", "개월": "month", "분기": "quarter", "해": "year", "년": "year", "연도": "year",
}  # fmt: skip
_COUNTED: Final = re.compile(
    r"(?:last|past|previous|recent)\s+(?P<n>\d+|two|three|four|five|six|twelve)\s+(?P<unit>day|week|month|quarter|year)s?"
    r"|(?:지난|최근)\s*(?P<kn>\d+)\s*(?P<kunit>개월|분기|일|주일|주|년|달)(?:간|동안)?",
    re.IGNORECASE,
)
_NUMERALS: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_NAMED: Final = re.compile(
    r"(?P<which>this|current|last|previous|past)\s+(?P<unit>day|week|month|quarter|year)\b"
    r"|(?P<kwhich>이번|지난|저번)\s*(?P<kunit>달|주|분기|해)",
    re.IGNORECASE,
)
_WORDS: Final[dict[str, tuple[int, Period]]] = {
    "올해": (0, "year"), "금년": (0, "year"), "작년": (1, "year"), "전년": (1, "year"), "재작년": (2, "year"), "오늘": (0, "day"),
    "어제": (1, "day"), "today": (0, "day"), "yesterday": (1, "day"), "전월": (1, "month"), "전분기": (1, "quarter"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """What words about time were taken for. `label` is the period as filters take it, where it is one."""

    words: str
    first: date
    last: date
    label: str = ""
    by_today: bool = False


def today() -> date:
    """The day of the machine."""
    return datetime.now(tz=UTC).astimezone().date()


def meant(words: str, end: date, now: date, *, exactly: bool = False) -> Meant | None:
    """What `words` mean in data that end on `end`; `None` where that is not known.

    "Last quarter" of data that end with a quarter is that quarter, unless it has to stand beside "this quarter" (`exactly`).
    """
    reference, by_today = (now, True) if end >= now else (end, False)
    if found := _COUNTED.fullmatch(words):
        number = found["n"] or found["kn"]
        count = _NUMERALS.get(number.lower()) or int(number)
        first = _ago(reference, count, _PERIODS[(found["unit"] or found["kunit"]).lower()])
        return Meant(words, first, reference, "", by_today) if first else None
    if found := _NAMED.fullmatch(words):
        period = _PERIODS[(found["unit"] or found["kunit"]).lower()]
        back = 0 if (found["which"] or found["kwhich"]).lower() in {"this", "current", "이번"} else 1
    elif words.lower() in {"ytd", "year to date"}:
        return Meant(words, date(reference.year, 1, 1), reference, "", by_today)
    elif words.lower() in _WORDS:
        back, period = _WORDS[words.lower()]
    else:
        return None
    return _period(words, reference, back, period, by_today=by_today, exactly=exactly or by_today)


def _period(
    words: str, reference: date, back: int, period: Period, *, by_today: bool, exactly: bool
) -> Meant:
    start = start_of(reference, period)
    # data that end with a period are complete: the last quarter is the one that they end with
    complete = reference + timedelta(days=1) == next_start(start, period)
    if back and complete and not exactly and period in {"month", "quarter", "year", "week"}:
        back -= 1
    for _ in range(back):
        start = start_of(start - timedelta(days=1), period)
    last = next_start(start, period) - timedelta(days=1)
    label = "" if period == "week" else period_label(start, period, "en")
    return Meant(words, start, last, label, by_today)


def _ago(end: date, count: int, period: Period) -> date | None:
    """The first day of the `count` periods that end with `end`."""
    if not 0 < count < 1000:
        return None
    if period in {"day", "week"}:
        return end - timedelta(days=count * (7 if period == "week" else 1) - 1)
    months = count * {"month": 1, "quarter": 3, "year": 12}[period]
    after = end + timedelta(days=1)
    month = after.year * 12 + after.month - 1 - months
    year, month = divmod(month, 12)
    last_of_month = next_start(date(year, month + 1, 1), "month") - timedelta(days=1)
    return date(year, month + 1, min(after.day, last_of_month.day))
