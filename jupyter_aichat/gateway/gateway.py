"""Gateway: the composition root. Everything is put together here and nowhere else.

Imported off the event loop, because it is the first to import the store, the agents and what they stand on.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jupyter_aichat.agents.catalogue import Catalogue
from jupyter_aichat.agents.graph import load_graph
from jupyter_aichat.agents.registry import AGENTS, TOOLS
from jupyter_aichat.agents.teams import Teams
from jupyter_aichat.gateway.identity import public_id, thread_key
from jupyter_aichat.gateway.models import Models
from jupyter_aichat.gateway.notebooks import Notebooks
from jupyter_aichat.gateway.workspace import ServerFiles
from jupyter_aichat.kernels import KernelBridge
from jupyter_aichat.protocol.frames import PROTOCOL
from jupyter_aichat.protocol.snapshot import Snapshot, ThreadView
from jupyter_aichat.runs.approvals import request_of
from jupyter_aichat.runs.fold import snapshot
from jupyter_aichat.runs.kernel_desk import KernelDesk
from jupyter_aichat.runs.limits import Limits
from jupyter_aichat.runs.manager import RunManager
from jupyter_aichat.store import Store, ThreadRecord, Transaction
from jupyter_aichat.tables import Request, analyse, read_table

if TYPE_CHECKING:
    from jupyter_aichat.gateway.settings import Settings
    from jupyter_aichat.gateway.surroundings import Surroundings
    from jupyter_aichat.protocol.events import ApprovalRequest

__all__ = ["Gateway", "Socket", "ThreadState"]

_TICK = 5.0
"""Seconds between looks at sockets (heartbeats) and runs (activity)."""


class Socket(Protocol):
    """What the gateway needs of an open socket."""

    def beat(self, now: float) -> None:
        """Say where the log stands, after a silence."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close the connection."""
        ...


@dataclass(frozen=True, slots=True)
class ThreadState:
    """What a client is told first. A thread that does not exist yet has head 0."""

    head: int
    run_id: str | None
    approvals: tuple[ApprovalRequest, ...]


class Gateway:
    """Store, runs, models and sockets of one server."""

    protocol = PROTOCOL

    def __init__(self, settings: Settings, surroundings: Surroundings, store: Store, models: Models) -> None:
        self.settings = settings
        self.store = store
        self.models = models
        self.version = importlib.metadata.version("jupyterlab-aichat")
        self._activity = surroundings.activity
        files = ServerFiles(surroundings.contents)
        limits = Limits(
            idle=settings.idle_timeout, total=settings.run_timeout, approval=settings.approval_timeout
        )
        self._bridge = KernelBridge(surroundings.kernels)
        desk = KernelDesk(
            self._bridge,
            Notebooks(surroundings.sessions).kernel_of,
            surroundings.environment,
            lambda: [surroundings.token(), *models.keys()],
        )
        self.runs = RunManager(store, models.engine_for, lambda _owner: files, limits, desk)
        self._sockets: set[Socket] = set()
        self._ticking: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, settings: Settings, surroundings: Surroundings) -> Gateway:
        """Open the store, take up what a crash left behind, build the team that answers by default."""
        store = await Store.open(settings.db_url, root=settings.root, server=settings.server)
        teams = await asyncio.to_thread(_teams, settings)
        models = Models(settings, surroundings.environment, teams)
        gateway = cls(settings, surroundings, store, models)
        await gateway.runs.start()
        gateway._ticking = asyncio.create_task(gateway._tick(), name="aichat tick")
        await asyncio.gather(models.warm_up(), asyncio.to_thread(_warm_tables))
        return gateway

    async def close(self) -> None:
        """Tell clients, end runs, write what waits."""
        if self._ticking is not None:
            self._ticking.cancel()
        await self.runs.close()
        for socket in list(self._sockets):
            socket.close(1012, "the server is stopping")
        await self.store.close()
        await self.models.close()
        await self._bridge.close()

    # -- sockets ------------------------------------------------------------------------------------------------

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    def admit(self, socket: Socket) -> bool:
        """Count a socket in, if there is room."""
        if len(self._sockets) >= self.settings.max_sockets:
            return False
        self._sockets.add(socket)
        return True

    def dismiss(self, socket: Socket) -> None:
        """The socket is closed."""
        self._sockets.discard(socket)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            now = time.monotonic()
            for socket in list(self._sockets):
                socket.beat(now)
            if self.runs.open_runs:  # what JupyterHub's culler goes by; idle sockets are no activity
                self._activity["jupyter_aichat"] = datetime.now(UTC)

    # -- threads ------------------------------------------------------------------------------------------------

    @staticmethod
    def key(owner: str, thread_id: str) -> str:
        """The store's key of an owner's thread: another owner's thread of the same id is another thread."""
        return thread_key(owner, thread_id)

    async def state(self, owner: str, key: str) -> ThreadState:
        """Where a thread stands. Raises `CommandRefused` (`not_found`) when it was deleted."""

        def read(tx: Transaction) -> ThreadState:
            if not tx.has_thread(owner, key):
                return ThreadState(0, None, ())
            record = tx.thread(owner, key)
            current = tx.runs(key, ["running", "waiting"])
            pending = tx.approvals(key, state="pending")
            return ThreadState(
                record.head, current[0].id if current else None, tuple(request_of(a) for a in pending)
            )

        return await self.store.read(read)

    async def create_thread(self, owner: str, title: str) -> ThreadRecord:
        """An empty thread with a new id."""
        key = self.key(owner, secrets.token_urlsafe(12))

        def work(tx: Transaction) -> ThreadRecord:
            tx.thread(owner, key, create=True)
            if title:
                tx.rename(owner, key, title)
            return tx.thread(owner, key)

        return await self.store.write(work)

    async def snapshot(self, owner: str, key: str, thread_id: str) -> Snapshot:
        """A thread's fold. A thread that does not exist yet is empty."""

        def read(tx: Transaction) -> Snapshot:
            events = tx.all_events(key) if tx.has_thread(owner, key) else ()
            return snapshot(thread_id, self.store.epoch, events)

        return await self.store.read(read)

    async def replayable(self, key: str, after: int) -> bool:
        """Whether the log can be continued after this position (not from inside a folded range)."""
        return await self.store.read(lambda tx: tx.is_position(key, after))

    @staticmethod
    def view(record: ThreadRecord) -> ThreadView:
        """A thread as the list shows it."""
        return ThreadView(
            id=public_id(record.id),
            title=record.title,
            created_at=record.created_at,
            updated_at=record.updated_at,
            pinned=record.pinned,
            running=record.running,
            here=record.here,
        )


def _warm_tables() -> None:
    """The first question about a table does not pay for importing what reads it."""
    analyse(read_table(b"a,b\n1,2\n", "warm.csv"), Request("profile"))


def _teams(settings: Settings) -> Teams:
    entry_points = importlib.metadata.entry_points
    folders = [Path(folder) for folder in (settings.agents_dir, *settings.shared_agents)]
    catalogue = Catalogue(entry_points(group=AGENTS), entry_points(group=TOOLS), folders)
    return Teams(
        catalogue.registry(),
        renewed=catalogue.registry,
        graph=load_graph(settings.graph) if settings.graph else None,
        max_model_calls=settings.max_model_calls,
        stock=settings.stock_model,
    )
