"""From the log to what the agents get."""

from __future__ import annotations

from jupyter_aichat.protocol.events import Summary
from jupyter_aichat.runs.transcript import transcript
from tests.runs.logs import asked, called, done, returned, said, story


def roles(*events: object) -> list[tuple[str, str]]:
    """Role and text of each turn."""
    found = transcript(story(*events))  # type: ignore[arg-type]  # the helpers' tuples
    return [(t.role, t.text) for e in found.exchanges for t in e.turns]


def test_a_conversation_is_questions_and_answers() -> None:
    """Tokens of a message are joined; its id is kept."""
    events = [
        asked(1, "hi"),
        said(1, "Hel"),
        said(1, "lo"),
        done(1),
        asked(2, "and?"),
        said(2, "Yes"),
        done(2),
    ]
    assert roles(*events) == [("user", "hi"), ("assistant", "Hello"), ("user", "and?"), ("assistant", "Yes")]


def test_a_call_stands_between_its_message_and_its_result() -> None:
    """Providers refuse a call without exactly one result behind it."""
    events = [
        asked(1, "profile"),
        said(1, "I ask."),
        called(1, "c1", "ask_analyst"),
        said(1, "thinking", "analyst", 2),
        called(1, "c2", "profile_table", "analyst", 2),
        returned(1, "c2", "profile_table", "rows 3", "analyst"),
        returned(1, "c1", "ask_analyst", "3 rows"),
        said(1, "It has 3 rows.", message=3),
        done(1),
    ]
    assert roles(*events) == [
        ("user", "profile"),
        ("assistant", "I ask."),
        ("tool", "3 rows"),
        ("assistant", "It has 3 rows."),
    ]
    turns = transcript(story(*events)).exchanges[0].turns
    assert [c.call_id for c in turns[1].calls] == ["c1"]
    assert turns[2].call_id == "c1"


def test_a_call_that_never_ended_is_left_out() -> None:
    """A run cut off at a call leaves its words and no dangling call."""
    events = [asked(1, "profile"), said(1, "I ask."), called(1, "c1", "ask_analyst"), asked(2, "hello?")]
    assert roles(*events) == [("user", "profile"), ("assistant", "I ask."), ("user", "hello?")]


def test_a_summary_takes_the_place_of_what_it_summarises() -> None:
    """Only later exchanges stay; the reader's log is untouched."""
    first = [asked(1, "a"), said(1, "A"), done(1), asked(2, "b")]
    log = story(*first, ("r2", Summary(text="- Asked: a", until_seq=3)), said(2, "B"), done(2))
    found = transcript(log)
    assert found.summary == "- Asked: a"
    assert [e.turns[0].text for e in found.exchanges] == ["b"]


def test_the_agent_that_was_addressed_has_the_memory() -> None:
    """A message to a specialist is answered by it, so its words are the answer."""
    events = [asked(1, "plot it", agent="visualizer"), said(1, "Done.", "visualizer"), done(1)]
    assert roles(*events) == [("user", "plot it"), ("assistant", "Done.")]
