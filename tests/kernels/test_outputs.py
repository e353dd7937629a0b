"""From a kernel's messages to what a notebook's cell shows."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from jupyter_aichat.kernels.outputs import (
    Clear,
    Display,
    Error,
    Omitted,
    Output,
    Result,
    Stream,
    Update,
    fold,
    output_of,
)


@pytest.mark.parametrize(
    ("kind", "content", "output"),
    [
        ("stream", {"name": "stderr", "text": "x"}, Stream("stderr", "x")),
        ("stream", {"name": "stdout", "text": ""}, None),
        ("execute_result", {"data": {"a": "b"}, "metadata": {}, "execution_count": 3}, Result({"a": "b"})),
        ("display_data", {"data": {}, "transient": {"display_id": "d"}}, Display({}, {}, "d")),
        ("update_display_data", {"data": {"a": 1}, "transient": {"display_id": "d"}}, Update("d", {"a": 1})),
        ("update_display_data", {"data": {"a": 1}}, None),
        ("clear_output", {"wait": True}, Clear(wait=True)),
        ("error", {"ename": "E", "evalue": "v", "traceback": ["\x1b[31ma", "b"]}, Error("E", "v", "a\nb")),
        ("error", {}, Error("Error", "", "")),
        ("status", {"execution_state": "busy"}, None),
        ("display_data", {"data": None, "metadata": 5, "transient": []}, Display({})),
    ],
)
def test_messages_are_read(kind: str, content: dict[str, Any], output: Output | None) -> None:
    """Each kind of message becomes its output; careless ones do not fail."""
    assert output_of(kind, content) == output


def test_text_of_one_stream_is_joined() -> None:
    """Neighbours of one stream are one output, with the cursor obeyed across them."""
    outputs = [
        Stream("stdout", "10%"),
        Stream("stdout", "\r20%"),
        Stream("stderr", "x"),
        Stream("stdout", "y"),
    ]
    assert [(o["name"], o["text"]) for o in fold(outputs)] == [
        ("stdout", "20%"),
        ("stderr", "x"),
        ("stdout", "y"),
    ]


def test_clearing() -> None:
    """At once, or with the next output; an update of a display is none."""
    shown = Display({"text/plain": "a"}, {}, "d")
    assert fold([shown, Clear()]) == []
    assert len(fold([shown, Clear(wait=True)])) == 1
    waiting = fold([shown, Clear(wait=True), Update("d", {"text/plain": "b"})])
    assert [o["data"]["text/plain"] for o in waiting] == ["b"]
    assert [o["text"] for o in fold([shown, Clear(wait=True), Stream("stdout", "new")])] == ["new"]


def test_an_update_reaches_each_display_with_its_id() -> None:
    """Wherever it is among the outputs, and whatever came between."""
    shown: list[Output] = [
        Display({"t": "a"}, {}, "d"),
        Stream("stdout", "x"),
        Result({"t": "a"}, {}, "d"),
        Display({"t": "a"}, {}, "e"),
    ]
    folded = fold([*shown, Update("d", {"t": "b"}), Update("unknown", {"t": "c"})])
    assert [o["data"]["t"] for o in folded if "data" in o] == ["b", "b", "a"]


def test_the_result_is_a_valid_notebook() -> None:
    """Each kind of output is accepted by nbformat."""
    outputs: list[Output] = [
        Stream("stdout", "x"),
        Display({"text/plain": "a"}),
        Result({"text/plain": "b"}),
        Error("E", "v", "a\nb"),
        Omitted("text", 5, 10),
        Omitted("display", 5, 10),
    ]
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(o) for o in fold(outputs)])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert fold(outputs)[4]["text"] == "\n[… 5 bytes of 10 bytes of text left out …]\n"
