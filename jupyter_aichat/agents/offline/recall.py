"""What was calculated last, as a question: the basis of "and by product?".

The heading of a result and its conditions say it completely, so that a long row of short questions needs no more
memory than the last answer.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["recalled"]

_TITLE: Final = re.compile(r"(?m)^### (.+)$")
_CONDITIONS: Final = re.compile(r"(?m)^(?:Only (?P<en>.+?): [\d,]+ of|조건: (?P<ko>.+?)\. 전체 [\d,]+행)")
_CONDITION: Final = re.compile(r"`(?P<column>[^`]+)` (?P<sign>[=≠<>≤≥]) (?P<values>.+?)(?=(?: and |, )`|$)")
_DATE: Final = re.compile(r"[12]\d{3}(?: Q[1-4]|-\d{2}(?:-\d{2})?)?")
_OVERVIEW: Final = re.compile(r" × |\.(?:csv|tsv|parquet|xlsx|xlsm|xls)\b", re.IGNORECASE)


def recalled(answer: str) -> str:
    """The question that `answer` answers: "Average revenue by product, region is “Seoul”, 2026".

    "" where it is no answer, holds several results, or is an overview of a file.
    """
    titles = _TITLE.findall(answer)
    if len(titles) != 1 or _OVERVIEW.search(titles[0]):
        return ""
    parts = [_plain(titles[0])]
    if conditions := _CONDITIONS.search(answer):
        for condition in _CONDITION.finditer(conditions["en"] or conditions["ko"]):
            sign, values = condition["sign"], re.split(" or | 또는 |, ≠ ", condition["values"])
            dates = [value for value in values if _DATE.fullmatch(value)]
            if len(dates) == len(values):
                parts += [f"{'' if sign == '=' else sign} {value}".strip() for value in values]
            elif sign in "=≠":
                quoted = ", ".join(f"“{_plain(value)}”" for value in values)
                parts.append(f"{condition['column']}: {'not ' if sign == '≠' else ''}{quoted}")
            else:
                parts.append(f"{condition['column']} {sign} {values[0]}")
    return ", ".join(parts)


def _plain(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown)
