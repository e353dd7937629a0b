"""What people's decisions about actions cover afterwards, and what the tool hears of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.runs.decisions import act_grants, grants, kernel_of, result_of
from jupyter_aichat.store import ApprovalRecord
from tests.fakes.engine import Act, ScriptedEngine
from tests.fakes.kernel import NOTEBOOK, FakeKernel
from tests.runs.house import House, refusal

CODE = Act("run_code", {"code": "x = 1"})


def record(kind: str = "run_code", state: Any = "approved", scope: str | None = "once", **more: Any) -> Any:
    """A decision."""
    view = more.pop("view", '{"kind":"run_code","kernel_id":"k1","notebook":"a.ipynb","code":"x"}')
    given: dict[str, Any] = {
        "thread_id": "t", "run_id": "r1", "id": "ap1", "action_id": "a1", "call_id": "c1",
        "agent": "analyst", "kind": kind, "digest": "d", "host": None, "files": (), "state": state,
        "scope": scope, "reason": None, "created_at": "", "expires_at": "", "view": view,
        "generation": "g1",
    }  # fmt: skip
    return ApprovalRecord(**{**given, **more})


def test_a_grant_is_for_one_kernel_in_one_life() -> None:
    """With its scope; not for a notebook of whatever kernel."""
    (grant,) = act_grants([record(scope="thread")])
    assert (grant.scope, grant.kind, grant.kernel_id, grant.generation) == ("thread", "run_code", "k1", "g1")
    assert grant.notebook is None


def test_a_grant_without_a_kernel_is_for_one_notebook() -> None:
    """A yes to cells in one is none to cells in another."""
    view = '{"kind":"insert_cell","notebook":"a.ipynb","source":"x"}'
    (grant,) = act_grants([record("insert_cell", scope="thread", view=view, generation=None)])
    assert (grant.kernel_id, grant.generation, grant.notebook) == (None, None, "a.ipynb")


@pytest.mark.parametrize("state", ["pending", "denied", "edited", "expired", "cancelled"])
def test_only_a_plain_yes_covers_more(state: str) -> None:
    """What was edited covers what it was edited to, and that has been done."""
    assert act_grants([record(state=state, scope="thread")]) == []
    assert grants([record("share_files", state=state, scope="thread")]) == []


def test_files_and_actions_are_granted_apart() -> None:
    """A yes to one is none to the other; a scope that is not known is the narrowest."""
    share = record("share_files", scope="run", host="h", files=("a.csv",), view='{"kind":"share_files"}')
    assert act_grants([share]) == []
    (grant,) = grants([share, record(scope="thread")])
    assert (grant.host, list(grant.files), grant.scope) == ("h", ["a.csv"], "run")
    assert [g.scope for g in act_grants([record(scope="for ever"), record(scope=None)])] == ["once", "once"]


@pytest.mark.parametrize(
    ("state", "reason", "heard"),
    [
        ("approved", None, {"status": "ok"}),
        ("edited", None, {"status": "ok"}),
        ("denied", "No.", {"status": "denied", "reason": "No."}),
        ("denied", None, {"status": "denied"}),
        ("expired", None, {"status": "denied", "reason": "nobody decided in time"}),
        ("cancelled", "gone", {"status": "cancelled", "reason": "gone"}),
    ],
)
def test_the_tool_hears_what_was_decided(state: str, reason: str | None, heard: dict[str, str]) -> None:
    """And why, where somebody has said it."""
    assert result_of(state, reason) == heard


def test_the_kernel_of_a_question_is_known() -> None:
    """Where it is about one."""
    assert kernel_of(record()) == "k1"
    assert kernel_of(record("write_file", view='{"kind":"write_file","path":"a.md"}')) == ""


async def test_only_texts_can_be_edited(tmp_path: Path) -> None:
    """A change of anything else is refused, and the question stays open."""
    looks = Act("inspect_variables", {"level": "rows"}, tells="models.example")
    async with await House.build(
        tmp_path, ScriptedEngine({"a": [looks, "on"]}), kernel=FakeKernel()
    ) as house:
        await house.submit("a", notebook={"path": NOTEBOOK})
        request = await house.until("approval_request")
        assert await refusal(house.approve(request, "edit", code="x")) == "bad_request"
        await house.approve(request)
        assert (await house.end("r1")).data["content"] == "on"


async def test_who_may_not_run_code_may_not_approve_it(tmp_path: Path) -> None:
    """But may deny it."""
    async with await House.build(tmp_path, ScriptedEngine({"a": [CODE, "on"]}), kernel=FakeKernel()) as house:
        await house.submit("a", notebook={"path": NOTEBOOK})
        request = await house.until("approval_request")
        house.kernels = False
        assert await refusal(house.approve(request)) == "forbidden"
        await house.approve(request, "deny")
        assert (await house.end("r1")).data["content"] == "on"


async def test_who_may_not_write_files_may_not_approve_one(tmp_path: Path) -> None:
    """Though running code is allowed; nothing is written."""
    act = Act("write_file", {"path": "a.md", "content": "x"})
    async with await House.build(tmp_path, ScriptedEngine({"a": [act, "on"]})) as house:
        await house.submit("a")
        request = await house.until("approval_request")
        house.files = False
        assert await refusal(house.approve(request)) == "forbidden"
        await house.approve(request, "deny")
        await house.end("r1")
        assert not (tmp_path / "a.md").exists()


async def test_a_decision_for_another_life_of_the_kernel_is_stale(tmp_path: Path) -> None:
    """Refused, the question ends, and nothing runs; a no is taken at any time."""
    kernel = FakeKernel()
    engine = ScriptedEngine({"a": [CODE, "on"], "b": [CODE, "on"]})
    async with await House.build(tmp_path, engine, kernel=kernel) as house:
        await house.submit("a", notebook={"path": NOTEBOOK})
        request = await house.until("approval_request")
        kernel.restart()
        assert await refusal(house.approve(request)) == "stale"
        await house.end("r1")
        end = await house.until("approval_end")
        assert (end.data["decision"], "restarted" in end.data["reason"]) == ("cancelled", True)
        assert kernel.executed == []
        await house.submit("b", notebook={"path": NOTEBOOK})
        request = await house.until("approval_request", "r2")
        kernel.gone = True
        await house.approve(request, "deny")
        assert (await house.until("approval_end", "r2")).data["decision"] == "denied"
        await house.end("r2")
