"""How numbers are written for a reader."""

import pytest

from jupyter_aichat.tables.numbers import Figures, percent
from jupyter_aichat.tables.table import Column


@pytest.mark.parametrize(
    ("values", "written", "rounded"),
    [
        ([1234567, -5], ["1,234,567", "-5"], False),
        ([1200.5, 3.0], ["1,200.5", "3.0"], False),
        ([1234.0, 5.0], ["1,234", "5"], False),
        ([2 / 3, 1000.0], ["0.67", "1,000.00"], True),
        ([0.0123456], ["0.0123"], True),
        ([0.5], ["0.5"], False),
        ([-0.0001, 5.25], ["0.00", "5.25"], True),
        ([float("inf"), float("-inf")], ["∞", "-∞"], False),
        ([1e20], ["1e+20"], False),
        ([2**70], ["1,180,591,620,717,411,303,424"], False),
    ],
)
def test_numbers_of_a_column_are_written_alike(
    values: list[float], written: list[str], rounded: object
) -> None:
    """As many decimals as help, the same for all, and it is known whether any were lost."""
    figures = Figures(values)
    assert [figures(value) for value in values] == written
    assert figures.rounded is rounded


@pytest.mark.parametrize("name", ["year", "연도", "customer_id", "ID", "상품번호", "zip_code"])
def test_years_and_identifiers_have_no_thousands(name: str) -> None:
    """2026 is a year, not two thousand twenty-six things."""
    assert Figures([2026], Column(name, "integer"))(2026) == "2026"


@pytest.mark.parametrize("name", ["paid", "video", "episode"])
def test_a_name_that_only_ends_like_an_identifier_is_none(name: str) -> None:
    """Amounts keep their separators."""
    assert Figures([2026], Column(name, "integer"))(2026) == "2,026"


def test_shares_are_percentages_with_one_decimal() -> None:
    """With a sign where they are changes."""
    assert [percent(0.3333), percent(0.5, signed=True), percent(-0.05, signed=True)] == [
        "33.3%",
        "+50.0%",
        "-5.0%",
    ]
