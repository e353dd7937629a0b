"""What the chat says when something is in the way, or has to be decided; and that it speaks Korean."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.journeys import SIDEBAR, ask, conversation, open_lab
from tests.browser.labs import DARK, KOREAN, jupyterlab, scripted_model

FAR = "http://models.example/v1"
"""A model beyond this machine: the scripted server is its own proxy."""


def test_without_the_server_extension_it_says_what_to_do(page: Page, tmp_path: Path) -> None:
    """The command that enables it, and "Check again"; no spinner, no composer that sends nowhere."""
    with jupyterlab(tmp_path, enabled=False) as server:
        page.goto(f"{server.url}lab/tree/01-quickstart.ipynb?token={server.token}&reset")
        sidebar = page.locator(SIDEBAR)
        expect(sidebar).to_contain_text("jupyter server extension enable jupyter_aichat")
        expect(sidebar.get_by_role("button", name="Check again")).to_be_visible()
        expect(sidebar.get_by_role("textbox", name="Message")).to_have_count(0)
        sidebar.get_by_role("button", name="Check again").click()
        expect(sidebar).to_contain_text("jupyter server extension enable jupyter_aichat")


def test_a_file_goes_to_a_far_model_only_after_consent(page: Page, tmp_path: Path) -> None:
    """The card names file and host, is still there after a reload, and the answer goes on with the decision."""
    with (
        scripted_model() as proxy,
        jupyterlab(tmp_path, environment={"OPENAI_BASE_URL": FAR, "HTTP_PROXY": proxy}) as server,
    ):
        sidebar = open_lab(page, server)
        ask(sidebar, "ask=analyst: use=read_file:data/README.md words=5")
        heading = re.compile(r"Send the contents of README\.md to models\.example\?")
        expect(sidebar.get_by_role("heading", name=heading)).to_be_visible()
        page.reload()
        sidebar = page.locator(SIDEBAR)
        card = sidebar.get_by_role("region", name=heading)
        expect(card).to_contain_text("data/README.md")
        page.wait_for_function("Date.now() - performance.timeOrigin > 1500")  # the card takes no hasty click
        card.get_by_role("button", name="Approve").click()
        expect(conversation(sidebar)).to_contain_text("w4")
        expect(sidebar.get_by_role("button", name="Send")).to_be_visible()
        expect(sidebar.get_by_role("heading", name=heading)).to_have_count(0)


def test_a_refused_key_says_whose_and_offers_to_change_it(page: Page, tmp_path: Path) -> None:
    """One sentence and one button that leads to the form; a new key counts at once."""
    with (
        scripted_model("--key", "sk-right", "--model", "tiny") as model,
        jupyterlab(
            tmp_path,
            environment={
                "OPENAI_BASE_URL": f"{model}/v1",
                "OPENAI_MODEL": "tiny",
                "OPENAI_API_KEY": "sk-old",
            },
        ) as server,
    ):
        sidebar = open_lab(page, server)
        ask(sidebar, "hello")
        expect(conversation(sidebar)).to_contain_text("refused the API key")
        sidebar.get_by_role("button", name="Change key").click()
        form = sidebar.get_by_role("dialog", name="Model")
        form.get_by_label("API key").fill("sk-right")
        form.get_by_role("button", name="Connect", exact=True).click()
        expect(form.get_by_role("button", name="Disconnect")).to_be_visible()
        ask(sidebar, "hello again")
        expect(conversation(sidebar)).to_contain_text("Hello there.")
        stored = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
        assert "sk-right" not in stored


def test_it_speaks_the_language_of_jupyterlab(page: Page, tmp_path: Path) -> None:
    """In a Korean JupyterLab every word of the chat is Korean, also in the dark."""
    with jupyterlab(tmp_path, settings={**KOREAN, **DARK}) as server:
        page.goto(f"{server.url}lab/tree/01-quickstart.ipynb?token={server.token}&reset")
        sidebar = page.locator(SIDEBAR)
        box = sidebar.get_by_role("textbox", name="메시지")
        expect(sidebar).to_contain_text("오프라인 모드: 규칙, AI 모델 없음")
        box.fill("data/sales.csv 살펴봐 줘")
        box.press("Enter")
        expect(sidebar.get_by_role("log", name="대화")).to_contain_text("806행")
        expect(sidebar.get_by_role("button", name="보내기")).to_be_visible()
        ground = sidebar.locator(".aichat").evaluate("e => getComputedStyle(e).backgroundColor")
        assert ground == "rgb(33, 33, 33)"
