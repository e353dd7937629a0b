"""Characters that a reader does not see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.actions.hidden import Hidden, hidden, original, visible


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\u202a", "LEFT-TO-RIGHT EMBEDDING"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"),
        ("\u2069", "POP DIRECTIONAL ISOLATE"),
        ("\u200b", "ZERO WIDTH SPACE"),
        ("\u200d", "ZERO WIDTH JOINER"),
        ("\u200f", "RIGHT-TO-LEFT MARK"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A"),
        ("\ufe0f", "VARIATION SELECTOR-16"),
        ("\U000e0100", "VARIATION SELECTOR-17"),
        ("\xad", "SOFT HYPHEN"),
        ("\u2060", "WORD JOINER"),
        ("\u3164", "HANGUL FILLER"),
        ("\u115f", "HANGUL CHOSEONG FILLER"),
        ("\x1b", "ESCAPE"),
        ("\x08", "BACKSPACE"),
        ("\r", "CARRIAGE RETURN"),
        ("\u2028", "LINE SEPARATOR"),
    ],
)
def test_a_hidden_character_is_found_with_its_place_and_name(char: str, name: str) -> None:
    """Line and column count from 1, in characters."""
    assert hidden(f"a = 1\nb ={char} '값'") == [Hidden(2, 4, f"U+{ord(char):04X}", name)]


@pytest.mark.parametrize(
    "text",
    [
        "매출 = df['지역별 매출'].sum()  # 합계",
        "print('안녕하세요, 여러분! ㅋㅋㅋ ㅠㅠ')",
        "그래프 = 'ㄱㄴㄷ 가나다 漢字 ひらがな'",
        "\u1112\u1161\u11ab = 'decomposed'",
        "print('👩‍💻 ❤️ 👍🏽 🇰🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ ☀️ ✔️ 👨‍👩‍👧')",
        "print('Δt = 3 μs, α = 0.05, x² + y₁')",
        "Δx = β_0 * 2",
        "label = 'Москва и Athína Αθήνα'",
        "москва = 1",
        "naïve = 'café'",
        "x = 1\r\ny = 2\r\n",
        "\tif x:\n\n\n\n        y = 1",
        "전각 = 'ＡＢＣ　１２３'",
    ],
)
def test_what_people_write_is_not_flagged(text: str) -> None:
    """Korean, other scripts, emoji, formulas, line ends of Windows."""
    assert hidden(text) == []
    assert visible(text) == text


@pytest.mark.parametrize(
    "word",
    ["еval", "оs", "ѕуѕтем".replace("т", "t").replace("м", "m"), "ехес", "ｅxec", "𝐞𝐱𝐞𝐜", "ℯval", "prіnt"],
)
def test_a_name_of_look_alike_letters_is_flagged(word: str) -> None:
    """Each letter that only looks Latin is named; the same word in quotes is left alone."""
    assert hidden(f"{word}('x')")
    assert all(one.line == 1 and one.code for one in hidden(f"{word}('x')"))
    assert hidden(f"print('{word}')") == []


def test_code_far_to_the_right_or_far_below_is_flagged() -> None:
    """2,000 blanks or 500 blank lines before more code are said with their number; trailing ones are harmless."""
    assert hidden("x = 1;" + " " * 2000 + "evil()") == [Hidden(1, 7, "", "2000 blanks before more text")]
    assert hidden("x = 1\n" + "\n" * 500 + "evil()") == [Hidden(2, 1, "", "500 blank lines before more text")]
    assert hidden("x = 1" + " " * 2000 + "\n" + "\n" * 500) == []


def test_findings_come_in_the_order_of_the_text() -> None:
    """All kinds together."""
    text = "a\u200b\n" + " " * 150 + "b\n\n\u202ec"
    assert [(one.line, one.column) for one in hidden(text)] == [(1, 2), (2, 1), (4, 1)]


def test_the_visible_form_shows_each_character() -> None:
    """A reader sees where it stands, and nothing is dropped."""
    assert visible("a\u202eb ⟨x⟩") == "a⟨U+202E⟩b ⟨U+27E8⟩x⟩"
    assert hidden(visible("x\u200b\u202e\U000e0041")) == []


@given(st.text() | st.text(alphabet="⟨⟩U+20E \u202e\u200b\ufe0f❤👩\u200d\r\n'\"#аeо가", max_size=40))
def test_the_visible_form_can_be_turned_back(text: str) -> None:
    """Whatever the text, nothing is lost and nothing is hidden any more."""
    shown = visible(text)
    assert original(shown) == text
    assert not any(one.code for one in hidden(shown))
