"""Actions of agents in a real notebook of a real JupyterLab: with the person's consent, and without getting in the way."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.journeys import SIDEBAR, conversation, open_lab
from tests.browser.played import PlayedThread
from tests.fakes.jupyter import JupyterProcess

NOTEBOOK = "01-quickstart.ipynb"
ACTIVE = "jp-mod-active"


def open_played(page: Page, lab: JupyterProcess, thread: PlayedThread) -> Locator:
    """Open the notebook beside a chat whose server is played; the kernel is ready."""
    thread.connect(page)
    sidebar = open_lab(page, lab)
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
    return sidebar


def write_in(page: Page) -> Locator:
    """Begin to write in the notebook's first code cell."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# mine")
    return cell


def cells_with(page: Page, text: str) -> Locator:
    """The notebook's cells in which this stands."""
    return page.locator(".jp-Notebook .jp-Cell").filter(has_text=text)


def test_a_cell_is_inserted_while_the_person_goes_on_writing(page: Page, lab: JupyterProcess) -> None:
    """The cursor stays where it is; the row in the chat leads to the new cell."""
    thread = PlayedThread()
    sidebar = open_played(page, lab, thread)
    mine = write_in(page)
    thread.begin("Insert the report")
    thread.act("na1", "insert_cell", NOTEBOOK, source="# Report\n\nRevenue grew.", cell_type="markdown")
    row = conversation(sidebar).get_by_role("button", name=f"Inserted a cell in {NOTEBOOK}")
    expect(row).to_be_visible()
    page.keyboard.type(", still mine")
    expect(mine).to_contain_text("# mine, still mine")
    report = cells_with(page, "Revenue grew.")
    expect(report).to_have_count(1)
    expect(report).not_to_contain_class(ACTIVE)
    row.click()
    expect(report).to_contain_class(ACTIVE)
    expect(report).to_be_in_viewport()


def test_undo_takes_back_what_an_agent_did(page: Page, lab: JupyterProcess) -> None:
    """And not what the person wrote just before."""
    thread = PlayedThread()
    sidebar = open_played(page, lab, thread)
    mine = write_in(page)
    thread.begin("Insert")
    thread.act("na1", "insert_cell", NOTEBOOK, source="agent = True", cell_type="code")
    expect(conversation(sidebar)).to_contain_text(f"Inserted a cell in {NOTEBOOK}")
    expect(cells_with(page, "agent = True")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(cells_with(page, "agent = True")).to_have_count(0)
    expect(mine).to_contain_text("# mine")


def test_a_cell_is_run_where_it_stands(page: Page, lab: JupyterProcess) -> None:
    """The output is in the notebook; the person is still writing in another cell."""
    thread = PlayedThread()
    sidebar = open_played(page, lab, thread)
    mine = write_in(page)
    thread.begin("Compute")
    thread.act("na1", "insert_cell", NOTEBOOK, source="print(6 * 7)", cell_type="code")
    expect(conversation(sidebar)).to_contain_text(f"Inserted a cell in {NOTEBOOK}")
    cell_id = thread.asked("notebook_result")[0]["result"]["cell_id"]
    thread.act("na2", "run_cell", NOTEBOOK, cell_id=cell_id, expected="print(6 * 7)")
    expect(conversation(sidebar)).to_contain_text(f"Ran a cell in {NOTEBOOK}")
    expect(cells_with(page, "print(6 * 7)").locator(".jp-OutputArea-output")).to_have_text("42\n")
    page.keyboard.type("!")
    expect(mine).to_contain_text("# mine!")
    thread.act("na3", "insert_cell", NOTEBOOK, source="1 / 0", cell_type="code")
    expect(conversation(sidebar).get_by_text("Inserted a cell in")).to_have_count(2)
    failing = thread.asked("notebook_result")[-1]["result"]["cell_id"]
    thread.act("na4", "run_cell", NOTEBOOK, cell_id=failing)
    expect(conversation(sidebar)).to_contain_text("ZeroDivisionError: division by zero")


def test_a_cell_that_the_person_has_edited_is_left_alone(page: Page, lab: JupyterProcess) -> None:
    """The agent hears that it has to read again; the edit stays."""
    thread = PlayedThread()
    sidebar = open_played(page, lab, thread)
    thread.begin("Improve")
    thread.act("na1", "insert_cell", NOTEBOOK, source="x = 1", cell_type="code")
    expect(conversation(sidebar)).to_contain_text(f"Inserted a cell in {NOTEBOOK}")
    cell_id = thread.asked("notebook_result")[0]["result"]["cell_id"]
    cells_with(page, "x = 1").locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("0")
    thread.act("na2", "replace_cell", NOTEBOOK, cell_id=cell_id, source="x = 2", expected="x = 1")
    expect(conversation(sidebar)).to_contain_text("The cell was edited in the meantime. Read it again.")
    expect(cells_with(page, "x = 10")).to_have_count(1)
    thread.act("na3", "replace_cell", NOTEBOOK, cell_id=cell_id, source="y = 10", expected="x = 10")
    expect(cells_with(page, "y = 10")).to_have_count(1)


def test_of_two_windows_one_performs(browser: Browser, lab: JupyterProcess) -> None:
    """Both have the notebook open and both want to; one cell is made."""
    thread = PlayedThread()
    pages = [browser.new_page(viewport={"width": 1400, "height": 860}) for _ in range(2)]
    for page in pages:
        open_played(page, lab, thread)
    thread.begin("Insert")
    thread.act("na1", "insert_cell", NOTEBOOK, source="only_once = 1", cell_type="code")
    for page in pages:
        expect(conversation(page.locator(SIDEBAR))).to_contain_text(f"Inserted a cell in {NOTEBOOK}")
    assert sum(cells_with(page, "only_once = 1").count() for page in pages) == 1
    assert len(thread.asked("claim")) == 2
    assert len(thread.asked("notebook_result")) == 1


def test_code_is_edited_and_approved_in_labs_own_editor(page: Page, lab: JupyterProcess) -> None:
    """The card shows the code in CodeMirror; what is sent is what stands there when it is approved."""
    thread = PlayedThread()
    sidebar = open_played(page, lab, thread)
    thread.begin("Compute")
    action = {"kind": "run_code", "code": "x = 1", "language": "python", "notebook": NOTEBOOK}
    thread.happen(
        "approval_request",
        approval_id="ap1",
        call_id="k1",
        agent="analyst",
        action=action,
        digest="d" * 64,
        effects={"names": [{"name": "x", "change": "creates"}]},
        expires_at="2126-11-23T09:00:00.000Z",
    )
    card = sidebar.get_by_role("region", name=f"Analyst wants to run Python in {NOTEBOOK}")
    expect(card.locator(".cm-content")).to_have_text("x = 1")
    expect(card.locator(".cm-content")).to_have_attribute("aria-readonly", "true")
    card.get_by_role("button", name="Edit").click()
    expect(card.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("0 + 5")
    expect(card.get_by_role("button", name="Approve with changes")).to_be_enabled()
    card.get_by_role("button", name="Approve with changes").click(delay=500)
    expect(card.get_by_role("button", name="Approve with changes")).to_be_disabled()
    assert thread.asked("approve") == [
        {
            "id": "c1",
            "type": "approve",
            "approval_id": "ap1",
            "digest": "d" * 64,
            "decision": "edit",
            "code": "x = 10 + 5",
            "scope": "once",
        }
    ]
