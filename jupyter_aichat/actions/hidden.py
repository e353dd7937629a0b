"""Characters that make a text look like what it is not, and a form of the text that shows them. Pure functions.

Korean text and emoji are ordinary: a variation selector after an emoji, a joiner between two, and the tags of a flag are
not flagged. A letter that looks like a Latin one is flagged only outside quotes, where it makes a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Hidden", "hidden", "original", "visible"]

_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"(?<![ \t\xa0\u3000])[ \t\xa0\u3000]{100,}(?=[^\s])")
_LINES = re.compile(r"\n(?:[ \t]*\n){20,}(?=[ \t]*\S)")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_KEYCAP = re.compile(r"[0-9#*]\ufe0f\u20e3")
_QUOTED = re.compile(
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d]\w*")
_TWINS = frozenset(
    "авеорсухіјѕԁԛԝһӏАВЕКМНОРСТХУІЅЈԌ"  # Cyrillic
    "οϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ"  # Greek
    "օոսցհԼՍՕ"  # Armenian
    "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ"  # Cherokee
    "ıɡɑʟ"  # Latin, but not ASCII
)
_ESCAPED = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")
_CONTROLS = {
    0x0B: "LINE TABULATION",
    0x0C: "FORM FEED",
    0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE",
    0x00: "NULL",
    0x08: "BACKSPACE",
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """One finding. `line` and `column` count from 1, in characters. `code` is empty for a long run of blanks."""

    line: int
    column: int
    code: str
    name: str


def hidden(text: str) -> list[Hidden]:
    """What a reader would not see, in the order of the text."""
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    found = [(at, f"U+{ord(text[at]):04X}", _name(text[at])) for at in _positions(text)]
    found += [(m.start(), "", f"{len(m[0])} blanks before more text") for m in _BLANKS.finditer(text)]
    found += [
        (m.start() + 1, "", f"{m[0].count(chr(10)) - 1} blank lines before more text")
        for m in _LINES.finditer(text)
    ]
    result, line = [], 0
    for at, code, name in sorted(found):
        while line + 1 < len(lines) and lines[line + 1] <= at:
            line += 1
        result.append(Hidden(line + 1, at - lines[line] + 1, code, name))
    return result


def visible(text: str) -> str:
    """The text with every flagged character written as `⟨U+202E⟩`. `original` gives it back."""
    flagged = set(_positions(text))
    return "".join(f"⟨U+{ord(c):04X}⟩" if at in flagged or c == "⟨" else c for at, c in enumerate(text))


def original(text: str) -> str:
    """What `visible` was made from."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)


def _positions(text: str) -> list[int]:
    """Where a flagged character stands."""
    if text.isascii() and not _SUSPECT.search(text):
        return []
    ordinary: set[int] = set()
    for pattern in (_FLAG, _KEYCAP):
        for m in pattern.finditer(text):
            ordinary.update(range(m.start(), m.end()))
    found = [
        m.start()
        for m in _SUSPECT.finditer(text)
        if m.start() not in ordinary and not _belongs(text, m.start())
    ]
    if not text.isascii():
        found += _twins(text)
    return sorted(set(found))


def _belongs(text: str, at: int) -> bool:
    """Whether a joiner or selector is part of an emoji, or a carriage return of a line's end."""
    char = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char == "\r":
        return after == "\n"
    if char in "\ufe0e\ufe0f":
        return _pictured(before)
    if char == "\u200d":
        whole = text[at - 2 : at - 1] if before == "\ufe0f" and at > 1 else before
        return _pictured(whole) and _pictured(after)
    return False


def _pictured(char: str) -> bool:
    return (
        bool(char)
        and (unicodedata.category(char) in {"So", "Sk", "Sm"} or char in "‼⁉〰〽")
        and ord(char) > 0xA8
    )


def _twins(text: str) -> list[int]:
    """Letters outside quotes that look like Latin ones, in names that would read as Latin."""
    bare = _QUOTED.sub(lambda m: " " * len(m[0]), text)
    found = []
    for word in _WORD.finditer(bare):
        if word[0].isascii():
            continue
        odd = [at for at, c in enumerate(word[0], word.start()) if _twin(c)]
        rest = [c for c in word[0] if not c.isascii() and not _twin(c)]
        if odd and (not rest or any(c.isascii() and c.isalpha() for c in word[0])):
            found += odd
    return found


def _twin(char: str) -> bool:
    if char in _TWINS:
        return True
    plain = unicodedata.normalize("NFKC", char)
    return not char.isascii() and plain.isascii() and plain.isalpha()


def _name(char: str) -> str:
    return unicodedata.name(char, _CONTROLS.get(ord(char), "CONTROL CHARACTER"))
