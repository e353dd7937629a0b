"""Threads inside a transaction: the list, search, names, deleting. The owner stands in every condition."""

from __future__ import annotations

import base64
import json
import re
import secrets
from typing import Any

import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.events import Title
from jupyter_aichat.store import search
from jupyter_aichat.store.events import LogScope
from jupyter_aichat.store.log import sound_title
from jupyter_aichat.store.records import ThreadPage, ThreadRecord
from jupyter_aichat.store.schema import ACTION, APPROVAL, ARTIFACT, EVENT, PASSAGE, RUN, THREAD
from jupyter_aichat.store.scope import iso, not_found

__all__ = ["KEPT_SECONDS", "ThreadScope"]

KEPT_SECONDS = 7 * 86_400
"""How long a deleted thread can be brought back."""

MAX_LIMIT = 200
THREAD_ID = re.compile(r"([^\x00-\x1f]{1,255}/)?[A-Za-z0-9_-]{1,128}")
"""The gateway puts the owner before the id that clients know, so that no two owners share one."""

TIME = re.compile(r"[0-9T:.Z-]{1,24}")

Position = tuple[int, int, str, str]


class ThreadScope(LogScope):
    """The part of a transaction that knows threads as their owner sees them."""

    def thread(self, owner: str, thread_id: str, *, create: bool = False) -> ThreadRecord:
        """The thread. `create` makes it if there is none of that id; a deleted or foreign one stays not found."""
        row = self._connection.execute(self._select().where(THREAD.c.id == thread_id)).first()
        if row is None and create:
            return self._create(owner, thread_id, "")
        if row is None or row.owner != owner or row.deleted_at is not None:
            raise not_found(thread_id)
        return self._record(row)

    def has_thread(self, owner: str, thread_id: str) -> bool:
        """Whether the owner has, or had, a thread of this id. A deleted one raises `CommandRefused` (`not_found`)."""
        row = self._connection.execute(self._select().where(THREAD.c.id == thread_id)).first()
        if row is None or row.owner != owner:
            return False
        if row.deleted_at is not None:
            raise not_found(thread_id)
        return True

    def is_here(self, thread_id: str) -> bool:
        """Whether the thread belongs to this server's root."""
        root = self._connection.execute(sa.select(THREAD.c.root).where(THREAD.c.id == thread_id)).scalar()
        return root == self._house.root

    def create_thread(self, owner: str, title: str = "") -> ThreadRecord:
        """A new thread of this server's root."""
        return self._create(owner, secrets.token_urlsafe(16), title)

    def threads(
        self, owner: str, *, query: str = "", limit: int = 50, before: str | None = None
    ) -> ThreadPage:
        """A page of the owner's threads: this root's first, pinned before others, newest first.

        `query`: only threads whose title or messages hold each of its words, anywhere, in any case. `before` is the
        `next` of the page before. Raises `CommandRefused` (`bad_request`) for a `before` that was not given out.
        """
        limit = max(1, min(limit, MAX_LIMIT))
        here = sa.case((THREAD.c.root == self._house.root, 1), else_=0)
        pinned = sa.case((THREAD.c.pinned, 1), else_=0)
        order = sa.tuple_(here, pinned, THREAD.c.updated_at, THREAD.c.id)
        wanted = self._select().where(THREAD.c.owner == owner, THREAD.c.deleted_at.is_(None))
        wanted = wanted.where(*search.matches(query, indexed=self._house.indexed))
        if before is not None:
            wanted = wanted.where(order < sa.tuple_(*_position(before)))
        wanted = wanted.order_by(here.desc(), pinned.desc(), THREAD.c.updated_at.desc(), THREAD.c.id.desc())
        found = [self._record(row) for row in self._connection.execute(wanted.limit(limit + 1))]
        page = tuple(found[:limit])
        return ThreadPage(page, _token(page[-1]) if len(found) > limit else None)

    def rename(self, owner: str, thread_id: str, title: str) -> ThreadRecord:
        """Give the thread another title, by a `title` event in its log."""
        self._writing()
        self.thread(owner, thread_id)
        self.append(thread_id, None, Title(title=sound_title(title)))
        return self.thread(owner, thread_id)

    def pin(self, owner: str, thread_id: str, *, pinned: bool) -> ThreadRecord:
        """Keep the thread at the top of the list, or no longer."""
        self._writing()
        self.thread(owner, thread_id)
        self._update(owner, thread_id, pinned=pinned)
        return self.thread(owner, thread_id)

    def delete(self, owner: str, thread_id: str) -> None:
        """Take the thread out of the list; for seven days it can be restored."""
        self._writing()
        self.thread(owner, thread_id)
        self._update(owner, thread_id, deleted_at=self._now())
        self.changes.restored.discard(thread_id)
        self.changes.deleted.add(thread_id)

    def restore(self, owner: str, thread_id: str) -> ThreadRecord:
        """Bring a deleted thread back."""
        self._writing()
        if self._update(owner, thread_id, deleted_at=None) == 0:
            raise not_found(thread_id)
        self.changes.deleted.discard(thread_id)
        self.changes.restored.add(thread_id)
        return self.thread(owner, thread_id)

    def purge(self) -> int:
        """Remove for good what was deleted more than seven days ago. Returns how many threads that were."""
        self._writing()
        since = iso(self._house.clock() - KEPT_SECONDS)
        ids = list(self._connection.scalars(sa.select(THREAD.c.id).where(THREAD.c.deleted_at < since)))
        for thread_id in ids:
            for table in (EVENT, RUN, APPROVAL, ACTION, ARTIFACT, PASSAGE):
                self._connection.execute(sa.delete(table).where(table.c.thread_id == thread_id))
            self._connection.execute(sa.delete(THREAD).where(THREAD.c.id == thread_id))
        self.changes.purged = True  # also with none: what an earlier purge left may still be given back
        return len(ids)

    def _select(self) -> sa.Select[Any]:
        going = sa.select(RUN.c.id).where(
            RUN.c.thread_id == THREAD.c.id, RUN.c.state.in_(("running", "waiting"))
        )
        return sa.select(THREAD, going.exists().label("running"))

    def _record(self, row: sa.Row[Any]) -> ThreadRecord:
        return ThreadRecord(
            id=row.id,
            owner=row.owner,
            root=row.root,
            title=row.title,
            created_at=row.created_at,
            updated_at=row.updated_at,
            pinned=bool(row.pinned),
            deleted_at=row.deleted_at,
            head=row.head,
            running=bool(row.running),
            here=row.root == self._house.root,
        )

    def _create(self, owner: str, thread_id: str, title: str) -> ThreadRecord:
        log = self._writing()
        if THREAD_ID.fullmatch(thread_id) is None:
            msg = f"{thread_id!r} is not a thread's id: 1 to 128 of A-Z a-z 0-9 _ -."
            raise CommandRefused("bad_request", msg)
        now = self._now()
        new = {
            "id": thread_id,
            "owner": owner,
            "root": self._house.root,
            "title": "",
            "created_at": now,
            "updated_at": now,
            "pinned": False,
            "head": 0,
            "runs": 0,
            "lease_fence": 0,
            "lease_expires": 0,
        }
        try:
            with self._connection.begin_nested():
                self._connection.execute(sa.insert(THREAD).values(new))
        except sa.exc.IntegrityError:
            return self.thread(owner, thread_id)  # another server made it a moment ago
        log.forget_place(thread_id)
        if title:
            return self.rename(owner, thread_id, title)
        return self.thread(owner, thread_id)

    def _update(self, owner: str, thread_id: str, **values: object) -> int:
        mine = (THREAD.c.id == thread_id, THREAD.c.owner == owner)
        return self._connection.execute(sa.update(THREAD).where(*mine).values(**values)).rowcount


def _token(last: ThreadRecord) -> str:
    position: Position = (int(last.here), int(last.pinned), last.updated_at, last.id)
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _position(token: str) -> Position:
    try:
        here, pinned, updated_at, thread_id = json.loads(base64.urlsafe_b64decode(token.encode()))
        given = here in {0, 1} and pinned in {0, 1} and TIME.fullmatch(updated_at) is not None
        if given and THREAD_ID.fullmatch(thread_id) is not None:
            thread_id.encode()  # half a character is for no database
            return int(here), int(pinned), updated_at, thread_id
    except (ValueError, TypeError, RecursionError):
        pass
    msg = f"before={token[:80]!r} is not a position in the list. Take it from the `next` of a page."
    raise CommandRefused("bad_request", msg)
