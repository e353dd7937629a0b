"""Custom agents without a model: asked by name they say what they need, whoever passes the question on."""

from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage

from jupyter_aichat.agents.offline.addressed import addressed
from jupyter_aichat.agents.offline.plan import plan

TEAM = ("ask_analyst", "ask_writer", "ask_auditor", "ask_code_reviewer", "list_files")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Ask the auditor to check sales.csv", "auditor"),
        ("let auditor look at it", "auditor"),
        ("@auditor check sales.csv", "auditor"),
        ("Auditor: check sales.csv", "auditor"),
        ("auditor에게 sales.csv 점검을 맡겨줘", "auditor"),
        ("auditor한테 물어봐", "auditor"),
        ("Have the code reviewer read etl.py", "code_reviewer"),
        ("revenue by auditor", None),
        ("How many auditors are in staff.csv?", None),
        ("auditor별 매출 합계", None),
        ("ask the analyst to profile sales.csv", None),
        ("ask the list_files", None),
    ],
)
def test_who_is_asked_by_name(question: str, asked: str | None) -> None:
    """Only an agent that is there and that the sentence turns to; a column of that name is a column."""
    assert addressed(question, TEAM) == asked


@pytest.mark.parametrize(
    ("question", "said"), [("hello", "needs a connected model"), ("안녕", "모델을 연결해야")]
)
def test_a_custom_agent_says_that_it_needs_a_model(question: str, said: str) -> None:
    """Whatever it is asked, by its name, in the person's language; it calls nothing."""
    step = plan("auditor", [HumanMessage(question)], {"read_file": frozenset({"path"})})
    assert said in step.text
    assert "“auditor”" in step.text
    assert step.calls == ()


def test_the_supervisor_passes_on_what_is_for_a_custom_agent() -> None:
    """It does not answer in its place: the agent may have a model of its own."""
    question = "Ask the auditor to check sales.csv"
    step = plan("supervisor", [HumanMessage(question)], {name: frozenset({"task"}) for name in TEAM})
    (call,) = step.calls
    assert (call.name, call.args["task"]) == ("ask_auditor", question)
    assert "“auditor”" in step.text
