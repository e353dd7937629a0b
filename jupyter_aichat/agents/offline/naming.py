"""Names for new variables: short, telling, and not taken."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection

__all__ = ["new_name", "word"]


def word(text: str) -> str:
    """`text` as a part of a name: "Unit price (KRW)" becomes unit_price."""
    bare = re.sub(r"\([^)]*\)", " ", text) if re.sub(r"\W", "", text.partition("(")[0]) else text
    return re.sub(r"\W+", "_", bare).strip("_").lower() or "column"


def new_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted` as a variable's name that is not in `taken`: with a number behind it, if need be."""
    base = word(wanted)[:40].strip("_")
    if not base.isidentifier() or keyword.iskeyword(base):
        base = f"result_{base}"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name
