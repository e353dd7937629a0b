"""How actions in the kernel are performed: with which questions, what they tell, and what is noted of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_aichat.actions.action import Action
from jupyter_aichat.errors import KernelChanged
from jupyter_aichat.protocol.events import EventData, Status
from jupyter_aichat.runs.changes import RunChanges
from jupyter_aichat.runs.kernel_desk import Aim
from jupyter_aichat.runs.kernel_hands import KernelHands
from jupyter_aichat.runs.telling import Telling
from tests.fakes.engine import Gate
from tests.fakes.kernel import NOTEBOOK, FakeKernel, Ran, variable


class Work:
    """Hands at a kernel, and what they told."""

    def __init__(self, kernel: FakeKernel) -> None:
        self.events: list[EventData] = []
        self.changes = RunChanges()
        self.desk = kernel.desk()
        telling = Telling(self.events.append, lambda *_: None, "en", self.desk.redacted)
        self.hands = KernelHands(self.desk, self.changes, telling)

    async def aim(self) -> Aim:
        """The kernel as of now."""
        return await self.desk.aim(NOTEBOOK)


def action(kind: Any = "run_code", agent: str = "analyst", tells: str | None = None) -> Action:
    """An action of an agent."""
    return Action("a1", kind, agent, "c1", {}, tells)


async def test_the_status_says_what_kind_of_work_it_is() -> None:
    """A chart for the visualizer, data for the others."""
    for agent, words in (("analyst", "Analysing data…"), ("visualizer", "Drawing a chart…")):
        work = Work(FakeKernel())
        await work.hands.run_code(action(agent=agent), await work.aim(), "1")
        assert work.events == [Status(agent=agent, text=words)]


async def test_code_that_shows_nothing_is_said_to_have_run() -> None:
    """So that the agent does not run it again."""
    work = Work(FakeKernel())
    result = await work.hands.run_code(action(), await work.aim(), "x = 1")
    assert result == {"status": "ok", "output": "It ran, and showed nothing."}


@pytest.mark.parametrize(("tells", "level"), [(None, "rows"), ("models.example", "schema")])
async def test_rows_of_a_query_do_not_leave_this_machine(tells: str | None, level: str) -> None:
    """A model elsewhere hears of columns and size."""
    kernel = FakeKernel()
    work = Work(kernel)
    await work.hands.run_sql(action("run_sql", tells=tells), await work.aim(), {"sql": "select 1"})
    (asked,) = [request for name, request in kernel.asked if name == "sql"]
    assert (asked["level"], asked["into"], "engine" in asked) == (level, "result", False)
    assert work.changes.made == {"result"}


async def test_a_query_that_gives_a_table_is_told_with_its_size() -> None:
    """And one that gives none says so."""
    kernel = FakeKernel()
    work = Work(kernel)
    aim = await work.aim()
    none = await work.hands.run_sql(action("run_sql"), aim, {"sql": "select 1"})
    assert none["output"] == "The query ran and gave no table."
    kernel.table = {
        "name": "out",
        **variable("1", "DataFrame"),
        "kind": "frame",
        "shape": [2, 1],
        "columns": [],
    }
    some = await work.hands.run_sql(action("run_sql"), aim, {"sql": "select 1", "into": "out"})
    assert some["output"].startswith("2 rows.\n")
    assert "out: DataFrame 2 × 1" in some["output"]


async def test_an_inspection_names_what_is_there_and_what_is_not() -> None:
    """Only the names that were asked for."""
    kernel = FakeKernel(a=variable("1"), b=variable("2"))
    work = Work(kernel)
    args = {"names": ["a", "c"], "level": "schema"}
    result = await work.hands.inspect(action("inspect_variables"), await work.aim(), args)
    assert "a: int" in result["output"]
    assert "b: int" not in result["output"]
    assert "no variable 'c'" in result["output"]


async def test_what_a_step_did_is_noted_and_who_did_it() -> None:
    """Where the kernel does not tell in time, nothing is made up."""
    kernel = FakeKernel({"x = 1": Ran(makes={"x": variable("1")}), "y = 1": Ran(makes={"y": variable("1")})})
    work = Work(kernel)
    aim = await work.aim()
    await work.hands.run_code(action(agent="coder"), aim, "x = 1")
    kernel.blind = True
    await work.hands.run_code(action(), aim, "y = 1")
    event = work.changes.event()
    assert event is not None
    assert [(c.name, c.agent) for c in event.created] == [("x", "coder")]


async def test_nothing_runs_in_another_life_of_the_kernel() -> None:
    """The caller hears that it is another one."""
    kernel = FakeKernel()
    work = Work(kernel)
    aim = await work.aim()
    assert await work.hands.is_still(aim)
    kernel.restart()
    assert not await work.hands.is_still(aim)
    with pytest.raises(KernelChanged):
        await work.hands.run_code(action(), aim, "x = 1")
    assert kernel.executed == []


async def test_stop_goes_through_to_the_kernel() -> None:
    """The call ends as cancelled, and no result is told."""
    gate = Gate()
    work = Work(FakeKernel({"x = 1": Ran(gate=gate)}))
    task = asyncio.create_task(work.hands.run_code(action(), await work.aim(), "x = 1"))
    await gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.changes.event() is None
