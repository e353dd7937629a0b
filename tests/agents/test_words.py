"""Status words: every phrase in both languages."""

from __future__ import annotations

import typing

import pytest

from jupyter_aichat.agents.words import Phrase, say


@pytest.mark.parametrize("phrase", typing.get_args(Phrase))
def test_every_phrase_is_short_and_in_both_languages(phrase: Phrase) -> None:
    """A few words with an ellipsis, the name among them where there is one, and no placeholder left."""
    english, korean = say("en", phrase, "sales.csv"), say("ko", phrase, "sales.csv")
    assert english != korean
    for text in (english, korean):
        assert text.endswith("…")
        assert len(text) < 40
        assert "{" not in text
    assert ("sales.csv" in english) == ("sales.csv" in korean)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", "생각하는 중…"),
        ("ko-KR", "생각하는 중…"),
        ("KO_kr", "생각하는 중…"),
        ("de", "Thinking…"),
        ("", "Thinking…"),
    ],
)
def test_languages_are_found_by_their_first_part(language: str, said: str) -> None:
    """A region makes no difference; a language without words is English."""
    assert say(language, "thinking") == said


def test_a_name_with_braces_is_only_a_name() -> None:
    """Nothing in a file's name is filled in."""
    assert say("en", "reading", "{name}.csv") == "Reading {name}.csv…"
