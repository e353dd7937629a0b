"""The life of a run."""

from __future__ import annotations

import itertools

import pytest

from jupyter_aichat.runs.state import OPEN, TRANSITIONS, diagram, is_terminal, move

EVENTS = sorted({what for ways in TRANSITIONS.values() for what in ways})


@pytest.mark.parametrize(("state", "what"), list(itertools.product(TRANSITIONS, EVENTS)))
def test_every_state_answers_every_event(state: str, what: str) -> None:
    """What the table has no way for is refused, by name; everything else leads to a known state."""
    ways = TRANSITIONS[state]  # type: ignore[index]  # the product loses the literal
    if what in ways:
        assert move(state, what) in TRANSITIONS  # type: ignore[arg-type]  # as above
    else:
        with pytest.raises(ValueError, match=what):
            move(state, what)  # type: ignore[arg-type]  # as above


def test_a_run_that_has_ended_stays_ended() -> None:
    """Completed, cancelled and failed are the ends, and all others are open."""
    assert {s for s in TRANSITIONS if is_terminal(s)} == {"completed", "cancelled", "failed"}
    assert set(OPEN) == {s for s in TRANSITIONS if not is_terminal(s)}


def test_every_open_state_can_be_cancelled() -> None:
    """Stop means stop, whatever the run is doing."""
    assert all(move(state, "cancel") == "cancelled" for state in OPEN)


def test_the_diagram_shows_every_transition() -> None:
    """The documentation's picture is the table."""
    text = diagram()
    assert all(f"{a} --> {b}: {what}" in text for a, ways in TRANSITIONS.items() for what, b in ways.items())
