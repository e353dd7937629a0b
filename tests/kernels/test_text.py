"""Text as a terminal shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.kernels.text import Roll, first, last, plain, size, squeeze

PRINTED = st.text(alphabet="ab가\r\b\n", max_size=30)


def seen(*pieces: str) -> str:
    """Give what is seen after these pieces."""
    roll = Roll()
    for piece in pieces:
        roll.feed(piece)
    return roll.text


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("abc\rx", "xbc"),
        ("10%\r20%\r100%", "100%"),
        ("abc\r", "abc"),
        ("abc\r\nx", "abc\nx"),
        ("abc\b\bX", "aXc"),
        ("a\n\bb", "a\nb"),
        ("one\ntwo\rTWO\n", "one\nTWO\n"),
    ],
)
def test_moves_of_the_cursor(printed: str, shown: str) -> None:
    """Carriage returns and backspaces move, what follows overwrites, a new line leaves the line as it is."""
    assert seen(printed) == shown


@given(st.lists(PRINTED))
def test_pieces_do_not_matter(pieces: list[str]) -> None:
    """However text arrives, it is seen as if it had come at once, and its size is known."""
    assert seen(*pieces) == seen("".join(pieces))
    roll = Roll()
    roll.feed("".join(pieces))
    assert roll.size == size(roll.text)


@given(PRINTED, PRINTED, PRINTED)
def test_squeezing_changes_nothing_that_is_seen(before: str, text: str, after: str) -> None:
    """A squeezed text leaves every terminal as the whole one would, cursor included."""
    assert seen(before, squeeze(text), after) == seen(before, text, after)


def test_squeezing_shortens_a_progress_bar() -> None:
    """A thousand drawings become one."""
    assert squeeze("".join(f"\r{n:4}%" for n in range(1000))) == "\r 999%"


def test_escape_sequences_go() -> None:
    """Colours, cursor movements, titles and links are removed, their text stays."""
    assert (
        plain("\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x1b\\link\x1b]8;;\x07 \x1b[2K\x1b(Bend")
        == "red link end"
    )


@given(st.text(), st.integers(0, 20))
def test_cuts_keep_characters_whole(text: str, limit: int) -> None:
    """A start and an end fit the limit and are parts of the text."""
    assert text.startswith(first(text, limit))
    assert text.endswith(last(text, limit))
    assert size(first(text, limit)) <= limit
    assert size(last(text, limit)) <= limit
