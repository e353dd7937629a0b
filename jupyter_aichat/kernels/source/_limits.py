"""Running what others wrote, for a short time only."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from jupyter_aichat.kernels.source._types import TYPE_MRO, clean

REPR_SECONDS = 0.2
REPR_LENGTH = 200


class TooLong(BaseException):
    """The time is over. No `Exception`, so that a careless `except` does not hold it up."""


class Mute:
    """A stream that swallows what this thread writes; other threads go on writing."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.thread = threading.get_ident()

    def write(self, text: str) -> Any:
        """Drop the text of this thread."""
        return len(text) if threading.get_ident() == self.thread else self.stream.write(text)

    def flush(self) -> None:
        """Nothing of this thread waits."""
        if threading.get_ident() != self.thread:
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class Budget:
    """So many seconds, counted from now."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left; 0 where none are."""
        return max(0.0, self.end - time.monotonic())


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Show no warnings and print nothing, and leave no trace of that."""
    out, err = sys.stdout, sys.stderr
    numpy = sys.modules.get("numpy")
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        if numpy is not None:
            stack.enter_context(numpy.errstate(all="ignore"))
        sys.stdout, sys.stderr = Mute(out), Mute(err)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = out, err


def can_limit() -> bool:
    """Whether a time limit can be kept here: in the main thread, where the user has no alarm of their own."""
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) is not None
        and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    )


def limited(function: Callable[[], Any], seconds: float) -> Any:
    """What `function` gives. Raises `TooLong` after `seconds`, again and again until it listens."""

    def ring(_number: int, _frame: types.FrameType | None) -> None:
        if running:
            raise TooLong

    running = True
    before = signal.signal(signal.SIGALRM, ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, 0.02)
            return function()
        finally:
            running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def short_repr(value: Any) -> dict[str, Any]:
    """The beginning of `repr(value)`, with a note where there is none or not all of it."""
    owner = next(
        base
        for base in TYPE_MRO.__get__(type(value))
        if "__repr__" in type.__dict__["__dict__"].__get__(base)
    )
    if owner is object:
        return {}
    if not can_limit():
        return {"note": "its text is not shown: no time limit can be kept here"}
    try:
        text = limited(lambda: repr(value), REPR_SECONDS)
    except TooLong:
        return {"note": f"its text took longer than {REPR_SECONDS} s and was given up"}
    except KeyboardInterrupt:  # a person or the server wants this to stop
        raise
    except BaseException as error:  # noqa: BLE001  whatever a user's code may raise
        return {"note": f"its text could not be made ({clean(type(error).__name__)})"}
    length = str.__len__(text)
    shown = clean(str.__getitem__(text, slice(0, REPR_LENGTH)))
    return {"repr": shown, "repr_length": length} if length > REPR_LENGTH else {"repr": shown}
