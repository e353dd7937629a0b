"""What the parts of a transaction share: changes that follow from a commit, and times."""

from __future__ import annotations

import pytest

from jupyter_aichat.store import Lease
from jupyter_aichat.store.scope import Changes, iso, not_found

OLD, NEW = Lease("ana/t1", "one", 1, renewed=0.0), Lease("ana/t1", "one", 2, renewed=0.0)


def joined(*pieces: Changes) -> Changes:
    """What follows from pieces of work in one commit, in this order."""
    whole = Changes()
    for piece in pieces:
        whole.add(piece)
    return whole


def test_of_leases_the_last_word_counts() -> None:
    """Taken and given back is not held; given back and taken again is held."""
    taken, released = Changes(taken={"ana/t1": OLD}), Changes(released=[OLD])
    assert joined(taken, released).taken == {}
    again = joined(released, Changes(taken={"ana/t1": NEW}))
    assert again.taken == {"ana/t1": NEW}
    assert again.released == [OLD]


def test_of_deleting_and_restoring_the_last_word_counts() -> None:
    """Followers are told what is true after the commit."""
    deleted, restored = Changes(deleted={"a"}), Changes(restored={"a"})
    there, gone = joined(deleted, restored), joined(deleted, restored, deleted)
    assert (there.deleted, there.restored) == (set(), {"a"})
    assert (gone.deleted, gone.restored) == ({"a"}, set())
    assert joined(deleted, Changes(deleted={"b"})).deleted == {"a", "b"}


def test_a_purge_among_others_is_remembered() -> None:
    """Space is given back after any of them."""
    assert joined(Changes(), Changes(purged=True), Changes()).purged
    assert not joined(Changes(), Changes()).purged


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_800_000_000.0, "2027-01-15T08:00:00.000Z"),
        (1_800_000_000.9999, "2027-01-15T08:00:00.999Z"),
        (-1.5, "1969-12-31T23:59:58.500Z"),
    ],
)
def test_times_are_written_as_on_the_wire(seconds: float, text: str) -> None:
    """UTC, milliseconds, always of one length, so that their order as text is their order in time."""
    assert iso(seconds) == text


def test_not_found_is_a_refusal_that_says_what_to_do() -> None:
    """Whatever the reason; trying again is of no use."""
    refused = not_found("ana/t1")
    assert refused.code == "not_found"
    assert "t1" in str(refused)
    assert "Choose one from the list" in str(refused)
