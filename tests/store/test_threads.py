"""The list as its owner sees it: whose, in which order, page by page; names, deleting and what is gone for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.store import ThreadPage, Transaction
from tests.store.desk import (
    DAY,
    OWNER,
    THREAD,
    Desk,
    approval,
    begin,
    change,
    desk,
    done,
    rows,
)

TABLES = ("thread", "event", "run", "approval", "passage")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one thread of Ana's, in which something was said and asked."""
    with desk(tmp_path / "a.db") as made:
        made.write(begin("분기별 매출을 알려줘"))
        made.write(lambda tx: tx.append(THREAD, "r1", done("3분기가 가장 높습니다")))
        made.write(lambda tx: tx.insert_approval(approval("p1")))
        yield made


def file_of(one: Desk) -> Path:
    """The store's file."""
    assert one.database.file is not None
    return one.database.file.path


def ids(page: ThreadPage) -> list[str]:
    """Which threads, in order."""
    return [thread.id for thread in page.threads]


def listed(one: Desk, owner: str = OWNER, **chosen: Any) -> list[str]:
    """The first page of somebody's list."""
    return ids(one.read(lambda tx: tx.threads(owner, **chosen)))


def said_of(one: Desk, work: Callable[[Transaction], object]) -> tuple[str, str]:
    """How the work is refused: code and sentence."""
    with pytest.raises(CommandRefused) as refused:
        one.write(work)
    return refused.value.code, str(refused.value)


ASKING: list[tuple[str, Callable[[Transaction, str, str], object]]] = [
    ("thread", lambda tx, owner, i: tx.thread(owner, i)),
    ("thread, create", lambda tx, owner, i: tx.thread(owner, i, create=True)),
    ("rename", lambda tx, owner, i: tx.rename(owner, i, "mine")),
    ("pin", lambda tx, owner, i: tx.pin(owner, i, pinned=True)),
    ("delete", lambda tx, owner, i: tx.delete(owner, i)),
    ("restore", lambda tx, owner, i: tx.restore(owner, i)),
]


@pytest.mark.parametrize("asking", [work for _, work in ASKING], ids=[name for name, _ in ASKING])
def test_a_foreign_thread_is_like_a_missing_one(
    one: Desk, asking: Callable[[Transaction, str, str], object]
) -> None:
    """Whatever is asked of it: the same refusal, word for word, and nothing of it has changed."""
    before = one.read(lambda tx: (tx.thread(OWNER, THREAD), tx.events(THREAD)))
    code, sentence = said_of(one, lambda tx: asking(tx, "bo", THREAD))
    missing = said_of(one, lambda tx: tx.thread("bo", "ana/t9"))
    assert (code, sentence) == (missing[0], missing[1].replace("t9", "t1"))
    assert one.read(lambda tx: (tx.thread(OWNER, THREAD), tx.events(THREAD))) == before
    assert listed(one, "bo") == []
    assert not one.read(lambda tx: tx.has_thread("bo", THREAD))


def test_a_list_holds_only_its_owner_s_threads(one: Desk) -> None:
    """Searched or not; an owner whose name is a pattern of SQL owns nothing by that."""
    one.write(begin("매출", "bo/t1", "bo"))
    for owner in ("%", "a%", "an_", "ANA", "' OR 1=1--", ""):
        assert listed(one, owner) == []
        assert listed(one, owner, query="매출") == []
    assert listed(one) == listed(one, query="매출") == [THREAD]
    assert listed(one, "bo") == listed(one, "bo", query="매출") == ["bo/t1"]


@pytest.mark.parametrize(
    "thread_id",
    [
        "",
        "ana/",
        "ana/" + "a" * 129,
        "a b",
        "../..",
        "..%2f",
        "a'; DROP TABLE--",
        "ana/\n",
        "\0/t",
        "ana/갑",
    ],
)
def test_an_id_that_is_none_makes_no_thread(one: Desk, thread_id: str) -> None:
    """It is refused as a bad request that names it."""
    code, sentence = said_of(one, lambda tx: tx.thread(OWNER, thread_id, create=True))
    assert code == "bad_request"
    assert "is not a thread's id" in sentence
    assert listed(one) == [THREAD]


def test_new_threads_have_ids_that_nobody_guesses(one: Desk) -> None:
    """At least 128 random bits; the title that was given is in the log and in the list."""
    made = [one.write(lambda tx: tx.create_thread(OWNER, "이름 있는")) for _ in range(20)]
    assert len({m.id for m in made}) == 20
    assert min(len(m.id) for m in made) >= 22
    assert {(m.title, m.head, m.here) for m in made} == {("이름 있는", 1, True)}


def test_a_new_name_is_in_the_log_and_in_the_list(one: Desk) -> None:
    """Everybody who follows the thread sees it, and it is one line."""
    record = one.write(lambda tx: tx.rename(OWNER, THREAD, " 새\n이름 "))
    assert (record.title, record.head) == ("새 이름", 3)
    (event,) = one.read(lambda tx: tx.events(THREAD, 2))
    assert (event.event_type, event.run_id, event.data.decode()) == ("title", None, '{"title":"새 이름"}')


def test_what_is_deleted_is_gone_for_its_owner_and_comes_back_whole(one: Desk) -> None:
    """Not found, not listed, not searched, not made anew under the same id; restored, nothing is missing."""
    before = one.read(lambda tx: (tx.thread(OWNER, THREAD), tx.events(THREAD), tx.approvals(THREAD)))
    one.write(lambda tx: tx.delete(OWNER, THREAD))
    gone = said_of(one, lambda tx: tx.thread(OWNER, THREAD))
    assert gone == said_of(one, lambda tx: tx.thread(OWNER, THREAD, create=True))
    assert gone == said_of(one, lambda tx: tx.delete(OWNER, THREAD))
    assert gone == said_of(one, lambda tx: tx.has_thread(OWNER, THREAD))
    assert listed(one) == listed(one, query="매출") == []
    assert said_of(one, lambda tx: tx.restore("bo", THREAD))[0] == "not_found"
    restored = one.write(lambda tx: tx.restore(OWNER, THREAD))
    assert (restored, *one.read(lambda tx: (tx.events(THREAD), tx.approvals(THREAD)))) == before
    assert listed(one, query="매출") == [THREAD]


def test_seven_days_after_its_deletion_nothing_of_a_thread_is_left(one: Desk) -> None:
    """Text, runs, approvals and search index go; a day earlier, and in other threads, nothing does."""
    one.write(begin("secret plan", "ana/t2"))
    one.write(lambda tx: tx.delete(OWNER, THREAD))
    one.clock.now += 7 * DAY
    assert one.write(lambda tx: tx.purge()) == 0
    one.write(lambda tx: tx.delete(OWNER, "ana/t2"))
    one.clock.now += 0.001
    assert one.write(lambda tx: tx.purge()) == 1
    path = file_of(one)
    for table in TABLES:
        column = "id" if table == "thread" else "thread_id"
        left = {i for (i,) in rows(path, f"SELECT {column} FROM aichat_{table}")}  # noqa: S608  our own names
        assert left <= {"ana/t2"}, table
    index = "SELECT count(*) FROM aichat_passage_index WHERE aichat_passage_index MATCH ?"
    assert rows(path, index, '"매출을"') == [(0,)]
    assert rows(path, index, '"secret"') == [(1,)]
    assert said_of(one, lambda tx: tx.restore(OWNER, THREAD))[0] == "not_found"
    assert one.write(lambda tx: tx.restore(OWNER, "ana/t2")).head == 1
    assert one.write(begin("new", THREAD)).fence == 1
    assert listed(one, query="매출") == []


def test_the_owner_of_a_thread_is_its_first_one(one: Desk) -> None:
    """An id that a purge set free may be anybody's; until then it is nobody else's."""
    change(file_of(one), "UPDATE aichat_thread SET deleted_at = '2001-01-01T00:00:00.000Z'")
    assert said_of(one, lambda tx: tx.thread("bo", THREAD, create=True))[0] == "not_found"
    one.write(lambda tx: tx.purge())
    assert one.write(lambda tx: tx.thread("bo", THREAD, create=True)).owner == "bo"


@pytest.mark.parametrize(
    "work",
    [
        lambda tx: tx.thread(OWNER, "ana/new", create=True),
        lambda tx: tx.create_thread(OWNER),
        lambda tx: tx.rename(OWNER, THREAD, "x"),
        lambda tx: tx.pin(OWNER, THREAD, pinned=True),
        lambda tx: tx.delete(OWNER, THREAD),
        lambda tx: tx.restore(OWNER, THREAD),
        lambda tx: tx.purge(),
        lambda tx: tx.take_lease(THREAD),
    ],
    ids=["make", "create", "rename", "pin", "delete", "restore", "purge", "lease"],
)
def test_a_reader_changes_nothing(one: Desk, work: Callable[[Transaction], object]) -> None:
    """Each work that writes says so when it is given to a transaction that only reads."""
    with pytest.raises(StorageError, match="only reads"):
        one.read(work)
    assert listed(one) == [THREAD]
