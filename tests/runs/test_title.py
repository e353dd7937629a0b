"""Titles of threads."""

from __future__ import annotations

import pytest

from jupyter_aichat.runs.title import MAX_TITLE, title_of


@pytest.mark.parametrize(
    ("question", "answer", "title"),
    [
        ("Profile sales.csv", "It has 10 rows.", "Profile sales.csv"),
        ("Hello! What is missing in sales.csv?", "", "What is missing in sales.csv?"),
        ("안녕하세요? 지역별 매출을 알려줘.", "", "지역별 매출을 알려줘"),
        ("hi", "## Hello\nAsk me about a file.", "Hello"),
        ("안녕하세요", "무엇을 도와드릴까요? 파일을 골라 주세요.", "무엇을 도와드릴까요?"),
        ("Explain:\n```python\nx = 1\n```", "", "Explain:"),
        ("**Bold** [link](http://x.example) words", "", "Bold link words"),
        ("hi", "", "hi"),
    ],
)
def test_a_title_is_the_first_thing_that_was_meant(question: str, answer: str, title: str) -> None:
    """Greetings and markup are left out."""
    assert title_of(question, answer) == title


def test_a_long_question_is_cut_between_words() -> None:
    """A title fits into a list."""
    title = title_of("compare " * 40, "")
    assert len(title) <= MAX_TITLE
    assert title.endswith("compare…")
