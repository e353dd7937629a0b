"""Large messages in pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.kernels import large
from jupyter_aichat.kernels.large import pieces


def message(text: str, *, ascii_only: bool = False) -> memoryview:
    """Give the content of a stream message."""
    return memoryview(json.dumps({"name": "stdout", "text": text}, ensure_ascii=ascii_only).encode())


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("unit", ["x" * 999 + "\n", "갑을", "𝄞", 'a\\n"\t', "\\" * 7 + " "])
def test_pieces_are_the_whole(unit: str, ascii_only: bool) -> None:  # noqa: FBT001 - a parameter
    """No character and no escape is cut, in either way of writing JSON."""
    text = unit * (1_000_000 // len(unit))
    given = list(pieces(message(text, ascii_only=ascii_only)))
    assert "".join(piece["text"] for piece in given) == text
    assert {piece["name"] for piece in given} == {"stdout"}
    if "\\" not in unit:
        assert len(given) > 3 or ascii_only


@given(st.text(alphabet='a\\\n"갑𝄞', min_size=1, max_size=200), st.booleans(), st.integers(16, 60))
def test_any_cut_is_safe(text: str, ascii_only: bool, size: int) -> None:  # noqa: FBT001 - a parameter
    """Wherever the pieces end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "_PIECE", size)
        given = list(pieces(message(text, ascii_only=ascii_only)))
    assert not given or "".join(piece["text"] for piece in given) == text


def test_other_messages_are_left_whole() -> None:
    """Small ones, and those that are not written as expected."""
    assert list(pieces(message("small"))) == []
    other = json.dumps({"text": "x" * 1_000_000, "name": "stdout"}).encode()
    assert list(pieces(memoryview(other))) == []
