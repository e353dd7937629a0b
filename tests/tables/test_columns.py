"""Finding the columns that a request names."""

import pytest

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import Table, read_table
from jupyter_aichat.tables.columns import column_named, columns_named, need_numbers, one_date_column


def test_a_column_is_found_in_other_capitals_and_spacing() -> None:
    """An exact name goes first; else the only one that is alike."""
    table = read_table("Unit Price,매출 액,A,a\n1,2,3,4\n".encode(), "t.csv")
    assert column_named(table, "unit_price").name == "Unit Price"
    assert column_named(table, "매출액").name == "매출 액"
    assert column_named(table, "a").name == "a"


def test_an_unknown_column_is_answered_with_those_there_are(table: Table) -> None:
    """Near ones first."""
    with pytest.raises(
        TableError, match=r"no column 'revenu'. Did you mean 'revenue'\? Its columns: 'id', 'date'"
    ):
        column_named(table, "revenu")


def test_a_column_named_twice_counts_once(table: Table) -> None:
    """Order stays."""
    assert [c.name for c in columns_named(table, ["price", "region", "PRICE"])] == ["price", "region"]


def test_text_where_numbers_are_needed_names_the_columns_that_would_do(table: Table) -> None:
    """The sentence says what it is and what there is instead."""
    with pytest.raises(
        TableError, match=r"'region' of 'orders\.csv' holds text, and sum needs numbers.*'quantity'"
    ):
        need_numbers(table, column_named(table, "region"), "sum")


def test_the_only_date_column_needs_no_name(table: Table) -> None:
    """Of several, or of none, the sentence says so."""
    assert one_date_column(table, None).name == "date"
    with pytest.raises(TableError, match=r"'region'.*not dates. Columns with dates: 'date'"):
        one_date_column(table, "region")
    two = read_table(b"from,to\n2026-01-01,2026-01-02\n", "t.csv")
    with pytest.raises(TableError, match=r"several date columns: 'from', 'to'"):
        one_date_column(two, None)
    with pytest.raises(TableError, match=r"No column of 't.csv' holds dates"):
        one_date_column(read_table(b"a\nx\n", "t.csv"), None)
