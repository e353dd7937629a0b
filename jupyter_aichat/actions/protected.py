"""Files that an agent must not write to on anybody's earlier word: they decide what runs later. Pure functions."""

from __future__ import annotations

import posixpath
from collections.abc import Collection

__all__ = ["protected_read", "protected_write"]

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


def protected_write(path: str | None, settings: Collection[str] = ()) -> str | None:
    """Why a write there is never covered by an earlier decision; None where it may be. `settings`: our own files."""
    if path is None:
        return "which file it writes can't be told"
    parts, name = _parts(path)
    if _outside(path, parts):
        return f"{path} is outside the folder of the server, or names a place that depends on the machine"
    if any(part.startswith(".") for part in parts):
        return f"{path} is hidden"
    if path in settings or name in {posixpath.basename(one).lower() for one in settings}:
        return f"{path} is a settings file of this chat"
    if (
        name in _SETTINGS
        or name.endswith(".jupyterlab-settings")
        or name.startswith(("jupyter_", "ipython_", "jupyter-"))
    ):
        return f"{path} is part of Jupyter's configuration"
    if any(part in _FOLDERS for part in parts[:-1]):
        return f"{path} is in a folder that Jupyter or Python reads its parts from"
    if name in _STARTUP:
        return f"{path} is read when something starts"
    if name.endswith(".ipynb"):
        return f"{path} is a notebook"
    if name.endswith(_PROGRAM):
        return f"{path} is a program that may be run or imported later"
    if "agents" in parts[:-1] and name.endswith(".md"):
        return f"{path} describes an agent"
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
