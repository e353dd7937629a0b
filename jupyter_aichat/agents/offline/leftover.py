"""The words of a question that nothing was understood of: with one of them left, a figure may be a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jupyter_aichat.agents.offline.intent import Intent
from jupyter_aichat.agents.offline.language import Token, tokens
from jupyter_aichat.agents.offline.patterns import (
    AGGREGATES,
    CHART,
    COLUMNS,
    DATA,
    DISTINCT,
    FIRST_LOOK,
    FOLLOW,
    LOOK,
    OPERATIONS,
    ORDERED,
    PEAK,
    PERIODS,
    REPORT,
    ROWS,
    SELLING,
    SHARE,
    SMALLEST,
    N,
)
from jupyter_aichat.agents.offline.vocabulary import DECISIVE, harmless

__all__ = ["left_over", "name_words"]

_UNDERSTOOD: Final = (
    *(pattern for _, pattern in (*OPERATIONS, *AGGREGATES, *PERIODS)),
    SMALLEST, PEAK, N, REPORT, CHART, LOOK, FIRST_LOOK, DATA, SELLING, ROWS, ORDERED, COLUMNS, FOLLOW, SHARE, DISTINCT,
)  # fmt: skip
_FINE: Final = {
    "over": {"time", "all", "the", "course"},
    "but": {"only", "for", "in", "by", "just", "without", "excluding", "not"},
    "no": set[str](),
}
"""What decisive words may stand before."""
_OTHERS: Final = frozenset({"나머지", "다른", "rest", "remaining", "other", "others"})
"""They add nothing where something is excluded (`out`)."""
_SYMBOLS: Final = re.compile(r"[<>≠≤≥%*^÷×]|!=|(?<=\w)\s*[+]\s*(?=\w)")
"""Signs that stand for a calculation."""


def left_over(
    intent: Intent,
    words: Sequence[Token],
    rest: Sequence[int],
    used: Sequence[tuple[int, int]],
    table: str,
    *,
    out: bool,
) -> tuple[str, ...]:
    """Those of the words called `rest`, and of the decisive ones, that neither `used` nor any rule has understood."""
    spans = [
        *used,
        *((found.start(), found.end()) for pattern in _UNDERSTOOD for found in pattern.finditer(intent.text)),
    ]
    about = name_words(table)
    lost: list[str] = []
    for number, word in enumerate(words):
        decisive = any(form in DECISIVE for form in word.forms)
        if number not in rest and not decisive:
            continue
        compound = word.text.startswith("총") and len(word.text) > 1  # 총이익: the noun has to be understood
        if any(first <= word.start < last for first, last in (used if decisive or compound else spans)):
            continue
        if out and any(form in _OTHERS for form in word.forms):
            continue
        following = words[number + 1].forms[0] if number + 1 < len(words) else ""
        if decisive and any(following in _FINE.get(form, set()) for form in word.forms):
            continue
        if not harmless(word) and not about & set(word.forms):
            lost.append(word.text)
    lost += [
        found[0]
        for found in _SYMBOLS.finditer(intent.text)
        if not any(first <= found.start() < last for first, last in used)
    ]
    return tuple(dict.fromkeys(lost))


def name_words(path: str) -> set[str]:
    """The words of a file's or a variable's name."""
    stem = path.rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    return {form for token in tokens(stem) for form in token.forms if not form.isdigit()}
