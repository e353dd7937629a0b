"""Joining and cutting of outputs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.kernels.limiter import Limiter, OutputLimits
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
)

SMALL = OutputLimits(text=20, display=100, displays=5, traceback=20)


def passed(*outputs: Output, limits: OutputLimits = SMALL, every: int = 1) -> list[Output]:
    """Give what comes through, flushed after every so many."""
    limiter, through = Limiter(limits), []
    for place, output in enumerate(outputs):
        limiter.add(output)
        if place % every == 0:
            through += limiter.flush()
    through += limiter.finish()
    assert limiter.cell.outputs() == fold(through)
    assert not limiter.waiting
    return through


def test_text_is_joined_until_it_is_flushed() -> None:
    """Many small prints between two flushes are one output."""
    limiter = Limiter()
    for letter in "abc":
        limiter.add(Stream("stdout", letter))
    assert limiter.waiting
    assert limiter.flush() == [Stream("stdout", "abc")]
    assert limiter.flush() == []


def test_the_middle_of_a_long_text_is_left_out() -> None:
    """The head goes out at once; the tail follows in the end behind a marker with the full size."""
    through = passed(*(Stream("stdout", f"{n:04}\n") for n in range(100)))
    assert through[:2] == [Stream("stdout", "0000\n"), Stream("stdout", "0001\n")]
    assert through[2] == Omitted("text", 480, 500)
    assert "".join(o.text for o in through[3:] if isinstance(o, Stream)) == "0098\n0099\n"


def test_text_that_just_fits_is_whole() -> None:
    """Nothing is left out, and nothing said, where head and tail meet."""
    through = passed(Stream("stdout", "x" * 20))
    assert "".join(o.text for o in through if isinstance(o, Stream)) == "x" * 20
    assert not any(isinstance(o, Omitted) for o in through)


@given(
    st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.text(max_size=12)), max_size=20),
    st.integers(1, 5),
)
def test_text_is_bounded_and_counted(printed: list[tuple[str, str]], every: int) -> None:
    """Whatever is printed, what comes through fits, starts and ends as the whole, and sizes add up."""
    plain = [(name, text.replace("\r", "").replace("\b", "")) for name, text in printed]
    outputs = [Stream("stderr" if name == "stderr" else "stdout", text) for name, text in plain]
    through = passed(*outputs, every=every)
    whole = "".join(text for _, text in plain)
    shown = "".join(o.text for o in through if isinstance(o, Stream))
    total = len(whole.encode())
    assert len(shown.encode()) <= SMALL.text
    omitted = [o for o in through if isinstance(o, Omitted)]
    assert sum(o.size for o in omitted) == total - len(shown.encode())
    assert all(o.total == total for o in omitted)
    if not omitted:
        assert shown == whole


def test_progress_never_uses_the_head_up() -> None:
    """A line that is drawn anew for ever is shown live for ever."""
    through = passed(*(Stream("stdout", f"\r{n:5}") for n in range(1000)))
    assert through[-1] == Stream("stdout", "\r  999")
    assert not any(isinstance(o, Omitted) for o in through)


def test_a_cleared_cell_has_room_again() -> None:
    """After `clear_output` text is shown live, however much was cleared."""
    through = passed(Stream("stdout", "x" * 500), Clear(), Stream("stdout", "new"))
    assert fold(through) == [{"output_type": "stream", "name": "stdout", "text": "new"}]
    assert not any(isinstance(o, Omitted) for o in through)


def test_what_is_cleared_before_it_is_flushed_is_not_passed_on() -> None:
    """A thousand frames of an animation between two flushes are the last one."""
    frames = [output for n in range(1000) for output in (Clear(wait=True), Stream("stdout", str(n)))]
    limiter = Limiter()
    for frame in frames:
        limiter.add(frame)
    through = limiter.flush()
    assert through == [Clear(wait=True), Stream("stdout", "999")]


def test_displays_beyond_the_limits_are_said() -> None:
    """By size and by number; text and errors still come through."""
    big = Display({"text/plain": "x" * 60})
    assert passed(big, big, Stream("stdout", "x"))[1:] == [Stream("stdout", "x"), Omitted("display", 62, 124)]
    small = Display({})
    through = passed(*[small] * 5, Update("d", {}), Result({"a": "b"}), Error("E", "", ""))
    assert through[5:] == [Error("E", "", ""), Omitted("display", 5, 15)]


def test_an_error_comes_behind_the_text_before_it() -> None:
    """The tail of the text is given before the error, and a long error is cut in its middle."""
    through = passed(Stream("stdout", "x" * 50), Error("E", "v", "t" * 100))
    assert [type(o) for o in through] == [Stream, Omitted, Stream, Error]
    error = through[-1]
    assert isinstance(error, Error)
    assert error.traceback == f"{'t' * 10}\n[… 80 of 100 bytes left out …]\n{'t' * 10}"
