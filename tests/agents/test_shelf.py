"""The shelf: what is kept, how much of it, and that reading does not stop the loop."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from jupyter_aichat.agents.shelf import Shelf
from tests.fakes.workspace import FolderWorkspace


async def read(shelf: Shelf, workspace: FolderWorkspace, path: str) -> int:
    """Read a table; how many rows it has."""
    (entry,) = await workspace.list(path)
    return (await shelf.table(workspace, entry)).rows


def written(workspace: FolderWorkspace, name: str, rows: int = 2) -> Path:
    """Write a table."""
    path = workspace.root / name
    path.write_text("a,b\n" + "1,2\n" * rows)
    return path


async def test_the_least_used_table_goes_first(workspace: FolderWorkspace) -> None:
    """Two are kept; the one that was used longest ago is read again."""
    shelf = Shelf(tables=2)
    for name in "abc":
        written(workspace, f"{name}.csv")
    for name in ("a", "b", "a", "c", "a", "b"):
        assert await read(shelf, workspace, f"{name}.csv") == 2
    assert workspace.read_paths == ["a.csv", "b.csv", "c.csv", "b.csv"]
    shelf.close()


async def test_large_tables_push_others_out_but_one_always_stays(workspace: FolderWorkspace) -> None:
    """However large a table is, a profile and the analysis after it read it once."""
    shelf = Shelf(size=100)
    written(workspace, "small.csv")
    written(workspace, "large.csv", rows=500)
    for name in ("small", "large", "large", "small"):
        await read(shelf, workspace, f"{name}.csv")
    assert workspace.read_paths == ["small.csv", "large.csv", "small.csv"]
    shelf.close()


async def test_another_workspace_has_other_files(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """The same path, size and time elsewhere is not the same table."""
    shelf = Shelf()
    await read(shelf, workspace, written(workspace, "a.csv").name)
    other = FolderWorkspace(workspace.root)
    await read(shelf, other, "a.csv")
    assert other.read_paths == ["a.csv"]
    shelf.close()


async def test_work_is_done_beside_the_loop_by_few_threads() -> None:
    """The loop goes on while tables are worked on, and no more than two at once."""
    shelf, gate, seen = Shelf(), threading.Event(), list[str]()

    def task() -> None:
        seen.append(threading.current_thread().name)
        gate.wait(10)

    tasks = [asyncio.ensure_future(shelf.work(task)) for _ in range(5)]
    while len(seen) < 2:
        await asyncio.sleep(0)
    assert len(seen) == 2
    gate.set()
    await asyncio.gather(*tasks)
    assert len(seen) == 5
    assert len(set(seen)) == 2
    assert threading.current_thread().name not in seen
    shelf.close()
