"""Shelf: the tables that were read last, and the few threads that read and analyse them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_aichat.tables import MAX_BYTES, read_table

if TYPE_CHECKING:
    from jupyter_aichat.agents.port import Entry, Workspace
    from jupyter_aichat.tables import Table

__all__ = ["Shelf"]

_THREADS: Final = 2
_TABLES: Final = 4
_BYTES: Final = 100_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Label:
    """Which table it is. A file that was written again is another one."""

    workspace: Workspace
    path: str
    size: int | None
    last_modified: str
    sheet: str | None


class Shelf:
    """Keeps a few tables, so that a profile and the analyses after it read a file once. For one event loop."""

    def __init__(self, *, tables: int = _TABLES, size: int = _BYTES) -> None:
        self._most_tables = tables
        self._most_bytes = size
        self._kept: OrderedDict[_Label, tuple[Table, int]] = OrderedDict()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="aichat-table")

    async def table(self, workspace: Workspace, entry: Entry, sheet: str | None = None) -> Table:
        """The table of a file. Raises `ToolError`, of which `TableError` is one."""
        label = _Label(workspace, entry.path, entry.size, entry.last_modified, sheet)
        if label in self._kept:
            self._kept.move_to_end(label)
            return self._kept[label][0]
        data = await workspace.read(entry.path)
        table = await self.work(lambda: read_table(data, entry.path, sheet=sheet, max_bytes=MAX_BYTES))
        self._keep(label, table, len(data))
        return table

    async def work(self, task: Callable[[], T]) -> T:
        """Do something that takes a while, beside the event loop. What has begun runs on when nobody waits for it."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, task)

    def close(self) -> None:
        """Let go of the tables and the threads."""
        self._kept.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _keep(self, label: _Label, table: Table, size: int) -> None:
        self._kept[label] = (table, size)
        while len(self._kept) > 1 and (
            len(self._kept) > self._most_tables or sum(n for _, n in self._kept.values()) > self._most_bytes
        ):
            self._kept.popitem(last=False)
