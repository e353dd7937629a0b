"""Answers in their middle: a model that takes its time, and what a reload, a second tab or a busy kernel do to them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.journeys import (
    SIDEBAR,
    ask,
    conversation,
    new_thread,
    open_lab,
    open_notebook_7,
    run_panel,
)
from tests.fakes.jupyter import JupyterProcess

WORDS = 120
LONG = f"long please: words={WORDS}"
ANSWER = " ".join(f"w{i}" for i in range(WORDS))


def words_in(where: Locator) -> list[str]:
    """The words of the scripted answer that are on the screen."""
    return re.findall(r"\bw\d+\b", conversation(where).inner_text())


def wait_for_word(where: Locator, word: str) -> None:
    """Wait until this word of the answer has come."""
    expect(conversation(where)).to_contain_text(re.compile(rf"\b{word}\b"))


def expect_whole(where: Locator) -> None:
    """The answer ends, and is there once, word for word."""
    expect(where.get_by_role("button", name="Send")).to_be_visible()
    assert words_in(where) == ANSWER.split()


@pytest.mark.parametrize("front_end", ["JupyterLab", "Notebook 7"])
def test_words_appear_as_they_are_made(page: Page, slow_lab: JupyterProcess, front_end: str) -> None:
    """The first ones are there, and more come, while the answer goes on."""
    sidebar = open_lab(page, slow_lab) if front_end == "JupyterLab" else open_notebook_7(page, slow_lab)
    new_thread(sidebar)
    ask(sidebar, LONG)
    wait_for_word(sidebar, "w5")
    first = len(words_in(sidebar))
    wait_for_word(sidebar, "w50")
    later = len(words_in(sidebar))
    expect(sidebar.get_by_role("button", name="Stop")).to_be_visible()
    assert 5 < first < later < WORDS
    expect_whole(sidebar)


def test_a_reload_in_mid_answer_goes_on(page: Page, slow_lab: JupyterProcess) -> None:
    """The run belongs to the server: the same thread comes back with what was said, and the rest arrives."""
    sidebar = open_lab(page, slow_lab)
    new_thread(sidebar)
    ask(sidebar, LONG)
    wait_for_word(sidebar, "w10")
    page.reload()
    again = page.locator(SIDEBAR)
    wait_for_word(again, "w12")
    expect(again.get_by_role("button", name="Stop")).to_be_visible()
    assert len(words_in(again)) < WORDS
    expect_whole(again)
    expect(conversation(again)).to_contain_text(LONG)


def test_a_lost_connection_is_told_and_costs_nothing(page: Page, slow_lab: JupyterProcess) -> None:
    """Sockets die in mid-answer: one line says so, and when they can be opened again nothing is missing or doubled."""
    blocked = {"now": False}
    opened: list[object] = []

    def route(socket) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  Playwright's WebSocketRoute
        if blocked["now"]:
            socket.close(code=4408)
            return
        opened.append(socket)
        socket.connect_to_server()

    page.route_web_socket(re.compile("/api/aichat/ws/"), route)
    sidebar = open_lab(page, slow_lab)
    new_thread(sidebar)
    ask(sidebar, LONG)
    wait_for_word(sidebar, "w10")
    blocked["now"] = True
    for socket in opened:
        socket.close(code=4408)  # type: ignore[attr-defined]
    expect(sidebar.get_by_text("Connection lost.")).to_be_visible()
    blocked["now"] = False
    expect_whole(sidebar)
    expect(sidebar.get_by_text("Connection lost.")).to_have_count(0)


def test_two_tabs_show_the_same(browser: Browser, slow_lab: JupyterProcess) -> None:
    """Both see the words come; what is stopped in one is stopped in the other."""
    context = browser.new_context(viewport={"width": 1400, "height": 860})
    first = open_lab(context.new_page(), slow_lab)
    new_thread(first)
    ask(first, "very long please: words=3000")
    wait_for_word(first, "w3")
    second = open_lab(context.new_page(), slow_lab)
    second.get_by_role("button", name=re.compile("^Threads:")).click()
    second.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button").first.click()
    wait_for_word(second, "w20")
    second.get_by_role("button", name="Stop").click()
    expect(conversation(first)).to_contain_text("Stopped")
    expect(conversation(second)).to_contain_text("Stopped")
    assert words_in(first) == words_in(second)
    assert len(words_in(first)) < 3000


def test_sidebar_and_panel_on_one_thread_show_the_same_run(page: Page, slow_lab: JupyterProcess) -> None:
    """Asked in the panel, the answer grows in both, and both can be answered from."""
    sidebar = open_lab(page, slow_lab)
    panel = run_panel(page)
    ask(panel, LONG)
    wait_for_word(panel, "w3")
    sidebar.get_by_role("button", name=re.compile("^Threads:")).click()
    sidebar.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button").first.click()
    wait_for_word(sidebar, "w30")
    expect(panel.get_by_role("button", name="Stop")).to_be_visible()
    expect_whole(sidebar)
    expect_whole(panel)
    ask(sidebar, "hello again")
    expect(conversation(panel)).to_contain_text("hello again")


def test_the_panel_streams_while_the_kernel_is_busy(page: Page, slow_lab: JupyterProcess) -> None:
    """A whole answer comes in the panel between the cells while a cell sleeps. It is the last test: the kernel stays busy."""
    open_lab(page, slow_lab)
    panel = run_panel(page)
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(3)
    busy = page.locator(".jp-Notebook .jp-CodeCell").nth(2)
    busy.locator(".cm-content").click()
    page.keyboard.insert_text("import time; time.sleep(90)")
    page.keyboard.press("Shift+Enter")
    expect(busy.locator(".jp-InputPrompt")).to_contain_text("*")
    ask(panel, LONG)
    wait_for_word(panel, "w10")
    assert len(words_in(panel)) < WORDS
    expect(panel.get_by_role("button", name="Send")).to_be_visible(timeout=60_000)
    assert words_in(panel) == ANSWER.split()
    expect(busy.locator(".jp-InputPrompt")).to_contain_text("*", timeout=100)
