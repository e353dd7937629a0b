"""`POST api/aichat/chat` (and the seed's `api/chat`): ask, and get the whole answer at once."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.gateway.access import refusal_to_execute, refusal_to_write
from jupyter_aichat.gateway.rest import RestHandler, allowed

if TYPE_CHECKING:
    from jupyter_aichat.store import LoggedEvent, Transaction

__all__ = ["ChatHandler"]

_THREAD_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class ChatHandler(RestHandler):
    """Nobody can answer an approval here, so actions that need one are denied unless the request says otherwise."""

    @allowed("write")
    async def post(self) -> None:
        """Send a message; answer when its run has ended."""
        from jupyter_aichat.protocol.commands import Message
        from jupyter_aichat.protocol.parse import parse_command

        body = self.body()
        thread_id = body.pop("thread_id", None)
        if thread_id is None:
            thread_id = secrets.token_urlsafe(12)
        if not isinstance(thread_id, str) or not _THREAD_ID.fullmatch(thread_id):
            raise CommandRefused(
                "bad_request", f"thread_id is 1 to 128 of A-Z a-z 0-9 _ -, not {str(thread_id)[:40]!r}."
            )
        command = parse_command(orjson.dumps({"type": "message", **body}).decode())
        if not isinstance(command, Message):
            raise CommandRefused("bad_request", "Only a message can be posted here.")
        key = self.gateway.key(self.owner, thread_id)
        kernels, files = await refusal_to_execute(self) is None, await refusal_to_write(self) is None
        accepted = await self.gateway.runs.submit(
            self.owner, key, command, "deny", kernels=kernels, files=files
        )
        # the run may be an older one, if the `client_id` is: then it has ended long ago
        start = await self.gateway.store.read(lambda tx: _start(tx, key, accepted.run_id))
        last, message_id = await self._end(key, start, accepted.run_id)
        data = orjson.loads(last.data)
        if last.event_type == "error":
            self.reply({**data, "thread_id": thread_id, "run_id": accepted.run_id}, 502)
            return
        self.reply(
            {
                "thread_id": thread_id,
                "message_id": message_id,
                "run_id": accepted.run_id,
                "content": data["content"],
                "created_at": last.time,
                "role": "assistant",
                "agent": data["agent"],
            }
        )

    async def _end(self, key: str, after: int, run_id: str) -> tuple[LoggedEvent, str]:
        """The run's terminal event, and the id of the message that is its answer."""
        cursor = self.gateway.store.follow(key, after)
        message_id = ""
        try:
            while True:
                for event in await cursor.next():
                    if event.run_id != run_id:
                        continue
                    if event.event_type == "token":
                        data: dict[str, Any] = orjson.loads(event.data)
                        if data["agent"] == "supervisor" or not message_id:
                            message_id = data["message_id"]
                    elif event.event_type in {"done", "error"}:
                        return event, message_id
        finally:
            cursor.close()


def _start(tx: Transaction, thread_id: str, run_id: str) -> int:
    """The position in the log before a run."""
    return tx.run_events(thread_id, run_id, types=("run_queued", "run_start"))[0].seq - 1
