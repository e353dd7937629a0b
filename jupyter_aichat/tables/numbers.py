"""How numbers are written for a reader: thousands separators, and no more decimals than help."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from jupyter_aichat.tables.results import Cell
from jupyter_aichat.tables.table import Column

__all__ = ["Figures", "percent", "whole"]

_DECIMALS: Final = 2
_MOST_DECIMALS: Final = 8
_HUGE: Final = 1e18
_IDENTIFIER: Final = re.compile(r"year|연도|년도|^년$|(^|[^a-z])(id|no|code)$|번호|코드", re.IGNORECASE)


class Figures:
    """Writes the numbers of one column alike. `rounded` says whether any of them lost digits that way."""

    def __init__(self, values: Iterable[Cell], column: Column | None = None) -> None:
        numbers = [value for value in values if isinstance(value, float) and math.isfinite(value)]
        self._decimals = _decimals(numbers)
        self.rounded = any(round(number, self._decimals) != number for number in numbers)
        grouped = column is None or column.kind != "integer" or not _IDENTIFIER.search(column.name)
        self._separator = "," if grouped else ""

    def __call__(self, value: int | float) -> str:  # noqa: PYI041  the two are written differently
        """`value` as text: "1,234.50", "∞", "-3"."""
        if isinstance(value, int):
            return f"{value:{self._separator}}"
        if not math.isfinite(value):
            return "∞" if value > 0 else "-∞"
        if abs(value) >= _HUGE:
            return f"{value:.6g}"
        text = f"{value:{self._separator}.{self._decimals}f}"
        return text.lstrip("-") if not text.strip("-0.,") else text


def _decimals(numbers: list[float]) -> int:
    """Two, or three significant ones where everything is below 1; fewer where the numbers have fewer."""
    largest = max(map(abs, numbers), default=0.0)
    most = _DECIMALS
    if 0 < largest < 1:
        most = min(_MOST_DECIMALS, 2 - math.floor(math.log10(largest)))
    return next((d for d in range(most) if all(round(number, d) == number for number in numbers)), most)


def percent(share: float, *, signed: bool = False) -> str:
    """`share` of 1 as "12.3%", with "+" before an increase if `signed`."""
    return f"{share * 100:{'+' if signed else ''},.1f}%"


def whole(count: int) -> str:
    """A count as "1,234"."""
    return f"{count:,}"
