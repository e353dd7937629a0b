"""What a person's decision is bound to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["digest_of"]


def digest_of(
    kind: str, content: str | Mapping[str, Any], *, kernel_id: str | None, generation: str | None
) -> str:
    """SHA-256 (hex) over kind, code or arguments, kernel and generation, in one canonical form of JSON.

    Two different actions never have one form: numbers that JSON can't write and keys that are no text are refused
    (`ValueError`, `TypeError`) instead of being written like something else.
    """
    _check(content)
    parts = [kind, content, kernel_id, generation]
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _check(value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{key!r} is no text: keys of an action's arguments must be.")
            _check(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _check(inner)
