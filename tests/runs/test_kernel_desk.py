"""The analyst's kernels as runs use them: found when needed, looked at, and freed of the server's secrets."""

from __future__ import annotations

import pytest

from jupyter_aichat.errors import KernelChanged, KernelGone, SourceFailed
from jupyter_aichat.kernels import KernelState
from jupyter_aichat.kernels.outputs import Output, Stream
from tests.fakes.kernel import NOTEBOOK, SECRET, FakeKernel, Ran, variable


async def test_the_kernel_of_a_notebook_is_found_with_its_variables() -> None:
    """As of this moment."""
    kernel = FakeKernel(df=variable("1", "DataFrame"))
    aim = await kernel.desk().aim(NOTEBOOK)
    assert (aim.notebook, aim.kernel_id, aim.generation, aim.state) == (NOTEBOOK, "k1", "g1", "idle")
    assert aim.variables is not None
    assert aim.variables["df"]["type"] == "DataFrame"


@pytest.mark.parametrize("notebook", [None, ""])
async def test_without_a_notebook_there_is_no_kernel(notebook: str | None) -> None:
    """The sentence says what to do instead."""
    with pytest.raises(KernelGone, match="No notebook is open"):
        await FakeKernel().desk().aim(notebook)


async def test_a_notebook_without_a_kernel_is_named() -> None:
    """And who can start one."""
    with pytest.raises(KernelGone, match=r"'work\.ipynb' has no running kernel\. Ask the person"):
        await FakeKernel().desk(running=False).aim(NOTEBOOK)


async def test_a_kernel_that_has_not_spoken_yet_is_not_aimed_at() -> None:
    """Nothing could be bound to its life."""
    kernel = FakeKernel()
    kernel.generation, kernel.condition = None, "starting"
    with pytest.raises(KernelGone, match="is starting; ask again"):
        await kernel.desk().aim(NOTEBOOK)


async def test_a_busy_kernel_is_not_looked_at() -> None:
    """Its variables are not known, which is not the same as none; nobody waits for its cell."""
    kernel = FakeKernel(a=variable("1"))
    kernel.condition = "busy"
    assert (await kernel.desk().aim(NOTEBOOK)).variables is None
    assert kernel.asked == []


async def test_a_kernel_that_does_not_answer_is_aimed_at_all_the_same() -> None:
    """A question to a person must not fail over it; a snapshot is then none."""
    kernel = FakeKernel(a=variable("1"))
    kernel.blind = True
    desk = kernel.desk()
    aim = await desk.aim(NOTEBOOK)
    assert aim.variables is None
    assert await desk.snapshot(aim) is None


async def test_what_is_asked_for_and_fails_is_said() -> None:
    """Unlike a look on the side."""
    kernel = FakeKernel()
    desk = kernel.desk()
    aim = await desk.aim(NOTEBOOK)
    kernel.blind = True
    with pytest.raises(SourceFailed):
        await desk.ask(aim, "inspect_variables", {"level": "schema"})


async def test_code_runs_in_the_life_that_was_aimed_at_or_not_at_all() -> None:
    """After a restart nothing is executed, nor is anything asked."""
    kernel = FakeKernel({"x": Ran(shows=[Stream("stdout", "hi")])})
    desk = kernel.desk()
    aim = await desk.aim(NOTEBOOK)
    heard: list[Output] = []
    states: list[KernelState] = []
    outcome = await desk.execute(aim, "x", on_output=heard.append, on_state=states.append)
    assert (outcome.status, heard) == ("ok", [Stream("stdout", "hi")])
    kernel.restart()
    with pytest.raises(KernelChanged):
        await desk.execute(aim, "x", on_output=heard.append, on_state=states.append)
    with pytest.raises(KernelChanged):
        await desk.ask(aim, "inspect_variables", {"level": "schema"})
    assert kernel.executed == ["x"]


async def test_the_life_of_a_kernel_is_told_and_a_gone_one_has_none() -> None:
    """That is how an approval becomes stale."""
    kernel = FakeKernel()
    desk = kernel.desk()
    assert await desk.generation("k1") == "g1"
    kernel.gone = True
    assert await desk.generation("k1") is None


def test_secrets_of_the_server_are_taken_out() -> None:
    """Whoever printed them."""
    words = FakeKernel().desk().redacted(f"the key is {SECRET}, 매출 3")
    assert SECRET not in words
    assert "매출 3" in words
