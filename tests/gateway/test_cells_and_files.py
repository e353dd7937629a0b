"""Cells that agents change and run, files that they write, end to end: a real server, the strict scripted model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.fakes.client import Client, Frame
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import NOTEBOOK, Connect, Session
from tests.gateway.test_kernel_actions import approval, ask, decide, send, tool_end

CELL = "import math\nprice = 12"


@pytest.fixture
def notebook(jp_root_dir: Path) -> Path:
    """A notebook with two cells, and no kernel."""
    path = jp_root_dir / NOTEBOOK
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells())), "utf-8")
    return path


def cells() -> list[Any]:
    """A code cell and a text cell, with ids."""
    return [
        nbformat.v4.new_code_cell(CELL, id="c1"),
        nbformat.v4.new_markdown_cell("# 제목", id="c2"),
    ]


def replace(source: str, cell_id: str = "c1") -> str:
    """A message that has the coder change a cell."""
    return ask(source, tool="replace_cell", agent="coder", field="source", cell_id=cell_id)


def write(path: str, content: str = "# 3분기\n") -> str:
    """A message that has the writer write a file."""
    return ask(content, tool="write_file", agent="writer", field="content", path=path)


async def performed(client: Client, wanted: Frame, status: str = "ok", **result: Any) -> None:
    """Claim a notebook action, as a window does, and say what came of it."""
    action_id = wanted["data"]["action_id"]
    assert (await client.send(type="claim", action_id=action_id))["event_type"] == "ack"
    await client.send(type="notebook_result", action_id=action_id, status=status, result=result)


def outcome(client: Client, name: str) -> tuple[str, str]:
    """Status and output of the last use of a tool."""
    tool = tool_end(client, name)["data"]["tool"]
    return tool["status"], tool["output"]


# -- replace_cell ---------------------------------------------------------------------------------------------------


async def test_a_cell_is_changed_as_it_was_seen(
    provider: FakeOpenAI, connect: Connect, notebook: Path
) -> None:
    """Without any kernel: the person sees old and new text; the window is told what must still be in the cell."""
    client = await connect("t1")
    await send(client, replace("price = 13"))
    request = await approval(client)
    action = request["data"]["action"]
    assert (action["source"], action["before"], action["cell_type"]) == ("price = 13", CELL, "code")
    assert (action["cell_id"], action["notebook"]) == ("c1", NOTEBOOK)
    assert "kernel_id" not in action
    await decide(client, request)
    wanted = await client.until("notebook_action")
    assert wanted["data"]["kind"] == "replace_cell"
    assert wanted["data"]["args"] == {"source": "price = 13", "cell_id": "c1", "expected": CELL}
    await performed(client, wanted, cell_id="c1")
    await client.end()
    assert outcome(client, "replace_cell") == ("ok", "Done; the cell's id is c1.")
    assert json.loads(notebook.read_text())["cells"][0]["source"] == CELL.splitlines(keepends=True)


async def test_a_cell_that_is_not_there_is_said_before_anybody_is_asked(
    provider: FakeOpenAI, connect: Connect, notebook: Path
) -> None:
    """The agent hears how to find the ids."""
    client = await connect("t1")
    await send(client, replace("x", "c9"))
    await client.end()
    status, output = outcome(client, "replace_cell")
    assert (status, "no cell with the id 'c9'" in output) == ("error", True)
    assert not [f for f in client.events if f["event_type"] == "approval_request"]


async def test_what_the_person_edits_first_is_what_the_window_gets(
    provider: FakeOpenAI, connect: Connect, notebook: Path
) -> None:
    """The agent's text goes nowhere."""
    client = await connect("t1")
    await send(client, replace("price = 13"))
    await decide(client, await approval(client), "edit", code="price = 14")
    wanted = await client.until("notebook_action")
    assert wanted["data"]["args"]["source"] == "price = 14"
    await performed(client, wanted, "error", error="The cell was edited in the meantime. Read it again.")
    await client.end()
    status, output = outcome(client, "replace_cell")
    assert status == "error"
    assert "price = 14" in output
    assert "edited in the meantime" in output


# -- run_cell -------------------------------------------------------------------------------------------------------


async def test_a_cell_is_run_where_it_stands(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """The request shows its code, judged; the agent hears what it showed; what it did to the kernel is told."""
    kernel = await session(cells=cells())
    client = await connect("t1")
    await send(client, ask("c1", tool="run_cell", agent="coder", field="cell_id"))
    request = await approval(client)
    action = request["data"]["action"]
    assert (action["kind"], action["code"], action["kernel_id"]) == ("run_cell", CELL, kernel)
    assert {n["name"]: n["change"] for n in request["data"]["effects"]["names"]} == {
        "math": "creates",
        "price": "creates",
    }
    await decide(client, request)
    wanted = await client.until("notebook_action")
    assert wanted["data"]["args"] == {"cell_id": "c1", "expected": CELL}
    await run_cell(kernel, CELL)  # what the window does
    await performed(client, wanted, cell_id="c1", output="twelve")
    await client.end()
    assert outcome(client, "run_cell") == ("ok", "It ran and showed:\ntwelve")
    (changes,) = [f["data"] for f in client.events if f["event_type"] == "kernel_changes"]
    assert "price" in [c["name"] for c in changes["created"]]


async def test_only_code_cells_run(provider: FakeOpenAI, connect: Connect, session: Session) -> None:
    """Of a text cell the agent hears that it is none; nobody is asked."""
    await session(cells=cells())
    client = await connect("t1")
    await send(client, ask("c2", tool="run_cell", agent="coder", field="cell_id"))
    await client.end()
    status, output = outcome(client, "run_cell")
    assert (status, "is a markdown cell" in output) == ("error", True)


async def test_an_approved_cell_does_not_run_in_another_kernel(
    provider: FakeOpenAI, connect: Connect, session: Session, jp_fetch: Any
) -> None:
    """Restarted between question and answer: refused as stale, and no window is asked."""
    kernel = await session(cells=cells())
    client = await connect("t1")
    await send(client, ask("c1", tool="run_cell", agent="coder", field="cell_id"))
    request = await approval(client)
    await jp_fetch("api", "kernels", kernel, "restart", method="POST", body="{}")
    assert (await decide(client, request))["data"]["code"] == "stale"
    await client.end()
    assert not [f for f in client.events if f["event_type"] == "notebook_action"]


# -- write_file -----------------------------------------------------------------------------------------------------


async def test_a_file_is_written_after_approval(
    provider: FakeOpenAI, connect: Connect, jp_root_dir: Path
) -> None:
    """No notebook and no kernel is needed; nothing before, exactly the text after."""
    client = await connect("t1")
    (jp_root_dir / "reports").mkdir()
    await client.send(type="message", message=write("./reports/q3.md", "# 3분기\n"))
    request = await approval(client)
    action = request["data"]["action"]
    assert (action["path"], action["content"]) == ("reports/q3.md", "# 3분기\n")
    assert request["data"]["effects"]["files"] == [
        {"path": "reports/q3.md", "access": "write", "exists": False}
    ]
    assert list((jp_root_dir / "reports").iterdir()) == []
    await decide(client, request)
    await client.end()
    assert (jp_root_dir / "reports" / "q3.md").read_text("utf-8") == "# 3분기\n"
    assert outcome(client, "write_file") == ("ok", "'reports/q3.md' has 10 bytes. It is new.")


async def test_a_file_that_is_there_is_written_over_only_as_it_was_shown(
    provider: FakeOpenAI, connect: Connect, jp_root_dir: Path
) -> None:
    """The request says that there is one and its size; if it has changed by the time of the answer, it stays."""
    target = jp_root_dir / "a.md"
    target.write_text("old")
    client = await connect("t1")
    await send(client, write("a.md", "new"))
    request = await approval(client)
    assert request["data"]["effects"]["files"] == [
        {"path": "a.md", "access": "write", "exists": True, "size": 3}
    ]
    target.write_text("the person's own")
    await decide(client, request)
    await client.end()
    assert outcome(client, "write_file")[0] == "error"
    assert target.read_text() == "the person's own"
    await send(client, write("a.md", "new"))
    await decide(client, await approval(client))
    await client.end()
    assert target.read_text() == "new"


@pytest.mark.parametrize(
    "path", ["../x.md", "/srv/x.md", ".bashrc", "~/x.md", "link.md", "a.ipynb", "etc/jupyter_x_config.py", ""]
)
async def test_nothing_is_written_elsewhere(
    provider: FakeOpenAI, connect: Connect, jp_root_dir: Path, path: str
) -> None:
    """Outside of the root, hidden, through a link, settings, notebooks: nobody is asked, or nothing comes of a yes."""
    (jp_root_dir / "etc").mkdir()
    (jp_root_dir / "link.md").symlink_to(jp_root_dir.parent / "outside.md")
    before = sorted(p.name for p in jp_root_dir.rglob("*"))
    client = await connect("t1")
    await send(client, write(path))
    found = await client.until("approval_request", "done")
    if found["event_type"] == "approval_request":
        await decide(client, found)
        await client.end()
    assert outcome(client, "write_file")[0] in {"error", "denied"}
    assert sorted(p.name for p in jp_root_dir.rglob("*")) == before
    assert not (jp_root_dir.parent / "outside.md").exists()


async def test_where_nobody_can_be_asked_nothing_is_written(
    provider: FakeOpenAI, jp_fetch: Any, jp_root_dir: Path
) -> None:
    """A message without a socket: denied, and the answer comes all the same."""
    body = json.dumps({"message": write("a.md")})
    answer = await jp_fetch("api", "aichat", "chat", method="POST", body=body)
    assert json.loads(answer.body)["content"]
    assert not (jp_root_dir / "a.md").exists()
