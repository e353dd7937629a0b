"""What the parts of a transaction share: the connection, who we are, and what becomes of a commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from jupyter_aichat.errors import CommandRefused, StorageError
from jupyter_aichat.store.lease import Lease
from jupyter_aichat.store.locks import Presence
from jupyter_aichat.store.log import Log

__all__ = ["Changes", "House", "Scope", "iso", "not_found"]


@dataclass(frozen=True, slots=True)
class House:
    """Who opened the store, and how. `clock` is the wall clock in seconds; `indexed`: search has an index."""

    server: str
    root: str
    lease_seconds: float
    clock: Callable[[], float]
    presence: Presence
    indexed: bool


@dataclass(slots=True)
class Changes:
    """What follows from a transaction beyond its rows; of effect only if it is committed."""

    taken: dict[str, Lease] = field(default_factory=dict)
    released: list[Lease] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    purged: bool = False

    def add(self, other: Changes) -> None:
        """Take over what another, later piece of the same transaction changed."""
        for lease in other.released:
            self.taken.pop(lease.thread_id, None)
        self.taken.update(other.taken)
        self.released.extend(other.released)
        self.deleted = (self.deleted - other.restored) | other.deleted
        self.restored = (self.restored - other.deleted) | other.restored
        self.purged = self.purged or other.purged


class Scope:
    """Base of the parts of `Transaction`."""

    def __init__(
        self,
        connection: sa.Connection,
        house: House,
        *,
        log: Log | None = None,
        leases: Mapping[str, Lease] | None = None,
    ) -> None:
        """`log` and `leases` (those held, by thread) are there when this transaction may write."""
        self._connection = connection
        self._house = house
        self._log = log
        self._leases = leases or {}
        self.changes = Changes()

    def _writing(self) -> Log:
        if self._log is None:
            msg = "This transaction only reads; use Store.write to change the store."
            raise StorageError(msg)
        return self._log

    def _now(self) -> str:
        return iso(self._house.clock())


def iso(seconds: float) -> str:
    """A time as the wire writes it: ISO 8601, UTC, milliseconds, `Z`."""
    return f"{datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def not_found(thread_id: str) -> CommandRefused:
    """The same answer for a thread that is missing, deleted or somebody else's. The owner in its key is not told."""
    known = thread_id.rpartition("/")[2]
    return CommandRefused(
        "not_found", f"There is no thread {known!r}. Choose one from the list, or begin a new one."
    )
