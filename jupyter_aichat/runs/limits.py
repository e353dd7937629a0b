"""Limits of runs: how many wait, how long they may take, how much they may say."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Frozen settings of `runs`. Times are in seconds."""

    queue: int = 8
    """Messages that may wait behind a run of the same thread."""
    idle: float = 300.0
    """A run to which nothing happens for so long is ended; waiting for a person does not count."""
    total: float = 3600.0
    """A run may take so long in all, waiting for a person not counted."""
    characters: int = 2_000_000
    """Characters that the agents of one run may say."""
    approval: float = 24 * 3600.0
    """An approval that nobody decided by then expires."""
