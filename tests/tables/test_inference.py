"""From columns of text to columns of numbers and dates."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aichat.tables.inference import Inferred, infer
from jupyter_aichat.tables.table import Assumption, AssumptionCode


def inferred(*texts: str, name: str = "c", plain_numbers: bool = True) -> Inferred:
    """What a column with these texts is taken for."""
    return infer(pl.Series(name, texts, dtype=pl.String), plain_numbers=plain_numbers)


def noted(found: Inferred, code: AssumptionCode) -> Assumption:
    """The one assumption of a kind."""
    (note,) = [note for note in found.assumptions if note.code == code]
    return note


def test_plain_numbers_need_no_assumption() -> None:
    """Digits are numbers: nothing to tell."""
    found = inferred("1", "-2", "", "30")
    assert found.series.to_list() == [1, -2, None, 30]
    assert (found.column.kind, found.assumptions) == ("integer", ())


def test_decimals_make_the_whole_column_a_number() -> None:
    """One decimal is enough."""
    found = inferred("1", "2.5", "₩3,000")
    assert found.series.to_list() == [1.0, 2.5, 3000.0]
    assert found.column.kind == "number"


def test_formatted_numbers_are_said_with_an_example() -> None:
    """The assumption names the column, how a number is written in it, and how many are."""
    found = inferred("₩1,234", "₩1,234", "₩500", "7", name="매출")
    assert found.series.to_list() == [1234, 1234, 500, 7]
    assert found.column.unit == "₩"
    assert noted(found, "numbers") == Assumption("numbers", "매출", "₩1,234", values=3)


def test_few_values_that_do_not_fit_count_as_missing_and_are_counted() -> None:
    """Nothing disappears in silence: how many, and which."""
    found = inferred(*["1,000"] * 38, "n.m.", "n.m.")
    assert found.series.null_count() == 2
    assert noted(found, "numbers").misfits == 2
    assert noted(found, "numbers").examples == ("n.m.",)


def test_more_than_a_small_share_of_misfits_leaves_the_column_as_text() -> None:
    """Six percent is too much: the data stay as they are, and the reason is said."""
    found = inferred(*["1,000"] * 47, "a", "b", "c")
    assert found.column.kind == "text"
    assert found.series.to_list()[-3:] == ["a", "b", "c"]
    assert found.series.null_count() == 0
    assert noted(found, "mostly_numbers").misfits == 3


def test_text_stays_text_without_a_word() -> None:
    """An ordinary column of words assumes nothing."""
    found = inferred("Seoul", "Busan", "12")
    assert (found.column.kind, found.assumptions) == ("text", ())


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("00123", "00124", "125"), "leading_zeros"),
        (("1234567890123456", "1", "2"), "long_digits"),
        (("₩1,000", "$5", "₩7"), "mixed_units"),
        (("12%", "13%", "14"), "mixed_units"),
    ],
)
def test_identifiers_and_mixed_units_stay_text(texts: tuple[str, ...], code: AssumptionCode) -> None:
    """Numbers that would lose something, or that cannot be added up, are left alone, and that is said."""
    found = inferred(*texts)
    assert found.series.to_list() == list(texts)
    assert noted(found, code).examples


def test_the_won_has_two_signs() -> None:
    """₩ and 원 are one currency."""
    assert inferred("₩1,000", "2,000원").series.to_list() == [1000, 2000]


def test_markers_for_missing_are_missing_and_said() -> None:
    """Blank needs no word; "N/A", "-" and "결측" do."""
    found = inferred("1", "", "N/A", "-", "결측", "null", "NA")
    assert found.series.to_list() == [1, None, None, None, None, None, None]
    note = noted(found, "missing_markers")
    assert note.values == 5
    assert set(note.examples) == {"N/A", "-", "결측", "null", "NA"}


def test_spaces_around_words_are_removed_and_said() -> None:
    """A region is one, with or without a space before its name."""
    found = inferred(" Seoul", "Seoul", "Busan ")
    assert found.series.to_list() == ["Seoul", "Seoul", "Busan"]
    assert noted(found, "trimmed").values == 2


def test_quarters_become_their_first_day_and_that_is_said() -> None:
    """Korean and English quarters are one column of dates."""
    found = inferred("2026년 3분기", "2026 Q2", "2026-Q1", name="기간")
    assert found.series.to_list() == [date(2026, 7, 1), date(2026, 4, 1), date(2026, 1, 1)]
    assert found.column.granularity == "quarter"
    assert noted(found, "quarters").values == 3


def test_dates_written_in_several_ways_are_one_column() -> None:
    """ISO is cast as a whole, the rest parsed; the finest way of writing decides how fine the column is."""
    found = inferred("2026-03-05", "2026년 3월 6일", "2026. 3. 7.", "2026/03/08")
    assert found.series.to_list() == [date(2026, 3, d) for d in (5, 6, 7, 8)]
    assert (found.column.kind, found.column.granularity) == ("date", "day")


def test_times_are_kept_unless_all_are_midnight() -> None:
    """A time of day makes the column one of moments; midnights, as Excel writes dates, do not."""
    assert inferred("2026-03-05 10:00:00", "2026-03-06").series.to_list() == [
        datetime.fromisoformat("2026-03-05T10:00"),
        datetime.fromisoformat("2026-03-06T00:00"),
    ]
    assert inferred("2026-03-05 00:00:00").series.to_list() == [date(2026, 3, 5)]


def test_dates_that_can_be_read_two_ways_say_how_they_were_read() -> None:
    """A 13th decides for the whole column; where nothing decides, that is said."""
    assert inferred("03/05/2026", "13/05/2026").series.to_list() == [date(2026, 5, 3), date(2026, 5, 13)]
    assert inferred("25/12/2026", "31/12/2026").series.to_list() == [date(2026, 12, 25), date(2026, 12, 31)]
    unsure = inferred("03/05/2026", "04/05/2026")
    assert unsure.series.to_list() == [date(2026, 3, 5), date(2026, 4, 5)]
    assert noted(unsure, "month_first").detail == "03/05/2026"


def test_time_zones_are_said() -> None:
    """One zone is left out, several are brought to UTC."""
    one = inferred("2026-03-05T10:00+09:00", "2026-03-05T11:00+09:00")
    assert one.series.to_list() == [
        datetime.fromisoformat("2026-03-05T10:00"),
        datetime.fromisoformat("2026-03-05T11:00"),
    ]
    assert noted(one, "zone_dropped").detail == "+0900"
    several = inferred("2026-03-05T10:00+09:00", "2026-03-05T10:00Z")
    assert several.series.to_list() == [
        datetime.fromisoformat("2026-03-05T01:00"),
        datetime.fromisoformat("2026-03-05T10:00"),
    ]
    assert noted(several, "zone_utc").column == "c"


def test_the_name_decides_whether_digits_are_a_date() -> None:
    """20260305 is a day in "일자" and a number in "amount"."""
    assert inferred("20260305", "20260306", name="일자").series.to_list() == [
        date(2026, 3, 5),
        date(2026, 3, 6),
    ]
    assert inferred("20260305", "20260306", name="amount").column.kind == "integer"


def test_true_and_false_are_no_words() -> None:
    """However they are written."""
    assert inferred("TRUE", "false", "").series.to_list() == [True, False, None]


def test_digits_stay_text_where_the_file_has_types_of_its_own() -> None:
    """What Parquet calls text and looks like a number was meant so; formatted amounts are still read."""
    assert inferred("1", "2", plain_numbers=False).column.kind == "text"
    assert inferred("₩1,000", "₩2,000", plain_numbers=False).series.to_list() == [1000, 2000]


def test_a_column_without_values_is_text() -> None:
    """Nothing is known of it, and nothing claimed."""
    found = inferred("", "", "")
    assert (found.column.kind, found.series.null_count(), found.assumptions) == ("text", 3, ())


STYLES = st.sampled_from(["{:d}", "{:,d}", "₩{:,d}", "{:,d}원"])


@settings(deadline=None)  # the first table that is read loads Polars
@given(st.lists(st.tuples(st.integers(-(10**14), 10**14), STYLES), min_size=1, max_size=30))
def test_a_column_of_amounts_adds_up_to_what_was_written(cells: list[tuple[int, str]]) -> None:
    """Formatted or plain, in any mixture, no amount changes on its way into the table."""
    found = inferred(*(style.format(value) for value, style in cells))
    assert found.series.to_list() == [value for value, _ in cells]


@settings(deadline=None)  # the first table that is read loads Polars
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=12),
        min_size=1,
        max_size=25,
    )
)
def test_no_value_disappears_unsaid(texts: list[str]) -> None:
    """Every value that was there is there afterwards, or counted in an assumption."""
    found = inferred(*texts)
    blank = sum(not text.strip() for text in texts)
    said = sum(note.values for note in found.assumptions if note.code == "missing_markers")
    said += sum(note.misfits for note in found.assumptions if note.code in {"numbers", "dates", "quarters"})
    assert found.series.null_count() == blank + said
