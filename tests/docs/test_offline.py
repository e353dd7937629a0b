"""What the documents say of the offline analyst, asked of it."""

from __future__ import annotations

import re

import pytest

from jupyter_aichat.agents.offline.phrases import PHRASES
from tests.agents.offline.desk import EN, Desk
from tests.docs.blocks import DOCS

PAGE = (DOCS / "offline.md").read_text("utf-8")
UNDERSTOOD, NOT_UNDERSTOOD = PAGE.split("## What it does not")
SAID = ("needs a connected model", "모델을 연결", "no column", "열이 없어요", "Which column", "어느 열",
        "nothing was calculated", "계산하지 않았어요")  # fmt: skip
"""What an answer without a figure says."""
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def questions(text: str) -> list[tuple[str, str]]:
    """Each question of a table, in both languages, with the last cell of its row."""
    rows = [row for row in ROW.findall(text) if row[0] not in {"English", "---"}]
    assert len(rows) > 5
    return [(question, last) for english, korean, last in rows for question in (english, korean)]


@pytest.mark.parametrize(("question", "done_by"), questions(UNDERSTOOD))
def test_what_it_understands(question: str, done_by: str) -> None:
    """Each question leads to the calculation that its row names, and nothing in it is left out."""
    exchange = Desk(EN).ask(question)
    used = [call["operation"] for call in exchange.analyses] or [exchange.calls[-1][1]]
    assert used == re.findall(r"`(\w+)`", done_by)
    for left_out in PHRASES["unused"]:
        assert left_out.partition(":")[0] not in exchange.answer


@pytest.mark.parametrize("question", [question for question, _ in questions(NOT_UNDERSTOOD)])
def test_what_it_says_it_cannot(question: str) -> None:
    """Each question is answered without a figure that nobody asked for."""
    exchange = Desk(EN).ask(question)
    assert exchange.analyses == []
    assert any(word in exchange.answer for word in SAID)
