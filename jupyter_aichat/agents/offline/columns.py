"""Finding the columns and the values of a table that a sentence speaks of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from jupyter_aichat.agents.offline.language import Token
from jupyter_aichat.agents.offline.lexicon import concept
from jupyter_aichat.tables import Column, TableHead

__all__ = ["Closeness", "Mention", "ValueMention", "meaning", "mentions", "value_mentions"]

_LONGEST: Final = 4
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[가-힣]+|\d+|[^\W\d_a-zA-Z가-힣]+")


class Closeness(IntEnum):
    """How sure it is that words mean a column."""

    NONE = 0
    BEGINNING = 1
    """prod → product"""
    PART = 2
    """customer → customer_age"""
    HEAD = 3
    """price → unit_price"""
    MEANING = 4
    """매출 → revenue"""
    NAME = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mean a column, or one of several. `first` and `last` are the numbers of its tokens."""

    first: int
    last: int
    columns: tuple[Column, ...]
    closeness: Closeness
    words: str

    def among(self, fits: Callable[[Column], bool]) -> Mention:
        """The mention with only those columns that fit, if any of them does."""
        columns = tuple(column for column in self.columns if fits(column))
        return Mention(self.first, self.last, columns, self.closeness, self.words) if columns else self


@dataclass(frozen=True, slots=True)
class ValueMention:
    """Words that are a value of a column."""

    first: int
    last: int
    column: str
    value: str


def mentions(words: Sequence[Token], columns: Sequence[Column], keywords: Collection[str]) -> list[Mention]:
    """The columns that a sentence speaks of, from left to right; longer names go before shorter ones.

    `keywords` mean something else ("total", "월별") unless a column has exactly that name.
    """
    named = [(column, _parts(column.name)) for column in columns]
    found: list[Mention] = []
    position = 0
    while position < len(words):
        mention = _at(words, position, named, keywords)
        if mention is None:
            position += 1
        else:
            found.append(mention)
            position = mention.last + 1
    return found


def _at(
    words: Sequence[Token],
    first: int,
    named: Sequence[tuple[Column, tuple[str, ...]]],
    keywords: Collection[str],
) -> Mention | None:
    for length in range(min(_LONGEST, len(words) - first), 0, -1):
        window = words[first : first + length]
        least = Closeness.BEGINNING if length == 1 else Closeness.MEANING
        if any(form in keywords for token in window for form in token.forms[:1]):
            least = Closeness.NAME
        best, closest = Closeness.NONE, list[Column]()
        for column, parts in named:
            closeness = _closeness(window, parts)
            if closeness > best:
                best, closest = closeness, [column]
            elif closeness == best:
                closest.append(column)
        if best >= least:
            text = " ".join(token.forms[-1] for token in window)
            return Mention(first, first + length - 1, tuple(closest), best, text)
    return None


def _closeness(window: Sequence[Token], parts: tuple[str, ...]) -> Closeness:
    whole = "".join(parts)
    joined = ["".join(token.forms[0] for token in window[:-1]) + form for form in window[-1].forms]
    if whole in joined:
        return Closeness.NAME
    meant = {found for text in joined if (found := concept(text))}
    if concept(whole) in meant:
        return Closeness.MEANING
    if len(window) > 1:
        return Closeness.NONE
    forms = [form for form in window[0].forms if len(form) > 1]
    if any(form == parts[-1] or (_korean(form) and whole.endswith(form)) for form in forms):
        return Closeness.HEAD
    if concept(parts[-1]) in meant:
        return Closeness.HEAD
    if any(form in parts or (_korean(form) and whole.startswith(form)) for form in forms):
        return Closeness.PART
    if meant & {concept(part) for part in parts}:
        return Closeness.PART
    if any(len(form) > 3 and part.startswith(form) for form in forms for part in parts):
        return Closeness.BEGINNING
    return Closeness.NONE


def _parts(name: str) -> tuple[str, ...]:
    """A column's name in words: unitPrice, unit_price and "Unit price" are all (unit, price)."""
    name = unicodedata.normalize("NFKC", name)
    # what stands in parentheses is a unit: "Sales (KRW)"
    name = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name) if re.sub(r"\W", "", name.partition("(")[0]) else name
    return tuple(part.casefold() for part in _PARTS.findall(name)) or (name.casefold(),)


def meaning(name: str) -> str | None:
    """What a column's name stands for, from the whole of it or from its last word."""
    parts = _parts(name)
    return concept("".join(parts)) or concept(parts[-1])


def _korean(text: str) -> bool:
    return "가" <= text[0] <= "힣"


def value_mentions(words: Sequence[Token], head: TableHead, keywords: Collection[str]) -> list[ValueMention]:
    """The values of the table that a sentence names, as the table writes them; longer ones go before shorter ones.

    A keyword ("a", "total") is a value only if it is written exactly like one, in capitals if need be.
    """
    known: dict[str, tuple[str, str]] = {}
    for column, values in head.values.items():
        for value in values:
            known.setdefault(_joined(value), (column, value))
    found: list[ValueMention] = []
    position = 0
    while position < len(words):
        for length in range(min(_LONGEST, len(words) - position), 0, -1):
            window = words[position : position + length]
            start = "".join(token.forms[0] for token in window[:-1])
            hit = next((known[start + form] for form in window[-1].forms if start + form in known), None)
            common = length == 1 and (window[0].text.isdigit() or window[0].forms[0] in keywords)
            if hit and (
                not common or (window[0].text == hit[1] and not hit[1].islower() and not hit[1].isdigit())
            ):
                found.append(ValueMention(position, position + length - 1, *hit))
                position += length - 1
                break
        position += 1
    return found


def _joined(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
