"""A real JupyterLab and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find
from tests.fakes.jupyter import JupyterProcess

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterProcess]:
    """JupyterLab under a prefix, as behind JupyterHub, on a copy of the notebooks; no question about news."""
    folder = tmp_path_factory.mktemp("lab")
    root = folder / "root"
    shutil.copytree(NOTEBOOKS, root)
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    server = JupyterProcess(
        folder / "home",
        root,
        {
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        },
        ("--ServerApp.base_url=/user/me/",),
        module="jupyterlab",
    )
    with server:
        yield server


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium; one for each test, because Playwright's loop must have ended when pytest-jupyter's begins."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page as wide as a laptop's."""
    return browser.new_page(viewport={"width": 1400, "height": 860})
