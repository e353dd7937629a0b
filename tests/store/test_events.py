"""Reading the log inside a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.protocol.events import Summary
from jupyter_aichat.store.events import PAGE
from tests.store.desk import OWNER, THREAD, Desk, begin, change, desk, done, token


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a log of nine: two runs, whose tokens stand between each other."""
    with desk(tmp_path / "a.db") as made:
        made.write(begin())
        made.write(begin("again"))
        made.write(lambda tx: [tx.append(THREAD, run, token(run)) for run in ("r1", "r2", "r1", "r2", "r1")])
        made.write(lambda tx: [tx.append(THREAD, run, done(run)) for run in ("r1", "r2")])
        yield made


@pytest.mark.parametrize(
    ("after", "limit", "until", "expected"),
    [
        (0, 1000, None, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (4, 2, None, [5, 6]),
        (4, 1000, 6, [5, 6]),
        (9, 1000, None, []),
        (10_000, 1000, None, []),
        (-5, 3, None, [1, 2, 3]),
        (2**70, 5, None, []),
        (0, 5, 2**70, [1, 2, 3, 4, 5]),
        (6, 5, 3, []),
    ],
)
def test_a_page_is_what_stands_behind_a_position(
    one: Desk, after: int, limit: int, until: int | None, expected: list[int]
) -> None:
    """In order and no longer than asked for; a number of any size is only a position."""
    assert [e.seq for e in one.read(lambda tx: tx.events(THREAD, after, limit, until))] == expected


def test_a_log_of_any_length_is_read_page_by_page(one: Desk) -> None:
    """No event is missing or repeated where two pages meet."""
    one.write(lambda tx: [tx.append(THREAD, "r2", token(str(i))) for i in range(2 * PAGE)])
    assert [e.seq for e in one.read(lambda tx: list(tx.all_events(THREAD)))] == list(range(1, 2 * PAGE + 10))
    assert len(one.read(lambda tx: list(tx.all_events(THREAD, PAGE)))) == PAGE + 9


def test_the_events_of_one_run_stand_apart(one: Desk) -> None:
    """Of all types or of some, in order."""
    assert [e.seq for e in one.read(lambda tx: tx.run_events(THREAD, "r1"))] == [1, 3, 5, 7, 8]
    assert [e.seq for e in one.read(lambda tx: tx.run_events(THREAD, "r2", ["token"]))] == [4, 6]
    assert one.read(lambda tx: tx.run_events(THREAD, "r2", [])) == []
    assert one.read(lambda tx: tx.run_events(THREAD, "r9")) == []


def test_a_frame_is_the_event_as_it_was_stored(one: Desk) -> None:
    """The same bytes for everybody who looks, with its number and its run."""
    (event,) = one.read(lambda tx: tx.events(THREAD, 2, 1))
    assert event.frame is event.frame
    assert event.frame == b'{"event_type":"token","seq":3,"run_id":"r1","data":' + event.data + b"}"


def test_the_last_summary_counts(one: Desk) -> None:
    """Where it reaches to is where the agents' view of the log begins."""
    assert one.read(lambda tx: tx.summarised_until(THREAD)) == 0
    for until in (3, 7):
        one.write(lambda tx, n=until: tx.append(THREAD, "r2", Summary(text="…", until_seq=n)))  # type: ignore[misc]  # bound at once
        assert one.read(lambda tx: tx.summarised_until(THREAD)) == until


def test_a_folded_range_has_no_positions_inside(one: Desk) -> None:
    """A client that stopped within tokens that were folded into one row starts anew; at either end it goes on."""
    change(
        one.database.file.path if one.database.file else Path(),
        "DELETE FROM aichat_event WHERE seq BETWEEN 3 AND 5",
        "UPDATE aichat_event SET from_seq = 3 WHERE seq = 6",
    )
    answers = one.read(lambda tx: [tx.is_position(THREAD, seq) for seq in range(10)])
    assert answers == [True, True, True, False, False, False, True, True, True, True]


def test_heads_tell_how_far_each_thread_is(one: Desk) -> None:
    """And whether it was deleted; one that does not exist is left out."""
    one.write(lambda tx: tx.create_thread(OWNER))
    one.write(begin(thread_id="ana/t2"))
    one.write(lambda tx: tx.delete(OWNER, "ana/t2"))
    heads = one.read(lambda tx: tx.heads([THREAD, "ana/t2", "ana/none"]))
    assert heads == {THREAD: (9, False), "ana/t2": (1, True)}
    assert one.read(lambda tx: tx.heads([])) == {}


def test_nothing_is_appended_to_a_thread_that_does_not_exist(one: Desk) -> None:
    """It is not found; one that was deleted takes the end of its runs."""
    with pytest.raises(CommandRefused, match="no thread"):
        one.write(lambda tx: tx.append("ana/none", "r1", done()))
    one.write(lambda tx: tx.delete(OWNER, THREAD))
    assert one.write(lambda tx: tx.append(THREAD, "r2", done())) == 10


def test_a_reader_cannot_append(one: Desk) -> None:
    """A transaction that only reads says what to use instead, and nothing happens."""
    with pytest.raises(StorageError, match=r"only reads; use Store\.write"):
        one.read(lambda tx: tx.append(THREAD, "r1", done()))
    assert one.read(lambda tx: tx.heads([THREAD])) == {THREAD: (9, False)}
