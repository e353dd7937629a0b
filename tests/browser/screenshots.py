"""The pictures of the documentation, made from the real thing: `make screenshots`.

A JupyterLab on a copy of the notebooks answers with the offline analyst; a second one talks to the scripted model server, slow
enough to be caught in mid-answer. What a picture shows is asked for here and nowhere drawn.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, require
from tests.fakes.jupyter import JupyterProcess

ROOT = Path(__file__).parents[2]
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
LOCALES = {"en": "default", "ko": "ko_KR"}
QUESTIONS = {
    "en": "Average revenue by region in data/sales.csv",
    "ko": "data/sales.csv 지역별 평균 매출 알려 줘",
}
PROFILE = {"en": "Profile data/sales.csv", "ko": "data/sales.csv 살펴봐 줘"}
HANDOFF = {
    "en": "ask=analyst,writer delay=60: Check revenue by quarter use=list_files words=40; Draft the summary words=60",
    "ko": "ask=analyst,writer delay=60: 분기별 매출을 확인해 주세요 use=list_files words=40; 요약을 써 주세요 words=60",
}


@dataclass(frozen=True)
class Look:
    """How a page looks: a theme and a language."""

    theme: str
    language: str

    @property
    def name(self) -> str:
        """As part of a file's name."""
        return f"{self.theme}-{self.language}"


LOOKS = tuple(Look(theme, language) for theme in THEMES for language in LOCALES)


@contextlib.contextmanager
def slow_model() -> Iterator[str]:
    """The scripted model server, with a pause before every piece."""
    command = [sys.executable, "-m", "tests.fakes.openai_server", "--delay", "0.04", "--model", "gpt-oss:20b"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


@contextlib.contextmanager
def jupyter(folder: Path, look: Look, environment: dict[str, str]) -> Iterator[JupyterProcess]:
    """JupyterLab in this look, on a copy of the notebooks."""
    settings = folder / "settings" / "@jupyterlab"
    for plugin, values in {
        "apputils-extension/themes": {"theme": THEMES[look.theme]},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "translation-extension/plugin": {"locale": LOCALES[look.language]},
    }.items():
        file = settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    root = folder / "root"
    shutil.copytree(ROOT / "notebooks", root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    variables = {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        **environment,
    }
    with JupyterProcess(folder / "home", root, variables, module="jupyterlab") as server:
        yield server


class Studio:
    """One page of one server, and where its pictures go."""

    def __init__(self, browser: Browser, server: JupyterProcess, look: Look, target: Path) -> None:
        self.page: Page = browser.new_page(
            viewport={"width": 1280, "height": 800},
            device_scale_factor=1,
            locale="ko-KR" if look.language == "ko" else "en-US",
        )
        self.look, self.target = look, target
        self.page.goto(f"{server.url}lab/tree/01-quickstart.ipynb?token={server.token}&reset")
        self.sidebar = self.page.locator("#jupyter-aichat")
        self.page.locator(".jp-Notebook .jp-Cell").last.wait_for()
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        self.sidebar.locator(".aichat-empty button").first.wait_for()  # what there is to ask about has been found

    def ask(self, where: Locator, text: str) -> None:
        """Write a message and send it."""
        box = where.locator(".aichat-composer textarea")
        box.fill(text)
        box.press("Enter")

    def new_thread(self) -> None:
        """Begin a conversation."""
        self.sidebar.locator(".aichat-header-tools button").first.click()
        self.sidebar.locator(".aichat-empty").wait_for()

    def answered(self, where: Locator) -> None:
        """Wait until nothing is being answered."""
        where.locator(".aichat-send").wait_for()

    def shoot(self, name: str, what: Locator | None = None) -> None:
        """Take the picture, of a part of the page or of all of it."""
        file = self.target / f"{name}-{self.look.name}.png"
        (what or self.page).screenshot(path=file, animations="disabled")
        print(file)  # noqa: T201  a command of the developers


def offline(studio: Studio) -> None:
    """The first minutes without a model: the empty chat, an answer, the list of threads, the badge, the panel."""
    page, sidebar = studio.page, studio.sidebar
    studio.shoot("start")
    studio.ask(sidebar, PROFILE[studio.look.language])
    sidebar.locator(".aichat-log table").first.wait_for()
    studio.answered(sidebar)
    studio.shoot("profile")
    studio.new_thread()
    studio.ask(sidebar, QUESTIONS[studio.look.language])
    sidebar.locator(".aichat-log table").first.wait_for()
    studio.answered(sidebar)
    studio.shoot("answer")
    sidebar.locator(".aichat-title-button").click()
    sidebar.locator(".aichat-popup").wait_for()
    studio.shoot("threads", sidebar)
    page.keyboard.press("Escape")
    sidebar.locator(".aichat-badge").click()
    sidebar.locator(".aichat-model").wait_for()
    studio.shoot("model", sidebar)
    page.keyboard.press("Escape")
    cell = page.locator(".jp-Notebook .jp-CodeCell").last
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    panel = page.locator(".jp-OutputArea-output .aichat")
    panel.locator("textarea").wait_for()
    studio.ask(panel, QUESTIONS[studio.look.language])
    panel.locator(".aichat-log table").first.wait_for()
    studio.answered(panel)
    panel.scroll_into_view_if_needed()
    studio.shoot("panel")


def online(studio: Studio) -> None:
    """With a model: two specialists at once in mid-answer, and what is shown when the provider refuses."""
    sidebar = studio.sidebar
    studio.ask(sidebar, HANDOFF[studio.look.language])
    sidebar.get_by_text("w30 ").first.wait_for()
    studio.shoot("streaming")
    studio.answered(sidebar)
    studio.shoot("answered", sidebar)
    studio.new_thread()
    studio.ask(sidebar, "fail=401")
    sidebar.locator(".aichat-card").first.wait_for()
    studio.shoot("error", sidebar)


def main() -> None:
    """Make the pictures, all or those of one look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], action="append")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require(), args=list(ARGUMENTS))
        for look in LOOKS:
            if given.look and look.name not in given.look:
                continue
            with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder), look, {}) as server:
                offline(Studio(browser, server, look, given.into))
            with (
                slow_model() as url,
                tempfile.TemporaryDirectory() as folder,
                jupyter(Path(folder), look, {"OPENAI_BASE_URL": url}) as server,
            ):
                online(Studio(browser, server, look, given.into))
        browser.close()


if __name__ == "__main__":
    main()
