"""REST routes of threads: list, search, create, read, rename, pin, delete, undo; and the log itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.gateway.rest import RestHandler, allowed

if TYPE_CHECKING:
    from jupyter_aichat.store import ThreadRecord, Transaction

__all__ = ["EventsHandler", "RestoreHandler", "ThreadHandler", "ThreadsHandler"]

MAX_TITLE = 200
"""Longest title that a person may give, in characters."""


class ThreadsHandler(RestHandler):
    """`api/aichat/threads`."""

    @allowed("read")
    async def get(self) -> None:
        """A page of the owner's threads, newest first; `q` searches titles and messages."""
        query = self.get_query_argument("q", "")
        before = self.get_query_argument("before", None)
        limit = self.number("limit", 50, most=200)
        page = await self.gateway.store.read(
            lambda tx: tx.threads(self.owner, query=query, limit=limit, before=before)
        )
        answer = {"threads": [self.gateway.view(t) for t in page.threads]}
        self.reply({**answer, "next": page.next} if page.next else answer)

    @allowed("write")
    async def post(self) -> None:
        """Create an empty thread."""
        title = _title(self.body())
        record = await self.gateway.create_thread(self.owner, title or "")
        self.reply(self.gateway.view(record), 201)


class ThreadHandler(RestHandler):
    """`api/aichat/threads/{thread_id}`."""

    @allowed("read")
    async def get(self, thread_id: str) -> None:
        """The thread's snapshot."""
        key = self.gateway.key(self.owner, thread_id)
        record = await self.gateway.store.read(lambda tx: tx.thread(self.owner, key))
        snapshot = await self.gateway.snapshot(self.owner, key, thread_id)
        view = self.gateway.view(record).model_dump(exclude_none=True)
        self.reply({**view, **snapshot.model_dump(exclude_none=True)})

    @allowed("write")
    async def patch(self, thread_id: str) -> None:
        """Rename or pin."""
        key = self.gateway.key(self.owner, thread_id)
        body = self.body()
        title, pinned = _title(body), body.get("pinned")
        if set(body) - {"title", "pinned"} or not isinstance(pinned, bool | None):
            raise CommandRefused(
                "bad_request", "A thread has a title (text) and pinned (true or false) to set."
            )

        def work(tx: Transaction) -> ThreadRecord:
            if title is not None:
                tx.rename(self.owner, key, title)
            if pinned is not None:
                tx.pin(self.owner, key, pinned=pinned)
            return tx.thread(self.owner, key)

        self.reply(self.gateway.view(await self.gateway.store.write(work)))

    @allowed("write")
    async def delete(self, thread_id: str) -> None:
        """Delete; it can be restored for 7 days."""
        key = self.gateway.key(self.owner, thread_id)
        await self.gateway.store.read(lambda tx: tx.thread(self.owner, key))
        await self.gateway.runs.stop_thread(self.owner, key)
        await self.gateway.store.write(lambda tx: tx.delete(self.owner, key))
        self.set_status(204)
        self.finish()


class RestoreHandler(RestHandler):
    """`api/aichat/threads/{thread_id}/restore`."""

    @allowed("write")
    async def post(self, thread_id: str) -> None:
        """Undo a delete."""
        key = self.gateway.key(self.owner, thread_id)

        def work(tx: Transaction) -> ThreadRecord:
            tx.restore(self.owner, key)
            return tx.thread(self.owner, key)

        self.reply(self.gateway.view(await self.gateway.store.write(work)))


class EventsHandler(RestHandler):
    """`api/aichat/threads/{thread_id}/events`."""

    @allowed("read")
    async def get(self, thread_id: str) -> None:
        """A page of the log after a position."""
        key = self.gateway.key(self.owner, thread_id)
        after = self.number("after", 0, most=2**53)
        limit = self.number("limit", 500, most=5000)

        def read(tx: Transaction) -> tuple[int, list[bytes]]:
            head = tx.thread(self.owner, key).head
            return head, [e.frame for e in tx.events(key, after, limit)]

        head, frames = await self.gateway.store.read(read)
        opening = orjson.dumps({"epoch": self.gateway.store.epoch, "head": head})[:-1]
        self.finish(opening + b',"events":[' + b",".join(frames) + b"]}")


def _title(body: dict[str, object]) -> str | None:
    title = body.get("title")
    if title is None:
        return None
    if not isinstance(title, str) or len(title) > MAX_TITLE:
        raise CommandRefused("bad_request", f"A title is a text of at most {MAX_TITLE} characters.")
    return " ".join(title.split())
