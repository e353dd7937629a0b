"""Leases inside a transaction: who may append to a thread, and which runs nobody looks after."""

from __future__ import annotations

import time
from collections.abc import Sequence

import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused, LeaseLost
from jupyter_aichat.store.lease import Lease
from jupyter_aichat.store.records import RunRecord
from jupyter_aichat.store.runs import RunScope, run_record, select_runs
from jupyter_aichat.store.schema import RUN, THREAD
from jupyter_aichat.store.scope import not_found

__all__ = ["LeaseScope"]

OPEN = ("queued", "running", "waiting")


class LeaseScope(RunScope):
    """The part of a transaction that knows leases."""

    def take_lease(self, thread_id: str) -> Lease:
        """This server's lease on the thread: the one it holds already, or a new one.

        One that has expired, or whose server's process has ended, is taken over under the next fencing number. Raises
        `CommandRefused`: `conflict` with the other server's name, `not_found` if there is no such thread.
        """
        place = self._writing().place(thread_id)
        if place is None:
            raise not_found(thread_id)
        held = self._held(thread_id)
        if (
            held is not None
            and held.failed is None
            and (place.server, place.fence) == (held.server, held.fence)
        ):
            return held
        if place.server != self._house.server and self._is_alive(place.server, place.expires):
            msg = f"This thread is being answered by {place.server}. Go on there, or wait until that answer has ended."
            raise CommandRefused("conflict", msg)
        lease = Lease(thread_id, self._house.server, place.fence + 1, renewed=time.monotonic())
        expires = self._milliseconds() + round(self._house.lease_seconds * 1000)
        values = {"lease_server": lease.server, "lease_fence": lease.fence, "lease_expires": expires}
        self._connection.execute(sa.update(THREAD).where(THREAD.c.id == thread_id).values(values))
        place.server, place.fence, place.expires = lease.server, lease.fence, expires
        self.changes.taken[thread_id] = lease
        return lease

    def check_lease(self, lease: Lease) -> None:
        """Raise `LeaseLost` if the thread is another server's by now. Locks the thread for this transaction."""
        place = self._writing().place(lease.thread_id)
        if place is None or (place.server, place.fence) != (lease.server, lease.fence):
            raise LeaseLost("Another server has taken this conversation over.")

    def renew_leases(self, leases: Sequence[Lease]) -> list[Lease]:
        """Keep these leases for another while; returns those that are lost."""
        log = self._writing()
        log.look_up(lease.thread_id for lease in leases)
        expires = self._milliseconds() + round(self._house.lease_seconds * 1000)
        lost: list[Lease] = []
        for lease in leases:
            place = log.place(lease.thread_id)
            if place is None or (place.server, place.fence) != (lease.server, lease.fence):
                lost.append(lease)
                continue
            one = THREAD.c.id == lease.thread_id
            self._connection.execute(sa.update(THREAD).where(one).values(lease_expires=expires))
            place.expires = expires
        return lost

    def release_lease(self, lease: Lease) -> None:
        """Give the thread free for whoever comes next. A lease that is no longer held is no error."""
        place = self._writing().place(lease.thread_id)
        if place is None or (place.server, place.fence) != (lease.server, lease.fence):
            return
        free = {"lease_server": None, "lease_expires": 0}
        self._connection.execute(sa.update(THREAD).where(THREAD.c.id == lease.thread_id).values(free))
        place.server, place.expires = None, 0
        self.changes.taken.pop(lease.thread_id, None)
        self.changes.released.append(lease)

    def lease_owner(self, thread_id: str) -> str | None:
        """The server that holds the thread's lease and is not known to be dead; `None` if nobody does."""
        wanted = sa.select(THREAD.c.lease_server, THREAD.c.lease_expires).where(THREAD.c.id == thread_id)
        row = self._connection.execute(wanted).first()
        if row is None or not self._is_alive(row.lease_server, row.lease_expires):
            return None
        return str(row.lease_server)

    def orphans(self) -> list[RunRecord]:
        """The runs, of any owner, that have not ended and whose thread nobody holds a lease of; in order."""
        wanted = select_runs().add_columns(THREAD.c.lease_server, THREAD.c.lease_expires)
        wanted = wanted.where(RUN.c.state.in_(OPEN)).order_by(RUN.c.thread_id, RUN.c.number)
        alive: dict[tuple[str | None, int], bool] = {}
        found = []
        for row in self._connection.execute(wanted):
            holder = (row.lease_server, row.lease_expires)
            if holder not in alive:
                alive[holder] = self._is_alive(*holder)
            if not alive[holder]:
                found.append(run_record(row))
        return found

    def _held(self, thread_id: str) -> Lease | None:
        return self.changes.taken.get(thread_id) or self._leases.get(thread_id)

    def _is_alive(self, server: str | None, expires: int) -> bool:
        if server is None or expires <= self._milliseconds():
            return False
        return not self._house.presence.is_dead(server)

    def _milliseconds(self) -> int:
        return int(self._house.clock() * 1000)
