"""Agents in the notebook's own kernel: a real JupyterLab, a real kernel, the scripted model."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import SIDEBAR, ask, conversation, open_lab
from tests.browser.labs import jupyterlab, scripted_model
from tests.fakes.jupyter import JupyterProcess

CHART = """import matplotlib.pyplot as plt
by_region = sales.groupby("region")["revenue"].sum().sort_values()
ax = by_region.plot.barh()
plt.show()
by_region.to_frame().tail(2)"""
LOAD = 'import pandas as pd\nsales = pd.read_csv("data/sales.csv")\nprint(len(sales), "loaded")'
MEANINGS = {
    "Draw revenue by region": "ask=visualizer: chart",
    "chart": f"use=run_code{json.dumps({'code': CHART})} say=Seoul leads.",
    "Put a note into the notebook": "ask=writer: note",
    "note": f"use=insert_cell{json.dumps({'source': '## Seoul leads', 'cell_type': 'markdown'})} say=Inserted.",
}


@pytest.fixture(scope="module")
def kernel_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterProcess]:
    """JupyterLab with a model that asks to run code and to insert a cell."""
    with (
        scripted_model("--meanings", json.dumps(MEANINGS)) as model,
        jupyterlab(
            tmp_path_factory.mktemp("kernel"), environment={"OPENAI_BASE_URL": f"{model}/v1"}
        ) as server,
    ):
        yield server


@pytest.fixture
def sidebar(page: Page, kernel_lab: JupyterProcess) -> Locator:
    """The sidebar beside a notebook whose kernel has loaded the sales."""
    opened = open_lab(page, kernel_lab)
    run_code_cell(page, LOAD, "806 loaded")
    return opened


def run_code_cell(page: Page, code: str, shows: str) -> None:
    """Write code into the first code cell and run it, once the kernel listens."""
    asked = page.get_by_role("dialog").filter(has_text="Select kernel for")
    page.add_locator_handler(asked, lambda dialog: dialog.get_by_role("button", name="Select Kernel").click())
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Idle")
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-OutputArea-output").filter(has_text=shows).first).to_be_visible()


def press(card: Locator, name: str) -> None:
    """Press a button that decides, again if the card took no notice: it takes nothing in its first moment."""
    for _ in range(10):
        card.get_by_role("button", name=name, exact=True).click()
        try:
            expect(card).to_have_count(0, timeout=1_500)
        except AssertionError:
            continue
        return
    raise AssertionError(f"the card does not take {name}")


def test_code_runs_only_after_approval_and_shows_its_chart(
    page: Page, sidebar: Locator, kernel_lab: JupyterProcess
) -> None:
    """The card shows the exact code and its effects, survives a reload, and what is approved runs in the notebook's kernel."""
    ask(sidebar, "Draw revenue by region")
    card = sidebar.get_by_role("region", name="Visualizer wants to run Python in 01-quickstart.ipynb")
    expect(card).to_contain_text("by_region.plot.barh()")
    expect(card).to_contain_text("creates")
    page.reload()
    sidebar = page.locator(SIDEBAR)
    card = sidebar.get_by_role("region", name="Visualizer wants to run Python in 01-quickstart.ipynb")
    expect(card).to_contain_text("by_region.plot.barh()")
    expect(conversation(sidebar).locator("img")).to_have_count(0)
    press(card, "Approve")
    log = conversation(sidebar)
    expect(log.get_by_role("figure").locator("img")).to_be_visible()
    expect(log.get_by_role("figure").filter(has_text="Seoul")).to_contain_text("78447690")
    expect(log).to_contain_text("by_region")
    expect(log).to_contain_text("Seoul leads.")
    run_code_cell(page, 'print("there:", int(by_region["Seoul"]))', "there: 78447690")


def test_a_denied_request_changes_nothing(page: Page, sidebar: Locator) -> None:
    """The kernel has no new name, and the answer goes on."""
    sidebar.get_by_role("button", name="New thread", exact=True).click()
    run_code_cell(page, 'globals().pop("by_region", None); print("clean")', "clean")
    ask(sidebar, "Draw revenue by region")
    card = sidebar.get_by_role("region", name="Visualizer wants to run Python in 01-quickstart.ipynb")
    card.get_by_role("button", name="Deny…").click()
    card.get_by_label("Reason (the agent reads it)").fill("Not now")
    press(card, "Deny")
    expect(sidebar.get_by_role("button", name="Send")).to_be_visible()
    run_code_cell(page, 'print("by_region" in globals())', "False")


def test_a_cell_is_inserted_once_and_undo_takes_it_back(page: Page, sidebar: Locator) -> None:
    """After approval, through JupyterLab's own notebook; nothing of the person's notebook is lost."""
    sidebar.get_by_role("button", name="New thread", exact=True).click()
    before = page.locator(".jp-Notebook .jp-Cell").count()
    ask(sidebar, "Put a note into the notebook")
    card = sidebar.get_by_role("region", name="Writer wants to insert a Markdown cell")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(before)
    press(card, "Approve")
    note = page.locator(".jp-Notebook .jp-MarkdownCell").filter(has_text="Seoul leads")
    expect(note).to_have_count(1)
    expect(conversation(sidebar)).to_contain_text("Inserted a cell in 01-quickstart.ipynb")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(before + 1)
    page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first.click()
    page.keyboard.press("z")
    expect(note).to_have_count(0)
