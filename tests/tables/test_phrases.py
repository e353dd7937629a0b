"""Every phrase exists in both languages and takes the same values."""

import string

import pytest

from jupyter_aichat.tables.phrases import PHRASES, words


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", PHRASES)
def test_both_languages_take_the_same_values(key: str) -> None:
    """Nothing is said in one language and left out in the other."""
    english, korean = PHRASES[key]
    assert english.strip() or key in {"or", "and"}
    assert placeholders(english) == placeholders(korean)
    assert not any("가" <= letter <= "힣" for letter in english)


def test_unknown_languages_are_answered_in_english() -> None:
    """A region does not matter."""
    assert (words("ko-KR").language, words("de").language, words("").language) == ("ko", "en", "en")


def test_rows_have_a_singular() -> None:
    """Where the language has one."""
    assert [words("en").rows(n) for n in (1, 1234)] == ["1 row", "1,234 rows"]
    assert [words("en").columns(n) for n in (1, 2)] == ["1 column", "2 columns"]
    assert [words("en").rows(n, 5) for n in (6, 8)] == ["1 row with a value", "3 rows with a value"]
    assert words("ko").rows(1) == "1행"
