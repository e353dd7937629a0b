"""Which language, which words, which nouns."""

import pytest

from jupyter_aichat.agents.offline.language import Language, language_of, stems, tokens, without_files


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Revenue by region", "en"),
        ("지역별 매출", "ko"),
        ("sales.csv 살펴봐", "ko"),
        ("Profile 매출.csv", "en"),
        ("sum of 매출 by 지역", "en"),
        ("revenue를 region별로", "ko"),
        ("sales.csv", None),
        ("매출.csv", None),
        ("2026 Q3", "en"),
        ("2026", None),
        ("", None),
        ('What is "매출"?', "en"),
        ("ㅎㅇ", "ko"),
    ],
)
def test_the_language_is_that_of_the_sentence(text: str, language: Language | None) -> None:
    """Names of files and columns do not decide."""
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("매출을", "매출"),
        ("지역별로는", "지역"),
        ("서울에서", "서울"),
        ("제품들의", "제품"),
        ("가격과", "가격"),
        ("region별", "region"),
        ("products", "product"),
        ("categories", "category"),
        ("Boxes", "box"),
        ("sales", "sale"),
    ],
)
def test_a_noun_is_found_under_its_endings(word: str, noun: str) -> None:
    """Particles and plurals come off; the word itself stays a candidate."""
    assert noun in stems(word)
    assert stems(word)[0] == word.casefold()


@pytest.mark.parametrize(
    ("word", "each"),
    [("지역별", True), ("지역별로는", True), ("지역마다", True), ("지역", False), ("별", False)],
)
def test_for_each_is_heard(word: str, each: object) -> None:
    """별 and 마다 make a key of a noun; 별 alone is a star."""
    assert tokens(word)[0].each is each


def test_names_with_underscores_are_words_with_positions() -> None:
    """unit_price is unit and price, where they stand."""
    found = tokens("the unit_price")
    assert [(token.text, token.start, token.end) for token in found] == [
        ("the", 0, 3),
        ("unit", 4, 8),
        ("price", 9, 14),
    ]


@pytest.mark.parametrize(
    "name", ["sales.csv", "data/매출_2026.csv", '"my sales.xlsx"', "`a b.parquet`", "notes.md"]
)
def test_files_are_taken_out_without_moving_the_rest(name: str) -> None:
    """Positions of the other words stay."""
    text = f"look at {name} now"
    assert without_files(text).split() == ["look", "at", "now"]
    assert len(without_files(text)) == len(text)
