"""Values as JSON that loses nothing: what JSON has no word for becomes an object with one telling key."""

from __future__ import annotations

import math
from typing import Any

from jupyter_aichat.kernels.source._types import (
    clean,
    container_kind,
    container_length,
    exactly,
    first_items,
    is_a,
    library,
    module_of,
    name_of,
    scalar_kind,
)

SAFE_INTEGER = 2**53 - 1
TEXT_LENGTH = 200
ITEMS = 5
DEPTH = 2
TIME_ZONES = ("datetime", "zoneinfo", "pytz", "dateutil", "pandas", "_zoneinfo")


def plain(value: Any, depth: int = DEPTH) -> Any:
    """`value` as JSON, exact and short: {"int": "…"}, {"float": "nan"}, {"decimal": "1.10"}, {"type": "Foo"} …"""
    cls = type(value)
    if value is None or cls is bool:
        return value
    if cls is int:
        return plain_integer(value)
    if cls is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if cls is str:
        return plain_text(value)
    if container_kind(value):
        return plain_items(value, depth)
    pandas = library("pandas")
    if pandas is not None and (value is getattr(pandas, "NaT", 0) or value is getattr(pandas, "NA", 0)):
        return None
    kind = scalar_kind(value)
    if kind == "text" and module_of(cls) == "numpy":
        return plain_text(str.__str__(value))
    if kind == "bytes" and is_a(value, bytes):
        size, most = bytes.__len__(value), TEXT_LENGTH // 4
        start = repr(bytes.__getitem__(value, slice(0, most)))
        return {"bytes": start, "length": size} if size > most else {"bytes": start}
    return plain_scalar(value) if kind == "value" else {"type": name_of(cls)}


def plain_integer(value: int) -> Any:
    """An integer: as such where every reader of JSON keeps it exact, else as text."""
    if -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return value
    if value.bit_length() > 2000:
        return {"int": hex(value)[:40] + "…", "bits": value.bit_length()}
    return {"int": str(value)}


def plain_text(value: str) -> Any:
    """Text, cut with its length where it is long."""
    if len(value) <= TEXT_LENGTH:
        return clean(value)
    return {"text": clean(value[:TEXT_LENGTH]), "length": len(value)}


def plain_items(value: Any, depth: int) -> Any:
    """The first items of one of Python's containers, with how many there are."""
    size = container_length(value)
    if depth <= 0:
        return {"type": name_of(type(value)), "length": size}
    items = first_items(value, ITEMS)
    if container_kind(value) == "mapping":
        pairs = [[plain(key, depth - 1), plain(item, depth - 1)] for key, item in items]
        return {"pairs": pairs, "length": size}
    return {"items": [plain(item, depth - 1) for item in items], "length": size}


def plain_scalar(value: Any) -> Any:
    """A single value of a known library."""
    cls = type(value)
    if exactly(value, "datetime", "datetime") or exactly(value, "pandas", "Timestamp"):
        zone = value.tzinfo
        known = zone is None or module_of(type(zone)).partition(".")[0] in TIME_ZONES
        return {"datetime": (value if known else value.replace(tzinfo=None)).isoformat()}
    if exactly(value, "datetime", "date", "time"):
        zoned = getattr(value, "tzinfo", None) is not None
        return {name_of(cls): (value.replace(tzinfo=None) if zoned else value).isoformat()}
    if exactly(value, "datetime", "timedelta") or exactly(value, "pandas", "Timedelta"):
        return {"timedelta": str(value)}
    if exactly(value, "decimal", "Decimal"):
        return {"decimal": str(value)}
    if module_of(cls) == "numpy":
        return plain_numpy(value)
    return {name_of(cls).lower(): str(value)}  # Fraction, complex, Period


def numpy_missing(value: Any) -> bool:
    """Whether a date or duration of numpy is none."""
    return bool(value != value)  # noqa: PLR0124  NaT is unlike itself


def plain_numpy(value: Any) -> Any:
    """A scalar of numpy."""
    if value.dtype.kind == "M":
        return None if numpy_missing(value) else {"datetime": str(value)}
    if value.dtype.kind == "m":
        return None if numpy_missing(value) else {"timedelta": str(value)}
    item = value.item()
    if type(item) is type(value) or value.dtype.kind == "V":
        return {"float": str(item)} if value.dtype.kind == "f" else {"type": name_of(type(value))}
    return plain(item)


def label(value: Any) -> str:
    """The name of a column as text: levels joined by " / "."""
    if is_a(value, str):
        return clean(str.__str__(value))
    if type(value) is tuple:
        return " / ".join(label(part) for part in value)
    if value is None:
        return ""
    simple = plain(value)
    if isinstance(simple, dict):
        text = next(iter(simple.values()))
        return f"<{text}>" if "type" in simple else str(text)
    return str(simple)
