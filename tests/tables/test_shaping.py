"""Headers, names, empty rows and columns."""

import polars as pl
import pytest

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.shaping import shape, unique_names
from jupyter_aichat.tables.table import Assumption


def grid(*rows: tuple[str, ...]) -> pl.DataFrame:
    """Cells as they come out of a file."""
    return pl.DataFrame(list(rows), schema=[str(i) for i in range(len(rows[0]))], orient="row")


def test_the_first_row_gives_the_names() -> None:
    """An ordinary table, nothing to tell."""
    frame, notes = shape(grid(("region", " revenue "), ("Seoul", "1")), "a.csv")
    assert frame.to_dict(as_series=False) == {"region": ["Seoul"], "revenue": ["1"]}
    assert notes == []


@pytest.mark.parametrize(
    "header",
    [("region", "2024", "2025"), ("id", "1", "2"), ("a", "b", "c"), ("region", "2024-01", "2024-02")],
)
def test_years_and_numbers_in_order_are_names(header: tuple[str, ...]) -> None:
    """A header of years is a header."""
    frame, notes = shape(grid(header, ("Seoul", "10", "20"), ("Busan", "11", "21")), "a.csv")
    assert frame.columns == list(header)
    assert notes == []


def test_a_table_without_header_is_named_by_number_and_that_is_said() -> None:
    """A first row that looks like the ones below is data and stays data."""
    rows = (("Seoul", "100", "2026-01-05"), ("Busan", "250", "2026-01-06"))
    frame, notes = shape(grid(*rows), "a.csv")
    assert frame.columns == ["column_1", "column_2", "column_3"]
    assert frame.rows() == list(rows)
    assert notes == [Assumption("no_header", values=3)]


def test_names_are_made_unique_and_that_is_said() -> None:
    """Repeated and blank headers get names of their own, never one that is in the file already."""
    names, notes = unique_names(["a", "a", "", "a_2", "a"])
    assert names == ["a", "a_3", "column_3", "a_2", "a_4"]
    assert [note.column for note in notes] == ["a_3", "column_3", "a_4"]


def test_titles_above_the_header_are_left_out_and_counted() -> None:
    """What a spreadsheet has above its table is not a row of it."""
    frame, notes = shape(
        grid(("2026 매출 현황", "", ""), ("", "", ""), ("지역", "제품", "금액"), ("서울", "a", "1")), "a.xlsx"
    )
    assert frame.columns == ["지역", "제품", "금액"]
    assert notes == [Assumption("rows_above_header", values=1)]


def test_empty_rows_and_nameless_empty_columns_are_left_out_and_counted() -> None:
    """Nothing that holds a value is lost; an empty end of the file is nothing to speak of."""
    frame, notes = shape(
        grid(("a", "b", ""), ("1", "2", ""), ("", " ", ""), ("3", "", ""), ("", "", "")), "a.csv"
    )
    assert frame.rows() == [("1", "2"), ("3", "")]
    assert notes == [Assumption("empty_rows", values=1), Assumption("empty_columns", values=1)]


@pytest.mark.parametrize("cells", [("", ""), ("  ", "")])
def test_a_grid_of_nothing_is_an_error(cells: tuple[str, str]) -> None:
    """There is no table, and the sentence names the file."""
    with pytest.raises(TableError, match=r"'a\.csv' is empty"):
        shape(grid(cells), "a.csv")
