"""Groups, the largest and smallest, trends: every figure against plain Python."""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import Aggregate, Table, read_table
from jupyter_aichat.tables.grouping import group_by, top_groups, top_rows, trend

Row = dict[str, str]

PLAIN: dict[Aggregate, Callable[[Sequence[int]], float]] = {
    "sum": sum,
    "mean": statistics.fmean,
    "count": len,
    "distinct": lambda values: len(set(values)),
    "min": min,
    "max": max,
    "median": statistics.median,
}


def grouped(rows: list[Row], *keys: str) -> dict[tuple[str | None, ...], list[int]]:
    """Revenue of the rows with each key; "" is missing."""
    groups: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] or None for key in keys)].append(int(row["revenue"]))
    return groups


@pytest.mark.parametrize("aggregate", list(PLAIN))
def test_groups_are_those_of_plain_python(table: Table, rows: list[Row], aggregate: Aggregate) -> None:
    """Every aggregate, with the missing key as a group of its own, and the figure over all rows."""
    found = group_by(table, ["region"], "revenue", aggregate)
    expected = {key: PLAIN[aggregate](values) for key, values in grouped(rows, "region").items()}
    assert {group.key: group.value for group in found.groups} == pytest.approx(expected, rel=1e-12)
    values = [group.value for group in found.groups]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]  # numbers, all of them
    assert found.overall == pytest.approx(PLAIN[aggregate]([int(row["revenue"]) for row in rows]), rel=1e-12)


def test_shares_add_up_to_the_whole(table: Table) -> None:
    """Of sums and counts; a share of a mean would mean nothing."""
    found = group_by(table, ["region", "product"], "revenue", "sum")
    assert math.isclose(sum(group.share or 0 for group in found.groups), 1)
    assert all(group.share is None for group in group_by(table, ["region"], "revenue", "mean").groups)
    negative = read_table(b"k,v\na,5\nb,-5\nc,1\n", "t.csv")
    assert all(group.share is None for group in group_by(negative, ["k"], "v", "sum").groups)


def test_without_a_value_rows_are_counted(table: Table, rows: list[Row]) -> None:
    """Also the rows with missing values."""
    found = group_by(table, ["product"], None, "sum")
    assert found.aggregate == "count"
    assert {group.key: group.value for group in found.groups} == {
        key: len(values) for key, values in grouped(rows, "product").items()
    }
    assert found.overall == len(rows)


def test_without_a_key_there_is_one_figure(table: Table, rows: list[Row]) -> None:
    """The total of all rows, or how many rows there are."""
    found = group_by(table, [], "revenue", "sum")
    assert found.overall == sum(int(row["revenue"]) for row in rows)
    counted = group_by(table, [], None, "count")
    assert (counted.overall, counted.groups[0].rows) == (len(rows), len(rows))


def test_a_date_beside_the_key_is_cut_into_periods(table: Table, rows: list[Row]) -> None:
    """Region and quarter, in the order of time."""
    found = group_by(table, ["region"], "revenue", "sum", by="date", period="quarter")
    expected: dict[tuple[str | None, date], int] = defaultdict(int)
    for row in rows:
        year, month = int(row["date"][:4]), int(row["date"][5:7])
        expected[row["region"] or None, date(year, 3 * ((month - 1) // 3) + 1, 1)] += int(row["revenue"])
    assert {group.key: group.value for group in found.groups} == expected
    assert [group.key[1] for group in found.groups] == sorted(group.key[1] for group in found.groups)  # type: ignore[type-var]  # dates, all of them


def test_whole_numbers_are_added_up_exactly_beyond_64_bits() -> None:
    """Where 64 bits would run over, and where a float would round."""
    big = 900_000_000_000_000
    text = "k,v\n" + f"a,{big}\n" * 20_000
    found = group_by(read_table(text.encode(), "t.csv"), ["k"], "v", "sum")
    assert found.groups[0].value == found.overall == big * 20_000


def test_a_group_without_values_has_no_sum() -> None:
    """Nothing is not zero."""
    found = group_by(read_table(b"k,v\na,1\nb,\n", "t.csv"), ["k"], "v", "sum")
    assert {group.key: (group.value, group.rows) for group in found.groups} == {
        ("a",): (1, 1),
        ("b",): (None, 1),
    }


@settings(deadline=None)  # the first table that is read loads Polars
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-(10**14), 10**14)), min_size=1, max_size=60))
def test_sums_of_whole_numbers_are_exact(cells: list[tuple[str, int]]) -> None:
    """For any rows, as plain Python adds them."""
    table = read_table(("k,v\n" + "".join(f"{key},{value}\n" for key, value in cells)).encode(), "t.csv")
    expected: dict[str, int] = defaultdict(int)
    for key, value in cells:
        expected[key] += value
    found = group_by(table, ["k"], "v", "sum")
    assert {group.key[0]: group.value for group in found.groups} == expected
    assert found.overall == sum(value for _, value in cells)


@settings(deadline=None)  # the first table that is read loads Polars
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.floats(-1e9, 1e9, allow_subnormal=False)), min_size=1, max_size=60
    )
)
def test_sums_of_decimals_are_those_of_plain_python(cells: list[tuple[str, float]]) -> None:
    """To the last digits that floats have."""
    table = read_table(
        ("k,v\n" + "".join(f"{key},{value!r}\n" for key, value in [*cells, ("a", 0.5)])).encode(), "t.csv"
    )
    for group in group_by(table, ["k"], "v", "sum").groups:
        values = [value for key, value in [*cells, ("a", 0.5)] if key == group.key[0]]
        assert group.value == pytest.approx(math.fsum(values), rel=1e-12, abs=1e-9 * max(map(abs, values)))


@pytest.mark.parametrize("n", [3, -3, 50])
def test_the_largest_groups_are_the_first_of_all(table: Table, rows: list[Row], n: int) -> None:
    """Or the smallest, for a negative n; never more than there are."""
    found = top_groups(table, ["product"], "revenue", "sum", n)
    totals = {key: sum(values) for key, values in grouped(rows, "product").items()}
    expected = sorted(totals.items(), key=lambda pair: (-pair[1] if n > 0 else pair[1], pair[0]))[: abs(n)]
    assert [(group.key, group.value) for group in found.groups] == expected
    assert (found.of, found.limit) == (len(totals), n)


@pytest.mark.parametrize("n", [5, -5])
def test_the_largest_rows_come_in_the_order_of_the_file(table: Table, rows: list[Row], n: int) -> None:
    """Equal ones first come, first served, and how many more are equal is said."""
    found = top_rows(table, "revenue", ["id", "region"], n)
    ordered = sorted(rows, key=lambda row: -int(row["revenue"]) if n > 0 else int(row["revenue"]))
    assert [row[:2] for row in found.rows] == [(int(row["revenue"]), row["id"]) for row in ordered[:5]]
    last = ordered[4]["revenue"]
    assert found.ties == sum(row["revenue"] == last for row in ordered[5:])
    assert [column.name for column in found.columns] == ["revenue", "id", "region"]


def test_the_latest_dates_have_a_top_and_words_have_none(table: Table, rows: list[Row]) -> None:
    """Whatever can be put in order by size or time."""
    assert str(top_rows(table, "date", ["id"], 1).rows[0][0]) == max(row["date"] for row in rows)
    with pytest.raises(TableError, match=r"'region'.*has no largest. Columns with numbers: 'quantity'"):
        top_rows(table, "region", [], 3)


@pytest.mark.parametrize(("period", "digits"), [("month", 7), ("year", 4)])
def test_a_trend_adds_up_each_period(table: Table, rows: list[Row], period: str, digits: int) -> None:
    """With the change against the period before."""
    assert period in {"month", "year"}
    found = trend(table, None, "revenue", "sum", "month" if period == "month" else "year")
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row["date"][:digits]] += int(row["revenue"])
    assert [(step.start.isoformat()[:digits], step.value) for step in found.steps] == sorted(totals.items())
    values = [totals[key] for key in sorted(totals)]
    changes = [None, *(now / before - 1 for before, now in pairwise(values))]
    assert [step.change for step in found.steps] == pytest.approx(changes)


def test_periods_without_rows_are_there_and_empty() -> None:
    """A gap shows, and nothing is compared across it."""
    table = read_table(b"d,v\n2026-01-05,10\n2026-04-01,20\n,5\n2026-04-30,20\n", "t.csv")
    found = trend(table, "d", "v", "sum", "month")
    assert [(step.start.month, step.value, step.rows, step.change) for step in found.steps] == [
        (1, 10, 1, None), (2, None, 0, None), (3, None, 0, None), (4, 40, 2, None),
    ]  # fmt: skip
    assert found.undated == 1
    assert [step.value for step in trend(table, "d", None, "count", "month").steps] == [1, 0, 0, 2]


def test_a_last_period_that_is_not_over_is_told() -> None:
    """Data to the 12th make half a month; data to the 30th a whole one."""
    half = read_table(b"d,v\n2026-01-31,1\n2026-02-12,1\n", "t.csv")
    assert trend(half, None, "v", "sum", "month").last_day == date(2026, 2, 12)
    whole = read_table(b"d,v\n2026-01-31,1\n2026-02-27,1\n", "t.csv")
    assert trend(whole, None, "v", "sum", "month").last_day is None


def test_quarters_are_not_cut_into_months() -> None:
    """The period is never finer than the dates were written."""
    table = read_table(b"d,v\n2026 Q1,1\n2026 Q2,2\n", "t.csv")
    found = trend(table, None, "v", "sum", "month")
    assert (found.period, [step.value for step in found.steps]) == ("quarter", [1, 2])
    assert group_by(table, [], "v", "sum", by="d", period="month").period == "quarter"


def test_a_change_from_nothing_or_less_is_none() -> None:
    """There is no percentage of zero."""
    table = read_table(b"d,v\n2026-01-01,0\n2026-02-01,5\n2026-03-01,-5\n2026-04-01,5\n", "t.csv")
    assert [step.change for step in trend(table, None, "v", "sum", "month").steps] == [None, None, -2.0, None]


def test_what_cannot_be_added_up_is_refused_with_what_can(table: Table) -> None:
    """A sum of words, or a mean of nothing."""
    with pytest.raises(TableError, match=r"'region'.*holds text, and sum needs numbers"):
        group_by(table, ["product"], "region", "sum")
    with pytest.raises(
        TableError, match=r"'mean' needs a value column to work on. Columns with numbers: 'quantity'"
    ):
        group_by(table, ["product"], None, "mean")
