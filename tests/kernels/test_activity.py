"""What a kernel executes, told from its statuses."""

from __future__ import annotations

from jupyter_aichat.kernels.activity import Activity

CELL = {"msg_id": "cell", "msg_type": "execute_request"}


def test_a_request_runs_from_busy_to_idle() -> None:
    """It is named, and its time counted."""
    activity = Activity()
    assert (activity.request, activity.seconds(1.0)) == (None, None)
    activity.status("busy", CELL, 1.0)
    assert (activity.request, activity.seconds(3.0)) == ("cell", 2.0)
    activity.status("idle", CELL, 4.0)
    assert activity.request is None


def test_questions_do_not_count() -> None:
    """What comes on the control channel while a cell runs changes nothing."""
    activity = Activity()
    activity.status("busy", CELL, 1.0)
    for state in ("busy", "idle"):
        activity.status(state, {"msg_id": "q", "msg_type": "kernel_info_request"}, 2.0)
    activity.status("starting", {}, 2.0)
    assert activity.request == "cell"


def test_an_answer_ends_what_ran_when_it_was_asked() -> None:
    """A lost idle status is made up for; what began later goes on."""
    activity = Activity()
    activity.status("busy", CELL, 1.0)
    activity.status("busy", {"msg_id": "later", "msg_type": "execute_request"}, 3.0)
    activity.answered(2.0)
    assert activity.request == "later"


def test_something_unknown_may_run() -> None:
    """A question that waits tells that something runs, unless that is known already."""
    activity = Activity()
    activity.held(1.0)
    assert (activity.request, activity.seconds(2.0)) == ("?", 1.0)
    activity.answered(0.5)
    assert activity.request is None
    activity.status("busy", CELL, 3.0)
    activity.held(4.0)
    assert activity.request == "cell"
