"""Large artifacts: kept whole, given back by form, gone with their thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aichat.errors import StorageError
from tests.store.desk import DAY, OWNER, THREAD, Desk, begin, desk, rows

FORMS = {"image/png": b"\x89PNG\0\xff" * 100_000, "text/html": "<b>매출</b>".encode()}


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a thread that keeps an artifact."""
    with desk(tmp_path / "a.db") as made:
        made.write(begin())
        made.write(lambda tx: tx.keep_artifact(THREAD, "c1-1", FORMS))
        yield made


def test_each_form_comes_back_byte_for_byte(one: Desk) -> None:
    """By its MIME type; of what is not kept there is nothing, in this thread and in another."""
    for mime, data in FORMS.items():
        assert one.read(lambda tx, m=mime: tx.artifact(THREAD, "c1-1", m)) == data  # type: ignore[misc]  # bound at once
    assert one.read(lambda tx: tx.artifact(THREAD, "c1-1", "text/plain")) is None
    assert one.read(lambda tx: tx.artifact(THREAD, "c1-2", "image/png")) is None
    assert one.read(lambda tx: tx.artifact("ana/t2", "c1-1", "image/png")) is None


def test_an_artifact_stays_as_it_was_first_kept(one: Desk) -> None:
    """Written again, it is neither doubled nor changed."""
    one.write(lambda tx: tx.keep_artifact(THREAD, "c1-1", {"image/png": b"other", "text/plain": b"more"}))
    assert one.read(lambda tx: tx.artifact(THREAD, "c1-1", "image/png")) == FORMS["image/png"]
    assert one.read(lambda tx: tx.artifact(THREAD, "c1-1", "text/plain")) is None


def test_a_purged_thread_leaves_no_artifact(one: Desk, tmp_path: Path) -> None:
    """While the thread can be brought back it is there; after that not a byte is, and another thread's stay."""
    one.write(begin("other", "ana/t2"))
    one.write(lambda tx: tx.keep_artifact("ana/t2", "c1-1", {"text/html": b"x"}))
    one.write(lambda tx: tx.delete(OWNER, THREAD))
    one.write(lambda tx: tx.purge())
    assert one.read(lambda tx: tx.artifact(THREAD, "c1-1", "image/png")) is not None
    one.clock.now += 8 * DAY
    one.write(lambda tx: tx.purge())
    assert rows(tmp_path / "a.db", "SELECT thread_id, mime FROM aichat_artifact") == [("ana/t2", "text/html")]


def test_a_reader_keeps_nothing(one: Desk) -> None:
    """It says so."""
    with pytest.raises(StorageError, match="only reads"):
        one.read(lambda tx: tx.keep_artifact(THREAD, "c1-9", FORMS))
