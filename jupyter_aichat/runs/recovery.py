"""Recovery: what a server that is gone left open, in one transaction per thread.

A run that was answering ends `interrupted`, and so do messages queued behind it: nothing is run again by itself. A run that
waited for a person, with its checkpoint kept, is handed back to go on waiting; if it belongs to another root of the same
store, it is left for that root's server.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Container
from typing import TYPE_CHECKING

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.events import RunError
from jupyter_aichat.runs.ending import close_run

if TYPE_CHECKING:
    from jupyter_aichat.store import Lease, RunRecord, Store, Transaction

__all__ = ["recover"]

_log = logging.getLogger(__name__)

_INTERRUPTED = RunError(
    error="The server restarted during this answer. The text so far is kept; no code is repeated by itself.",
    code="interrupted",
    retryable=True,
)


async def recover(store: Store, mine: Container[str] = ()) -> list[tuple[RunRecord, Lease]]:
    """End what has to end; give back the runs that go on waiting, each with its thread's lease.

    `mine` are the threads that this process works on: when the clock jumps, their leases look expired until they are renewed.
    """
    threads: defaultdict[str, list[RunRecord]] = defaultdict(list)
    for record in await store.read(lambda tx: tx.orphans()):
        threads[record.thread_id].append(record)
    resumable: list[tuple[RunRecord, Lease]] = []
    for thread_id in threads:
        if thread_id in mine:
            continue
        try:
            found = await store.write(lambda tx, t=thread_id: _recover_thread(tx, t))  # type: ignore[misc]  # mypy infers no lambda with a default
        except CommandRefused as refusal:  # another server was quicker
            _log.debug("thread %s is being recovered elsewhere: %s", thread_id, refusal)
            continue
        if found is not None:
            resumable.append(found)
    return resumable


def _recover_thread(tx: Transaction, thread_id: str) -> tuple[RunRecord, Lease] | None:
    records = [r for r in tx.orphans() if r.thread_id == thread_id]
    if not records:
        return None
    first = records[0]
    waits = first.state == "waiting" and first.checkpoint is not None
    if waits and not tx.is_here(thread_id):
        return None
    lease = tx.take_lease(thread_id)
    if waits:
        return first, lease
    for record in records:
        close_run(tx, record, _INTERRUPTED)
    tx.release_lease(lease)
    return None
