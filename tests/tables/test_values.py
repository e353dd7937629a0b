"""The parsers of single cells."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.tables.values import Day, Granularity, parse_day, parse_number

CURRENCIES = st.sampled_from(["₩", "$", "€", "£", "¥"])


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,234,000", 1234000, ""),
        ("₩1,234", 1234, "₩"),
        ("￦ 159,000", 159000, "₩"),
        ("1,234원", 1234, "원"),
        ("$1,200.50", 1200.5, "$"),
        ("USD 12", 12, "$"),
        ("12.5%", 12.5, "%"),
        ("(1,234)", -1234, ""),
        ("(₩1,234)", -1234, "₩"),
        ("-₩5", -5, "₩"),
        ("₩-5", -5, "₩"),
        ("−7", -7, ""),  # the minus sign of typesetters
        ("+3", 3, ""),
        (".5", 0.5, ""),
        ("1e3", 1000.0, ""),
        (" 42 ", 42, ""),
    ],
)
def test_a_number_is_read_however_people_write_it(text: str, value: float, unit: str) -> None:
    """Separators, currencies, percent signs and accounting's negatives are understood, with the unit."""
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.unit, type(number.value)) == (value, unit, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1,23",
        "1,2345",
        "12,34,567",
        "--5",
        "(-5)",
        "(5",
        "5)",
        "₩5원",
        "5%%",
        "1.2.3",
        "1 234",
        "five",
        "010-1234",
        "٣",
        "1억",
    ],
)
def test_what_is_no_certain_number_is_none(text: str) -> None:
    """Wrong grouping, two signs, two units and words are not guessed at."""
    assert parse_number(text) is None


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_survive_grouping(value: int) -> None:
    """A whole number written with thousands separators is read as exactly itself."""
    number = parse_number(f"{value:,}")
    assert number is not None
    assert number.value == value
    assert isinstance(number.value, int)


@given(st.integers(0, 10**12), CURRENCIES)
def test_amounts_survive_currencies_and_accounting(value: int, currency: str) -> None:
    """An amount is the same before, behind, below zero and in parentheses."""
    for text, expected in (
        (f"{currency}{value:,}", value),
        (f"{value:,} {currency}", value),
        (f"-{currency}{value:,}", -value),
        (f"({currency}{value:,})", -value),
    ):
        number = parse_number(text)
        assert number is not None
        assert (number.value, number.unit) == (expected, currency)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_decimals_survive_grouping_and_percent(value: object) -> None:
    """Two decimals are read as the nearest float, which is what Python reads too."""
    for text, unit in ((f"{value:,}", ""), (f"{value:,}%", "%")):
        number = parse_number(text)
        assert number is not None
        assert (number.value, number.unit) == (float(str(value)), unit)


@given(st.text(max_size=30))
def test_no_text_breaks_the_parsers(text: str) -> None:
    """Whatever stands in a cell, both parsers answer."""
    number, day = parse_number(text), parse_day(text, hinted=True)
    assert number is None or isinstance(number.value, int | float)
    assert day is None or isinstance(day.when, date)


@pytest.mark.parametrize(
    ("text", "when", "granularity"),
    [
        ("2026년 3분기", date(2026, 7, 1), "quarter"),
        ("2026 3분기", date(2026, 7, 1), "quarter"),
        ("2026 Q3", date(2026, 7, 1), "quarter"),
        ("2026-Q3", date(2026, 7, 1), "quarter"),
        ("2026Q1", date(2026, 1, 1), "quarter"),
        ("Q4 2026", date(2026, 10, 1), "quarter"),
        ("2026년 3월", date(2026, 3, 1), "month"),
        ("2026-03", date(2026, 3, 1), "month"),
        ("March 2026", date(2026, 3, 1), "month"),
        ("2026년 3월 5일", date(2026, 3, 5), "day"),
        ("2026년 3월 5일 (목)", date(2026, 3, 5), "day"),
        ("2026-03-05", date(2026, 3, 5), "day"),
        ("2026/03/05", date(2026, 3, 5), "day"),
        ("2026.03.05", date(2026, 3, 5), "day"),
        ("2026. 3. 5.", date(2026, 3, 5), "day"),
        ("Mar 5, 2026", date(2026, 3, 5), "day"),
        ("5 March 2026", date(2026, 3, 5), "day"),
        ("2026년", date(2026, 1, 1), "year"),
        ("2026-03-05 14:30", datetime.fromisoformat("2026-03-05T14:30"), "time"),
        ("2026-03-05T14:30:01.5Z", datetime(2026, 3, 5, 14, 30, 1, 500000, tzinfo=UTC), "time"),
        ("2026-03-05 14:30+09:00", datetime(2026, 3, 5, 14, 30, tzinfo=timezone(timedelta(hours=9))), "time"),
    ],
)
def test_a_day_is_read_however_people_write_it(text: str, when: date, granularity: Granularity) -> None:
    """Korean and English dates, quarters as their first day, and how fine each was written."""
    assert parse_day(text) == Day(when, granularity)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13-01",
        "2026-02-30",
        "2026년 5분기",
        "2026",
        "20260305",
        "2026.03",
        "12-5",
        "Smarch 5, 2026",
        "32/1/2026",
    ],
)
def test_what_is_no_certain_day_is_none(text: str) -> None:
    """Days that the calendar does not have and numbers that might be anything are not dates."""
    assert parse_day(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20260305", Day(date(2026, 3, 5), "day")),
        ("202603", Day(date(2026, 3, 1), "month")),
        ("2026.03", Day(date(2026, 3, 1), "month")),
    ],
)
def test_bare_digits_are_dates_only_where_the_column_says_so(text: str, day: Day) -> None:
    """With a hint from the column's name, digits without marks are dates."""
    assert parse_day(text, hinted=True) == day


def test_the_order_of_slashed_dates_is_the_callers() -> None:
    """March or May: who knows the whole column decides."""
    assert parse_day("03/05/2026") == Day(date(2026, 3, 5), "day")
    assert parse_day("03/05/2026", day_first=True) == Day(date(2026, 5, 3), "day")


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: date) -> None:
    """Written in Korean, in ISO or with dots, a day is read as itself."""
    for text in (
        day.isoformat(),
        f"{day.year}년 {day.month}월 {day.day}일",
        f"{day.year}. {day.month}. {day.day}.",
        f"{day.year}/{day.month:02}/{day.day:02}",
    ):
        assert parse_day(text) == Day(day, "day")
