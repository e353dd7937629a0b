"""The life of a run, as one table.

`queued → running ⇄ waiting → completed | cancelled | failed`; the diagram in the documentation is made from `TRANSITIONS`.
"""

from __future__ import annotations

from jupyter_aichat.protocol.snapshot import RunState

__all__ = ["OPEN", "TRANSITIONS", "diagram", "is_terminal", "move"]

TRANSITIONS: dict[RunState, dict[str, RunState]] = {
    "queued": {"begin": "running", "cancel": "cancelled", "fail": "failed"},
    "running": {"ask": "waiting", "finish": "completed", "cancel": "cancelled", "fail": "failed"},
    "waiting": {"answer": "running", "cancel": "cancelled", "fail": "failed"},
    "completed": {},
    "cancelled": {},
    "failed": {},
}
"""What can happen to a run in each state, and the state that follows."""

OPEN: tuple[RunState, ...] = ("queued", "running", "waiting")
"""States of a run that has not ended."""


def is_terminal(state: RunState) -> bool:
    """Whether nothing can happen to a run any more."""
    return not TRANSITIONS[state]


def move(state: RunState, what: str) -> RunState:
    """The state after `what` has happened. Raises `ValueError` where the table has no such way."""
    try:
        return TRANSITIONS[state][what]
    except KeyError:
        msg = f"a run that is {state!r} cannot {what!r}; it can {sorted(TRANSITIONS[state])}"
        raise ValueError(msg) from None


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> queued", "    [*] --> running"]
    lines += [f"    {a} --> {b}: {what}" for a, ways in TRANSITIONS.items() for what, b in ways.items()]
    lines += [f"    {state} --> [*]" for state in TRANSITIONS if is_terminal(state)]
    return "\n".join(lines)
