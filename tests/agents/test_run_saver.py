"""The saver, and LangGraph's contract with it: what an upgrade of LangGraph must not change."""

from __future__ import annotations

import operator
from collections.abc import AsyncIterator
from typing import Annotated, Any, TypedDict

import ormsgpack
import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.constants import END, START
from langgraph.graph import StateGraph
from langgraph.types import Command, interrupt

from jupyter_aichat.agents.run_saver import RunSaver


class State(TypedDict):
    """What the small graph below adds up."""

    steps: Annotated[list[str], operator.add]


def graph(saver: RunSaver, ran: list[str]) -> Any:
    """Two nodes side by side; one of them asks."""

    async def asks(_: State) -> dict[str, list[str]]:
        ran.append("asks")
        return {"steps": [f"asked: {interrupt('may I?')}"]}

    async def works(_: State) -> dict[str, list[str]]:
        ran.append("works")
        return {"steps": ["worked"]}

    builder: Any = StateGraph(State)
    builder.add_node("asks", asks)
    builder.add_node("works", works)
    for name in ("asks", "works"):
        builder.add_edge(START, name)
        builder.add_edge(name, END)
    return builder.compile(checkpointer=saver)


async def parts(stream: AsyncIterator[Any]) -> list[Any]:
    """All parts of a stream."""
    return [part async for part in stream]


def config(key: str = "r1") -> dict[str, Any]:
    """Say which run it is."""
    return {"configurable": {"thread_id": key}}


async def test_a_paused_run_goes_on_from_a_dump_without_repeating() -> None:
    """Contract: `aput`, `aput_writes` and `aget_tuple` are enough to go on elsewhere; what has run does not again."""
    ran: list[str] = []
    first = RunSaver()
    first.begin("r1")
    heard = await parts(graph(first, ran).astream({"steps": []}, config(), durability="exit"))
    (asked,) = next(part for part in heard if "__interrupt__" in part)["__interrupt__"]
    blob = first.dump("r1")

    second = RunSaver()
    second.load("r1", blob)
    again = await parts(graph(second, ran).astream(None, config(), durability="exit"))
    assert [i.id for part in again for i in part.get("__interrupt__", ())] == [asked.id], "ids are stable"
    await parts(graph(second, ran).astream(Command(resume={asked.id: "yes"}), config(), durability="exit"))
    state = (await graph(second, ran).aget_state(config())).values
    assert sorted(state["steps"]) == ["asked: yes", "worked"]
    assert ran.count("works") == 1


async def test_what_is_dumped_is_what_is_loaded() -> None:
    """A dump of what was loaded is the same dump."""
    saver = RunSaver()
    saver.begin("r1")
    await parts(graph(saver, []).astream({"steps": []}, config(), durability="exit"))
    blob = saver.dump("r1")
    other = RunSaver()
    other.load("r1", blob)
    assert other.dump("r1") == blob


async def test_a_run_that_never_began_or_was_forgotten_leaves_nothing() -> None:
    """What a cancelled run still writes after it was forgotten is dropped."""
    saver = RunSaver()
    await parts(graph(saver, []).astream({"steps": []}, config(), durability="exit"))
    assert saver.keys == frozenset()
    saver.begin("r1")
    assert saver.keys == {"r1"}
    await saver.adelete_thread("r1")
    await parts(graph(saver, []).astream({"steps": []}, config(), durability="exit"))
    assert saver.keys == frozenset()
    with pytest.raises(KeyError):
        saver.dump("r1")


async def test_control_writes_replace_and_results_stay() -> None:
    """Contract: `WRITES_IDX_MAP` gives control channels negative places; those are written anew, results are not."""
    assert WRITES_IDX_MAP
    assert all(place < 0 for place in WRITES_IDX_MAP.values())
    saver = RunSaver()
    saver.begin("r1")
    heard = graph(saver, []).astream({"steps": []}, config(), durability="exit")
    await parts(heard)
    at = await saver.aget_tuple(config())  # type: ignore[arg-type]
    assert at is not None
    control = next(iter(WRITES_IDX_MAP))
    for value in ("old", "new"):
        await saver.aput_writes(at.config, [("steps", value)], "task")
        await saver.aput_writes(at.config, [(control, value)], "task")
    again = await saver.aget_tuple(at.config)
    assert again is not None
    assert again.pending_writes is not None
    mine = {channel: value for task, channel, value in again.pending_writes if task == "task"}
    assert mine == {"steps": "old", control: "new"}


async def test_messages_survive() -> None:
    """The values that our graphs hold come back as they were."""
    saver = RunSaver()
    message = HumanMessage("안녕", id="m1", additional_kwargs={"a": [1, None]})
    assert saver.serde.loads_typed(saver.serde.dumps_typed(message)) == message


def test_a_blob_cannot_name_a_class_of_its_choice() -> None:
    """Only LangGraph's list of plain types is built from a blob; anything else stays the data that it is."""
    saver = RunSaver()
    evil = ormsgpack.packb(ormsgpack.Ext(0, ormsgpack.packb(["subprocess", "getoutput", "echo owned"])))
    assert saver.serde.loads_typed(("msgpack", evil)) != "owned"


def test_another_version_is_refused() -> None:
    """The sentence names both versions."""
    with pytest.raises(ValueError, match=r"version 99 .* version 1"):
        RunSaver().load("r1", ormsgpack.packb([99, []]))
