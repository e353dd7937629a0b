"""Catalogue: the registry as it is now. Packages are loaded once; files are read again when one was saved."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

from jupyter_aichat.agents.folder import fingerprint
from jupyter_aichat.agents.registry import Registry, load, with_files

__all__ = ["Catalogue"]


class Catalogue:
    """What can be used at the moment. Loads packages when it is made: make it, and ask it, beside the event loop."""

    def __init__(
        self, agents: Iterable[EntryPoint], tools: Iterable[EntryPoint], folders: Iterable[Path]
    ) -> None:
        self._folders = tuple(folders)
        self._packages = load(agents, tools)
        self._lock = threading.Lock()
        # before the files are read: one that is saved meanwhile is read again
        self._mark = fingerprint(*self._folders)
        self._registry = with_files(self._packages, *self._folders)

    def registry(self) -> Registry:
        """The registry; the same object as long as no file was saved, came or went."""
        with self._lock:
            mark = fingerprint(*self._folders)
            if mark != self._mark:
                self._mark = mark
                self._registry = with_files(self._packages, *self._folders)
            return self._registry
