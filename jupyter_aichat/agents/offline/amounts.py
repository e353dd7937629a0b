"""Numbers as people write them: 100,000, 1.5 million, 100k, 10만원, 1억 2천만."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["AMOUNT", "amount"]

_ENGLISH: Final = {
    "k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000, "b": 1_000_000_000,
    "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_KOREAN: Final = {
    "억": 100_000_000, "천만": 10_000_000, "백만": 1_000_000, "십만": 100_000, "만": 10_000, "천": 1_000, "백": 100,
}  # fmt: skip
_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PART: Final = re.compile(
    rf"(?P<digits>{_DIGITS})\s*(?P<unit>억|천만|백만|십만|만|천|백|(?:thousand|million|billion|bn|mn|k|m|b)\b)?",
    re.IGNORECASE,
)

AMOUNT: Final = (
    rf"[₩￦$€£]?\s*-?(?:(?:{_DIGITS})\s*(?:억|천만|백만|십만|만|천|백)\s*)*(?:{_DIGITS})"
    r"(?:\s*(?:억|천만|백만|십만|만|천|백)|\s*(?:thousand|million|billion)\b|(?:bn|mn|k|m|b)\b)?"
    r"(?:\s*(?:원|달러|유로|개|건|명|세|살|점|퍼센트|kg|g|℃|도|%|percent\b|won\b|dollars?\b|usd\b|krw\b|euros?\b"
    r"|years? old\b|points?\b|stars?\b|units?\b|pieces?\b))?"
)
"""The pattern of a number with its unit."""


def amount(text: str) -> int | float | None:
    """The number in `text`, whatever its unit; `None` where it is none."""
    parts = list(_PART.finditer(text))
    if not parts:
        return None
    total = 0.0
    for part in parts:
        unit = (part["unit"] or "").lower()
        total += float(part["digits"].replace(",", "")) * (_KOREAN.get(unit) or _ENGLISH.get(unit) or 1)
    total = round(total, 9)
    if "-" in text[: parts[0].start()]:
        total = -total
    return int(total) if total.is_integer() else total
