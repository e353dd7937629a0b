"""Tool calls as servers stream them."""

from typing import Any

import pytest

from jupyter_aichat.agents.models.tool_deltas import ToolDeltas, new_call_id


def piece(arguments: Any = None, **fields: Any) -> dict[str, Any]:
    """Make one piece of a call."""
    function = {key: fields.pop(key) for key in ("name",) if key in fields}
    return {**fields, "function": function if arguments is None else {**function, "arguments": arguments}}


def gather(*chunks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Gather chunks of pieces; the names and arguments that come of them."""
    deltas = ToolDeltas()
    for chunk in chunks:
        deltas.take(chunk)
    released = deltas.release()
    assert [call["index"] for call in released] == list(range(len(released)))
    assert len({call["id"] for call in released}) == len(released)
    return [(call["function"]["name"], call["function"]["arguments"]) for call in released]


def test_call_ids_are_short_and_unique() -> None:
    """An id is "c" and nine characters that need no escaping anywhere, and no two are equal."""
    ids = {new_call_id() for _ in range(20_000)}
    assert len(ids) == 20_000
    assert all(len(i) == 10 and i[0] == "c" and i.replace("_", "").replace("-", "").isalnum() for i in ids)


def test_interleaved_pieces_find_their_calls() -> None:
    """Pieces belong to calls by the server's index."""
    assert gather(
        [piece("", index=0, id="a", name="f")],
        [piece("", index=1, id="b", name="g")],
        [piece('{"x":', index=0), piece('{"y": 2}', index=1)],
        [piece(" 1}", index=0)],
    ) == [("f", '{"x": 1}'), ("g", '{"y": 2}')]


def test_calls_that_are_all_numbered_0_stay_apart() -> None:
    """Gemini's and older Ollama's compatible servers number every call 0; a new id is a new call."""
    assert gather(
        [piece("{}", index=0, id="a", name="f")], [piece('{"y": 2}', index=0, id="b", name="g")]
    ) == [
        ("f", "{}"),
        ("g", '{"y": 2}'),
    ]


def test_calls_without_index_count_by_position() -> None:
    """A server that sends whole calls without an index is understood."""
    assert gather([piece("{}", id="a", name="f"), piece('{"y": 2}', id="b", name="g")]) == [
        ("f", "{}"),
        ("g", '{"y": 2}'),
    ]


def test_repeated_name_is_no_second_call() -> None:
    """Some servers repeat id and name in each piece."""
    assert gather([piece('{"x":', index=0, id="a", name="f")], [piece(" 1}", index=0, id="a", name="f")]) == [
        ("f", '{"x": 1}')
    ]


@pytest.mark.parametrize(
    ("arguments", "text"), [(None, "{}"), ("", "{}"), ("null", "{}"), ({"x": 1}, '{"x":1}')]
)
def test_arguments_may_be_missing_or_an_object(arguments: Any, text: str) -> None:
    """No arguments are an empty object; an object instead of its text is taken as it is."""
    assert gather([piece(arguments, index=0, id="a", name="f")]) == [("f", text)]


def test_broken_arguments_are_named_and_quoted() -> None:
    """Arguments that are no JSON leave as a JSON string, which no reader can take for an object."""
    deltas = ToolDeltas()
    deltas.take([piece("{}", index=0, name="f"), piece('{"path": "sal', index=1, name="g")])
    assert deltas.broken() == "g"
    assert deltas.release()[1]["function"]["arguments"] == '"{\\"path\\": \\"sal"'


def test_later_calls_go_on_counting() -> None:
    """What is released later does not take the place of what was released before."""
    deltas = ToolDeltas()
    deltas.take([piece("{}", index=0, name="f")])
    first = deltas.release()
    deltas.take([piece("{}", index=0, name="g")])
    assert [call["index"] for call in (*first, *deltas.release())] == [0, 1]
