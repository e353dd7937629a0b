"""Finding columns and values in sentences."""

import pytest

from jupyter_aichat.agents.offline.columns import Closeness, meaning, mentions, value_mentions
from jupyter_aichat.agents.offline.language import tokens
from jupyter_aichat.agents.offline.patterns import KEYWORDS
from jupyter_aichat.tables import Column, TableHead
from jupyter_aichat.tables.table import Kind

KINDS: list[tuple[str, Kind]] = [
    ("orderId", "text"), ("date", "date"), ("region", "text"), ("unit_price", "number"), ("list price", "number"),
    ("revenue", "integer"), ("customer_age", "integer"), ("total", "integer"), ("고객명", "text"), ("매출총이익", "integer"),
]  # fmt: skip
COLUMNS = tuple(Column(name, kind) for name, kind in KINDS)


def found(text: str) -> list[tuple[str, Closeness]]:
    """The columns that a sentence speaks of: one name, or all that it may mean."""
    return [
        ("/".join(column.name for column in one.columns), one.closeness)
        for one in mentions(tokens(text), COLUMNS, KEYWORDS)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unit_price", [("unit_price", Closeness.NAME)]),
        ("the Unit Price", [("unit_price", Closeness.NAME)]),
        ("order id", [("orderId", Closeness.NAME)]),
        ("매출", [("revenue", Closeness.MEANING)]),
        ("sales by 지역", [("revenue", Closeness.MEANING), ("region", Closeness.MEANING)]),
        ("age", [("customer_age", Closeness.MEANING)]),
        ("price", [("unit_price/list price", Closeness.MEANING)]),
        ("customers", [("customer_age", Closeness.PART)]),
        ("고객", [("customer_age/고객명", Closeness.PART)]),
        ("reven", [("revenue", Closeness.BEGINNING)]),
        ("매출총이익을", [("매출총이익", Closeness.NAME)]),
        ("the weather", []),
    ],
)
def test_words_mean_the_closest_column(text: str, expected: list[tuple[str, Closeness]]) -> None:
    """A name goes before a synonym, that before a part, that before a beginning; equally close ones are all named."""
    assert found(text) == expected


def test_a_word_that_fits_several_columns_means_all_of_them() -> None:
    """Whoever asks has to say which."""
    columns = (Column("net_price", "number"), Column("gross_price", "number"))
    (mention,) = mentions(tokens("average price"), columns, KEYWORDS)
    assert mention.columns == columns
    assert mention.words == "price"


def test_the_kind_can_decide_between_them() -> None:
    """Only one of them can be added up."""
    columns = (Column("price_list", "text"), Column("price_net", "number"))
    (mention,) = mentions(tokens("price"), columns, KEYWORDS)
    assert mention.among(lambda column: column.numeric).columns == columns[1:]
    assert mention.among(lambda column: column.dated) == mention


def test_keywords_are_columns_only_by_their_exact_name() -> None:
    """Here "total" is one; "top" and "month" are not."""
    assert found("top total by month") == [("total", Closeness.NAME)]


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("Unit Price", "price"),
        ("매출액", "revenue"),
        ("sales (KRW)", "revenue"),
        ("customerAge", "age"),
        ("xyz", None),
    ],
)
def test_a_name_stands_for_something(name: str, means: str | None) -> None:
    """Whole or by its last word; units in parentheses do not count."""
    assert meaning(name) == means


def test_values_are_found_as_the_table_writes_them() -> None:
    """Whatever the capitals and particles, also of several words; keywords and numbers only if they are exactly that."""
    head = TableHead("t.csv", None, 9, COLUMNS, {"region": ("Desk lamp", "Seoul", "서울", "A", "7")}, {})
    hits = value_mentions(tokens("DESK LAMP in seoul, 서울에서는 a joke of A 7"), head, KEYWORDS)
    assert [hit.value for hit in hits] == ["Desk lamp", "Seoul", "서울", "A"]
