"""What the command says by itself."""

from string import Formatter

import pytest

from jupyter_aichat.terminal.words import SENTENCES, Words, language_of


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_have_the_same_places_for_values(key: str) -> None:
    """No value gets lost in translation."""
    english, korean = (
        {field for _, field, _, _ in Formatter().parse(text) if field} for text in SENTENCES[key]
    )
    assert english == korean


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko-KR"),
        ({"LANG": "de_DE@euro", "LC_ALL": "ko_KR"}, "ko-KR"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko"}, "ko"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": ""}, "en"),
        ({}, "en"),
    ],
)
def test_language_is_the_terminals(env: dict[str, str], language: str) -> None:
    """The locale decides, in the order in which programs look at its variables."""
    assert language_of(env) == language


def test_korean_terminals_read_korean() -> None:
    """A Korean locale gets Korean sentences, every other one English ones."""
    assert Words("ko-KR").say("stopped") == "답변을 중지했어요."
    assert Words("de-DE").say("stopped") == "The answer was stopped."
