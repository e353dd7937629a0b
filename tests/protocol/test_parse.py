"""Strict parsing of what clients send (RELIABILITY, group J)."""

from __future__ import annotations

import pytest

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.commands import Approve, Cancel, Message
from jupyter_aichat.protocol.parse import parse_command

DEEP = 32


def nested(depth: int) -> str:
    """A message whose frame is `depth` levels deep: frame, list, item, then lists."""
    return '{"message":"hi","context":[{"kind":"file","v":' + "[" * (depth - 3) + "]" * (depth - 3) + "}]}"


@pytest.mark.parametrize(
    ("text", "code", "ref"),
    [
        ("", "bad_json", None),
        ("not json", "bad_json", None),
        ("[" * 100_000, "bad_json", None),
        ('{"type":"message","message":"x","context":[{"kind":"variable","v":NaN}]}', "bad_json", None),
        ('{"type":"message","message":"x","context":[{"kind":"variable","v":-Infinity}]}', "bad_json", None),
        ('{"type":"message","message":"x","context":[{"kind":"variable","v":1e999}]}', "bad_json", None),
        ('{"type":"approve","type":"cancel"}', "bad_json", None),
        ("[]", "bad_request", None),
        ("{}", "bad_request", None),
        ('{"type":"frobnicate","id":"1"}', "bad_request", "1"),
        (nested(DEEP + 1), "bad_request", None),
        ('{"message":"\\ud800"}', "bad_request", None),
        ('{"type":"message","id":"1","message":"hi","auto_approve":true}', "bad_request", "1"),
        ('{"message":123}', "bad_request", None),
        ('{"message":""}', "bad_request", None),
        ('{"type":"cancel","run_id":7}', "bad_request", None),
        (
            '{"type":"approve","id":"9","approval_id":"a","digest":"short","decision":"approve"}',
            "bad_request",
            "9",
        ),
        ('{"type":"approve","id":7,"approval_id":"a"}', "bad_request", None),
    ],
)
def test_what_is_no_command_is_refused_by_name(text: str, code: str, ref: str | None) -> None:
    """A bad frame gets its code, and the command's own id where it could be read."""
    with pytest.raises(CommandRefused) as refused:
        parse_command(text)
    assert (refused.value.code, refused.value.ref) == (code, ref)


def test_a_refusal_names_the_field_and_the_value() -> None:
    """The sentence says what was wrong, so that a client's author can mend it."""
    with pytest.raises(CommandRefused, match=r"run_id.*7"):
        parse_command('{"type":"cancel","run_id":7}')


def test_the_longest_value_is_not_repeated_whole() -> None:
    """A refusal does not send a large input back."""
    with pytest.raises(CommandRefused) as refused:
        parse_command('{"type":"message","message":"' + "x" * 200_001 + '"}')
    assert len(str(refused.value)) < 300


def test_the_seeds_message_needs_no_type() -> None:
    """A client written for the seed sends `{"message": …}` alone."""
    command = parse_command('{"message": "안녕하세요?"}')
    assert isinstance(command, Message)
    assert command.message == "안녕하세요?"


def test_nesting_up_to_the_limit_is_fine() -> None:
    """32 levels are allowed."""
    assert isinstance(parse_command(nested(DEEP)), Message)


def test_commands_are_told_apart_by_type() -> None:
    """Each type gives its own class, with what it carries."""
    cancel = parse_command('{"type":"cancel","id":"2","run_id":"r3"}')
    approve = parse_command(
        '{"type":"approve","approval_id":"a","digest":"' + "0" * 64 + '","decision":"deny","reason":"no"}'
    )
    assert isinstance(cancel, Cancel)
    assert (cancel.id, cancel.run_id) == ("2", "r3")
    assert isinstance(approve, Approve)
    assert (approve.decision, approve.reason) == ("deny", "no")
