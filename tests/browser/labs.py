"""JupyterLabs for browser tests and pictures: on a copy of the notebooks, in a theme and a language, with a model or without."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.fakes.jupyter import JupyterProcess

__all__ = ["DARK", "KOREAN", "Settings", "jupyterlab", "scripted_model"]

ROOT = Path(__file__).parents[2]

Settings = Mapping[str, Mapping[str, Any]]
"""JupyterLab's settings, by plugin."""

DARK: Settings = {"apputils-extension/themes": {"theme": "JupyterLab Dark"}}
KOREAN: Settings = {"translation-extension/plugin": {"locale": "ko_KR"}}
_QUIET: Settings = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}


@contextlib.contextmanager
def jupyterlab(
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    options: tuple[str, ...] = (),
    enabled: bool = True,
) -> Iterator[JupyterProcess]:
    """A JupyterLab of its own in `folder`, which loads the server extension if `enabled`. It asks no question about news."""
    for plugin, values in {**_QUIET, **(settings or {})}.items():
        file = folder / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    root = folder / "root"
    shutil.copytree(ROOT / "notebooks", root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    variables = {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        **(environment or {}),
    }
    process = JupyterProcess(folder / "home", root, variables, options, module="jupyterlab", enabled=enabled)
    with process as server:
        yield server


@contextlib.contextmanager
def scripted_model(*options: str) -> Iterator[str]:
    """The scripted OpenAI-compatible server in a process of its own; its address, without `/v1`."""
    command = [sys.executable, "-m", "tests.fakes.openai_server", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip().removesuffix("/v1")
        finally:
            process.kill()
