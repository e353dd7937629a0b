"""What a person does in the browser, in the words of the tests."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as Unseen

from tests.fakes.jupyter import JupyterProcess

__all__ = ["SIDEBAR", "ask", "conversation", "new_thread", "open_lab", "open_notebook_7", "run_panel"]

SIDEBAR = "#jupyter-aichat"


def open_lab(page: Page, lab: JupyterProcess, path: str = "lab/tree/01-quickstart.ipynb") -> Locator:
    """Open a page of JupyterLab; the chat's sidebar opens by itself at the first start."""
    page.goto(f"{lab.url}{path}?token={lab.token}&reset")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    sidebar = page.locator(SIDEBAR)
    expect(sidebar.get_by_role("textbox", name="Message")).to_be_visible()
    return sidebar


def open_notebook_7(page: Page, lab: JupyterProcess) -> Locator:
    """Open the notebook in Notebook 7 and the chat beside it."""
    page.goto(f"{lab.url}notebooks/01-quickstart.ipynb?token={lab.token}")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    sidebar = page.locator(SIDEBAR)
    try:
        sidebar.get_by_role("textbox", name="Message").wait_for(timeout=8_000)
    except Unseen:  # it opens by itself at the first start only
        page.keyboard.press("Control+Shift+C")
        page.locator(".lm-CommandPalette-input").fill("Open AI chat")
        page.locator(".lm-CommandPalette-item").first.click()
    return sidebar


def new_thread(sidebar: Locator) -> None:
    """Begin a conversation."""
    sidebar.get_by_role("button", name="New thread", exact=True).click()
    expect(sidebar.locator(".aichat-run")).to_have_count(0)


def ask(where: Locator, text: str) -> None:
    """Write a message and send it with Enter."""
    box = where.get_by_role("textbox", name="Message")
    box.fill(text)
    box.press("Enter")


def conversation(where: Locator) -> Locator:
    """The log of a chat."""
    return where.get_by_role("log", name="Conversation")


def run_panel(page: Page) -> Locator:
    """Run the notebook's last cell, which shows a panel."""
    asked = page.get_by_role("dialog").filter(has_text="Select kernel for")
    page.add_locator_handler(asked, lambda dialog: dialog.get_by_role("button", name="Select Kernel").click())
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
    page.locator(".jp-Notebook .jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    panel = page.locator(".jp-OutputArea-output").filter(has=page.get_by_role("textbox", name="Message"))
    expect(panel).to_be_visible()
    return panel
