"""Two questions that a table can answer, to go on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.tables import TableHead

__all__ = ["next_text"]


def next_text(head: TableHead, asked: Mapping[str, Any] | None, language: Language) -> str:
    """The sentence that offers them; not the one that was `asked`."""
    questions = _questions(head, asked, language)
    if not questions:
        return ""
    return say(language, "next", questions=", ".join(f"“{one}”" for one in questions[:2]))


def _questions(head: TableHead, asked: Mapping[str, Any] | None, language: Language) -> list[str]:
    done = asked or {}
    value = done.get("value") or next(
        (c.name for c in reversed(head.columns) if c.numeric and _amount(c.name)), None
    )
    value = value or next((column.name for column in head.columns if column.numeric), None)
    used = {*done.get("columns", ()), *done.get("where", {}), *done.get("where_not", {})}
    used |= {str(done["by"])} if done.get("operation") == "top_n" and done.get("by") else set()
    keys = [name for name, values in head.values.items() if 1 < len(values) <= 20 and name not in used]
    dated = any(column.dated for column in head.columns) and done.get("operation") != "trend"
    found: list[str] = []
    if value and keys:
        found.append(say(language, "next_group", value=value, key=keys[0]))
    if value and dated:
        found.append(say(language, "next_trend", value=value))
    if value and len(keys) > 1:
        found.append(say(language, "next_group", value=value, key=keys[1]))
    if done.get("operation") != "missing":
        found.append(say(language, "next_missing"))
    found.append(say(language, "next_profile", table=head.name))
    return found


def _amount(name: str) -> bool:
    return re.search(r"revenue|sales|amount|total|매출|금액|판매", name, re.IGNORECASE) is not None
