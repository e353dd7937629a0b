"""The list of threads: its order, its pages, and positions that were never given out."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.store import ThreadPage, Transaction
from tests.store.desk import (
    OWNER,
    THREAD,
    Desk,
    approval,
    begin,
    database,
    desk,
    done,
    start,
)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one thread of Ana's, in which something was said and asked."""
    with desk(tmp_path / "a.db") as made:
        made.write(begin("분기별 매출을 알려줘"))
        made.write(lambda tx: tx.append(THREAD, "r1", done("3분기가 가장 높습니다")))
        made.write(lambda tx: tx.insert_approval(approval("p1")))
        yield made


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


def test_this_root_comes_first_then_the_pinned_then_the_newest(tmp_path: Path) -> None:
    """And a thread of another root says that it is from elsewhere."""
    with database(tmp_path / "a.db") as shared:
        here, there = Desk(shared, root="/here"), Desk(shared, root="/there")
        for number, (where, pinned) in enumerate(
            [(here, False), (there, True), (here, True), (there, False), (here, True), (here, False)]
        ):
            where.clock.now += number
            thread_id = f"ana/{'h' if where is here else 't'}{number}{'p' if pinned else ''}"
            where.write(begin(thread_id=thread_id))
            where.write(lambda tx, i=thread_id, p=pinned: tx.pin(OWNER, i, pinned=p))  # type: ignore[misc]  # bound at once
        assert listed(here) == ["ana/h4p", "ana/h2p", "ana/h5", "ana/h0", "ana/t1p", "ana/t3"]
        assert listed(there) == ["ana/t1p", "ana/t3", "ana/h4p", "ana/h2p", "ana/h5", "ana/h0"]
        assert [t.here for t in here.read(lambda tx: tx.threads(OWNER)).threads] == [True] * 4 + [False] * 2
        assert here.read(lambda tx: (tx.is_here("ana/h0"), tx.is_here("ana/t1p"), tx.is_here("no"))) == (
            True,
            False,
            False,
        )
        here.write(lambda tx: tx.pin(OWNER, "ana/h4p", pinned=False))
        assert listed(here)[:3] == ["ana/h2p", "ana/h5", "ana/h4p"]


def test_what_is_said_brings_a_thread_to_the_top(one: Desk) -> None:
    """A new message does; a new name does not."""
    one.clock.now += 1
    one.write(begin(thread_id="ana/t2"))
    one.clock.now += 1
    one.write(lambda tx: tx.rename(OWNER, THREAD, "renamed"))
    assert listed(one) == ["ana/t2", THREAD]
    one.write(lambda tx: tx.append(THREAD, "r1", start("again", "m2")))
    assert listed(one) == [THREAD, "ana/t2"]


@pytest.mark.parametrize("same_moment", [True, False])
def test_pages_join_without_repeats_and_without_gaps(one: Desk, same_moment: bool) -> None:  # noqa: FBT001  a table
    """Whatever the length of a page, also of threads that were made in the same millisecond."""
    for i in range(25):
        one.clock.now += 0 if same_moment else 1
        one.write(begin(thread_id=f"ana/x{i}"))
        one.write(lambda tx, i=i: tx.pin(OWNER, f"ana/x{i}", pinned=i % 4 == 0))  # type: ignore[misc]  # bound at once
    whole = listed(one)
    assert len(whole) == 26
    for limit in (1, 2, 7, 13, 25, 26):
        assert walk(one, limit, lambda: None) == whole


def walk(one: Desk, limit: int, between: Callable[[], object]) -> list[str]:
    """The whole list, page by page, with something happening between the pages."""
    found, before = list[str](), None
    while True:
        page = one.read(lambda tx, b=before: tx.threads(OWNER, limit=limit, before=b))  # type: ignore[misc]  # bound at once
        found += ids(page)
        assert len(page.threads) == limit or page.next is None
        if page.next is None:
            return found
        before = page.next
        between()


@pytest.mark.parametrize("seed", range(5))
def test_what_does_not_change_while_one_turns_pages_is_seen_once(one: Desk, seed: int) -> None:
    """Threads are answered, pinned, deleted and made meanwhile: nothing comes twice, and nothing quiet is left out."""
    dice = random.Random(seed)
    names = [f"ana/x{i}" for i in range(30)]
    for name in names:
        one.clock.now += 1
        one.write(begin(thread_id=name))
    touched: set[str] = set()

    def happen() -> None:
        one.clock.now += 1
        name = dice.choice(names)
        touched.add(name)
        kind = dice.randrange(4)
        if kind == 0:
            one.write(lambda tx: tx.append(name, "r1", start("more", f"m{one.clock.now}")))
        elif kind == 1:
            one.write(lambda tx: tx.has_thread(OWNER, name) and tx.pin(OWNER, name, pinned=True))
        elif kind == 2:
            one.write(begin(thread_id=f"ana/new{one.clock.now:.0f}"))
        else:
            names.remove(name)
            one.write(lambda tx: tx.delete(OWNER, name))

    found = walk(one, 3, happen)
    assert len(found) == len(set(found))
    assert {THREAD, *names} - touched <= set(found)


def token_of(text: str) -> str:
    """A `before` as it would be given out, with something else inside."""
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode()


GARBAGE = [
    "x",
    "갑",
    "\ud800",
    "=" * 50,
    token_of(""),
    token_of("[]"),
    token_of("{}"),
    token_of("null"),
    token_of('[1, 0, "2026"]'),
    token_of('[1, 0, 2026, "ana/t1"]'),
    token_of('[1, 0, "2026", 7]'),
    token_of('["1", 0, "2026", "ana/t1"]'),
    token_of('[[1], 0, "2026", "ana/t1"]'),
    token_of('[1e999, 0, "2026", "ana/t1"]'),
    token_of('[NaN, 0, "2026", "ana/t1"]'),
    token_of(f'[{2**70}, 0, "2026", "ana/t1"]'),
    token_of('[1, 0, "2026", "\\ud800/t1"]'),
    token_of('[1, 0, "\\u0000", "ana/t1"]'),
    token_of('[1, 0, "2026", "\\u0000"]'),
    token_of("[" * 100_000),
    token_of("9" * 100_000),
    "A" * 100_000,
]


@pytest.mark.parametrize("before", GARBAGE, ids=range(len(GARBAGE)))
def test_a_position_that_was_never_given_out_is_refused(one: Desk, before: str) -> None:
    """As a bad request that says where to take one from; never an error of the server, never a fresh first page."""
    code, sentence = said_of(one, lambda tx: tx.threads(OWNER, before=before))
    assert code == "bad_request"
    assert "Take it from the `next` of a page" in sentence
    assert len(sentence) < 500


def test_a_position_of_somebody_else_shows_nothing_of_theirs(one: Desk) -> None:
    """It is only a place in an order; the owner is asked for all the same."""
    for i in range(3):
        one.write(begin(thread_id=f"bo/t{i}", owner="bo"))
    theirs = one.read(lambda tx: tx.threads("bo", limit=1)).next
    assert set(listed(one, before=theirs)) <= {THREAD}


@settings(deadline=None)  # opens a store each time
@given(limit=st.integers(-(2**70), 2**70))
def test_any_limit_is_a_sound_one(limit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """At least one thread and never more than two hundred."""
    path = tmp_path_factory.getbasetemp() / "limits.db"
    with desk(path) as one:
        if not listed(one):
            for i in range(3):
                one.write(begin(thread_id=f"ana/t{i}"))
        assert len(listed(one, limit=limit)) == max(1, min(limit, 3))
