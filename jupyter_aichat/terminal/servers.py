"""Running Jupyter servers: found by the files that they leave in Jupyter's runtime directory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jupyter_aichat.errors import ConfigurationError

__all__ = ["Server", "addressed", "read_info", "running", "suited"]

WILDCARDS = {"", "*", "0.0.0.0", "::"}  # noqa: S104  compared with, not bound to
PAGES = ("/lab", "/tree", "/notebooks", "/doc", "/consoles")
"""Where the path of an address that was copied from a browser stops being the server's."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server to talk to. `url` ends in "/". The token is never part of a URL and never shown.

    `root` is its root directory and `started` when it wrote its file, where that is known. `verify`: check its
    certificate; not for a server of this machine, whose certificate is mostly its own.
    """

    url: str
    token: str = field(default="", repr=False)
    root: Path | None = None
    started: float = 0.0
    verify: bool = True

    def address(self, path: str, *, socket: bool = False) -> str:
        """Make the URL of one of our routes, as http(s) or ws(s)."""
        url = f"{self.url}api/aichat/{path}"
        return f"ws{url.removeprefix('http')}" if socket else url


def running(runtime: Path) -> list[Server]:
    """List the servers of this user that are alive, in no order."""
    servers = (read_info(path) for path in runtime.glob("jpserver-*.json"))
    return [server for server in servers if server is not None]


def read_info(path: Path) -> Server | None:
    """Read the file of one server; `None` if there is none, its process is gone, or it listens on no port."""
    try:
        info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        started = path.stat().st_mtime
        pid, port, base = int(info["pid"]), int(info["port"]), str(info["base_url"])
        if info.get("sock") or not port or not _is_alive(pid):
            return None
        name = str(info["hostname"])
        name = "127.0.0.1" if name in WILDCARDS else f"[{name}]" if ":" in name else name
        scheme = "https" if info["secure"] else "http"
        url = f"{scheme}://{name}:{port}{base.rstrip('/')}/"
        return Server(url, str(info.get("token") or ""), Path(info["root_dir"]), started, verify=False)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def suited(servers: Iterable[Server], folder: Path) -> list[Server]:
    """Pick the servers whose root holds a folder, the newest first: files mean the same there as here."""
    found = [s for s in servers if s.root is not None and folder.is_relative_to(s.root.resolve())]
    return sorted(found, key=lambda server: server.started, reverse=True)


def addressed(given: str, token: str, known: Iterable[Server]) -> Server:
    """Make a server of an address, as a person gives or copies it ("http://127.0.0.1:8888/lab?token=…").

    Without a token, that of the running server at the same address is taken.

    Raises `ConfigurationError` for what is no address.
    """
    parts = urlsplit(given if "://" in given else f"http://{given}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in {"http", "https"} or not host:
        shown = given.partition("?")[0]
        raise ConfigurationError(f"--server {shown!r} is not an address. Give it as http://127.0.0.1:8888/.")
    path = parts.path
    for page in PAGES:
        path = path.partition(page)[0] if f"{path}/".find(f"{page}/") >= 0 else path
    name = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{name}{f':{port}' if port else ''}{path.rstrip('/')}/"
    token = token or "".join(parse_qs(parts.query).get("token", [])[:1])
    for server in known:
        if _same(server.url, url):
            return Server(url, token or server.token, server.root, server.started, server.verify)
    return Server(url, token)


def _same(one: str, other: str) -> bool:
    def plain(url: str) -> str:
        return url.replace("://localhost", "://127.0.0.1").replace("://[::1]", "://127.0.0.1")

    return plain(one) == plain(other)


def _is_alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # asking by signal 0 would end the process there; a dead server does not answer
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
