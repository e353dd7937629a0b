"""Keeping the rows that are asked for."""

from collections.abc import Mapping

import pytest

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import Table, read_table
from jupyter_aichat.tables.filters import keep
from jupyter_aichat.tables.request import Sign, Value

Row = dict[str, str]


def quarter(day: str) -> str:
    """The quarter of a day: 2025 Q4 for 2025-11-03."""
    return f"{day[:4]} Q{(int(day[5:7]) + 2) // 3}"


@pytest.mark.parametrize(
    ("column", "value", "fits"),
    [
        ("region", "Seoul", lambda row: row["region"] == "Seoul"),
        ("region", "seoul", lambda row: row["region"] == "Seoul"),
        ("region", ["Seoul", "Jeju"], lambda row: row["region"] in {"Seoul", "Jeju"}),
        ("quantity", 3, lambda row: row["quantity"] == "3"),
        ("price", "25,500", lambda row: row["price"] == "25500"),
        ("date", 2026, lambda row: row["date"].startswith("2026")),
        ("date", "2026년", lambda row: row["date"].startswith("2026")),
        ("date", "2025-11", lambda row: row["date"].startswith("2025-11")),
        ("date", "2025년 11월", lambda row: row["date"].startswith("2025-11")),
        ("date", "2025 Q4", lambda row: quarter(row["date"]) == "2025 Q4"),
        ("date", ["2025 Q4", "2026-01"], lambda row: quarter(row["date"]) == "2025 Q4" or row["date"][:7] == "2026-01"),
    ],
)  # fmt: skip
def test_exactly_the_rows_that_fit_are_kept(
    table: Table, rows: list[Row], column: str, value: Value | list[Value], fits: "object"
) -> None:
    """Texts, lists, numbers, years, quarters and months, against plain Python."""
    assert callable(fits)
    kept, conditions = keep(table, {column: value})
    assert kept.frame["id"].to_list() == [row["id"] for row in rows if fits(row)]
    assert conditions[0].column.name == column


def test_filters_on_two_columns_both_hold(table: Table, rows: list[Row]) -> None:
    """And, not or."""
    kept, _ = keep(table, {"region": "Jeju", "date": "2026"})
    expected = [row["id"] for row in rows if row["region"] == "Jeju" and row["date"] >= "2026"]
    assert kept.frame["id"].to_list() == expected


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"region": "Soul"}, r"'region' 'Soul'. Near it: 'Seoul'"),
        ({"region": "Atlantis"}, r"It has 4 values, such as 'Busan', 'Daegu', 'Jeju', 'Seoul'"),
        ({"date": "2031"}, r"'date' '2031'. It goes from 2025-01-\d\d to 2026-05-\d\d"),
        ({"date": "soon"}, r"'soon' is none. Use a year"),
        ({"quantity": "many"}, r"'quantity' holds numbers; 'many' is none"),
        ({"quantity": 999}, r"'quantity' '999'. It goes from 1 to 9"),
        ({"region": []}, r"filter on 'region' has no value"),
        ({"colour": "red"}, r"no column 'colour'"),
    ],
)
def test_a_filter_that_fits_nothing_says_what_there_is(
    table: Table, where: dict[str, Value | list[Value]], said: str
) -> None:
    """Never an empty answer without a reason."""
    with pytest.raises(TableError, match=said):
        keep(table, where)


@pytest.mark.parametrize(
    ("column", "value", "out"),
    [
        ("region", "seoul", lambda row: row["region"] == "Seoul"),
        ("region", ["Seoul", "Jeju"], lambda row: row["region"] in {"Seoul", "Jeju"}),
        ("date", "2025", lambda row: row["date"].startswith("2025")),
        ("quantity", 3, lambda row: row["quantity"] == "3"),
    ],
)
def test_exactly_the_rows_that_are_excluded_are_left_out(
    table: Table, rows: list[Row], column: str, value: Value | list[Value], out: "object"
) -> None:
    """Every other row stays, also one without a value; the condition says that it excludes."""
    assert callable(out)
    kept, (condition,) = keep(table, {}, {column: value})
    assert kept.frame["id"].to_list() == [row["id"] for row in rows if not out(row)]
    assert condition.sign == "≠"


@pytest.mark.parametrize(
    ("column", "bounds", "fits"),
    [
        ("revenue", {">": 100000}, lambda row: int(row["revenue"]) > 100000),
        ("revenue", {">=": "51,000", "<": 120000}, lambda row: 51000 <= int(row["revenue"]) < 120000),
        ("rating", {"<=": 3.25}, lambda row: row["rating"] and float(row["rating"]) <= 3.25),
        ("date", {">=": "2026"}, lambda row: row["date"] >= "2026-01-01"),
        ("date", {">": "2025-11"}, lambda row: row["date"] >= "2025-12-01"),
        ("date", {"<": "2025 Q3"}, lambda row: row["date"] < "2025-07-01"),
        ("date", {"<=": "2025-11"}, lambda row: row["date"] <= "2025-11-30"),
        ("date", {">=": "2025-11-05", "<=": "2025-11-20"}, lambda row: "2025-11-05" <= row["date"] <= "2025-11-20"),
    ],
)  # fmt: skip
def test_exactly_the_rows_within_the_bounds_are_kept(
    table: Table, rows: list[Row], column: str, bounds: Mapping[Sign, Value], fits: "object"
) -> None:
    """Numbers and dates, against plain Python; a month that is a bound counts whole, a missing value never fits."""
    assert callable(fits)
    kept, conditions = keep(table, {}, None, {column: bounds})
    assert kept.frame["id"].to_list() == [row["id"] for row in rows if fits(row)]
    assert [condition.sign for condition in conditions] == list(bounds)


@pytest.mark.parametrize(
    ("where_not", "where_range", "said"),
    [
        ({"region": "Atlantis"}, {}, r"'region' 'Atlantis'. It has 4 values"),
        ({}, {"revenue": {">": 99999999}}, r"'revenue' > '99999999'. It goes from 1990 to"),
        ({}, {"date": {"<": "2025"}}, r"'date' < '2025'. It goes from 2025-01-\d\d"),
        ({}, {"region": {">": 3}}, r"'region' holds text; only numbers and dates have a range"),
        ({}, {"quantity": {">": "many"}}, r"'quantity' holds numbers; 'many' is none"),
    ],
)
def test_exclusions_and_bounds_that_make_no_sense_are_said(
    table: Table, where_not: dict[str, Value], where_range: dict[str, dict[Sign, Value]], said: str
) -> None:
    """What is not there cannot be excluded, and nothing above the largest is no empty answer."""
    with pytest.raises(TableError, match=said):
        keep(table, {}, where_not, where_range)


def test_truth_is_filtered_by_words() -> None:
    """true, false, yes and no."""
    table = read_table(b"ok,n\ntrue,1\nfalse,2\n", "t.csv")
    assert keep(table, {"ok": True})[0].frame["n"].to_list() == [1]
    assert keep(table, {"ok": "no"})[0].frame["n"].to_list() == [2]
    with pytest.raises(TableError, match=r"holds true and false, not 'maybe'"):
        keep(table, {"ok": "maybe"})


def test_filters_that_exclude_each_other_are_said() -> None:
    """Each has rows, both together have none."""
    table = read_table(b"a,b\nx,p\ny,q\n", "t.csv")
    with pytest.raises(TableError, match=r"'a' 'x' and 'b' 'q' at once"):
        keep(table, {"a": "x", "b": "q"})
