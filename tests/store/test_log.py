"""Appending: numbers without a gap, half characters, titles, and what search gets to see."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from jupyter_aichat.protocol.events import (
    UNTIMED,
    Done,
    EventData,
    Reasoning,
    RunQueued,
    Status,
    Title,
    ToolOutput,
    UserMessage,
)
from jupyter_aichat.store import Store
from jupyter_aichat.store.log import MAX_PARAMETERS, event_json, in_chunks, sound_title
from tests.store.desk import OWNER, THREAD, Desk, begin, busy, desk, done, given, opened, rows, start, token

HALF = "매출 \ud83d"
"""Half of an emoji, as a model that streams by code units sends it."""


async def test_two_stores_on_one_file_number_one_log_without_a_gap(tmp_path: Path) -> None:
    """Both append at the same time, in turns that nobody plans: each number once, and both see the same order."""
    path = tmp_path / "a.db"
    one, two = await opened(path), await opened(path, "two")
    await one.write(begin())

    async def append(store: Store) -> list[int]:
        numbers: list[asyncio.Future[int]] = []
        for i in range(150):
            numbers.append(store.write(lambda tx, i=i: tx.append(THREAD, "r1", token(f"{store.server} {i}"))))  # type: ignore[misc]  # bound at once
            if i % 7 == 0:
                await asyncio.sleep(0)
        return await asyncio.gather(*numbers)

    ones, twos = await asyncio.gather(append(one), append(two))
    assert sorted([*ones, *twos]) == list(range(2, 302))
    assert ones == sorted(ones)
    cursors = one.follow(THREAD, 0), two.follow(THREAD, 0)
    for cursor in cursors:
        assert await given(cursor, 301) == list(range(1, 302))
        cursor.close()
    texts = [e.data for e in await one.read(lambda tx: tx.events(THREAD))]
    assert texts == [e.data for e in await two.read(lambda tx: tx.events(THREAD))]
    assert len(set(texts)) == 301
    await asyncio.gather(one.close(), two.close())


async def test_one_batch_may_speak_of_any_number_of_threads(tmp_path: Path) -> None:
    """More than one statement takes: each thread gets its event all the same."""
    store = await opened(tmp_path / "a.db")
    ids = [f"ana/t{i}" for i in range(MAX_PARAMETERS + 100)]

    held = await store.write(
        lambda tx: [(tx.thread(OWNER, i, create=True), tx.take_lease(i))[1] for i in ids]
    )
    async with busy(store):
        for lease in held:
            store.append(lease, "r1", token())
    await store.write(lambda _: None)
    heads = await store.read(lambda tx: tx.heads([*ids, "ana/none"]))
    assert heads == dict.fromkeys(ids, (1, False))
    await store.close()


@pytest.mark.parametrize(
    "event", [token(HALF), start(HALF), done(HALF), Title(title=HALF)], ids=lambda e: e.event_type
)
def test_half_a_character_never_stops_the_log(tmp_path: Path, event: EventData) -> None:
    """It becomes U+FFFD, in the log as in search: valid UTF-8, and found by the words beside it."""
    with desk(tmp_path / "a.db") as one:
        one.write(begin("first"))
        assert one.write(lambda tx: tx.append(THREAD, "r1", event)) == 2
        (stored,) = one.read(lambda tx: tx.events(THREAD, 1))
        assert "매출 " in json.dumps(json.loads(stored.data), ensure_ascii=False)
        json.dumps(json.loads(stored.data), ensure_ascii=False).encode()
        found = one.read(lambda tx: tx.threads(OWNER, query="매출")).threads
        assert len(found) == (event.event_type != "token")


def test_the_two_halves_of_a_character_are_one_again() -> None:
    """A pair of surrogates is the character that it means."""
    assert json.loads(event_json(done("\ud83d\ude00")))["content"] == "\U0001f600"


@pytest.mark.parametrize(
    ("given_title", "kept"),
    [
        ("분기별 매출", "분기별 매출"),
        ("  two \n lines\t", "two lines"),
        ("\x1b[31mred\x07", "[31mred"),
        ("a\u202eb\u2066c\u200bd", "a b c d"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
        ("a\0b", "a b"),
        ("", ""),
        ("가" * 600, "가" * 500),
    ],
)
def test_a_title_is_one_line_of_what_can_be_seen(tmp_path: Path, given_title: str, kept: str) -> None:
    """No control characters, no turning of the direction, not endless; an emoji of several parts stays whole."""
    assert sound_title(given_title) == kept
    with desk(tmp_path / "a.db") as one:
        one.write(begin())
        one.write(lambda tx: tx.append(THREAD, None, Title(title=given_title)))
        assert one.read(lambda tx: tx.thread(OWNER, THREAD)).title == kept


def test_events_that_come_in_hundreds_carry_no_time(tmp_path: Path) -> None:
    """All others say when they happened."""
    many = [
        token(),
        Reasoning(token="hm", agent="a", message_id="m"),
        ToolOutput(call_id="c", stream="stdout", text="1"),
        Status(agent="a", text="…"),
        done(),
    ]
    with desk(tmp_path / "a.db") as one:
        one.write(begin())
        one.write(lambda tx: [tx.append(THREAD, "r1", e) for e in many])
        for event in one.read(lambda tx: tx.events(THREAD)):
            assert (event.time is None) == (event.event_type in UNTIMED), event
            assert event.time in {None, "2027-01-15T08:00:00.000Z"}


def updated(one: Desk) -> str:
    """When the thread was last active."""
    return one.read(lambda tx: tx.thread(OWNER, THREAD)).updated_at


def test_an_answer_is_activity_and_a_title_is_none(tmp_path: Path) -> None:
    """Renaming does not bring a thread to the top of the list; what is said in it does."""
    with desk(tmp_path / "a.db") as one:
        one.write(begin())
        before = updated(one)
        one.clock.now += 60
        one.write(lambda tx: tx.append(THREAD, None, Title(title="new")))
        one.write(lambda tx: tx.append(THREAD, "r1", token()))
        assert updated(one) == before
        one.write(lambda tx: [tx.append(THREAD, "r1", e) for e in (done(), Title(title="newer"))])
        assert updated(one) == "2027-01-15T08:01:00.000Z"


def test_a_message_that_waited_is_one_passage(tmp_path: Path) -> None:
    """Its text is kept for search once, when it is queued, and not again when it begins to be answered."""
    path = tmp_path / "a.db"
    queued = RunQueued(message=UserMessage(id="m2", content="다음 질문"))
    with desk(path) as one:
        one.write(begin())
        one.write(lambda tx: [tx.append(THREAD, "r2", e) for e in (queued, start("다음 질문", "m2"))])
        one.write(
            lambda tx: [
                tx.append(THREAD, "r2", Done(content=c, agent="s", outcome="completed", duration_ms=1))
                for c in ("a", "b")
            ]
        )
    assert rows(path, "SELECT key, text FROM aichat_passage ORDER BY key") == [
        ("answer r2", "b"),
        ("message m1", "hi"),
        ("message m2", "다음 질문"),
    ]


@pytest.mark.parametrize("count", [0, 1, MAX_PARAMETERS, MAX_PARAMETERS + 1, 3 * MAX_PARAMETERS])
def test_chunks_hold_every_value_once(count: int) -> None:
    """In order, and never more than one statement takes."""
    values = [str(i) for i in range(count)]
    chunks = list(in_chunks(values))
    assert [v for chunk in chunks for v in chunk] == values
    assert all(0 < len(chunk) <= MAX_PARAMETERS for chunk in chunks)
