"""Finding the file that a model means: by its path, beside the open notebook, or by its name below the root."""

from __future__ import annotations

import difflib
import posixpath
import unicodedata
from typing import TYPE_CHECKING, Final

from jupyter_aichat.errors import ToolError

if TYPE_CHECKING:
    from jupyter_aichat.agents.port import Entry, RunContext, Workspace

__all__ = ["find", "normalised", "walk"]

_MOST_FOLDERS: Final = 60
_DEPTH: Final = 4


def normalised(path: str) -> str:
    """A path as the workspace knows it: below the root, without `.` and outer slashes; "" is the root itself.

    Raises `ToolError` for one that leads out of the root.
    """
    clean = posixpath.normpath(path.strip().replace("\\", "/").strip("/") or ".")
    if clean == ".." or clean.startswith("../"):
        raise ToolError(f"The path {path!r} leads outside of the folder. Use a path that list_files gives.")
    return "" if clean == "." else clean


async def find(context: RunContext, path: str) -> Entry:
    """The file at `path`; else the one beside the open notebook; else the only one of that name below the root.

    Raises `ToolError` naming files of a similar name.
    """
    clean, workspace = normalised(path), context.workspace
    if not clean:
        raise ToolError("No file was named. Give a path that list_files gives.")
    wanted = [clean]
    if context.notebook and (folder := posixpath.dirname(context.notebook)):
        wanted.append(posixpath.join(folder, clean))
    failure: ToolError | None = None
    for candidate in wanted:
        try:
            found = await _file(workspace, candidate)
        except ToolError as error:
            failure = failure or error
        else:
            return found
    files = [entry for entry in await walk(workspace, "", _DEPTH) if entry.type != "directory"]
    same = [entry for entry in files if _same_file(entry.path, clean)]
    if len(same) == 1:
        return same[0]
    near = [entry.path for entry in same] or _near(clean, files)
    hint = f" Did you mean {' or '.join(map(repr, near[:3]))}?" if near else ""
    raise ToolError(f"{failure}{hint}")


async def _file(workspace: Workspace, path: str) -> Entry:
    for entry in await workspace.list(path):
        if entry.path == path and entry.type != "directory":
            return entry
    raise ToolError(f"{path!r} is a folder. Name a file in it, as list_files gives it.")


def _same_file(path: str, wanted: str) -> bool:
    """Whether a path ends in the wanted one. macOS writes Korean names in pieces; here both forms are one."""
    have, want = (unicodedata.normalize("NFC", text).casefold() for text in (path, wanted))
    return have == want or have.endswith("/" + want)


def _near(wanted: str, files: list[Entry]) -> list[str]:
    names = {entry.path: entry.name for entry in files}
    close = set(difflib.get_close_matches(posixpath.basename(wanted), set(names.values()), n=3, cutoff=0.6))
    return [path for path, name in names.items() if name in close]


async def walk(workspace: Workspace, path: str, depth: int) -> list[Entry]:
    """What is in a folder and, down to `depth` levels, in its folders; nearer things first.

    At most 60 folders are opened; one that cannot be read is left out, but for the first. Raises `ToolError`.
    """
    found = list(await workspace.list(path))
    level = [entry for entry in found if entry.type == "directory"]
    opened = 1
    for _ in range(depth - 1):
        below: list[Entry] = []
        for folder in level[: max(0, _MOST_FOLDERS - opened)]:
            opened += 1
            try:
                below += await workspace.list(folder.path)
            except ToolError:
                continue
        found += below
        level = [entry for entry in below if entry.type == "directory"]
    return found
