"""The server's files as agents may see them: through the ContentsManager, read only, confined to its root.

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

from jupyter_aichat.agents.port import Entry
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
            why = _WHY.get(error.status_code, f"the server answers {error.status_code}")
            raise ToolError(f"{clean!r} could not be read: {why}.") from None
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


def _entry(model: dict[str, Any]) -> Entry:
    modified = model.get("last_modified")
    return Entry(
        path=str(model["path"]).lstrip("/"),
        name=model["name"],
        type=model["type"],
        size=model.get("size"),
        last_modified=modified.isoformat() if modified is not None else "",
    )
