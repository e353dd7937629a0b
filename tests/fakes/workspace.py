"""A workspace over a folder of the test. Not realistic: nothing is hidden, too large or protected, and links are followed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from jupyter_aichat.agents.port import Entry
from jupyter_aichat.errors import ToolError

__all__ = ["FolderWorkspace"]


@dataclass(eq=False)
class FolderWorkspace:
    """Implements `agents.port.Workspace`; remembers the paths whose content was read, in order."""

    root: Path
    read_paths: list[str] = field(default_factory=list)

    async def list(self, path: str) -> list[Entry]:
        """List a folder, or the one file."""
        there = self._there(path)
        found = sorted(there.iterdir()) if there.is_dir() else [there]
        return [self._entry(item) for item in found]

    async def read(self, path: str) -> bytes:
        """Read a file."""
        self.read_paths.append(path)
        return self._there(path).read_bytes()

    async def notebook(self, path: str) -> dict[str, Any]:
        """Read a notebook."""
        self.read_paths.append(path)
        found: dict[str, Any] = json.loads(self._there(path).read_text("utf-8"))
        return found

    async def at(self, path: str) -> Entry | None:
        """What is at a path."""
        there = self.root / path
        return self._entry(there) if there.exists() else None

    async def write(self, path: str, text: str, over: Entry | None) -> Entry:
        """Write a file over what was there."""
        if await self.at(path) != over:
            raise ToolError(f"{path!r} has changed since.")
        (self.root / path).write_text(text, "utf-8")
        return self._entry(self.root / path)

    def _there(self, path: str) -> Path:
        there = self.root / path
        if not there.exists():
            raise ToolError(f"There is no {path!r} here.")
        return there

    def _entry(self, item: Path) -> Entry:
        kind: Literal["directory", "file", "notebook"] = "file"
        if item.is_dir():
            kind = "directory"
        elif item.suffix == ".ipynb":
            kind = "notebook"
        stat = item.stat()
        changed = datetime.fromtimestamp(stat.st_mtime, UTC).isoformat()
        size = None if item.is_dir() else stat.st_size
        return Entry(item.relative_to(self.root).as_posix(), item.name, kind, size, changed)
