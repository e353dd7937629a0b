"""What a reader gets."""

import re

import pytest

from jupyter_aichat.tables import Request, Table, analyse, read_table, render
from jupyter_aichat.tables.request import Operation

Row = dict[str, str]

REQUESTS = [
    Request("profile"),
    Request("missing"),
    Request("duplicates"),
    Request("describe"),
    Request("group_by", ["region"], "revenue"),
    Request("group_by", ["region", "product"], "rating", aggregate="mean"),
    Request("group_by", ["region"], "revenue", by="date", period="quarter"),
    Request("group_by", [], "revenue"),
    Request("group_by"),
    Request("top_n", ["id"], "revenue", n=5),
    Request("top_n", value="revenue", by="product", n=-3),
    Request("trend", value="revenue"),
    Request("trend", period="year"),
    Request("correlation"),
]


def body(table: Table, request: Request, language: str = "en") -> str:
    """The rendered result without its notes."""
    return render(analyse(table, request), language).partition("\n\n**")[0]


def table_rows(markdown: str) -> list[list[str]]:
    """The cells of the table, without header and rule."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "request_", REQUESTS, ids=lambda r: f"{r.operation}-{len(r.columns)}-{r.value}-{r.by}-{r.period}"
)
def test_every_result_has_a_title_and_says_how_the_file_was_read(
    table: Table, request_: Request, language: str
) -> None:
    """In the language that is asked for, with nothing left unfilled."""
    text = render(analyse(table, request_), language)
    assert text.startswith("### ")
    assert ("How the file was read" if language == "en" else "파일을 읽은 방식") in text
    assert not re.search(r"\{\w*\}|None|nan\b", text)
    assert bool(re.search("[가-힣]", text)) == (language == "ko")


def test_groups_show_exact_figures(table: Table, rows: list[Row]) -> None:
    """With separators, shares and numbers of rows."""
    totals: dict[str, list[int]] = {}
    for row in rows:
        totals.setdefault(row["region"] or "(missing)", []).append(int(row["revenue"]))
    whole = sum(map(sum, totals.values()))
    expected = [
        [key, f"{sum(values):,}", f"{100 * sum(values) / whole:.1f}%", str(len(values))]
        for key, values in sorted(totals.items(), key=lambda pair: -sum(pair[1]))
    ]
    text = body(table, Request("group_by", ["region"], "revenue"))
    assert table_rows(text) == expected
    assert f"Over all 403 rows: {whole:,}." in text
    assert f"Highest: {expected[0][0]}, {expected[0][1]} ({expected[0][2]})" in text


def test_long_tables_are_cut_and_say_so(table: Table) -> None:
    """Ten of thirteen, and the last twelve months."""
    text = body(table, Request("group_by", ["product"], "revenue"))
    assert len(table_rows(text)) == 10
    assert "Shown: 10 of 13." in text
    months = body(table, Request("trend", value="revenue"))
    assert len(table_rows(months)) == 12
    assert "Shown: the last 12 of 17." in months


def test_as_many_of_the_largest_are_shown_as_were_asked_for(table: Table) -> None:
    """Also more than ten."""
    assert len(table_rows(body(table, Request("top_n", ["id"], "revenue", n=25)))) == 25


def test_only_what_was_assumed_of_the_columns_concerned_is_said() -> None:
    """What happened to other columns is no matter here."""
    table = read_table('k,a,b\nx,"₩1,000","$5"\n'.encode(), "t.csv")
    text = render(analyse(table, Request("group_by", ["k"], "a")), "en")
    assert "`a`: read as numbers" in text
    assert "`b`" not in text


def test_the_unit_stands_in_the_heading() -> None:
    """Once, not in every cell."""
    table = read_table('k,a\nx,"₩1,000"\n'.encode(), "t.csv")
    assert "| k | Total a (₩) | Share | Rows |" in body(table, Request("group_by", ["k"], "a"))


def test_filters_are_said_with_what_they_leave(table: Table, rows: list[Row]) -> None:
    """So that nobody takes a part for the whole."""
    text = body(table, Request("group_by", [], "revenue", where={"region": "seoul", "date": "2026"}))
    kept = [int(r["revenue"]) for r in rows if r["region"] == "Seoul" and r["date"] >= "2026"]
    assert f"Only `region` = Seoul and `date` = 2026: {len(kept)} of 403 rows." in text
    assert f"**{sum(kept):,}**" in text


def test_what_was_excluded_and_bounded_stands_in_the_answer(table: Table) -> None:
    """Never a part of the rows without saying which."""
    request = Request(
        "group_by",
        [],
        "revenue",
        where_not={"region": ["Seoul", "Jeju"]},
        where_range={"date": {">=": "2026", "<": "2026-04"}},
    )
    assert "Only `region` ≠ Seoul, ≠ Jeju and `date` ≥ 2026 and `date` < 2026-04: " in body(table, request)
    assert "조건: `region` ≠ Seoul, ≠ Jeju, `date` ≥ 2026" in render(analyse(table, request), "ko")


def test_rounding_is_said_where_it_happens(table: Table) -> None:
    """And only there."""
    assert "rounded" in body(table, Request("group_by", ["region"], "rating", aggregate="mean"))
    assert "rounded" not in body(table, Request("group_by", ["region"], "revenue"))


@pytest.mark.parametrize("operation", ["profile", "missing", "duplicates", "group_by"])
def test_a_table_without_rows_can_be_shown(operation: Operation) -> None:
    """Nothing divides by zero."""
    text = render(analyse(read_table(b"a,b\n", "t.csv"), Request(operation)), "en")
    assert text.startswith("### ")


def test_wide_tables_name_the_first_columns_and_count_the_rest() -> None:
    """Forty of sixty."""
    header = ",".join(f"c{i}" for i in range(60))
    text = body(read_table(f"{header}\n{'1,' * 59}1\n".encode(), "t.csv"), Request("profile"))
    assert len(table_rows(text)) == 40
    assert "Shown: 40 of 60." in text


def test_words_of_the_file_cannot_break_the_table() -> None:
    """Pipes, markup and line ends are shown, not obeyed."""
    table = read_table(b'k,v\n"a|b\n<script>",1\n', "t.csv")
    (row,) = [
        line
        for line in body(table, Request("group_by", ["k"], "v")).splitlines()
        if "script" in line and line[0] == "|"
    ]
    assert row == r"| a\|b \<script\> | 1 | 100.0% | 1 |"
