"""The title of a thread, from its first exchange. No model is asked: it costs nothing and is there at once."""

from __future__ import annotations

import re

__all__ = ["MAX_TITLE", "title_of"]

MAX_TITLE = 60
"""Longest title made here, in characters."""

_GREETING = re.compile(
    r"^(hi|hello|hey|good (morning|afternoon|evening)|안녕(하세요|하십니까|히 계세요)?|반가워요?|반갑습니다)\b[\s!.,?~]*",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"```.*?(```|$)|[`*_#>|]+|!?\[([^\]]*)\]\([^)]*\)", re.DOTALL)
_END = re.compile(r"(?<=[.!?。？！])\s+|\n")


def title_of(question: str, answer: str) -> str:
    """The first sentence of the question without its greeting; for a mere greeting, the first sentence of the answer."""
    for text in (_GREETING.sub("", question.strip()), answer, question):
        title = _first_sentence(text)
        if len(title) > 1:
            return title
    return ""


def _first_sentence(text: str) -> str:
    plain = _MARKUP.sub(lambda m: m.group(2) or " ", text)
    sentences = [" ".join(s.split()) for s in _END.split(plain.strip())]
    first = next((s for s in sentences if s), "").rstrip(".。!！ ")
    if len(first) <= MAX_TITLE:
        return first
    cut = first[: MAX_TITLE - 1]
    space = cut.rfind(" ")
    return f"{cut[:space] if space > MAX_TITLE // 2 else cut}…"
