"""Profile, missing values, duplicates, statistics, correlation: every figure against plain Python."""

import statistics
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import Table, read_table
from jupyter_aichat.tables.overview import correlation, describe, duplicates, missing, profile

Row = dict[str, str]


def test_a_profile_counts_every_column(table: Table, rows: list[Row]) -> None:
    """Missing, distinct, range, mean and the most frequent."""
    found = {one.column.name: one for one in profile(table).columns}
    for name, one in found.items():
        present = [row[name] for row in rows if row[name]]
        assert (one.missing, one.unique) == (len(rows) - len(present), len(set(present))), name
    revenue = [int(row["revenue"]) for row in rows]
    assert (found["revenue"].minimum, found["revenue"].maximum) == (min(revenue), max(revenue))
    assert found["revenue"].mean == pytest.approx(statistics.fmean(revenue), rel=1e-12)
    assert str(found["date"].minimum) == min(row["date"] for row in rows)
    regions = Counter(row["region"] for row in rows if row["region"])
    assert found["region"].top == tuple(sorted(regions.items(), key=lambda pair: (-pair[1], pair[0]))[:3])
    assert found["region"].values == tuple(sorted(regions))
    assert found["id"].values == ()


def test_a_profile_counts_repeated_rows(table: Table, rows: list[Row]) -> None:
    """Rows that repeat an earlier one, not those that are repeated."""
    assert profile(table).duplicates == len(rows) - len({tuple(row.values()) for row in rows}) == 3


def test_missing_values_are_counted_by_column_and_row(table: Table, rows: list[Row]) -> None:
    """Count, share and complete rows."""
    found = missing(table)
    counts = {one.column.name: one.count for one in found.columns}
    assert counts == {name: sum(not row[name] for row in rows) for name in rows[0]}
    assert found.columns[0].count == max(counts.values())
    assert found.columns[0].share == max(counts.values()) / len(rows)
    assert found.complete_rows == sum(all(row.values()) for row in rows)


def test_missing_in_chosen_columns_looks_at_those_only(table: Table, rows: list[Row]) -> None:
    """Complete means: in these."""
    found = missing(table, ["region"])
    assert [one.column.name for one in found.columns] == ["region"]
    assert found.complete_rows == sum(bool(row["region"]) for row in rows)


def test_duplicates_are_counted_and_shown(table: Table, rows: list[Row]) -> None:
    """In all columns, or in those that are named."""
    found = duplicates(table)
    assert (found.extra, found.groups) == (3, 3)
    assert [example.count for example in found.examples] == [2, 2, 2]
    assert found.examples[0].cells[0] == rows[0]["id"]
    pairs = Counter((row["region"], row["product"]) for row in rows)
    some = duplicates(table, ["region", "product"])
    assert some.extra == len(rows) - len(pairs)
    assert some.groups == sum(count > 1 for count in pairs.values())
    assert some.examples[0].count == max(pairs.values())


def test_a_column_called_count_does_not_disturb_the_count() -> None:
    """Names in the file are the user's."""
    found = duplicates(read_table(b"count,n\n1,x\n1,x\n", "t.csv"))
    assert (found.extra, found.examples[0].cells) == (1, (1, "x"))


def test_statistics_are_those_of_the_textbook(table: Table, rows: list[Row]) -> None:
    """Sample deviation and linear quartiles, of the values that are there."""
    found = {one.column.name: one for one in describe(table).columns}
    assert list(found) == ["quantity", "price", "revenue", "rating"]
    for name, one in found.items():
        values = [float(row[name]) for row in rows if row[name]]
        quartiles = statistics.quantiles(values, n=4, method="inclusive")
        assert one.count == len(values)
        assert one.mean == pytest.approx(statistics.fmean(values), rel=1e-12)
        assert one.std == pytest.approx(statistics.stdev(values), rel=1e-12)
        assert [one.p25, one.p50, one.p75] == pytest.approx(quartiles, rel=1e-12)
        assert (one.minimum, one.maximum) == (min(values), max(values))


def test_statistics_of_no_values_are_none() -> None:
    """Nothing is made up for an empty column."""
    one = describe(read_table(b"a,b\n1,x\n", "t.csv")).columns[0]
    assert (one.count, one.std) == (1, None)
    with pytest.raises(
        TableError, match=r"Describing needs at least 1 column with numbers; 't.csv' has none"
    ):
        describe(read_table(b"a\nx\n", "t.csv"))


def test_correlation_is_pearsons_over_the_rows_that_have_both(table: Table, rows: list[Row]) -> None:
    """Every pair once, strongest first, with the number of rows."""
    found = correlation(table)
    assert len(found.pairs) == 6
    strengths = [abs(pair.r) for pair in found.pairs if pair.r is not None]
    assert strengths == sorted(strengths, reverse=True)
    for pair in found.pairs:
        both = [
            (float(row[pair.first.name]), float(row[pair.second.name]))
            for row in rows
            if row[pair.first.name] and row[pair.second.name]
        ]
        assert pair.rows == len(both)
        assert pair.r == pytest.approx(statistics.correlation(*zip(*both, strict=True)), rel=1e-9)


def test_a_column_that_does_not_vary_has_no_correlation() -> None:
    """Not zero: none."""
    pair = correlation(read_table(b"a,b\n1,2\n1,3\n", "t.csv")).pairs[0]
    assert (pair.r, pair.rows) == (None, 2)


def test_correlation_needs_two_columns_of_numbers(table: Table) -> None:
    """The sentence says what there is, or which one is no number."""
    with pytest.raises(TableError, match=r"at least 2 columns with numbers; 't\.csv' has 'a'"):
        correlation(read_table(b"a,b\n1,x\n", "t.csv"))
    with pytest.raises(TableError, match=r"'region'.*holds text, and correlation needs numbers"):
        correlation(table, ["region", "price"])


@settings(deadline=None)  # the first table that is read loads Polars
@given(st.lists(st.sampled_from(["", "1", "2", "x", "2026-01-01"]), max_size=20))
def test_no_column_breaks_the_overview(cells: list[str]) -> None:
    """However few values there are, the counts add up."""
    table = read_table(("k,c\n" + "".join(f"r,{cell}\n" for cell in cells)).encode(), "t.csv")
    (_, one) = profile(table).columns
    assert one.missing == sum(not cell for cell in cells)
    assert missing(table).complete_rows == len(cells) - one.missing
    assert duplicates(table).extra == len(cells) - len(set(cells))
