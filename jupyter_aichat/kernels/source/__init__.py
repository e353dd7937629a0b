"""Python that runs in the analyst's own kernel, whose environment has nothing of ours: it is sent as text.

Each of `NAMES` is a module with `def main(request: dict) -> dict`, both JSON. What they share stands in the modules
whose names begin with an underscore; `text` puts it in the place of its import, so that what is sent stands alone.
They keep to the syntax of Python 3.9 and to the standard library; of other libraries they use what the kernel has.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Final

__all__ = ["NAMES", "text"]

NAMES: Final = ("inspect_variables", "snapshot", "sql")
"""What can be run in a kernel."""

_IMPORT: Final = re.compile(
    r"^from jupyter_aichat\.kernels\.source\.(?P<part>\w+) import (?:\([^)]*\)|[^\n(]+)\n", re.MULTILINE
)
_FUTURE: Final = "from __future__ import annotations\n"


@functools.cache
def text(name: str) -> str:
    """The self-contained source of one of `NAMES`: it defines `main(request)`. Raises `ValueError` for another."""
    if name not in NAMES:
        raise ValueError(f"There is no source {name!r}; there are {', '.join(NAMES)}.")
    return _FUTURE + _joined(name, set())


def _joined(name: str, seen: set[str]) -> str:
    """The text of a module with that of the parts it imports, each once, and without what must stand first."""

    def part(found: re.Match[str]) -> str:
        if found["part"] in seen:
            return ""
        seen.add(found["part"])
        return _joined(found["part"], seen)

    source = resources.files(__name__).joinpath(f"{name}.py").read_text(encoding="utf-8")
    return _IMPORT.sub(part, source.replace(_FUTURE, ""))
