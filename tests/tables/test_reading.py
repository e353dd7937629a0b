"""Files as they come: delimited text in its encodings, Parquet, Excel, and what is none of these."""

import contextlib
import io
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.reading import read
from jupyter_aichat.tables.table import Assumption, Table

HERE = Path(__file__).parent
KOREAN = '주문,지역,매출,기간\n001,서울,"1,234,000",2026년 3분기\n002,부산,￦500,2026 Q2\n'


def codes(table: Table) -> list[str]:
    """What kinds of things were assumed."""
    return [note.code for note in table.assumptions]


def workbook(**sheets: list[list[object]]) -> bytes:
    """An Excel file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_korean_files_mean_the_same_in_every_encoding(codec: str) -> None:
    """Names, amounts and quarters come out alike, and the encoding is said."""
    table = read(KOREAN.encode(codec), "매출.csv")
    assert table.frame.to_dict(as_series=False) == {
        "주문": ["001", "002"],
        "지역": ["서울", "부산"],
        "매출": [1234000, 500],
        "기간": [date(2026, 7, 1), date(2026, 4, 1)],
    }
    labels = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "cp949": "CP949"}
    assert table.assumptions[0] == Assumption("format", detail="CSV", examples=(labels[codec], "comma"))


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar"), (",", "comma")])
def test_delimiters_are_found_and_said(mark: str, name: str) -> None:
    """Quoted or not."""
    for text in ("a,b\nx,1\ny,2\n", 'a,b\n"x",1\ny,2\n'):
        table = read(text.replace(",", mark).encode(), "a.tsv")
        assert table.frame.rows() == [("x", 1), ("y", 2)]
        assert table.assumptions[0].examples[1] == name


def test_quoted_values_keep_what_is_in_them() -> None:
    """Delimiters, line ends and quotes inside of quotes belong to the value, as does a stray quote."""
    table = read(b'name,n\n"a, ""b""\nc",1\n5" pipe,2\n', "a.csv")
    assert table.frame.rows() == [('a, "b"\nc', 1), ('5" pipe', 2)]


@pytest.mark.parametrize(
    ("text", "line", "has"),
    [("a,b\n1,2\n3\n", 3, 1), ("a,b\n1,2\n\n3,4,5\n", 4, 3), ('a,b\n"1",2\n"x\ny",4\n"3"\n', 5, 1)],
)
def test_a_ragged_file_names_the_line(text: str, line: int, has: int) -> None:
    """Where to look, what is there and what was expected."""
    with pytest.raises(
        TableError, match=rf"'a\.csv' is not a regular table: line {line} has {has} values.* the 2 of"
    ):
        read(text.encode(), "a.csv")


def test_a_quote_that_never_closes_is_said() -> None:
    """The rest of the file is not swallowed in silence."""
    with pytest.raises(TableError, match=r"'a.csv'"):
        read(b'a,b\n1,"2\n' + b"3,4\n" * 50_000, "a.csv")


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \n", b"\xef\xbb\xbf", b'""\n'])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    """Whatever kind of nothing it holds."""
    with pytest.raises(TableError, match=r"'a\.csv' is empty"):
        read(data, "a.csv")


def test_a_header_without_rows_is_a_table_without_rows() -> None:
    """Its columns are known."""
    table = read(b"a,b\n", "a.csv")
    assert (table.rows, [column.name for column in table.columns]) == (0, ["a", "b"])


def test_title_lines_above_the_table_are_left_out_and_said() -> None:
    """Reports have a title and a blank line."""
    table = read("매출 보고\n\n지역,금액\n서울,1\n부산,2\n".encode(), "a.csv")
    assert table.frame.rows() == [("서울", 1), ("부산", 2)]
    assert Assumption("rows_above_header", values=1) in table.assumptions


def test_a_file_above_the_limit_says_the_limit() -> None:
    """In megabytes, with what to do."""
    with pytest.raises(TableError, match=r"'a\.csv' has 3 MB; tables are read up to 2 MB\. Save the part"):
        read(b"x" * 3_000_000, "a.csv", max_bytes=2_000_000)


def test_other_files_are_refused_with_the_endings_that_are_read() -> None:
    """A PDF is not a table."""
    with pytest.raises(TableError, match=r"'report\.pdf' is not a table.*\.csv.*\.parquet"):
        read(b"%PDF", "report.pdf")


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx", "a.xls"])
def test_garbage_in_a_packed_format_is_a_clear_error(name: str) -> None:
    """The sentence names the file and what it was read as."""
    with pytest.raises(TableError, match=rf"'{name}' can't be read as"):
        read(b"certainly none of these formats", name)


@settings(deadline=None)  # the first table that is read loads Polars
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """There is a table or a sentence, never a crash."""
    for name in ("a.csv", "a.parquet", "a.xlsx"):
        with contextlib.suppress(TableError):
            assert read(data, name).frame.width > 0


def test_parquet_keeps_its_types() -> None:
    """Numbers, dates, categories and text are what the file says; NaN is missing."""
    frame = pl.DataFrame(
        {
            "n": [1, None],
            "x": [1.5, float("nan")],
            "day": [date(2026, 3, 5), None],
            "at": [datetime.fromisoformat("2026-03-05T10:00"), None],
            "zip": ["12345", "54321"],
            "won": ["₩1,000", "₩2,000"],
            "ok": [True, False],
            "list": [[1, 2], []],
        }
    ).with_columns(pl.col("zip").cast(pl.Categorical))
    out = io.BytesIO()
    frame.write_parquet(out)
    table = read(out.getvalue(), "a.parquet")
    assert [column.kind for column in table.columns] == [
        "integer", "number", "date", "datetime", "text", "integer", "boolean", "text",
    ]  # fmt: skip
    assert table.frame.rows()[0] == (
        1, 1.5, date(2026, 3, 5), datetime.fromisoformat("2026-03-05T10:00"), "12345", 1000, True, "[1, 2]",
    )  # fmt: skip
    assert table.frame["x"].to_list() == [1.5, None]


def test_times_with_a_zone_keep_the_clock_that_the_zone_shows() -> None:
    """10 o'clock in Seoul stays 10 o'clock, and the zone is said."""
    out = io.BytesIO()
    pl.DataFrame({"at": [datetime.fromisoformat("2026-03-05T01:00")]}).with_columns(
        pl.col("at").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Seoul")
    ).write_parquet(out)
    table = read(out.getvalue(), "a.parquet")
    assert table.frame["at"].to_list() == [datetime.fromisoformat("2026-03-05T10:00")]
    assert Assumption("zone_dropped", "at", "Asia/Seoul") in table.assumptions


def test_a_workbook_is_read_like_a_text_file() -> None:
    """Dates are dates, texts with leading zeros texts, formatted amounts numbers, titles no rows."""
    data = workbook(
        매출=[
            ["2026 매출"],
            [],
            ["코드", "일자", "금액", "비고"],
            ["001", date(2026, 3, 5), 1234.5, "₩1,000"],
            ["002", date(2026, 3, 6), 10, "₩2,000"],
        ]
    )
    table = read(data, "a.xlsx")
    assert table.frame.rows() == [
        ("001", date(2026, 3, 5), 1234.5, 1000),
        ("002", date(2026, 3, 6), 10.0, 2000),
    ]
    assert table.sheet == "매출"
    assert "rows_above_header" in codes(table)


def test_the_first_sheet_with_anything_in_it_is_read_and_the_others_are_named() -> None:
    """Nobody wonders which sheet the figures are from."""
    data = workbook(empty=[], a=[["x"], ["p"], ["q"]], b=[["y"], [1]])
    table = read(data, "a.xlsx")
    assert table.sheet == "a"
    assert Assumption("sheet", detail="a", examples=("empty", "b")) in table.assumptions
    assert read(data, "a.xlsx", sheet="b").frame.rows() == [(1,)]
    with pytest.raises(TableError, match=r"no sheet 'c'. It has: 'empty', 'a', 'b'"):
        read(data, "a.xlsx", sheet="c")
    with pytest.raises(TableError, match=r"is empty"):
        read(data, "a.xlsx", sheet="empty")


def test_an_old_workbook_is_read_too() -> None:
    """Excel 97's format, as many offices still have it."""
    table = read((HERE / "data" / "orders.xls").read_bytes(), "orders.xls")
    assert table.frame.rows() == [(date(2026, 3, 5), "서울", 1234000.0), (date(2026, 3, 6), "부산", 56.5)]


def test_a_sheet_of_a_file_without_sheets_is_refused() -> None:
    """Asking for it is a mistake that is told, not ignored."""
    with pytest.raises(TableError, match=r"no sheet 'x'"):
        read(b"a\n1\n", "a.csv", sheet="x")
