"""The task that the supervisor gives to the analyst: the person's own words, and what they go on from.

    And by product?
    File: sales.csv
    Earlier question: Revenue by region

Plain text that a person can read, because the person does: it stands in the handoff.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_aichat.agents.offline.language import Language, language_of

__all__ = ["Task"]

_FILE: Final = {"en": "File: ", "ko": "파일: "}
_FRAME: Final = {"en": "Dataframe: ", "ko": "데이터프레임: "}
_EARLIER: Final = {"en": "Earlier question: ", "ko": "앞선 질문: "}
_MOST_EARLIER: Final = 3
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """A question, the file it is about, where that is known, and the questions before it, latest first."""

    question: str
    language: Language
    file: str = ""
    earlier: tuple[str, ...] = ()
    frame: str = ""
    """The dataframe in the kernel that it is about, where that is known."""

    def __str__(self) -> str:
        lines = [_one_line(self.question)]
        if self.file:
            lines.append(_FILE[self.language] + self.file)
        if self.frame:
            lines.append(_FRAME[self.language] + self.frame)
        lines += [_EARLIER[self.language] + _one_line(text) for text in self.earlier[:_MOST_EARLIER]]
        return "\n".join(lines)

    @classmethod
    def parse(cls, text: str, earlier: Sequence[str] = ()) -> Task:
        """The task in `text`. `earlier` are questions that came before it otherwise."""
        question: list[str] = []
        before: list[str] = []
        file, frame, marked = "", "", None
        for line in text.splitlines():
            language = next(
                (name for name in _FILE if line.startswith((_FILE[name], _FRAME[name], _EARLIER[name]))), None
            )
            if language is None:
                question.append(line)
                continue
            marked = language
            _, _, rest = line.partition(": ")
            if line.startswith(_FILE[language]):
                file = rest.strip()
            elif line.startswith(_FRAME[language]):
                frame = rest.strip()
            else:
                before.append(rest.strip())
        asked = " ".join(question).strip()
        spoken = (
            language_of(asked)
            or marked
            or next((x for one in (*before, *earlier) if (x := language_of(one))), "en")
        )
        return cls(asked, "ko" if spoken == "ko" else "en", file, (*before, *earlier)[:_MOST_EARLIER], frame)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:_LONGEST]
