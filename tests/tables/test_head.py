"""The line that rules read back."""

import pytest

from jupyter_aichat.tables import Request, Table, analyse, read_table, render, split_head, tool_text


def test_a_profile_begins_with_its_columns_in_a_form_that_can_be_read_back(table: Table) -> None:
    """Names, kinds and short lists of values; below it is what a person reads."""
    result = analyse(table, Request("profile"))
    head, rest = split_head(tool_text(result, "ko"))
    assert head is not None
    assert (head.name, head.rows, head.columns) == ("orders.csv", table.rows, table.columns)
    assert head.values["region"] == ("Busan", "Daegu", "Jeju", "Seoul")
    assert "id" not in head.values
    assert head.spans == {"date": (table.frame["date"].min(), table.frame["date"].max())}
    assert rest == render(result, "ko")


def test_other_results_have_no_head(table: Table) -> None:
    """Their text is what a person reads."""
    result = analyse(table, Request("missing"))
    assert tool_text(result, "en") == render(result, "en")
    assert split_head(tool_text(result, "en")) == (None, render(result, "en"))


def test_names_cannot_end_the_comment_they_stand_in() -> None:
    """Whatever a file calls its columns and values."""
    table = read_table(b'"a --> b",c\n"x --> y",1\n', "t.csv")
    text = tool_text(analyse(table, Request("profile")), "en")
    assert text.split("\n")[0].count("-->") == 1
    head, _ = split_head(text)
    assert head is not None
    assert head.columns[0].name == "a --> b"
    assert head.values == {"a --> b": ("x --> y",)}


@pytest.mark.parametrize(
    "text", ["", "plain", "<!-- table {} -->\nrest", '<!-- table {"name": -->\nrest', "<!-- table [1] -->"]
)
def test_a_damaged_head_is_no_head(text: str) -> None:
    """The text stays as it is."""
    assert split_head(text) == (None, text)


def test_very_wide_tables_keep_the_line_bounded() -> None:
    """The first 200 columns, and long lists of values left out."""
    names = [f"column number {i}" for i in range(500)]
    values = ",".join(f"some longer value {i}" for i in range(500))
    text = tool_text(
        analyse(read_table(f"{','.join(names)}\n{values}\n".encode(), "t.csv"), Request("profile")), "en"
    )
    head, _ = split_head(text)
    assert head is not None
    assert [column.name for column in head.columns] == names[:200]
    assert len(text.split("\n")[0]) < 20_000
