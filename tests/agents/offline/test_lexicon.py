"""The synonyms."""

from jupyter_aichat.agents.offline import lexicon
from jupyter_aichat.agents.offline.lexicon import AVERAGED, DEFAULT_MEASURES, concept


def test_english_and_korean_words_mean_the_same() -> None:
    """What analysts call things."""
    for english, korean in [
        ("revenue", "매출"), ("region", "지역"), ("quantity", "수량"), ("product", "상품"), ("date", "날짜"),
        ("customer", "고객"), ("rating", "평점"), ("age", "나이"), ("category", "분류"), ("channel", "채널"), ("price", "단가"),
    ]:  # fmt: skip
        assert concept(english) == concept(korean) != None  # noqa: E711  both, and something
    assert concept("weather") is None


def test_no_word_means_two_things() -> None:
    """Or its meaning would depend on the order of the list."""
    words = [word for same in lexicon._SAME.values() for word in same.split()]
    assert len(words) == len(set(words))


def test_measures_are_among_the_meanings() -> None:
    """A misspelt one would never be found."""
    assert {concept(word) for word in (*DEFAULT_MEASURES, *AVERAGED)} == {*DEFAULT_MEASURES, *AVERAGED}
