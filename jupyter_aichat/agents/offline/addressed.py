"""Whether a question asks for a specialist by name who is not one of ours: the rules then hand it over as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["addressed"]

_OURS: Final = frozenset({"analyst", "visualizer", "researcher", "coder", "writer"})
_HANDOFF: Final = "ask_"


def addressed(question: str, tools: Iterable[str]) -> str | None:
    """The name of the agent, of those that `tools` (`ask_NAME`) lead to; a word that only looks like one asks nobody.

    "ask the auditor to …", "@auditor …", "auditor: …", "auditor에게 …".
    """
    names = (tool.removeprefix(_HANDOFF) for tool in tools if tool.startswith(_HANDOFF))
    for name in sorted(set(names) - _OURS, key=len, reverse=True):
        word = re.escape(name).replace("_", "[_ -]")
        asks = (
            rf"\b(?:ask|let|have|tell)\s+(?:the\s+|our\s+)?{word}\b",
            rf"(?:^|\s)@{word}\b",
            rf"^\s*{word}\s*[,:]",
            rf"(?<![a-z0-9_]){word}\s*(?:에게|한테|께)",
        )
        if any(re.search(ask, question, re.IGNORECASE) for ask in asks):
            return name
    return None
