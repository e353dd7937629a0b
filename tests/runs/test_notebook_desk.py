"""Actions in open notebooks: offered to all windows, done by the one that claims, and an end for each."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_aichat.actions.action import ActionResult
from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.commands import Performed
from jupyter_aichat.protocol.events import EventData, NotebookAction, NotebookResult
from jupyter_aichat.runs import notebook_desk
from jupyter_aichat.runs.notebook_desk import NotebookDesk
from tests.fakes.kernel import SECRET


class Office:
    """A desk with its log, and one action that is being performed."""

    def __init__(self) -> None:
        self.log: list[EventData] = []
        self.offered = asyncio.Event()
        self.desk = NotebookDesk(self.emit, lambda text: text.replace(SECRET, "***"))

    def emit(self, event: EventData) -> None:
        """Take note."""
        self.log.append(event)
        self.offered.set()

    async def begin(self, **more: Any) -> asyncio.Task[ActionResult]:
        """Offer an action to the windows."""
        action = NotebookAction(
            action_id="a1", call_id="c1", agent="coder", kind="run_cell", notebook="a.ipynb", args={}
        )
        task = asyncio.create_task(self.desk.perform(action, **more))
        await self.offered.wait()
        return task

    def end(self) -> tuple[str, dict[str, Any] | None]:
        """Status and result of the event that ends it."""
        assert isinstance(self.log[-1], NotebookResult)
        return self.log[-1].status, self.log[-1].result


@pytest.fixture
def office() -> Office:
    """A desk."""
    return Office()


def performed(status: str = "ok", **result: Any) -> Performed:
    """What a window says came of it."""
    command = {"type": "notebook_result", "action_id": "a1", "status": status, "result": result}
    return Performed.model_validate(command)


def refused(work: Any, *args: Any) -> str:
    """The code with which a command is refused."""
    with pytest.raises(CommandRefused) as error:
        work(*args)
    return error.value.code


async def test_who_claims_performs_and_its_word_is_the_end(office: Office) -> None:
    """The action is told once, then its result; the agent hears the cell's id."""
    task = await office.begin()
    office.desk.claim("a1", "one", "id1")
    office.desk.performed(performed(cell_id="c7"), "one")
    assert await task == {"status": "ok", "output": "Done; the cell's id is c7."}
    assert [type(event) for event in office.log] == [NotebookAction, NotebookResult]
    assert office.end() == ("ok", {"cell_id": "c7"})


async def test_others_neither_claim_nor_speak(office: Office) -> None:
    """Another window is refused, before and after; so is a second word of the same one."""
    task = await office.begin()
    assert refused(office.desk.performed, performed(), "one") == "conflict"
    office.desk.claim("a1", "one", "id1")
    assert refused(office.desk.claim, "a1", "two", "id2") == "conflict"
    assert refused(office.desk.performed, performed(), "two") == "conflict"
    office.desk.performed(performed(), "one")
    assert refused(office.desk.performed, performed("error"), "one") == "not_found"
    assert (await task)["status"] == "ok"


async def test_a_window_that_lost_its_connection_claims_again(office: Office) -> None:
    """By the same claim, as another client; the old one has no word any more."""
    task = await office.begin()
    office.desk.claim("a1", "old socket", "id1")
    office.desk.claim("a1", "new socket", "id1")
    assert refused(office.desk.performed, performed(), "old socket") == "conflict"
    office.desk.performed(performed(), "new socket")
    assert (await task)["status"] == "ok"


async def test_what_is_over_or_never_was_cannot_be_claimed(office: Office) -> None:
    """It is not found."""
    assert refused(office.desk.claim, "a1", "one", None) == "not_found"
    task = await office.begin()
    office.desk.claim("a1", "one", None)
    office.desk.performed(performed(), "one")
    await task
    assert refused(office.desk.claim, "a1", "one", None) == "not_found"


@pytest.mark.parametrize(
    ("result", "heard"),
    [
        ({"error": "It was edited."}, "It was edited."),
        ({"error": "KeyError: x", "output": "half"}, "half\nKeyError: x"),
        ({}, "The notebook could not be changed."),
    ],
)
async def test_a_failure_is_heard_with_its_reason(office: Office, result: dict[str, str], heard: str) -> None:
    """And with what the cell has shown before."""
    task = await office.begin()
    office.desk.claim("a1", "one", None)
    office.desk.performed(performed("error", **result), "one")
    assert await task == {"status": "error", "output": heard}
    assert office.end()[0] == "error"


async def test_what_a_cell_has_shown_is_heard_without_secrets(office: Office) -> None:
    """Neither the agent nor the log gets a key; long text is cut."""
    task = await office.begin()
    office.desk.claim("a1", "one", None)
    shown = f"key: {SECRET}\n" + "x" * 50_000 + "end"
    office.desk.performed(performed(cell_id="c1", output=shown), "one")
    result = await task
    assert result["output"].startswith("It ran and showed:\nkey: ***\nxxx")
    assert result["output"].endswith("end")
    assert len(result["output"]) < 25_000
    assert SECRET not in str(office.log)


async def test_without_any_window_it_fails_in_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent hears whom to ask for what; nothing is left waiting."""
    monkeypatch.setattr(notebook_desk, "_CLAIM_SECONDS", 0.01)
    result = await (await office.begin())
    assert (result["status"], "No window has 'a.ipynb' open" in result["output"]) == ("error", True)
    assert office.end()[0] == "error"
    assert refused(office.desk.claim, "a1", "one", None) == "not_found"


async def test_a_window_that_falls_silent_leaves_it_unknown(office: Office) -> None:
    """It may have been done, so it is not called a failure."""
    task = await office.begin(work_seconds=0.01)
    office.desk.claim("a1", "one", None)
    assert (await task)["status"] == "unknown"
    assert office.end()[0] == "unknown"


async def test_stop_ends_it(office: Office) -> None:
    """The log says that it was cancelled, and no window can take it any more."""
    task = await office.begin()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert office.end() == ("cancelled", None)
    assert refused(office.desk.claim, "a1", "one", None) == "not_found"
