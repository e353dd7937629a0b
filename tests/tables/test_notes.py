"""What was assumed, as sentences."""

from typing import get_args

import pytest

from jupyter_aichat.tables.notes import render_notes, split_notes
from jupyter_aichat.tables.phrases import words
from jupyter_aichat.tables.table import Assumption, AssumptionCode


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("code", get_args(AssumptionCode))
def test_every_assumption_is_said_in_both_languages(code: AssumptionCode, language: str) -> None:
    """With its column, its number of misfits and an example."""
    note = Assumption(code, "매출", "Excel", values=1234, misfits=7, examples=("n.m.", "comma"))
    if code == "format":
        note = Assumption(code, detail="CSV", examples=("CP949", "comma"))
    text = render_notes([note], words(language))
    assert text.count("\n- ") == 1
    assert "{" not in text
    if code in {"numbers", "dates", "quarters", "mostly_numbers", "mostly_dates"}:
        assert "`매출`" in text
        assert "7" in text
        assert "“n.m.”" in text


def test_columns_of_which_the_same_is_said_share_a_line() -> None:
    """Unless they have misfits of their own."""
    notes = [
        Assumption("numbers", "a", "₩1"),
        Assumption("numbers", "b", "₩2"),
        Assumption("numbers", "c", "₩3", misfits=1, examples=("x",)),
    ]
    assert render_notes(notes, words("en")).split("\n- ")[1:] == [
        "`a`, `b`: read as numbers (“₩1”).",
        "`c`: read as numbers (“₩3”). Values that did not fit and count as missing: 1 (“x”).",
    ]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_notes_can_be_taken_off_again(language: str) -> None:
    """Who puts several results together says once how the file was read."""
    notes = render_notes([Assumption("format", detail="Parquet")], words(language))
    assert split_notes(f"### Title\n\nBody.\n\n{notes}") == ("### Title\n\nBody.", notes)
    assert split_notes("no notes") == ("no notes", "")


def test_nothing_assumed_is_nothing_said() -> None:
    """No heading without a list."""
    assert render_notes([], words("en")) == ""
