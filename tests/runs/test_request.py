"""What a run was asked, as its row keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_aichat.protocol.commands import Message
from jupyter_aichat.runs.request import Request

FULL: dict[str, Any] = {
    "message": "Profile sales.csv",
    "agent": "analyst",
    "model": "openai:gpt-5-mini",
    "context": [{"kind": "file", "path": "sales.csv"}],
    "notebook": {"path": "a/b.ipynb", "kernel_id": "k"},
    "approvals": "deny",
    "language": "ko",
}


def request(**fields: Any) -> Request:
    """A request of a message with these fields."""
    return Request.of(Message.model_validate({"message": "hi", **fields}), "wait")


def test_a_row_gives_back_what_was_asked() -> None:
    """Whatever a message carries survives the store."""
    asked = request(**FULL)
    assert Request.load(asked.dump()) == asked
    assert (asked.agent, asked.model, asked.notebook) == ("analyst", "openai:gpt-5-mini", "a/b.ipynb")
    assert asked.context == [{"kind": "file", "path": "sales.csv"}]


def test_a_plain_message_is_for_the_supervisor() -> None:
    """With the configured model, and what the route says about approvals."""
    asked = request()
    assert (asked.agent, asked.model, asked.approvals, asked.context) == ("supervisor", None, "wait", None)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("안녕하세요", None, "ko"),
        ("매출 of 2025", None, "ko"),
        ("hello", None, "en"),
        ("hello", "ko", "ko"),
        ("안녕", "en-GB", "en-GB"),
    ],
)
def test_status_lines_speak_the_person_s_language(text: str, language: str | None, expected: str) -> None:
    """That of the interface, and without one that of the message."""
    assert request(message=text, language=language).language == expected


def test_what_the_message_says_about_approvals_comes_first() -> None:
    """The route's default is only for a message that says nothing."""
    message = Message(message="hi", approvals="deny")
    assert Request.of(message, "wait").approvals == "deny"
    assert Request.of(Message(message="hi"), "deny").approvals == "deny"


def test_the_digest_tells_the_same_message_from_another() -> None:
    """Each field counts; the order in which they came and the `client_id` do not."""
    asked = request(**FULL)
    assert request(**dict(reversed(FULL.items())), client_id="x", id="1").digest() == asked.digest()
    changed = {
        "message": "Profile costs.csv",
        "agent": "writer",
        "model": "offline",
        "context": [{"kind": "file", "path": "costs.csv"}],
        "notebook": {"path": "c.ipynb"},
        "approvals": "wait",
        "language": "en",
    }
    assert set(changed) == set(FULL)
    digests = {request(**{**FULL, name: value}).digest() for name, value in changed.items()}
    assert len(digests | {asked.digest()}) == len(FULL) + 1


def test_the_event_carries_the_message_as_it_was_sent() -> None:
    """With what was pinned to it."""
    message = request(**FULL).user_message("m3")
    assert (message.id, message.content) == ("m3", "Profile sales.csv")
    assert message.context == [{"kind": "file", "path": "sales.csv"}]
