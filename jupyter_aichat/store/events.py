"""Events inside a transaction: reading the log and appending to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import orjson
import sqlalchemy as sa

from jupyter_aichat.protocol.events import EventData
from jupyter_aichat.store.log import in_chunks, read_events
from jupyter_aichat.store.records import LoggedEvent
from jupyter_aichat.store.schema import EVENT, THREAD
from jupyter_aichat.store.scope import Scope, not_found

__all__ = ["LogScope"]


class LogScope(Scope):
    """The part of a transaction that knows a thread's log. Who may see it was asked before, by `thread(owner, …)`."""

    def append(self, thread_id: str, run_id: str | None, event: EventData) -> int:
        """Append to the log; returns the `seq`. Cursors see it once this is committed.

        Title, times and search follow the event. Raises `CommandRefused` (`not_found`) if there is no such thread; one
        that is deleted can still be appended to, so that its runs come to an end.
        """
        log = self._writing()
        place = log.place(thread_id)
        if place is None:
            raise not_found(thread_id)
        seq = log.add(place, thread_id, run_id, event, self._now())
        log.flush()
        return seq

    def events(
        self, thread_id: str, after: int = 0, limit: int = 1000, until: int | None = None
    ) -> list[LoggedEvent]:
        """The events with `seq` above `after`, in order; at most `limit`, up to and with `until`."""
        return read_events(self._connection, thread_id, after=after, limit=limit, until=until)

    def all_events(self, thread_id: str, after: int = 0) -> Iterator[LoggedEvent]:
        """The events behind a position up to the end, a page at a time."""
        while page := self.events(thread_id, after, PAGE):
            yield from page
            after = page[-1].seq

    def run_events(
        self, thread_id: str, run_id: str, types: Collection[str] | None = None
    ) -> list[LoggedEvent]:
        """The events of one run, in order; of some types, if they are given."""
        wanted = _COLUMNS.where(EVENT.c.thread_id == thread_id, EVENT.c.run_id == run_id).order_by(
            EVENT.c.seq
        )
        if types is not None:
            wanted = wanted.where(EVENT.c.type.in_(types))
        rows = self._connection.execute(wanted)
        return [
            LoggedEvent(seq, start, run, kind, at, data.encode()) for seq, start, run, kind, at, data in rows
        ]

    def summarised_until(self, thread_id: str) -> int:
        """Up to which `seq` the last `summary` reaches; 0 if there is none."""
        last = (
            sa.select(EVENT.c.data)
            .where(EVENT.c.thread_id == thread_id, EVENT.c.type == "summary")
            .order_by(EVENT.c.seq.desc())
            .limit(1)
        )
        data = self._connection.execute(last).scalar()
        return 0 if data is None else int(orjson.loads(data)["until_seq"])

    def is_position(self, thread_id: str, seq: int) -> bool:
        """Whether the log can be continued behind `seq`: not from inside a range that was folded into one row."""
        inside = sa.select(EVENT.c.seq).where(
            EVENT.c.thread_id == thread_id, EVENT.c.seq > seq, EVENT.c.from_seq <= seq
        )
        return self._connection.execute(inside.limit(1)).first() is None

    def heads(self, thread_ids: Sequence[str]) -> dict[str, tuple[int, bool]]:
        """Head of each thread, and whether it is deleted; a thread that does not exist is left out."""
        found: dict[str, tuple[int, bool]] = {}
        for chunk in in_chunks(list(thread_ids)):
            wanted = sa.select(THREAD.c.id, THREAD.c.head, THREAD.c.deleted_at).where(THREAD.c.id.in_(chunk))
            found |= {i: (head, deleted is not None) for i, head, deleted in self._connection.execute(wanted)}
        return found


PAGE = 2_000
"""Events that are read at once."""

_COLUMNS = sa.select(EVENT.c.seq, EVENT.c.from_seq, EVENT.c.run_id, EVENT.c.type, EVENT.c.time, EVENT.c.data)
