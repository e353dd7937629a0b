"""A real JupyterLab and a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find
from tests.browser.labs import jupyterlab, scripted_model
from tests.fakes.jupyter import JupyterProcess

PREFIX = ("--ServerApp.base_url=/user/me/",)
"""As behind JupyterHub."""

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterProcess]:
    """JupyterLab under a prefix, with the offline analyst."""
    with jupyterlab(tmp_path_factory.mktemp("lab"), options=PREFIX) as server:
        yield server


@pytest.fixture(scope="module")
def slow_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterProcess]:
    """JupyterLab under a prefix, with a model that says a word every 30 ms, so that there is a middle of an answer."""
    with (
        scripted_model("--delay", "0.03") as model,
        jupyterlab(
            tmp_path_factory.mktemp("slow"), environment={"OPENAI_BASE_URL": f"{model}/v1"}, options=PREFIX
        ) as server,
    ):
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
