"""What a run did to the kernel's variables, step by step."""

from __future__ import annotations

from typing import Any

from jupyter_aichat.runs.changes import RunChanges
from tests.fakes.kernel import variable


def state(**contents: str) -> dict[str, Any]:
    """A snapshot of variables with these contents."""
    return {"variables": {name: variable(content) for name, content in contents.items()}}


def told(changes: RunChanges) -> dict[str, Any]:
    """The event's data."""
    event = changes.event()
    assert event is not None
    return event.model_dump(exclude_none=True)


def test_nothing_done_is_nothing_told() -> None:
    """Neither at first nor after a step that changed nothing."""
    changes = RunChanges()
    assert changes.event() is None
    changes.add("k1", "analyst", state(a="1"), state(a="1"))
    assert changes.event() is None


def test_what_was_made_changed_and_deleted_is_told_with_who_did_it() -> None:
    """Of a name that two have changed, the last one."""
    changes = RunChanges()
    changes.add("k1", "analyst", state(a="1", b="1"), state(a="2", b="1", c="1"))
    changes.add("k1", "visualizer", state(a="2", b="1", c="1"), state(a="3", c="1"))
    assert told(changes) == {
        "kernel_id": "k1",
        "created": [{"name": "c", "after": "int", "agent": "analyst"}],
        "changed": [{"name": "a", "before": "int", "after": "int (content changed)", "agent": "visualizer"}],
        "deleted": [{"name": "b", "before": "int", "agent": "visualizer"}],
    }


def test_what_came_and_went_is_not_told() -> None:
    """Nor is it the run's own any more."""
    changes = RunChanges()
    changes.add("k1", "analyst", state(), state(tmp="1", kept="1"))
    assert changes.made == {"tmp", "kept"}
    changes.add("k1", "analyst", state(tmp="1", kept="1"), state(kept="1"))
    assert [c["name"] for c in told(changes)["created"]] == ["kept"]
    assert changes.made == {"kept"}


def test_the_person_s_own_cells_between_two_steps_do_not_count() -> None:
    """Only what happened inside of a step is the run's."""
    changes = RunChanges()
    changes.add("k1", "analyst", state(), state(a="1"))
    changes.add("k1", "analyst", state(a="1", mine="1"), state(a="1", mine="1", b="1"))
    assert [c["name"] for c in told(changes)["created"]] == ["a", "b"]
    assert changes.made == {"a", "b"}


def test_a_name_of_the_person_that_was_deleted_and_made_anew_is_changed() -> None:
    """It is not the run's own, whoever has made it last."""
    changes = RunChanges()
    changes.add("k1", "analyst", state(mine="1"), state())
    changes.add("k1", "analyst", state(), state(mine="2"))
    assert [c["name"] for c in told(changes)["changed"]] == ["mine"]
    assert changes.made == frozenset()


def test_it_speaks_korean() -> None:
    """To Korean readers."""
    changes = RunChanges("ko")
    changes.add("k1", "analyst", state(a="1"), state(a="2"))
    assert told(changes)["changed"][0]["after"] == "int (내용이 바뀜)"
