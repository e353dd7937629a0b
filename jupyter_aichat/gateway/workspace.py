"""The server's files as agents may see them: through the ContentsManager, confined to its root; written only after approval.

Hidden files and what looks like a secret are refused, wherever they are; so is a link that leads out of the root.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from tornado.web import HTTPError

from jupyter_aichat.actions.protected import protected_write
from jupyter_aichat.agents.port import MAX_WRITTEN, Entry
from jupyter_aichat.errors import ToolError

if TYPE_CHECKING:
    from jupyter_server.services.contents.manager import ContentsManager

__all__ = ["MAX_FILE", "ServerFiles"]

MAX_FILE = 200 * 1024 * 1024
"""Bytes of the largest file that agents may read."""

_SECRET = re.compile(
    r"^(\..*|jupyter_cookie_secret|(jpserver|nbserver|kernel)-.*\.(json|html)|jupyter_.*config.*|id_(rsa|dsa|ecdsa|ed25519).*"
    r"|.*\.(pem|key|p12|pfx|keystore)|credentials(\.json)?|.*_history|secrets?\.(json|ya?ml|toml|env))$",
    re.IGNORECASE,
)

_WHY = {
    400: "it is damaged, or not what was asked for (a file, a folder, a notebook)",
    403: "access to it is not allowed",
}


class ServerFiles:
    """A `Workspace` over Jupyter's ContentsManager."""

    def __init__(self, contents: ContentsManager) -> None:
        self._contents: Any = contents  # its methods publish no types

    async def list(self, path: str) -> list[Entry]:
        """A folder's entries, or the one of a file; folders first, by name."""
        model = await self._get(path, content=True, only_folder_content=True)
        found = model["content"] if model["type"] == "directory" else [model]
        entries = [_entry(m) for m in found if not _SECRET.match(m["name"])]
        return sorted(entries, key=lambda e: (e.type != "directory", e.name.lower()))

    async def read(self, path: str) -> bytes:
        """A file's bytes."""
        clean = await self._measured(path)
        model = await self._get(clean, content=True, type="file", format="base64")
        try:
            return base64.b64decode(model["content"])
        except (binascii.Error, ValueError, TypeError):
            raise ToolError(f"{clean!r} could not be read as a file.") from None

    async def notebook(self, path: str) -> dict[str, Any]:
        """A notebook as nbformat 4 JSON."""
        model = await self._get(await self._measured(path), content=True, type="notebook")
        content: dict[str, Any] = model["content"]
        return content

    async def at(self, path: str) -> Entry | None:
        """What is at a path; `None` where nothing is."""
        clean = self._clean(path)
        try:
            return _entry(dict(await ensure_async(self._contents.get(clean, content=False))))
        except HTTPError as error:
            if error.status_code == 404:
                return None
            raise ToolError(f"{clean!r} could not be looked at: {_why(error)}.") from None
        except (OSError, UnicodeError) as error:
            raise ToolError(f"{clean!r} could not be looked at ({type(error).__name__}).") from None

    async def write(self, path: str, text: str, over: Entry | None) -> Entry:
        """Write a text file, in place of exactly what was found before (`over`), or where nothing was."""
        clean = self._clean(path)
        self._writable(clean, text)
        folder = await self.at(clean.rpartition("/")[0])
        if folder is None or folder.type != "directory":
            raise ToolError(
                f"{clean!r} could not be written: there is no such folder. Take one that is there."
            )
        now = await self.at(clean)
        if now is not None and now.type != "file":
            raise ToolError(f"{clean!r} is a {now.type}; it cannot be written over with text.")
        if now != over:
            what = "has changed" if over is not None and now is not None else "is not as it was"
            raise ToolError(f"{clean!r} {what} since the person was asked, so nothing was written.")
        model = {"type": "file", "format": "text", "content": text}
        try:
            return _entry(dict(await ensure_async(self._contents.save(model, clean))))
        except HTTPError as error:
            raise ToolError(f"{clean!r} could not be written: {_why(error)}.") from None
        except (OSError, UnicodeError) as error:
            raise ToolError(f"{clean!r} could not be written ({type(error).__name__}).") from None

    def _writable(self, clean: str, text: str) -> None:
        """Raise `ToolError` for what agents write nowhere, whoever has approved it."""
        for place in (clean, self._real(clean)):
            protected = protected_write(place)
            if protected is not None and protected.refused:
                raise ToolError(f"No agent writes there: {protected.reason}.")
            if place.lower().endswith(".ipynb"):
                raise ToolError(f"{place!r} is a notebook; insert_cell and replace_cell change those.")
        try:
            size = len(text.encode())
        except UnicodeError:
            raise ToolError("The text has half a character in it, which no file can hold.") from None
        if size > MAX_WRITTEN:
            raise ToolError(f"The text has {size:,} bytes; at most {MAX_WRITTEN:,} can be written.")

    def _real(self, clean: str) -> str:
        """Where a path leads below the root, links followed."""
        root = getattr(self._contents, "root_dir", None)
        get_os_path = getattr(self._contents, "_get_os_path", None)
        if get_os_path is None or not root:
            return clean
        real = Path(os.path.realpath(get_os_path(clean)))
        return real.relative_to(Path(os.path.realpath(root))).as_posix()

    async def _measured(self, path: str) -> str:
        """The path, cleaned, of a file that is not too large."""
        clean = self._clean(path)
        size = (await self._get(clean, content=False)).get("size")
        if size is not None and size > MAX_FILE:
            raise ToolError(f"{clean!r} has {size:,} bytes; agents read files of at most {MAX_FILE:,}.")
        return clean

    async def _get(self, path: str, *, only_folder_content: bool = False, **how: Any) -> dict[str, Any]:
        clean = self._clean(path)
        try:
            if only_folder_content:
                model = await ensure_async(self._contents.get(clean, content=False))
                if model["type"] != "directory":
                    return dict(model)
            return dict(await ensure_async(self._contents.get(clean, **how)))
        except HTTPError as error:
            if error.status_code == 404:
                raise ToolError(
                    f"There is no {clean!r} below the server's root. list_files shows what there is."
                ) from None
            # Jupyter's own sentence has the file's place on this machine in it
            raise ToolError(f"{clean!r} could not be read: {_why(error)}.") from None
        except (OSError, UnicodeError) as error:
            raise ToolError(f"{clean!r} could not be read ({type(error).__name__}).") from None

    def _clean(self, path: str) -> str:
        """The path below the root, or `ToolError` for what leads out of it or is not for agents."""
        if "\0" in path or "\\" in path or "%2f" in path.lower() or "%2e" in path.lower():
            raise ToolError(f"{path!r} is not a path below the server's root.")
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or ":" in (parts[0] if parts else ""):
            raise ToolError(f"{path!r} leads out of the server's root; paths are relative to it.")
        clean = "/".join(p for p in parts if p not in {"", "."})
        hidden = next((p for p in clean.split("/") if p and _SECRET.match(p)), None)
        if hidden is not None:
            raise ToolError(f"{clean!r} is hidden or may hold a secret ({hidden!r}); agents do not read it.")
        self._confine(clean)
        return clean

    def _confine(self, clean: str) -> None:
        """Links: where files lie on a disk, the real path has to be below the real root."""
        get_os_path = getattr(self._contents, "_get_os_path", None)
        root = getattr(self._contents, "root_dir", None)
        if get_os_path is None or not root:
            return
        try:
            real = Path(os.path.realpath(get_os_path(clean)))
        except HTTPError:
            raise ToolError(f"{clean!r} leads out of the server's root; paths are relative to it.") from None
        if not real.is_relative_to(Path(os.path.realpath(root))):
            raise ToolError(f"{clean!r} is a link that leads out of the server's root.")
        inside = real.relative_to(Path(os.path.realpath(root))).parts
        if any(_SECRET.match(p) for p in inside):
            raise ToolError(f"{clean!r} is a link to a hidden file; agents do not read it.")


def _why(error: HTTPError) -> str:
    return _WHY.get(error.status_code, f"the server answers {error.status_code}")


def _entry(model: dict[str, Any]) -> Entry:
    modified = model.get("last_modified")
    return Entry(
        path=str(model["path"]).lstrip("/"),
        name=model["name"],
        type=model["type"],
        size=model.get("size"),
        last_modified=modified.isoformat() if modified is not None else "",
    )
