"""Files that an agent must not write to on anybody's earlier word: they decide what runs later. Pure functions."""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from typing import NamedTuple

__all__ = ["Protected", "protected_read", "protected_write"]

_SETTINGS = frozenset(
    """overrides.json default_setting_overrides.json page_config.json jupyter_cookie_secret labconfig nbconfig
    kernel.json plugin.jupyterlab-settings custom.js custom.css""".split()
)
_FOLDERS = frozenset(
    """etc labextensions nbextensions kernels labconfig nbconfig site-packages dist-packages share jupyter-config
    lab-settings user-settings jupyter_server_config.d jupyter_notebook_config.d""".split()
)
_STARTUP = frozenset(
    """sitecustomize.py usercustomize.py conftest.py setup.py setup.cfg pyproject.toml pip.conf pip.ini makefile
    dockerfile environment.yml requirements.txt pythonstartup.py authorized_keys crontab tox.ini noxfile.py""".split()
)
_PROGRAM = (
    ".py",
    ".pyi",
    ".pyc",
    ".pyd",
    ".so",
    ".dll",
    ".dylib",
    ".pth",
    ".sh",
    ".bash",
    ".bat",
    ".cmd",
    ".ps1",
    ".exe",
)
_SECRETS = (".pem", ".key", ".p12", ".pfx", ".kdbx")


class Protected(NamedTuple):
    """Why a file is protected. `refused`: an agent does not write it at all; else a person is asked each time."""

    reason: str
    refused: bool = False


def protected_write(path: str | None, settings: Collection[str] = ()) -> Protected | None:
    """Whether a write there is never covered by an earlier decision. `settings`: our own files."""
    if path is None:
        return Protected("which file it writes can't be told")
    parts, name = _parts(path)
    folders = parts[:-1]
    if _outside(path, parts):
        return Protected(
            f"{path} is outside the folder of the server, or names a place that depends on the machine",
            refused=True,
        )
    if any(part.startswith(".") for part in parts):
        return Protected(f"{path} is hidden", refused=True)
    if "/".join(parts) in {"/".join(_parts(one)[0]) for one in settings} or name in {
        _parts(one)[1] for one in settings
    }:
        return Protected(f"{path} is a settings file of this chat", refused=True)
    if (
        name in _SETTINGS
        or name.endswith(".jupyterlab-settings")
        or name.startswith(("jupyter_", "ipython_", "jupyter-"))
    ):
        return Protected(f"{path} is part of Jupyter's configuration", refused=True)
    if any(part in _FOLDERS for part in folders):
        return Protected(f"{path} is in a folder that Jupyter or Python reads its parts from", refused=True)
    if name in _STARTUP:
        return Protected(f"{path} is read when something starts")
    if name.endswith(".ipynb"):
        return Protected(f"{path} is a notebook")
    if name.endswith(_PROGRAM):
        return Protected(f"{path} is a program that may be run or imported later")
    if "agents" in folders and name.endswith(".md"):
        return Protected(f"{path} describes an agent")
    return None


def protected_read(path: str | None) -> str | None:
    """Why a read there always needs a person; None where it does not."""
    if path is None:
        return None
    parts, name = _parts(path)
    if _outside(path, parts):
        return f"{path} is outside the folder of the server, or names a place that depends on the machine"
    if any(part.startswith(".") for part in parts):
        return f"{path} is hidden"
    if (
        name in _SETTINGS
        or name.endswith(_SECRETS)
        or name.startswith(("jpserver-", "nbserver-", "kernel-", "id_rsa", "id_ed25519"))
    ):
        return f"{path} may hold a key"
    return None


def _parts(path: str) -> tuple[list[str], str]:
    plain = posixpath.normpath(path.replace("\\", "/").casefold())
    parts = [part.rstrip(". ") or part for part in plain.split("/") if part not in {"", "."}]
    return parts, parts[-1] if parts else ""


def _outside(path: str, parts: list[str]) -> bool:
    plain = path.replace("\\", "/")
    return (
        plain.startswith(("/", "~", "file:"))
        or ".." in parts
        or "%" in path
        or "$" in path
        or "\0" in path
        or plain[1:2] == ":"
        or not parts
    )
