"""Agents in the analyst's own kernel, end to end: a real server, a real ipykernel, the strict scripted model."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import nbformat

from tests.fakes.client import Client, Frame
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import NOTEBOOK, Connect, Session


async def approval(client: Client) -> Frame:
    """The next thing that a person is asked."""
    return await client.until("approval_request")


async def decide(client: Client, request: Frame, decision: str = "approve", **more: Any) -> Frame:
    """Answer it."""
    data = request["data"]
    return await client.send(
        type="approve",
        approval_id=data["approval_id"],
        digest=data["digest"],
        decision=decision,
        **more,
    )


def ask(
    code: str, *, tool: str = "run_code", agent: str = "analyst", field: str = "code", **more: Any
) -> str:
    """A message that has a specialist call a tool once."""
    return f"ask={agent}: use={tool}{json.dumps({field: code, **more})} words=2"


async def send(client: Client, message: str) -> None:
    """Send a message from the notebook."""
    accepted = await client.send(type="message", message=message, notebook={"path": NOTEBOOK})
    assert accepted["event_type"] == "ack", accepted


def tool_end(client: Client, name: str) -> Frame:
    """What came of the last use of a tool."""
    return [f for f in client.events if f["event_type"] == "tool_end" and f["data"]["tool"]["name"] == name][
        -1
    ]


async def test_code_runs_in_the_persons_kernel_after_approval(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """Nothing before, once after; its output reaches the person and the model, its figures the person; the change is told."""
    kernel = await session()
    await run_cell(kernel, "rows = [3, 4]")
    client = await connect("t1")
    await send(client, ask("total = sum(rows)\nprint('counting')\ntotal"))
    request = await approval(client)
    action, effects = request["data"]["action"], request["data"]["effects"]
    assert (action["kind"], action["code"]) == ("run_code", "total = sum(rows)\nprint('counting')\ntotal")
    assert (action["kernel_id"], action["notebook"], action["kernel_state"]) == (kernel, NOTEBOOK, "idle")
    assert effects["names"] == [{"name": "total", "change": "creates"}]
    assert "unclear" not in effects
    assert await run_cell(kernel, "print('total' in globals())") == "False\n"

    assert (await decide(client, request))["event_type"] == "ack"
    done = await client.end()
    assert done["data"]["outcome"] == "completed"
    assert await run_cell(kernel, "print(total)") == "7\n"
    end = tool_end(client, "run_code")["data"]["tool"]
    assert end["status"] == "ok"
    assert "counting" in end["output"]
    assert "7" in end["output"]
    printed = [f["data"]["text"] for f in client.events if f["event_type"] == "tool_output"]
    assert "".join(printed) == "counting\n"
    (changes,) = [f["data"] for f in client.events if f["event_type"] == "kernel_changes"]
    assert [c["name"] for c in changes["created"]] == ["total"]
    assert changes["created"][0]["agent"] == "analyst"
    told = json.dumps(provider.asked[-1].body)
    assert "w0 w1" in told or "counting" in json.dumps([a.body for a in provider.asked])
    assert provider.refused == []


async def test_a_denial_runs_nothing_and_the_agent_hears_why(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """The reason travels to the model; the kernel is untouched."""
    kernel = await session()
    client = await connect("t1")
    await send(client, ask("touched = 1"))
    await decide(client, await approval(client), "deny", reason="not in this notebook")
    await client.end()
    assert tool_end(client, "run_code")["data"]["tool"]["status"] == "denied"
    assert any("not in this notebook" in json.dumps(a.body) for a in provider.asked)
    assert await run_cell(kernel, "print('touched' in globals())") == "False\n"


async def test_what_is_edited_before_approval_is_what_runs(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """The agent's own text does not; it is told what was done instead."""
    kernel = await session()
    client = await connect("t1")
    await send(client, ask("n = 1"))
    await decide(client, await approval(client), "edit", code="n = 41 + 1\nn")
    await client.end()
    assert await run_cell(kernel, "print(n)") == "42\n"
    output = tool_end(client, "run_code")["data"]["tool"]["output"]
    assert "n = 41 + 1" in output
    assert "42" in output


async def test_two_specialists_at_once_each_exactly_as_decided(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """One approved, one denied, with a reload between: a counter in the kernel proves it."""
    kernel = await session()
    await run_cell(kernel, "ran = []")
    first = await connect("t1")
    one, two = (f"use=run_code{json.dumps({'code': f'ran.append({name!r})'})}" for name in ("a", "v"))
    await send(first, f"ask=analyst,visualizer: {one}; {two}")
    requests = [await approval(first), await approval(first)]
    by_agent = {r["data"]["agent"]: r for r in requests}
    epoch = first.frames[0]["data"]["epoch"]
    first.close()

    second = await connect("t1", after=requests[-1]["seq"], epoch=epoch)
    hello = await second.read()
    assert {a["approval_id"] for a in hello["data"]["approvals"]} == {
        r["data"]["approval_id"] for r in requests
    }
    assert by_agent["analyst"]["data"]["effects"]["names"] == [
        {"name": "ran", "change": "mutates", "before": "list of 0 items"}
    ]
    await decide(second, by_agent["visualizer"], "deny")
    await decide(second, by_agent["analyst"])
    await second.end()
    assert await run_cell(kernel, "print(ran)") == "['a']\n"


async def test_a_grant_covers_new_names_and_nothing_else(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """Allowed for the thread: new names run unasked, the person's own names ask again."""
    kernel = await session()
    await run_cell(kernel, "mine = 1")
    client = await connect("t1")
    await send(client, ask("fresh_1 = mine + 1"))
    await decide(client, await approval(client), scope="thread")
    await client.end()
    await send(client, ask("fresh_2 = mine + 2"))
    done = await client.end()
    assert done["data"]["outcome"] == "completed"
    assert await run_cell(kernel, "print(fresh_1, fresh_2)") == "2 3\n"
    await send(client, ask("mine = 99"))
    request = await approval(client)
    assert request["data"]["effects"]["names"][0] == {"name": "mine", "change": "rebinds", "before": "int"}
    await decide(client, request, "deny")
    await client.end()
    assert await run_cell(kernel, "print(mine)") == "1\n"


async def test_an_approval_for_a_restarted_kernel_is_stale(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any, jp_fetch: Any
) -> None:
    """Nothing runs, the refusal says so, and the run goes on to its end."""
    kernel = await session()
    client = await connect("t1")
    await send(client, ask("late = 1"))
    request = await approval(client)
    await jp_fetch("api", "kernels", kernel, "restart", method="POST", body="{}")
    refused = await decide(client, request)
    assert refused["data"]["code"] == "stale"
    await client.end()
    end = [f for f in client.events if f["event_type"] == "approval_end"][-1]
    assert end["data"]["decision"] == "cancelled"
    assert await run_cell(kernel, "print('late' in globals())") == "False\n"


async def test_variables_are_looked_at_without_asking(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """It only reads; the model is told names and types."""
    kernel = await session()
    await run_cell(kernel, "매출 = {'서울': 3}\nlimit = 12")
    client = await connect("t1")
    await send(client, "ask=analyst: use=inspect_variables words=1")
    await client.end()
    end = tool_end(client, "inspect_variables")["data"]["tool"]
    assert end["status"] == "ok"
    assert "매출" in end["output"]
    assert "limit" in end["output"]
    assert not [f for f in client.events if f["event_type"] == "approval_request"]


async def test_without_a_kernel_the_agent_is_told(
    provider: FakeOpenAI, connect: Connect, jp_root_dir: Path
) -> None:
    """No kernel runs for the notebook: a sentence, no question, and the run goes on."""
    (jp_root_dir / NOTEBOOK).write_text(nbformat.writes(nbformat.v4.new_notebook()))
    client = await connect("t1")
    await send(client, ask("x = 1"))
    done = await client.end()
    assert done["data"]["outcome"] == "completed"
    end = tool_end(client, "run_code")["data"]["tool"]
    assert (end["status"], "has no running kernel" in end["output"]) == ("error", True)


async def test_stop_interrupts_the_agents_code_only(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """Cancelled in the middle of a loop, the kernel is free again and still the same; its last words come before the end."""
    kernel = await session()
    await run_cell(kernel, "kept = 'yes'")
    client = await connect("t1")
    loop = "import time\nprint('on')\ntry:\n    while True: time.sleep(0.05)\nfinally:\n    print('stopping')"
    await send(client, ask(loop))
    await decide(client, await approval(client))
    await client.until("tool_output")
    await client.send(type="cancel")
    done = await client.end()
    assert done["data"]["outcome"] == "cancelled"
    assert await run_cell(kernel, "print(kept)") == "yes\n"
    again = await connect("t1", after=0, epoch=client.frames[0]["data"]["epoch"])
    await again.until("title")
    of_run = [e["event_type"] for e in again.events if e.get("run_id") == "r1"]
    assert of_run[-1] == "done"
    said = "".join(e["data"]["text"] for e in again.events if e["event_type"] == "tool_output")
    assert said == "on\nstopping\n"


async def test_a_kernel_that_dies_ends_the_call(
    provider: FakeOpenAI, connect: Connect, session: Session
) -> None:
    """The tool call ends with an error and the agents go on."""
    await session()
    client = await connect("t1")
    await send(client, ask("import os\nos._exit(1)"))
    request = await approval(client)
    assert request["data"]["effects"]["shell"] == ["os._exit"]
    await decide(client, request)
    done = await asyncio.wait_for(client.end(), 30)
    assert done["data"]["outcome"] == "completed"
    assert tool_end(client, "run_code")["data"]["tool"]["status"] in {"error", "unknown"}


async def test_a_cell_is_inserted_by_the_one_window_that_claims_it(
    provider: FakeOpenAI, connect: Connect, session: Session
) -> None:
    """Approved, offered to all windows, claimed by one, done; the agent hears the cell's id."""
    await session()
    one, two = await connect("t1"), await connect("t1")
    await send(one, ask("# Report", tool="insert_cell", agent="writer", field="source", cell_type="markdown"))
    await decide(one, await approval(one))
    wanted = await two.until("notebook_action")
    assert wanted["data"]["args"] == {"source": "# Report", "cell_type": "markdown"}
    action_id = wanted["data"]["action_id"]
    assert (await two.send(type="claim", action_id=action_id))["event_type"] == "ack"
    assert (await one.send(type="claim", action_id=action_id))["data"]["code"] == "conflict"
    stolen = await one.send(type="notebook_result", action_id=action_id, status="ok", result={"cell_id": "x"})
    assert stolen["data"]["code"] == "conflict"
    await two.send(type="notebook_result", action_id=action_id, status="ok", result={"cell_id": "c7"})
    await one.end()
    assert "c7" in tool_end(one, "insert_cell")["data"]["tool"]["output"]
    (result,) = [f["data"] for f in one.events if f["event_type"] == "notebook_result"]
    assert (result["status"], result["result"]) == ("ok", {"cell_id": "c7"})


async def test_sql_over_dataframes_needs_no_approval(
    provider: FakeOpenAI, connect: Connect, session: Session, run_cell: Any
) -> None:
    """One SELECT over a frame runs at once and binds a new name; a statement that writes asks."""
    kernel = await session()
    await run_cell(
        kernel, "import pandas as pd\nsales = pd.DataFrame({'city': ['a', 'b', 'a'], 'n': [1, 2, 4]})"
    )
    client = await connect("t1")
    query = "select city, sum(n) as n from sales group by city order by city"
    await send(client, ask(query, tool="run_sql", field="sql", into="by_city"))
    await client.end()
    end = tool_end(client, "run_sql")["data"]["tool"]
    assert (end["status"], "2 rows" in end["output"]) == ("ok", True), end
    assert await run_cell(kernel, "print([int(n) for n in by_city['n']])") == "[5, 2]\n"
