"""What a calculation in the kernel is called, and which rows it kept: in the words that calculations of files have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.tables.markdown import code, escape
from jupyter_aichat.tables.phrases import words

__all__ = ["filters_text", "heading_of"]


def heading_of(request: Mapping[str, Any], frame: Frame, language: Language) -> str:
    """The title of a result."""
    say = words(language)
    operation, value = request["operation"], request.get("value")
    measure = say("rows") if value is None else say(request.get("aggregate", "sum"), value=escape(value))
    if operation in {"missing", "duplicates", "describe", "correlation"}:
        return say(operation, name=escape(frame.name))
    if operation == "profile":
        return say("distinct", value=", ".join(map(escape, request.get("columns", ()))))
    n = abs(int(request.get("n", 1)))
    said = measure if language == "ko" else measure[0].lower() + measure[1:]
    if operation == "top_n":
        side = "top" if request["n"] > 0 else "bottom"
        if request.get("by"):
            return say(f"{side}_groups", n=n, measure=said, keys=escape(request["by"]))
        return say(f"{side}_rows", n=n, measure=escape(str(value)))
    if operation == "trend":
        return say("trend", measure=measure, period=say(request.get("period", "month")))
    keys = [escape(key) for key in request.get("columns", ())]
    if request.get("period"):
        keys.append(say(request["period"]))
    if not keys:
        return measure
    return say(
        "group_by", measure=measure, keys="·".join(keys) if language == "ko" else say("and").join(keys)
    )


def filters_text(request: Mapping[str, Any], language: Language) -> str:
    """The filters of a request; "" where all rows count."""
    say = words(language)
    found: list[str] = []
    for field, sign in (("where", "="), ("where_not", "≠")):
        for name, wanted in request.get(field, {}).items():
            values = wanted if isinstance(wanted, list) else [wanted]
            shown = (", ≠ " if sign == "≠" else say("or")).join(escape(str(value)) for value in values)
            found.append(say("condition", column=code(name), sign=sign, values=shown))
    for name, bounds in request.get("where_range", {}).items():
        for sign, bound in bounds.items():
            shown = {">=": "≥", "<=": "≤"}.get(sign, sign)
            found.append(say("condition", column=code(name), sign=shown, values=escape(str(bound))))
    return say("and").join(found)
