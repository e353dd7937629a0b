"""The main journeys in a real JupyterLab: the sidebar, the panel beside a busy kernel, a reload in mid-answer, Notebook 7."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as Unseen

from tests.fakes.jupyter import JupyterProcess

QUESTION = "Profile data/sales.csv"
SIDEBAR = "#jupyter-aichat"
ROWS = re.compile("806 rows")


def open_lab(page: Page, lab: JupyterProcess, path: str = "lab/tree/01-quickstart.ipynb") -> Locator:
    """Open a page of JupyterLab; the chat's sidebar opens by itself at the first start."""
    page.goto(f"{lab.url}{path}?token={lab.token}&reset")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    sidebar = page.locator(SIDEBAR)
    expect(sidebar.get_by_role("textbox", name="Message")).to_be_visible()
    return sidebar


def ask(where: Locator, text: str) -> None:
    """Write a message and send it with Enter."""
    box = where.get_by_role("textbox", name="Message")
    box.fill(text)
    box.press("Enter")


def test_the_sidebar_answers_with_the_right_numbers(page: Page, lab: JupyterProcess) -> None:
    """The offline analyst profiles a file; it is shown who gave the task to whom; no token stands in a socket's address."""
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    sidebar = open_lab(page, lab)
    ask(sidebar, QUESTION)
    log = sidebar.get_by_role("log", name="Conversation")
    expect(log).to_contain_text(ROWS)
    expect(log).to_contain_text("Analyst")
    expect(sidebar.get_by_role("button", name="Send")).to_be_visible()
    ours = [url for url in sockets if "/api/aichat/ws/" in url]
    assert ours
    assert not [url for url in ours if "token=" in url]


def test_a_korean_question_gets_a_korean_answer(page: Page, lab: JupyterProcess) -> None:
    """Asked in Korean, the same numbers come in Korean."""
    sidebar = open_lab(page, lab)
    sidebar.get_by_role("button", name="New thread", exact=True).click()
    ask(sidebar, "data/sales.csv 결측치 확인해 줘")
    expect(sidebar.get_by_role("log", name="Conversation")).to_contain_text("결측")
    expect(sidebar.get_by_role("log", name="Conversation")).to_contain_text("48")


def test_a_reload_in_mid_answer_goes_on(page: Page, lab: JupyterProcess) -> None:
    """The run belongs to the server; after the reload the same thread shows the whole answer once."""
    sidebar = open_lab(page, lab)
    sidebar.get_by_role("button", name="New thread", exact=True).click()
    ask(sidebar, QUESTION)
    expect(sidebar.get_by_role("log", name="Conversation")).to_contain_text("Supervisor")
    page.reload()
    log = page.locator(SIDEBAR).get_by_role("log", name="Conversation")
    expect(log).to_contain_text(ROWS)
    expect(log).to_contain_text(QUESTION)


def test_notebook_7_has_the_chat_too(page: Page, lab: JupyterProcess) -> None:
    """The same sidebar, opened by its command."""
    page.goto(f"{lab.url}notebooks/01-quickstart.ipynb?token={lab.token}")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    sidebar = page.locator(SIDEBAR)
    box = sidebar.get_by_role("textbox", name="Message")
    palette = page.locator(".lm-CommandPalette-input")
    try:
        box.wait_for(timeout=8_000)
    except Unseen:  # it opens by itself at the first start only
        page.keyboard.press("Control+Shift+C")
        palette.fill("Open AI chat")
        page.locator(".lm-CommandPalette-item").first.click()
    ask(sidebar, QUESTION)
    expect(sidebar.get_by_role("log", name="Conversation")).to_contain_text(ROWS)


def test_the_panel_streams_while_the_kernel_is_busy(page: Page, lab: JupyterProcess) -> None:
    """A whole answer comes in the panel between the cells while a cell sleeps for twenty seconds."""
    asked = page.get_by_role("dialog").filter(has_text="Select kernel for")
    page.add_locator_handler(asked, lambda dialog: dialog.get_by_role("button", name="Select Kernel").click())
    open_lab(page, lab)
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
    cells.last.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    panel = page.locator(".jp-OutputArea-output").filter(has=page.get_by_role("textbox", name="Message"))
    expect(panel).to_be_visible()
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(3)
    busy = page.locator(".jp-Notebook .jp-CodeCell").nth(2)
    busy.locator(".cm-content").click()
    page.keyboard.insert_text("import time; time.sleep(20)")
    page.keyboard.press("Shift+Enter")
    expect(busy.locator(".jp-InputPrompt")).to_contain_text("*")
    ask(panel, QUESTION)
    expect(panel.get_by_role("log", name="Conversation")).to_contain_text(ROWS, timeout=18_000)
    expect(busy.locator(".jp-InputPrompt")).to_contain_text("*", timeout=100)
