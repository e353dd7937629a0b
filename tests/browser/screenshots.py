"""The pictures of the documentation, made from the real thing: `make screenshots`.

A JupyterLab on a copy of the notebooks answers with the offline analyst; a second one talks to the scripted model server, slow
enough to be caught in mid-answer. What a picture shows is asked for here and nowhere drawn.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, require
from tests.browser.labs import DARK, KOREAN, Settings, jupyterlab, scripted_model
from tests.fakes.jupyter import JupyterProcess

ROOT = Path(__file__).parents[2]
THEMES: dict[str, Settings] = {"light": {}, "dark": DARK}
LANGUAGES: dict[str, Settings] = {"en": {}, "ko": KOREAN}
QUESTIONS = {
    "en": "Average revenue by region in data/sales.csv",
    "ko": "data/sales.csv 지역별 평균 매출 알려 줘",
}
PROFILE = {"en": "Profile data/sales.csv", "ko": "data/sales.csv 살펴봐 줘"}
REVIEW = {
    "en": "Review revenue in data/sales.csv by quarter and draft a summary for the team",
    "ko": "data/sales.csv 분기별 매출을 검토하고 팀에 보낼 요약을 써 줘",
}
SHARE = {"en": "What stands out in data/sales.csv?", "ko": "data/sales.csv에서 눈에 띄는 점은?"}
LOAD = 'import pandas as pd\n\nsales = pd.read_csv("data/sales.csv", parse_dates=["date"])\nsales.shape'
CODE = {
    "en": """import matplotlib.pyplot as plt

by_region = sales.groupby("region")["revenue"].sum().sort_values()
ax = by_region.div(1e6).plot.barh(color="#0072B2")
ax.set(xlabel="Revenue (million KRW)", ylabel="", title="Seoul has twice the revenue of Incheon")
plt.show()""",
    "ko": """import matplotlib.pyplot as plt

plt.rcParams["font.family"] = "NanumGothic"
by_region = sales.groupby("region")["revenue"].sum().sort_values()
ax = by_region.div(1e6).plot.barh(color="#0072B2")
ax.set(xlabel="매출(백만 원)", ylabel="", title="서울 매출이 인천의 두 배")
plt.show()""",
}
CHART = {"en": "Draw revenue by region", "ko": "지역별 매출을 그려 줘"}
BROKEN = {"en": "And now by product?", "ko": "그럼 제품별로는?"}
MEANINGS = {
    REVIEW[
        "en"
    ]: "ask=analyst,writer say=Revenue grew in every quarter of 2026.: Check revenue by quarter in data/sales.csv; "
    "Draft a summary for the team",
    "Check revenue by quarter in data/sales.csv": "use=profile_table:data/sales.csv "
    "say=Orders run from 2025-01-01 to 2026-09-30. I look at **revenue by quarter**, without the six duplicate rows, and "
    "compare each quarter with the one before it. The third quarter of 2026 is complete.",
    "Draft a summary for the team": "say=**Revenue, quarter by quarter**\n\nThe figures below come from `data/sales.csv`. "
    "Seoul leads in every quarter; Daegu has the highest revenue per order. Ratings are missing for 48 orders, so they are "
    "left out of this summary.",
    REVIEW[
        "ko"
    ]: "ask=analyst,writer say=2026년에는 매 분기 매출이 늘었어요.: data/sales.csv 분기별 매출 확인; 팀에 보낼 요약 작성",
    "data/sales.csv 분기별 매출 확인": "use=profile_table:data/sales.csv "
    "say=주문은 2025-01-01부터 2026-09-30까지예요. 중복된 6행을 빼고 **분기별 매출**을 직전 분기와 비교해 볼게요. "
    "2026년 3분기는 끝까지 들어 있어요.",
    "팀에 보낼 요약 작성": "say=**분기별 매출 요약**\n\n수치는 `data/sales.csv`에서 가져왔어요. 모든 분기에서 서울이 가장 많고, "
    "주문당 매출은 대구가 가장 높아요. 평점이 없는 주문 48건은 요약에서 뺐어요.",
    SHARE["en"]: "ask=analyst: Look for what stands out in data/sales.csv",
    "Look for what stands out in data/sales.csv": "use=profile_table:data/sales.csv say=Daegu.",
    SHARE["ko"]: "ask=analyst: data/sales.csv에서 눈에 띄는 점 찾기",
    "data/sales.csv에서 눈에 띄는 점 찾기": "use=profile_table:data/sales.csv say=대구.",
    CHART[
        "en"
    ]: "ask=visualizer say=Seoul leads with 78.4 million KRW, twice as much as Incheon (38.3 million).: Chart of revenue by region",
    "Chart of revenue by region": f"use=run_code{json.dumps({'code': CODE['en']})} say=The chart shows total revenue by region.",
    CHART[
        "ko"
    ]: "ask=visualizer say=서울이 7,845만 원으로 가장 많고, 인천(3,833만 원)의 두 배예요.: 지역별 매출 차트",
    "지역별 매출 차트": f"use=run_code{json.dumps({'code': CODE['ko']})} say=지역별 총매출 차트예요.",
    BROKEN["en"]: "fail=401",
    BROKEN["ko"]: "fail=401",
}
"""What the scripted model makes of the questions and tasks."""


@dataclass(frozen=True)
class Look:
    """How a page looks: a theme and a language."""

    theme: str
    language: str

    @property
    def name(self) -> str:
        """As part of a file's name."""
        return f"{self.theme}-{self.language}"


FAR = "http://models.example/v1"
"""A model beyond this machine: the scripted server is its own proxy."""

SLOW = ("--delay", "0.05", "--model", "gpt-oss:20b", "--meanings", json.dumps(MEANINGS))

LOOKS = tuple(Look(theme, language) for theme in THEMES for language in LANGUAGES)


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
        self.sidebar.locator(
            ".aichat-empty button"
        ).first.wait_for()  # what there is to ask about has been found

    def ask(self, where: Locator, text: str) -> None:
        """Write a message and send it."""
        box = where.locator(".aichat-composer textarea")
        box.fill(text)
        box.press("Enter")

    def new_thread(self) -> None:
        """Begin a conversation."""
        self.sidebar.locator(".aichat-header-tools button").first.click()
        self.sidebar.locator(".aichat-empty").wait_for()

    def load(self, code: str) -> None:
        """Run code in the notebook's first code cell."""
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").first
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")
        cell.locator(".jp-OutputArea-output").wait_for()

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
    """With a model: two specialists at once in mid-answer, the consent, and what is shown when the provider refuses."""
    sidebar, language = studio.sidebar, studio.look.language
    studio.load(LOAD)
    studio.ask(sidebar, CHART[language])
    sidebar.locator(".aichat-approval").wait_for()
    studio.shoot("approval")
    sidebar.locator(".aichat-approval .aichat-primary").click(delay=500)
    sidebar.locator(".aichat-artifact img").wait_for()
    studio.answered(sidebar)
    studio.shoot("chart")
    studio.new_thread()
    studio.ask(sidebar, SHARE[language])
    sidebar.locator(".aichat-approval").wait_for()
    studio.shoot("consent")
    sidebar.locator(".aichat-approval .aichat-primary").click(delay=500)
    studio.answered(sidebar)
    studio.ask(sidebar, REVIEW[language])
    sidebar.locator(".aichat-agent[data-agent=analyst] strong").wait_for()
    sidebar.locator(".aichat-agent[data-agent=writer] code").wait_for()
    studio.shoot("streaming")
    studio.answered(sidebar)
    studio.ask(sidebar, BROKEN[language])
    sidebar.locator(".aichat-card").last.wait_for()
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
            settings = {**THEMES[look.theme], **LANGUAGES[look.language]}
            with (
                tempfile.TemporaryDirectory() as folder,
                jupyterlab(Path(folder), settings=settings) as server,
            ):
                offline(Studio(browser, server, look, given.into))
            with (
                tempfile.TemporaryDirectory() as folder,
                scripted_model(*SLOW) as proxy,
                jupyterlab(
                    Path(folder), environment={"OPENAI_BASE_URL": FAR, "HTTP_PROXY": proxy}, settings=settings
                ) as server,
            ):
                online(Studio(browser, server, look, given.into))
        browser.close()


if __name__ == "__main__":
    main()
