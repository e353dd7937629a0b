"""The main journeys in a real JupyterLab with the offline analyst."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.journeys import ask, conversation, new_thread, open_lab, open_notebook_7
from tests.fakes.jupyter import JupyterProcess

QUESTION = "Profile data/sales.csv"
ROWS = re.compile("806 rows")


def test_the_sidebar_answers_with_the_right_numbers(page: Page, lab: JupyterProcess) -> None:
    """The offline analyst profiles a file; it is shown who gave the task to whom; no token stands in a socket's address."""
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    sidebar = open_lab(page, lab)
    ask(sidebar, QUESTION)
    log = conversation(sidebar)
    expect(log).to_contain_text(ROWS)
    expect(sidebar.get_by_role("button", name="Send")).to_be_visible()
    expect(log.get_by_role("region", name="Supervisor").first).to_be_visible()
    handoff = log.get_by_role("button", name="Supervisor to Analyst:")
    handoff.click()
    expect(log.get_by_role("region", name="Analyst")).to_contain_text("Profiled sales.csv")
    ours = [url for url in sockets if "/api/aichat/ws/" in url]
    assert ours
    assert not [url for url in ours if "token=" in url]


def test_a_korean_question_gets_a_korean_answer(page: Page, lab: JupyterProcess) -> None:
    """Asked in Korean, the same numbers come in Korean."""
    sidebar = open_lab(page, lab)
    new_thread(sidebar)
    ask(sidebar, "data/sales.csv 결측치 확인해 줘")
    expect(conversation(sidebar)).to_contain_text("결측")
    expect(conversation(sidebar)).to_contain_text("48")
    new_thread(sidebar)
    ask(sidebar, "data/sales.csv 살펴봐 줘")
    expect(conversation(sidebar)).to_contain_text("806행")


def test_notebook_7_has_the_chat_too(page: Page, lab: JupyterProcess) -> None:
    """The same sidebar, opened by its command."""
    sidebar = open_notebook_7(page, lab)
    ask(sidebar, QUESTION)
    expect(conversation(sidebar)).to_contain_text(ROWS)
