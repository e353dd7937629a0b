"""The answer to one message, read from the frames of its thread."""

from typing import Any

import pytest

from jupyter_aichat.terminal.answer import Answer, Ending
from jupyter_aichat.terminal.words import Words

Frame = dict[str, Any]


class Paper:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.aside_said: list[str] = []
        self.notes: list[str] = []

    def text(self, message: str, text: str) -> None:
        """Remember a piece of the answer."""
        self.said[message] = self.said.get(message, "") + text

    def aside(self, agent: str, message: str, text: str) -> None:
        """Remember a specialist's words."""
        self.aside_said.append(f"{agent}/{message}: {text}")

    def note(self, sentence: str) -> None:
        """Remember a note."""
        self.notes.append(sentence)


def frames(*events: tuple[str, dict[str, Any]], run: str = "r1", first: int = 1) -> list[Frame]:
    """Number events as a log does."""
    return [
        {"event_type": kind, "seq": seq, "run_id": run, "data": data}
        for seq, (kind, data) in enumerate(events, first)
    ]


def token(text: str, message: str = "m1.1", agent: str = "supervisor") -> tuple[str, dict[str, Any]]:
    """One piece of text."""
    return "token", {"token": text, "agent": agent, "message_id": message}


START = (
    "run_start",
    {"message": {"id": "m1", "content": "?"}, "client_id": "mine", "agent": "supervisor", "model": "m"},
)
DONE = ("done", {"content": "Twelve rows.", "agent": "supervisor", "outcome": "completed", "duration_ms": 1})


def read(*events: Frame) -> tuple[Answer, Paper]:
    """Read events to an answer."""
    paper = Paper()
    answer = Answer("mine", paper, Words("en"))
    for event in events:
        answer.take(event)
    return answer, paper


def test_run_is_known_by_its_message() -> None:
    """Events before the acknowledgement count: the run is known by the message's own id."""
    answer, paper = read(*frames(START, token("Twelve "), token("rows."), DONE))
    assert (answer.run_id, answer.ending) == ("r1", Ending("completed"))
    assert paper.said == {"m1.1": "Twelve rows."}


def test_other_runs_of_the_thread_are_not_shown() -> None:
    """What another client asked in the same thread is not this answer."""
    other = frames(("run_start", {**START[1], "client_id": "theirs"}), token("no"), DONE, run="r0")
    answer, paper = read(*other, *frames(START, token("Twelve rows."), first=4))
    assert (answer.run_id, answer.ending) == ("r1", None)
    assert paper.said == {"m1.1": "Twelve rows."}


def test_event_that_was_seen_is_not_shown_again() -> None:
    """After a reconnection events may come twice; each counts once."""
    events = frames(START, token("Twelve "), token("rows."))
    answer, paper = read(*events, *events[1:])
    assert paper.said == {"m1.1": "Twelve rows."}
    assert answer.head == 3


def test_joined_tokens_are_one_piece() -> None:
    """A frame that stands for several events counts up to its last."""
    answer, paper = read(*frames(START), {**frames(token("Twelve rows."), first=9)[0], "from_seq": 2})
    assert (answer.head, paper.said) == (9, {"m1.1": "Twelve rows."})


def test_specialists_speak_aside() -> None:
    """Only the agent that answers is the answer; handoffs, status and tools are notes."""
    _, paper = read(
        *frames(
            START,
            ("agent_change", {"agent": "supervisor", "path": ["supervisor"]}),
            token("I will look."),
            ("tool_start", {"tool": {"call_id": "c1", "name": "ask_analyst", "args": {"task": "count"}}}),
            (
                "agent_change",
                {"agent": "analyst", "path": ["supervisor", "analyst"], "task": "count the rows"},
            ),
            ("status", {"agent": "analyst", "text": "Analysing sales.csv…"}),
            token("aha", "m1.2", "analyst"),
            (
                "tool_start",
                {"tool": {"call_id": "c2", "name": "profile_table", "args": {"path": "sales.csv"}}},
            ),
            (
                "tool_end",
                {"tool": {"call_id": "c2", "name": "profile_table", "output": "12", "status": "ok"}},
            ),
            (
                "tool_end",
                {"tool": {"call_id": "c3", "name": "read_file", "output": "no x.csv", "status": "error"}},
            ),
            ("usage", {"agent": "analyst", "model": "m", "input_tokens": 1, "output_tokens": 1}),
            ("from_the_future", {}),
            token("Twelve rows.", "m1.3"),
            DONE,
        )
    )
    assert paper.said == {"m1.1": "I will look.", "m1.3": "Twelve rows."}
    assert paper.aside_said == ["analyst/m1.2: aha"]
    assert paper.notes == [
        "→ analyst: count the rows",
        "Analysing sales.csv…",
        "· profile_table(path='sales.csv')",
        "✗ read_file: no x.csv",
    ]


def test_specialist_that_was_asked_is_the_speaker() -> None:
    """A message to a specialist is answered by that specialist."""
    start = ("run_start", {**START[1], "agent": "analyst"})
    _, paper = read(*frames(start, token("Twelve rows.", agent="analyst"), DONE))
    assert paper.said == {"m1.1": "Twelve rows."}


@pytest.mark.parametrize("said", ["", "Twelve "])
def test_answer_is_shown_whole(said: str) -> None:
    """What a model did not stream comes with the end."""
    events = [START, token(said), DONE] if said else [START, DONE]
    _, paper = read(*frames(*events))
    assert "".join(paper.said.values()) == "Twelve rows."


def test_denied_approval_is_told() -> None:
    """Nobody can decide here; what was denied is named."""
    request = {"approval_id": "a", "action": {"kind": "share_files", "host": "h", "files": ["sales.csv"]}}
    _, paper = read(*frames(START, ("approval_request", request)))
    assert "share_files sales.csv" in paper.notes[0]


def test_failure_has_its_sentence() -> None:
    """A run that failed ends with the server's words."""
    answer, _ = read(*frames(START, ("error", {"error": "h refused the API key.", "code": "model_auth"})))
    assert answer.ending == Ending("failed", "h refused the API key.")


def test_cancelled_answer_says_so() -> None:
    """An answer that somebody stopped is not a complete one."""
    answer, _ = read(*frames(START, ("done", {**DONE[1], "content": "", "outcome": "cancelled"})))
    assert answer.ending == Ending("cancelled")


def test_waiting_is_told() -> None:
    """An answer behind others says how many they are."""
    paper = Paper()
    answer = Answer("mine", paper, Words("en"))
    answer.accepted("r3", 2)
    assert (answer.run_id, paper.notes) == ("r3", ["Waiting for 2 answer(s) before this one."])


def snapshot(state: str, content: str, **run: Any) -> dict[str, Any]:
    """A thread's fold with our run in it."""
    return {
        "messages": [
            {"id": "m1", "role": "user", "run_id": "r1", "client_id": "mine", "content": "?"},
            {"id": "m1.1", "role": "assistant", "agent": "supervisor", "run_id": "r1", "content": content},
        ],
        "runs": [{"id": "r1", "state": state, "agent": "supervisor", **run}],
    }


def test_reset_shows_what_was_missed() -> None:
    """From a snapshot only what is not on the screen yet is shown, and reading goes on behind it."""
    answer, paper = read(*frames(START, token("Twelve ")))
    answer.reset(7, snapshot("running", "Twelve ro"))
    assert (paper.said, answer.head, answer.ending) == ({"m1.1": "Twelve ro"}, 7, None)
    answer.take(frames(token("ws."), first=8)[0])
    assert paper.said == {"m1.1": "Twelve rows."}


def test_reset_knows_the_end() -> None:
    """A run that ended meanwhile has ended, and how."""
    answer, paper = read(*frames(START, token("Twelve ")))
    answer.reset(9, snapshot("completed", "Twelve rows."))
    assert (answer.ending, paper.said) == (Ending("completed"), {"m1.1": "Twelve rows."})
    failed, _ = read(*frames(START))
    failed.reset(9, snapshot("failed", "", failure={"error": "h failed.", "code": "model_error"}))
    assert failed.ending == Ending("failed", "h failed.")


def test_reset_finds_the_run_by_its_message() -> None:
    """When the acknowledgement was lost, the snapshot tells which run is ours, or that there is none yet."""
    answer, _ = read()
    answer.reset(0, {"messages": [], "runs": []})
    assert answer.run_id is None
    answer.reset(9, snapshot("running", ""))
    assert answer.run_id == "r1"
