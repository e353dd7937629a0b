"""The log inside one transaction of the writer: places are looked up once, numbers given out, rows written together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from pydantic_core import PydanticSerializationError

from jupyter_aichat.protocol.events import UNTIMED, Done, EventData, RunQueued, RunStart, Title
from jupyter_aichat.protocol.frames import encode
from jupyter_aichat.store import search
from jupyter_aichat.store.records import LoggedEvent
from jupyter_aichat.store.schema import EVENT, PASSAGE, THREAD

__all__ = ["Log", "Place", "Row", "event_json", "in_chunks", "read_events", "sound_title"]

MAX_PARAMETERS = 900
"""SQLite before 3.32 takes 999 in one statement."""

MAX_TITLE = 500
ZERO_WIDTH_JOINER = "\u200d"  # holds the parts of an emoji together


class Row(NamedTuple):
    """One event on its way into the table."""

    thread_id: str
    seq: int
    run_id: str | None
    event_type: str
    time: str | None
    data: bytes


@dataclass(slots=True)
class Place:
    """Where a thread stands, as of the lock on its row that this transaction holds."""

    head: int
    server: str | None
    fence: int
    expires: int


class Log:
    """What one transaction appends. Nothing here is shared with another transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._places: dict[str, Place | None] = {}
        self._waiting: list[Row] = []
        self._indexed: list[tuple[str, str, str]] = []
        self._titles: dict[str, str] = {}
        self.written: list[Row] = []
        """What was put into the table, in order."""

    def look_up(self, thread_ids: Iterable[str]) -> None:
        """Lock these threads and learn where they stand: one statement for all that are not known yet."""
        unknown = [i for i in dict.fromkeys(thread_ids) if i not in self._places]
        for chunk in in_chunks(unknown):
            # Always in the order of ids, so that two servers on one database cannot lock each other out.
            rows = self._connection.execute(_PLACES, {"ids": sorted(chunk)})
            self._places.update(
                {i: Place(head, server, fence, expires) for i, head, server, fence, expires in rows}
            )
        for i in unknown:
            self._places.setdefault(i, None)

    def place(self, thread_id: str) -> Place | None:
        """Where the thread stands; `None` if there is no such thread."""
        if thread_id not in self._places:
            self.look_up([thread_id])
        return self._places[thread_id]

    def add(self, place: Place, thread_id: str, run_id: str | None, event: EventData, time: str) -> int:
        """Give the event its number. It is in the table after `flush`."""
        data = event_json(event)
        place.head = seq = place.head + 1
        kind = event.event_type
        self._waiting.append(Row(thread_id, seq, run_id, kind, None if kind in UNTIMED else time, data))
        if isinstance(event, Title):
            self._titles[thread_id] = event.title
        elif isinstance(event, RunStart | RunQueued):
            self._indexed.append((thread_id, f"message {event.message.id}", event.message.content))
        elif isinstance(event, Done):
            self._indexed.append((thread_id, f"answer {run_id}", event.content))
        return seq

    def flush(self) -> None:
        """Write what was added."""
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        self._connection.execute(_INSERT, [_values(row) for row in rows])
        heads: dict[str, tuple[int, str | None]] = {}
        for row in rows:
            before = heads.get(row.thread_id)
            active = row.time if row.event_type != "title" else None
            heads[row.thread_id] = (row.seq, active or (before[1] if before else None))
        quiet = [{"thread": i, "seq": seq} for i, (seq, time) in heads.items() if time is None]
        active_ = [
            {"thread": i, "seq": seq, "now": time} for i, (seq, time) in heads.items() if time is not None
        ]
        if quiet:
            self._connection.execute(_SET_HEAD, quiet)
        if active_:
            self._connection.execute(_SET_ACTIVE, active_)
        self._index()
        self.written.extend(rows)

    def forget_place(self, thread_id: str) -> None:
        """This thread was just made: what is known of it holds no longer."""
        self._places.pop(thread_id, None)

    def forget(self, written: int) -> None:
        """After a roll-back to a savepoint, when `written` rows had been written: all else is to be read anew."""
        self._places.clear()
        self._waiting.clear()
        self._indexed.clear()
        self._titles.clear()
        del self.written[written:]

    def _index(self) -> None:
        titles, self._titles = self._titles, {}
        indexed, self._indexed = self._indexed, []
        for thread_id, given in titles.items():
            title = sound_title(given)
            self._connection.execute(sa.update(THREAD).where(THREAD.c.id == thread_id).values(title=title))
            _set_passage(self._connection, thread_id, "title", title)
        for thread_id, key, text in indexed:
            _set_passage(self._connection, thread_id, key, text)


def _set_passage(connection: sa.Connection, thread_id: str, key: str, text: str) -> None:
    """Let search find the thread by this text, which takes the place of an earlier one with the same key."""
    same = (PASSAGE.c.thread_id == thread_id, PASSAGE.c.key == key)
    folded = search.fold(text)
    if connection.scalar(sa.select(PASSAGE.c.text).where(*same)) == folded:
        return  # a queued message that begins to be answered
    connection.execute(sa.delete(PASSAGE).where(*same))
    connection.execute(sa.insert(PASSAGE).values(thread_id=thread_id, key=key, text=folded))


def sound_title(title: str) -> str:
    """One line without control characters: a title stands in lists, tabs and logs."""
    line = "".join(c if c.isprintable() or c == ZERO_WIDTH_JOINER else " " for c in title)
    return " ".join(line.split())[:MAX_TITLE]


def event_json(event: EventData) -> bytes:
    """The event's data as JSON, always valid UTF-8: half a character, which a model may send, becomes U+FFFD."""
    try:
        return encode(event)
    except PydanticSerializationError:
        text = json.dumps(event.model_dump(exclude_none=True), ensure_ascii=False, separators=(",", ":"))
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.encode()


def in_chunks(values: list[str]) -> Iterator[list[str]]:
    """The values in lists that one statement can take."""
    for start in range(0, len(values), MAX_PARAMETERS):
        yield values[start : start + MAX_PARAMETERS]


def _values(row: Row) -> dict[str, object]:
    return {
        "thread_id": row.thread_id,
        "seq": row.seq,
        "run_id": row.run_id,
        "type": row.event_type,
        "time": row.time,
        "data": row.data.decode(),
    }


_PLACES = (
    sa.select(THREAD.c.id, THREAD.c.head, THREAD.c.lease_server, THREAD.c.lease_fence, THREAD.c.lease_expires)
    .where(THREAD.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(THREAD.c.id)
    .with_for_update()
)
_INSERT = sa.insert(EVENT)
_ONE = THREAD.c.id == sa.bindparam("thread")
_SET_HEAD = sa.update(THREAD).where(_ONE).values(head=sa.bindparam("seq"))
_SET_ACTIVE = sa.update(THREAD).where(_ONE).values(head=sa.bindparam("seq"), updated_at=sa.bindparam("now"))


def read_events(
    connection: sa.Connection, thread_id: str, *, after: int, limit: int, until: int | None = None
) -> list[LoggedEvent]:
    """The events with `seq` above `after`, in order; at most `limit`, up to and with `until`."""
    largest = 2**63 - 1
    bounds = {
        "thread": thread_id,
        "after": min(max(after, 0), largest),
        "until": min(largest if until is None else until, largest),
    }
    rows = connection.execute(_EVENTS.limit(limit), bounds)
    return [
        LoggedEvent(seq, from_seq, run, kind, time, data.encode())
        for seq, from_seq, run, kind, time, data in rows
    ]


_EVENTS = (
    sa.select(EVENT.c.seq, EVENT.c.from_seq, EVENT.c.run_id, EVENT.c.type, EVENT.c.time, EVENT.c.data)
    .where(
        EVENT.c.thread_id == sa.bindparam("thread"),
        EVENT.c.seq > sa.bindparam("after"),
        EVENT.c.seq <= sa.bindparam("until"),
    )
    .order_by(EVENT.c.seq)
)
