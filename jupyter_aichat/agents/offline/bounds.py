"""Comparisons with a number, as a sentence words them: "over 100,000", "between 20 and 30", "10만원 이상".

Without knowing the table: which column is compared is for `filters` to find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jupyter_aichat.agents.offline.amounts import AMOUNT, amount
from jupyter_aichat.tables import Sign

__all__ = ["Bound", "bounds_in"]


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison. `first` and `last` are where its words begin and end, `hint` the meaning of a column it is about."""

    limits: tuple[tuple[Sign, int | float], ...]
    first: int
    last: int
    words: str
    hint: str = ""


_BEFORE: Final[tuple[tuple[Sign, str], ...]] = (
    (
        ">=",
        r"(?:greater|more|higher|larger) than or equal to|at least|no less than|not less than|no fewer than",
    ),
    (">=", r"not (?:under|below)|a minimum of|minimum of|>=|≥|=>"),
    (
        "<=",
        r"(?:less|lower|fewer|smaller) than or equal to|at most|no more than|not more than|not (?:over|above)",
    ),
    ("<=", r"up to|a maximum of|maximum of|<=|≤|=<"),
    (
        ">",
        r"(?:more|greater|higher|larger|bigger|older|longer) than|over|above|exceed(?:s|ed|ing)?|in excess of|>",
    ),
    ("<", r"(?:less|lower|fewer|smaller|cheaper|younger|shorter) than|under|below|<"),
)
_AFTER: Final[tuple[tuple[Sign, str], ...]] = (
    (
        ">=",
        r"or (?:more|above|higher|over|older|better)\b|and (?:above|up|over|higher|more|older)\b|\+(?!\d)",
    ),
    (">=", r"(?:을|를|이|가)?\s*이상(?:의|인|은|이고)?"),
    ("<=", r"or (?:less|below|lower|fewer|under|younger)\b|and (?:below|under|lower|less|younger)\b"),
    ("<=", r"(?:을|를|이|가)?\s*(?:이하|이내)(?:의|인|은|이고)?"),
    (
        ">",
        r"(?:을|를|이|가)?\s*(?:초과(?:의|인|하는|한)?|넘(?:는|은|게|어|긴)|보다 ?(?:더 ?)?(?:큰|많은|높은|비싼|긴|크|많|높))",
    ),
    (
        "<",
        r"(?:을|를|이|가)?\s*(?:미만(?:의|인)?|보다 ?(?:더 ?)?(?:작은|적은|낮은|싼|짧은|작|적|낮)|못 ?미치는)",
    ),
)
_RANGE: Final = re.compile(
    rf"(?:\b(?:is |are |was |were )?between\s+(?P<a>{AMOUNT})\s*(?:and|to|-|~)\s*(?P<b>{AMOUNT})"
    rf"|\bfrom\s+(?P<c>{AMOUNT})\s+(?:to|through|up to)\s+(?P<d>{AMOUNT})"
    rf"|(?P<e>{AMOUNT})\s*(?:~|–|-|to\b|에서|부터)\s*(?P<f>{AMOUNT})(?:\s*(?:사이|까지)(?:의|인)?)?"
    rf"|(?P<g>{AMOUNT})\s*(?:와|과|이상)\s*(?P<h>{AMOUNT})\s*(?:사이|이하)(?:의|인)?)(?![\d.,]*\d|월|분기|일|년)",
    re.IGNORECASE,
)
_DECADE: Final = re.compile(
    r"(?<!\d)(?P<decade>[1-9]0)\s*대(?![가-힣]*(?:비|략))|\bin (?:their|his|her) (?P<word>[1-9]0)s\b"
)
_UNIT: Final = re.compile(
    r"억|천만|백만|십만|만|천|(?:thousand|million|billion|bn|mn|k|m|b)\b", re.IGNORECASE
)
_HINTS: Final = (
    (
        "age",
        re.compile(
            r"older|younger|years? old|세(?:\s|$|이|미|초|를|가)|살(?:\s|$|이|미|초|을)|\d+0대", re.IGNORECASE
        ),
    ),
    ("price", re.compile(r"cheaper|싼", re.IGNORECASE)),
    ("rating", re.compile(r"stars?\b|\d점", re.IGNORECASE)),
)


def _single(text: str) -> list[Bound]:
    found: list[Bound] = []
    for sign, words in _BEFORE:
        pattern = (
            rf"(?<![\w<>=])(?:is |are |was |were |have |has )?(?:{words})\s*(?P<n>{AMOUNT})(?![\d월년분일])"
        )
        found += [_bound(((sign, one["n"]),), one) for one in re.finditer(pattern, text, re.IGNORECASE)]
    for sign, words in _AFTER:
        pattern = rf"(?<![\w.,])(?P<n>{AMOUNT})\s*(?:{words})"
        found += [_bound(((sign, one["n"]),), one) for one in re.finditer(pattern, text, re.IGNORECASE)]
    return found


def _bound(limits: tuple[tuple[Sign, str], ...], found: re.Match[str], hint: str = "") -> Bound:
    words = found[0].strip()
    hint = hint or next((meaning for meaning, pattern in _HINTS if pattern.search(words)), "")
    values = tuple((sign, number) for sign, text in limits if (number := amount(text)) is not None)
    start = found.start() + len(found[0]) - len(found[0].lstrip())
    return Bound(values, start, found.start() + len(found[0].rstrip()), words, hint)


def bounds_in(text: str) -> list[Bound]:
    """The comparisons in a sentence from left to right; longer ones go before those that they contain."""
    found: list[Bound] = []
    for one in _RANGE.finditer(text):
        low, high = [one[name] for name in "abcdefgh" if one[name]]
        if "년" in one[0] or re.fullmatch(r"(?:19|20)\d{2}\D+(?:19|20)\d{2}.*", one[0]):
            continue
        if (unit := _UNIT.search(high)) and not _UNIT.search(low):
            low += unit[0]  # 1~5만원
        found.append(_bound(((">=", low), ("<=", high)), one))
    for one in _DECADE.finditer(text):
        low = one["decade"] or one["word"]
        found.append(_bound(((">=", low), ("<=", str(int(low) + 9))), one, "age"))
    found += _single(text)
    found.sort(key=lambda one: (one.first - one.last, one.first))
    kept: list[Bound] = []
    for bound in found:
        if not any(bound.first < other.last and other.first < bound.last for other in kept):
            kept.append(bound)
    return sorted(kept, key=lambda one: one.first)
