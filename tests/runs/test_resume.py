"""What a run has said so far: kept up with each event, and the same when it is read from the log after a restart."""

from __future__ import annotations

from pathlib import Path

from jupyter_aichat.protocol.events import (
    EventData,
    Reasoning,
    Status,
    Token,
    ToolCall,
    ToolEnd,
    ToolOutput,
    ToolResult,
    ToolStart,
    Usage,
    UsageTotal,
)
from jupyter_aichat.runs.resume import Said, said_so_far
from tests.runs.house import House


def token(text: str, message: int, agent: str = "supervisor") -> Token:
    """A piece of an answer."""
    return Token(token=text, agent=agent, message_id=f"m1.{message}")


def end(call_id: str) -> ToolEnd:
    """A tool has ended."""
    result = ToolResult(call_id=call_id, name="read_file", output="…", status="ok")
    return ToolEnd(tool=result, agent="supervisor")


def begin(call_id: str) -> ToolStart:
    """A tool is called, in a message without words."""
    call = ToolCall(call_id=call_id, name="read_file", args={})
    return ToolStart(tool=call, agent="supervisor", message_id="m1.3")


STORY: list[EventData] = [
    Status(agent="supervisor", text="Thinking…"),
    Reasoning(token="hmm", agent="supervisor", message_id="m1.1"),
    token("I ", 1),
    token("ask.", 1),
    Usage(agent="supervisor", model="m", input_tokens=10, output_tokens=3, cost=0.5),
    token("aside", 2, "analyst"),
    begin("c1"),
    ToolOutput(call_id="c1", stream="stdout", text="printed"),
    end("c1"),
    Usage(agent="supervisor", model="m", input_tokens=20, output_tokens=5),
    token("It is ", 12),
    token("7.", 12),
]


async def test_the_log_tells_the_same_as_what_was_heard(tmp_path: Path) -> None:
    """Answer, usage, ended calls, characters and the next message's number are those of the run that was cut off."""
    said = Said()
    for event in STORY:
        assert said.take(event)
    async with await House.build(tmp_path) as house:
        run = await house.run("a")
        for event in STORY:
            house.store.append(run.lease, "r1", event)
        await house.store.write(lambda _: None)
        again = await house.store.read(lambda tx: said_so_far(tx, run.record, "supervisor"))
        assert again.messages == 12
        said.messages = 12
        assert again == said
        assert (again.answer(), again.characters) == ("It is 7.", 27 - 3 + 3 + 2)
        await run.start()


def test_the_answer_is_the_last_message_of_the_one_who_was_asked() -> None:
    """Not what specialists said, and not what came before it."""
    said = Said("analyst")
    for event in STORY:
        said.take(event)
    assert said.answer() == "aside"


def test_an_end_is_told_once() -> None:
    """A resume reports siblings that had ended again; the log has heard of them."""
    said = Said()
    assert [said.take(end("c1")), said.take(end("c2")), said.take(end("c1"))] == [True, True, False]


def test_a_call_is_something() -> None:
    """After it, nothing is tried again in silence; after a status line it may be."""
    said = Said()
    said.take(STORY[0])
    assert not said.anything
    said.take(begin("c1"))
    assert said.anything


def test_costs_add_up_where_they_are_known() -> None:
    """A model without a price does not make the others free."""
    said = Said()
    said.used(1, 1, None)
    assert said.usage == UsageTotal(input_tokens=1, output_tokens=1)
    for cost in (0.25, None, 0.5):
        said.used(1, 1, cost)
    assert said.usage == UsageTotal(input_tokens=4, output_tokens=4, cost=0.75)
