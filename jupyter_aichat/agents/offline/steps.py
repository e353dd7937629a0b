"""What an agent does next: says something, and calls tools or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Plan", "PlannedCall"]


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A tool to call, without an id yet."""

    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """One message of an agent. Without calls it is the agent's last."""

    text: str
    calls: tuple[PlannedCall, ...] = ()
