"""Cells cannot break the Markdown they stand in."""

from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.tables.markdown import code, escape, table


def test_special_characters_are_escaped_and_ordinary_names_are_not() -> None:
    """order_id stays readable, a pipe stays a pipe."""
    assert escape("order_id") == "order_id"
    assert escape("a|b <b>*x*</b> _y_ $1") == r"a\|b \<b\>\*x\*\</b\> \_y\_ \$1"
    assert escape("two\nlines") == "two lines"
    assert code("it`s") == "`it's`"


def test_long_texts_are_cut() -> None:
    """At 80 characters, with a sign that they are."""
    assert escape("x" * 100) == "x" * 79 + "…"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_a_row_has_one_line_and_its_number_of_cells(cells: list[str]) -> None:
    """Whatever the cells hold."""
    text = table([("h", False)] * len(cells), [[escape(cell) for cell in cells]])
    head, rule, row = text.split("\n")
    unescaped = row.replace(r"\\", "").replace(r"\|", "")
    assert unescaped.count("|") == head.count("|") == rule.count("|") == len(cells) + 1


def test_numbers_stand_at_the_right() -> None:
    """The rule below the header says so."""
    assert table([("name", False), ("n", True)], [["x", "1"]]) == "| name | n |\n| --- | ---: |\n| x | 1 |"
