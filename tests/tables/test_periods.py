"""Where periods begin and what they are called."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.tables.periods import Period, next_start, period_label, start_of

DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))
PERIODS: tuple[Period, ...] = get_args(Period)


@given(DAYS, st.sampled_from(PERIODS))
def test_every_day_lies_in_exactly_one_period(day: date, period: Period) -> None:
    """A period reaches from its start to the day before the next one's, without gap."""
    start = start_of(day, period)
    following = next_start(start, period)
    assert start <= day < following
    assert start_of(following, period) == following
    assert start_of(following - timedelta(days=1), period) == start


@pytest.mark.parametrize(
    ("period", "english", "korean"),
    [
        ("year", "2026", "2026년"),
        ("quarter", "2026 Q3", "2026년 3분기"),
        ("month", "2026-07", "2026년 7월"),
        ("week", "2026-07-01", "2026-07-01"),
        ("day", "2026-07-01", "2026-07-01"),
    ],
)
def test_a_period_has_a_name_in_both_languages(period: Period, english: str, korean: str) -> None:
    """Readers see "2026 Q3" or "2026년 3분기"."""
    assert period_label(date(2026, 7, 1), period, "en") == english
    assert period_label(date(2026, 7, 1), period, "ko") == korean
