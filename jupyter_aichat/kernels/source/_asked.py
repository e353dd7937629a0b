"""How much of a variable may be told, and how long telling may take."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

from jupyter_aichat.kernels.source._limits import Budget
from jupyter_aichat.kernels.source._types import exactly, is_a, library, name_of, own_size, scalar_kind

LEVELS = ("schema", "aggregates", "rows")
MOST_ROWS = 100
MOST_COLUMNS = 200
EXACT_ROWS = 5_000_000
"""Up to so many values a column is counted whole, else by an even sample."""
DISTINCT_ROWS = 500_000
OBJECT_ROWS = 200_000
SIZED_ROWS = 1_000
SAMPLE_ROWS = 100_000
FEW_TEXTS = 40
LONGEST_TEXT = 40


class Asked:
    """What the request wants to know about one variable. `masked` holds names of columns that stay untold."""

    def __init__(self, level: str, rows: int, masked: Iterable[str], budget: Budget) -> None:
        self.level = level
        self.rows = max(0, min(rows, MOST_ROWS)) if level == "rows" else 0
        self.masked = set(masked)
        self.budget = budget

    def counts(self) -> bool:
        """Whether something may be counted, and there is still time for it."""
        return self.level != "schema" and self.budget.left() > 0


def step_for(length: int, most: int) -> int:
    """The step of an even sample; 1 where all of it is looked at."""
    return 1 if length <= most else -(-length // min(most, SAMPLE_ROWS))


def sample_note(length: int, step: int) -> dict[str, Any]:
    """Says that numbers come from a sample, where they do."""
    return {} if step == 1 else {"sample": {"rows": -(-length // step), "of": length}}


def attempt(function: Callable[[], Any]) -> Any:
    """What `function` gives, or `None` where the library has no answer for such data."""
    try:
        return function()
    except Exception:  # noqa: BLE001  a column of a kind that cannot be sorted, hashed or summed
        return None


def is_missing(value: Any) -> bool:
    """Whether a value of an object column stands for none."""
    if value is None:
        return True
    if type(value) is str or type(value) is int:
        return False
    if type(value) is float:
        return math.isnan(value)
    pandas = library("pandas")
    if pandas is not None and (value is pandas.NaT or value is getattr(pandas, "NA", None)):
        return True
    return exactly(value, "decimal", "Decimal") and bool(value.is_nan())


def type_names(values: Iterable[Any]) -> list[str]:
    """The names of the types among `values`, sorted; those of missing values do not count."""
    found = {id(type(value)): type(value) for value in values if not is_missing(value)}
    return sorted({name_of(cls) for cls in found.values()})


def count_objects(values: list[Any]) -> dict[str, Any]:
    """Missing and distinct values of an object column; distinct only where comparing them runs nobody's code."""
    missing = sum(map(is_missing, values))
    kinds = {id(type(value)): value for value in values if not is_missing(value)}
    known = all(
        any(type(value) is cls for cls in (str, int, float, bool, bytes))
        or exactly(value, "datetime", "date")
        for value in kinds.values()
    )
    if not known:
        return {"missing": missing}
    return {"missing": missing, "distinct": len({value for value in values if not is_missing(value)})}


def few_texts(entry: dict[str, Any], values: Callable[[], list[Any]], asked: Asked) -> dict[str, Any]:
    """The distinct values of a column of texts where they are few, else the least and the greatest; only at "rows"."""
    if asked.level != "rows" or "sample" in entry or not entry.get("distinct"):
        return {}
    found = attempt(values) or []
    if not found or any(type(value) is not str for value in found):
        return {}
    if len(found) <= FEW_TEXTS and all(len(value) <= LONGEST_TEXT for value in found):
        return {"values": sorted(found)}
    return {"least": min(found)[:LONGEST_TEXT], "greatest": max(found)[:LONGEST_TEXT]}


def sizes(values: list[Any]) -> int:
    """The bytes that `values` take themselves, without what they refer to."""
    plain_sizes = (int, float, bool)
    return sum(
        sys.getsizeof(value) if any(type(value) is cls for cls in plain_sizes) else own_size(value)
        for value in values
    )


def memory_of(items: list[Any], length: int, shallow: int) -> dict[str, Any]:
    """Bytes of a container of `length`, from the sizes of some of its `items`."""
    if not items:
        return {"bytes": shallow, "exact": True}
    exact = len(items) == length and all(scalar_kind(item) and not is_a(item, list, dict) for item in items)
    return {"bytes": shallow + sizes(items) * length // len(items), "exact": exact}
