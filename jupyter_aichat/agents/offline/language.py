"""Words as people write them: which language, which tokens, what a Korean noun is without its particles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["FILE", "Language", "Token", "language_of", "stems", "tokens", "without_files"]

Language = Literal["en", "ko"]

FILE: Final = re.compile(
    r"""["'“‘`](?P<quoted>[^"'”’`\n]{1,200}?\.(?:csv|tsv|parquet|xlsx|xlsm|xls|ipynb|md|txt|json|py|log))["'”’`]
      | (?P<bare>[^\s"'“”‘’`,;:()<>]+\.(?:csv|tsv|parquet|xlsx|xlsm|xls|ipynb|md|txt|json|py|log))(?![A-Za-z0-9_])""",
    re.IGNORECASE | re.VERBOSE,
)
"""A file's name in a sentence: quoted, or without spaces."""

_WORD: Final = re.compile(r"\w+")
_HANGUL: Final = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_QUOTED: Final = re.compile(r"[\"“`][^\"”`\n]*[\"”`]")
_ENGLISH: Final = frozenset(
    re.findall(
        r"\w+",
        "a all and are average be by can do each for from give have how in is it list me mean missing of on per please "
        "show sum tell the there this top total trend what where which who with you",
    )
)
_ENDINGS: Final = tuple(
    sorted(
        ["을", "를", "이", "가", "은", "는", "의", "로", "으로", "에", "에서", "에게", "에는", "와", "과", "도", "만", "부터",
         "까지", "별", "마다", "이나", "나", "랑", "이랑", "하고", "보다", "처럼", "이란", "란", "들", "요", "이요", "야",
         "이야", "인가", "인데", "이고", "라고", "당"],
        key=len,
        reverse=True,
    )
)  # fmt: skip
"""Particles and short endings that stand behind a noun."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands. `text` is as written, `forms` what it may be: itself, then with endings removed."""

    text: str
    start: int
    end: int
    forms: tuple[str, ...]

    @property
    def each(self) -> bool:
        """Whether it says "for each": 지역별, 지역마다."""
        bare = re.sub(r"(?:로|으로|로는|로도|은|는)$", "", self.text)
        return len(bare) > 1 and bare.endswith(("별", "마다"))


def language_of(text: str) -> Language | None:
    """The language of a sentence; `None` where it is in none, such as a file's name alone.

    Names of files and quoted words do not count: "Profile 매출.csv" is English.
    """
    text = _QUOTED.sub(" ", without_files(text))
    if _HANGUL.search(text):
        english = sum(word.lower() in _ENGLISH for word in re.findall(r"[A-Za-z]+", text))
        return "en" if english >= 2 else "ko"
    return "en" if _LATIN.search(text) else None


def without_files(text: str) -> str:
    """`text` with spaces where names of files stood, so that positions stay."""
    return FILE.sub(lambda found: " " * len(found[0]), text)


def tokens(text: str) -> list[Token]:
    """The words of `text` in order; a name with underscores is cut at them."""
    found: list[Token] = []
    for word in _WORD.finditer(unicodedata.normalize("NFC", text)):
        for part in re.finditer(r"[^_]+", word[0]):
            start = word.start() + part.start()
            found.append(Token(part[0], start, start + len(part[0]), stems(part[0])))
    return found


def stems(word: str) -> tuple[str, ...]:
    """What a word may be: in small letters, without plural, without Korean particles (지역별로는 → 지역)."""
    word = unicodedata.normalize("NFKC", word).casefold()
    forms = [word]
    rest = word
    for _ in range(3):
        ending = next((e for e in _ENDINGS if rest.endswith(e) and len(rest) > len(e)), None)
        if ending is None:
            break
        rest = rest[: -len(ending)]
        forms.append(rest)
    if word[0] == "총" and len(rest) > 2:  # 총매출
        forms += [form[1:] for form in forms if len(form) > 2]
    if not _HANGUL.search(rest):
        forms += _singular(rest)
    return tuple(dict.fromkeys(forms))


def _singular(word: str) -> list[str]:
    if len(word) > 4 and word.endswith("ies"):
        return [word[:-3] + "y"]
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return [word[:-2], word[:-1]]
    return [word[:-1]] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else []
