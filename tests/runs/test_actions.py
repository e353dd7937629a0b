"""What comes of actions: by policy, by a person, by an earlier result; and each is performed once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from jupyter_aichat.kernels.outputs import Display, Error, Stream
from jupyter_aichat.protocol.commands import Claim, Performed
from jupyter_aichat.runs.shown import LARGEST, STORED
from tests.fakes.engine import Act, Gate, ScriptedEngine, Step
from tests.fakes.kernel import NOTEBOOK, SECRET, FakeKernel, Ran, variable
from tests.runs.house import House, Seen

CODE = Act("run_code", {"code": "x = 1"})
WRITE = Act("write_file", {"path": "a.md", "content": "text"})
MAKES_X = {"x = 1": Ran(shows=[Stream("stdout", "one\n")], makes={"x": variable("1")})}


async def house(
    folder: Path, kernel: FakeKernel | None, *steps: Step, server: str = "one", **more: list[Step]
) -> House:
    """A house whose message "a" has these steps; others by name."""
    engine = ScriptedEngine({"a": list(steps), **more})
    return await House.build(folder, engine, kernel=kernel, server=server)


async def begin(one: House, text: str = "a") -> str:
    """Send a message from the notebook; the run's id."""
    return (await one.submit(text, notebook={"path": NOTEBOOK})).run_id


async def tool(one: House, run_id: str = "r1") -> tuple[str, str]:
    """Status and output of the run's tool call, when it has ended."""
    data = (await one.until("tool_end", run_id)).data["tool"]
    return data["status"], data["output"]


async def questions(one: House) -> list[Seen]:
    """What people were asked."""
    return [e for e in await one.log() if e.type == "approval_request"]


# -- asked or not ---------------------------------------------------------------------------------------------------


async def test_code_runs_after_a_yes_and_not_before(tmp_path: Path) -> None:
    """What it prints is an event; what it did to the kernel is told at the end of the run."""
    kernel = FakeKernel(MAKES_X)
    async with await house(tmp_path, kernel, CODE, "done") as one:
        await begin(one)
        request = await one.until("approval_request")
        assert kernel.executed == []
        await one.approve(request)
        await one.end("r1")
        assert kernel.executed == ["x = 1"]
        assert await tool(one) == ("ok", "one")
        assert (await one.until("tool_output")).data["text"] == "one\n"
        changes = (await one.until("kernel_changes")).data
        assert [(c["name"], c["agent"]) for c in changes["created"]] == [("x", "supervisor")]


async def test_a_no_performs_nothing_and_is_heard(tmp_path: Path) -> None:
    """With its reason."""
    kernel = FakeKernel(MAKES_X)
    async with await house(tmp_path, kernel, CODE, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"), "deny", reason="Not now.")
        await one.end("r1")
        assert await tool(one) == ("denied", "Not now.")
        assert kernel.executed == []


async def test_what_only_reads_is_done_unasked(tmp_path: Path) -> None:
    """Variables are looked at and a SELECT is run; a model elsewhere that wants rows is asked about."""
    rows = Act("inspect_variables", {"level": "rows"}, call="c3", tells="models.example")
    looks = Act("inspect_variables", {"level": "schema"}, tells="models.example")
    select = Act("run_sql", {"sql": "select * from df", "into": "out"}, call="c2")
    kernel = FakeKernel(df={**variable("1", "DataFrame"), "kind": "frame", "shape": [3, 1], "columns": []})
    async with await house(tmp_path, kernel, looks, select, rows, "done") as one:
        await begin(one)
        request = await one.until("approval_request")
        assert (request.data["call_id"], request.data["effects"]["tells"]) == ("c3", "models.example")
        assert [e.data["tool"]["status"] for e in await one.log() if e.type == "tool_end"] == ["ok", "ok"]
        await one.approve(request, "deny")
        await one.end("r1")
        levels = [asked["level"] for name, asked in kernel.asked if name != "sql"]
        assert "rows" not in levels


async def test_an_edited_text_is_what_is_done_and_the_agent_is_told(tmp_path: Path) -> None:
    """Its own is not."""
    kernel = FakeKernel()
    async with await house(tmp_path, kernel, CODE, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"), "edit", code="y = 2")
        await one.end("r1")
        assert kernel.executed == ["y = 2"]
        assert "this was done:\ny = 2" in (await tool(one))[1]


async def test_a_grant_for_the_run_covers_new_names_in_the_same_kernel(tmp_path: Path) -> None:
    """Not a name of the person's, and nothing after a restart."""
    kernel = FakeKernel({"x = 1": Ran(makes={"x": variable("1")})}, mine=variable("0"))
    steps = (CODE, Act("run_code", {"code": "x = 2"}, "c2"), Act("run_code", {"code": "mine = 2"}, "c3"))
    async with await house(tmp_path, kernel, *steps, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request", call_id="c1"), scope="run")
        asked = await one.until("approval_request", call_id="c3")
        assert kernel.executed == ["x = 1", "x = 2"]
        await one.approve(asked, "deny")
        await one.end("r1")
        assert [q.data["call_id"] for q in await questions(one)] == ["c1", "c3"]
        kernel.restart()
        one.engine.scripts["b"] = [CODE]
        await begin(one, "b")
        await one.approve(await one.until("approval_request", "r2"), "deny")
        await one.end("r2")


async def test_where_nobody_can_be_asked_nothing_is_done(tmp_path: Path) -> None:
    """Denied at once; no question is left in the log."""
    kernel = FakeKernel(MAKES_X)
    async with await house(tmp_path, kernel, CODE, WRITE, "done") as one:
        await one.submit("a", approvals="deny", notebook={"path": NOTEBOOK})
        await one.end("r1")
        assert await tool(one) == ("denied", "nobody can be asked from where this message was sent")
        assert await questions(one) == []
        assert (kernel.executed, (tmp_path / "a.md").exists()) == ([], False)


@pytest.mark.parametrize(("act", "right"), [(CODE, "kernels"), (WRITE, "files")])
async def test_an_agent_may_no_more_than_its_person(tmp_path: Path, act: Act, right: str) -> None:
    """Without the right on this server nobody is even asked."""
    async with await house(tmp_path, FakeKernel(), act, "done") as one:
        setattr(one, right, False)
        await begin(one)
        await one.end("r1")
        status, output = await tool(one)
        assert (status, "this person may not" in output) == ("denied", True)
        assert await questions(one) == []


# -- the kernel -----------------------------------------------------------------------------------------------------


async def test_files_and_notebooks_need_no_kernel(tmp_path: Path) -> None:
    """A server without any writes files; code gets a sentence."""
    async with await house(tmp_path, None, WRITE, Act("run_code", {"code": "x"}, "c2"), "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"))
        await one.end("r1")
        assert (tmp_path / "a.md").read_text() == "text"
        ends = [e.data["tool"] for e in await one.log() if e.type == "tool_end"]
        assert [(e["name"], e["status"]) for e in ends] == [("write_file", "ok"), ("run_code", "error")]
        assert "There is no kernel" in ends[1]["output"]


async def test_a_message_that_waited_in_the_queue_has_the_kernel_too(tmp_path: Path) -> None:
    """As the first one has."""
    kernel, gate = FakeKernel(MAKES_X), Gate()
    async with await house(tmp_path, kernel, gate, "first", b=[CODE, "second"]) as one:
        await begin(one)
        await gate.reached.wait()
        await begin(one, "b")
        gate.open.set()
        await one.approve(await one.until("approval_request", "r2"))
        await one.end("r2")
        assert kernel.executed == ["x = 1"]


async def test_code_that_fails_ends_with_its_error(tmp_path: Path) -> None:
    """What it printed before and the last line of the traceback; no secret in either."""
    why = Error("KeyError", "'x'", "Traceback …\nKeyError: 'x'")
    kernel = FakeKernel({"x = 1": Ran([Stream("stdout", f"{SECRET}\n"), why], status="error", error=why)})
    async with await house(tmp_path, kernel, CODE, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"))
        await one.end("r1")
        status, output = await tool(one)
        assert (status, "KeyError: 'x'" in output) == ("error", True)
        assert SECRET not in str(await one.log())


@pytest.mark.parametrize(("ended", "told"), [("not_executed", "cancelled"), ("unknown", "unknown")])
async def test_what_the_kernel_did_not_say_is_not_made_up(tmp_path: Path, ended: Any, told: str) -> None:
    """Not executed is no failure, and unknown is unknown."""
    async with await house(tmp_path, FakeKernel({"x = 1": Ran(status=ended)}), CODE, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"))
        await one.end("r1")
        assert (await tool(one))[0] == told


# -- once -----------------------------------------------------------------------------------------------------------


async def test_an_action_that_a_crash_cut_short_is_not_done_again(tmp_path: Path) -> None:
    """It had begun, so what came of it is unknown; after the restart the kernel is left alone."""
    gate = Gate()
    first = await house(tmp_path, FakeKernel({"x = 1": Ran(gate=gate)}), CODE, "done")
    await first.runs.start()
    await begin(first)
    request = await first.until("approval_request")
    await first.waiting("r1")
    await first.approve(request)
    await gate.reached.wait()
    await first.die()
    after = FakeKernel(MAKES_X)
    async with await house(tmp_path, after, CODE, "done", server="two") as second:
        await second.end("r1")
        status, output = await tool(second)
        assert (status, "not known" in output) == ("unknown", True)
        assert after.executed == []


async def test_a_yes_before_a_crash_is_carried_out_after_it_once(tmp_path: Path) -> None:
    """Where the kernel has outlived the server; a restart later nothing runs again."""
    first = await house(tmp_path, FakeKernel(MAKES_X), CODE, "done")
    await first.runs.start()
    await begin(first)
    request = await first.until("approval_request")
    await first.waiting("r1")
    first.runs._runs[first.thread].approvals.settle = lambda *_: None  # type: ignore[method-assign]  # the moment between commit and telling
    await first.approve(request)
    await first.die()
    kernel = FakeKernel(MAKES_X)
    async with await house(tmp_path, kernel, CODE, "done", server="two") as second:
        await second.end("r1")
        assert await tool(second) == ("ok", "one")
        assert kernel.executed == ["x = 1"]
        assert len(await questions(second)) == 1


async def test_a_question_outlives_the_server_and_an_answer_runs_in_the_same_kernel(tmp_path: Path) -> None:
    """The run that was taken up has the kernel as it had before."""
    async with await house(tmp_path, FakeKernel(MAKES_X), CODE, "done") as first:
        await begin(first)
        request = await first.until("approval_request")
        await first.waiting("r1")
    kernel = FakeKernel(MAKES_X)
    async with await house(tmp_path, kernel, CODE, "done", server="two") as second:
        await second.approve(request)
        await second.end("r1")
        assert kernel.executed == ["x = 1"]


async def test_an_action_that_was_done_before_a_crash_is_told_and_not_done_again(tmp_path: Path) -> None:
    """Its result was written down, and the agent had not heard it yet."""
    async with await house(tmp_path, FakeKernel(MAKES_X), CODE, "done") as first:
        await begin(first)
        await first.until("approval_request")
        await first.waiting("r1")
    kernel = FakeKernel(MAKES_X)
    second = await house(tmp_path, kernel, CODE, "done", server="two")
    key = (second.thread, "r1", f"{second.thread}/r1:c1")
    result = '{"status":"ok","output":"done before"}'
    await second.store.write(lambda tx: tx.begin_action(*key))
    await second.store.write(lambda tx: tx.end_action(*key, result))
    async with second:
        await second.end("r1")
        assert await tool(second) == ("ok", "done before")
        assert kernel.executed == []


async def test_a_yes_to_a_file_that_has_changed_since_writes_nothing(tmp_path: Path) -> None:
    """Also where a restart lies between, and the file is looked at anew."""
    first = await house(tmp_path, None, WRITE, "done")
    await first.runs.start()
    await begin(first)
    request = await first.until("approval_request")
    await first.waiting("r1")
    first.runs._runs[first.thread].approvals.settle = lambda *_: None  # type: ignore[method-assign]  # the moment between commit and telling
    await first.approve(request)
    await first.die()
    (tmp_path / "a.md").write_text("the person's")
    async with await house(tmp_path, None, WRITE, "done", server="two") as second:
        await second.end("r1")
        status, output = await tool(second)
        assert (status, "has changed since" in output) == ("cancelled", True)
    assert (tmp_path / "a.md").read_text() == "the person's"


# -- in the notebook ------------------------------------------------------------------------------------------------


def cells(folder: Path) -> None:
    """A notebook with one cell."""
    cell = {"id": "c1", "cell_type": "code", "source": "x = 1"}
    (folder / NOTEBOOK).write_text(json.dumps({"cells": [cell], "nbformat": 4}))


async def by_window(one: House, result: dict[str, Any]) -> dict[str, Any]:
    """Perform the next notebook action as an open window does; its data."""
    wanted = await one.until("notebook_action")
    action_id = wanted.data["action_id"]
    one.runs.claim(one.owner, one.thread, Claim(type="claim", id="w1", action_id=action_id), "window")
    command = {"type": "notebook_result", "action_id": action_id, "status": "ok", "result": result}
    one.runs.performed(one.owner, one.thread, Performed.model_validate(command), "window")
    return wanted.data


async def test_a_cell_is_run_by_a_window_and_watched(tmp_path: Path) -> None:
    """The window must find the code that was approved; what it did to the kernel is told."""
    cells(tmp_path)
    kernel = FakeKernel()
    async with await house(tmp_path, kernel, Act("run_cell", {"cell_id": "c1"}), "done") as one:
        await begin(one)
        request = await one.until("approval_request")
        assert request.data["action"]["code"] == "x = 1"
        await one.approve(request)
        await one.until("notebook_action")
        kernel.variables["x"] = variable("1")
        wanted = await by_window(one, {"cell_id": "c1", "output": f"1 {SECRET}"})
        assert wanted["args"] == {"cell_id": "c1", "expected": "x = 1"}
        await one.end("r1")
        assert (await tool(one))[1].startswith("It ran and showed:\n1 ")
        assert [c["name"] for c in (await one.until("kernel_changes")).data["created"]] == ["x"]
        assert SECRET not in str(await one.log())


async def test_a_changed_cell_is_wanted_with_what_was_in_it(tmp_path: Path) -> None:
    """And with the text that the person made of it."""
    cells(tmp_path)
    act = Act("replace_cell", {"cell_id": "c1", "source": "x = 2"})
    async with await house(tmp_path, None, act, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"), "edit", code="x = 3")
        wanted = await by_window(one, {"cell_id": "c1"})
        assert wanted["args"] == {"cell_id": "c1", "source": "x = 3", "expected": "x = 1"}
        await one.end("r1")
        assert (await tool(one))[0] == "ok"


async def test_a_grant_for_cells_of_one_notebook_is_none_for_another(tmp_path: Path) -> None:
    """Allowed for the thread in the first, asked again in the second."""
    act = Act("insert_cell", {"source": "x", "cell_type": "code"})
    async with await house(tmp_path, None, act, b=[act], c=[act]) as one:
        await begin(one)
        await one.approve(await one.until("approval_request"), scope="thread")
        await by_window(one, {"cell_id": "n1"})
        await one.end("r1")
        await one.submit("b", notebook={"path": "other.ipynb"})
        await one.approve(await one.until("approval_request", "r2"), "deny")
        await one.end("r2")
        await begin(one, "c")
        await one.until("notebook_action", "r3")
        assert len(await questions(one)) == 2
        await one.cancel()
        await one.end("r3")


# -- large artifacts ------------------------------------------------------------------------------------------------


async def test_a_large_artifact_is_in_the_store_when_its_event_is_in_the_log(tmp_path: Path) -> None:
    """The frame stays small; the whole is there under the artifact's id, and gone with the thread."""
    chart = {"data": "x" * LARGEST}
    shows = [Display({"application/vnd.plotly.v1+json": chart, "text/plain": "Figure"})]
    async with await house(tmp_path, FakeKernel({"x = 1": Ran(shows)}), CODE, "done") as one:
        await begin(one)
        await one.approve(await one.until("approval_request"))
        artifact = (await one.until("artifact")).data
        mime = "application/vnd.plotly.v1+json"
        kept = await one.store.read(lambda tx: tx.artifact(one.thread, artifact["id"], mime))
        assert orjson.loads(kept or b"") == chart
        assert artifact["bundle"] == {
            "text/plain": "Figure",
            STORED: {"mime": mime, "size": len(kept or b"")},
        }
        await one.end("r1")
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
            sizes = connection.execute("SELECT max(length(data)) FROM aichat_event").fetchall()
        assert sizes[0][0] < LARGEST
