"""list_files: what is in a folder below the server's root."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from jupyter_aichat.agents.finding import normalised, walk
from jupyter_aichat.agents.port import Entry
from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse

__all__ = ["SPEC", "list_files"]

_MOST: Final = 300


async def list_files(
    use: ToolUse,
    path: Annotated[str, "Folder, relative to the root; empty for the root itself."] = "",
    depth: Annotated[
        Literal[1, 2, 3, 4], "How many levels of folders to show; 1 shows the folder alone."
    ] = 2,
) -> str:
    """List a folder."""
    folder = normalised(path)
    use.say("listing" if folder else "listing_root", folder)
    entries = await walk(use.workspace, folder, depth)
    if not entries:
        return f"The folder {folder or 'root'!r} is empty."
    lines = [f"- {_line(entry)}" for entry in entries[:_MOST]]
    if len(entries) > _MOST:
        lines.append(f"[{len(entries) - _MOST:,} more are not shown; list one of the folders.]")
    return "\n".join([f"In {folder!r}:" if folder else "In the root folder:", *lines])


def _line(entry: Entry) -> str:
    if entry.type == "directory":
        return f"{entry.path}/"
    told = [_size(entry.size)] if entry.size is not None else []
    if entry.last_modified:
        told.append(entry.last_modified[:16].replace("T", " "))
    return f"{entry.path} ({', '.join(told)})" if told else entry.path


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1e3:.1f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


SPEC = ToolSpec(
    name="list_files",
    description=(
        "List the files and folders that can be read, with size and time of the last change (UTC). One path a line; "
        "folders end in a slash. Use these paths, exactly as given, with the other tools. Contents are not read."
    ),
    function=list_files,
)
