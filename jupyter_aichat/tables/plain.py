"""A result as JSON-able values, for a model: exact numbers, bounded size."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from typing import Any, Final

from jupyter_aichat.tables.markdown import cut
from jupyter_aichat.tables.results import Result

__all__ = ["as_dict"]

_MOST: Final = 40


def as_dict(result: Result) -> dict[str, Any]:
    """`result` as nested dicts and lists. Texts are cut at 80 characters, lists at 40 members: what was left out is
    counted under the list's name with "_more" appended. Fields without a value are left out.
    """
    plain: dict[str, Any] = _plain(result)
    plain["finding"] = {"kind": type(result.finding).__name__.lower(), **plain["finding"]}
    return plain


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields: dict[str, Any] = {}
        for field in dataclasses.fields(value):
            _put(fields, field.name, getattr(value, field.name))
        return fields
    if isinstance(value, dict):
        fields = {}
        for key, item in value.items():
            _put(fields, cut(str(key)), item)
        return fields
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value[:_MOST]]
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return cut(value) if isinstance(value, str) else value


def _put(fields: dict[str, Any], name: str, value: object) -> None:
    if value is None:
        return
    fields[name] = _plain(value)
    if isinstance(value, list | tuple) and len(value) > _MOST:
        fields[f"{name}_more"] = len(value) - _MOST
