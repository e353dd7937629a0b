"""Cutting: never above the limit, never through a character, and honest about what is missing."""

from __future__ import annotations

import re

import pytest

from jupyter_aichat.agents.cutting import shortened


def test_a_text_that_fits_is_itself() -> None:
    """To the last byte."""
    text = "가" * 100
    assert shortened(text, 300) is text


@pytest.mark.parametrize("limit", [150, 299, 1_000, 60_000])
@pytest.mark.parametrize("letter", ["x", "가", "🙂", "x가🙂"])
def test_a_long_text_keeps_head_and_tail(limit: int, letter: str) -> None:
    """What is left and what is said to be missing make up the whole."""
    text = letter * 70_000
    short = shortened(text, limit)
    assert len(short.encode()) <= limit
    head, number, tail = re.split(r"\n\n\[… ([\d,]+) of [\d,]+ characters left out here …\]\n\n", short)
    assert text.startswith(head)
    assert text.endswith(tail)
    assert len(head) + len(tail) + int(number.replace(",", "")) == len(text)


def test_a_limit_without_room_still_says_what_is_missing() -> None:
    """Nothing of the text, but the sentence."""
    assert "100 of 100 characters" in shortened("x" * 100, 50)
