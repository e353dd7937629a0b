"""Outputs between the kernel and whoever listens: joined, so that they do not flood, and cut at a size. Pure.

Of text the head goes out as it comes. When the head is full the end is kept aside, and given when the code has ended,
behind a marker that says the full size. Memory stays within the limits however much a kernel prints.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass

from jupyter_aichat.kernels.outputs import (
    Cell,
    Clear,
    Display,
    Error,
    Omitted,
    Output,
    Stream,
    StreamName,
    Update,
)
from jupyter_aichat.kernels.text import first, last, size, squeeze

__all__ = ["Limiter", "OutputLimits"]

_PIECE = 64_000
"""Bytes of printed text that are joined into one output at most."""


@dataclass(frozen=True, slots=True)
class OutputLimits:
    """How much of the output of one request is passed on."""

    text: int = 200_000
    """Bytes of printed text: half for the head, half for the tail."""
    display: int = 20_000_000
    """Bytes of all display data together."""
    displays: int = 2_000
    """How many displays and updates."""
    traceback: int = 100_000
    """Bytes of an error's value and of its traceback, head and tail kept."""


class Limiter:
    """One request's outputs: `add` what comes, `flush` from time to time, `finish` once."""

    def __init__(self, limits: OutputLimits | None = None) -> None:
        self.limits = limits or OutputLimits()
        self.text_total = 0
        """Bytes that the request printed."""
        self.display_total = 0
        """Bytes that the request displayed."""
        self.cell = Cell()
        """What has been passed on, put together."""
        self._ready: list[Output] = []
        self._pending: list[str] = []
        self._pending_name: StreamName = "stdout"
        self._pending_size = 0
        self._tail: deque[tuple[StreamName, str]] = deque()
        self._tail_size = 0  # bytes kept in the tail
        self._beyond = 0  # bytes that went to the tail since the head was full; 0: the head has room
        self._display_sent = 0
        self._displays = 0
        self._display_omitted = 0

    @property
    def waiting(self) -> bool:
        """Whether `flush` would give something."""
        return bool(self._ready or self._pending)

    def add(self, output: Output) -> None:
        """Take the next output of the kernel."""
        if isinstance(output, Stream):
            self._printed(output)
            return
        self._join()
        if isinstance(output, Clear):
            self._cleared(output)
        elif isinstance(output, Display | Update):
            self._displayed(output)
        elif isinstance(output, Error):
            self._end_of_text()  # an error comes behind what was printed before it
            limit = self.limits.traceback
            self._pass(
                Error(output.name, _middle_out(output.value, limit), _middle_out(output.traceback, limit))
            )
        else:
            self._pass(output)

    def flush(self) -> list[Output]:
        """What can be passed on now, joined."""
        self._join()
        ready, self._ready = self._ready, []
        return ready

    def finish(self) -> list[Output]:
        """The rest: the tail of the text with its marker, and how much display data was left out."""
        self._join()
        self._end_of_text()
        if self._display_omitted:
            self._pass(Omitted("display", self._display_omitted, self.display_total))
            self._display_omitted = 0
        return self.flush()

    def _pass(self, output: Output) -> None:
        self.cell.add(output)
        if not isinstance(output, Clear | Update):
            self._drop_cleared()
        self._ready.append(output)

    def _drop_cleared(self) -> None:
        """Forget what a waiting `Clear` takes away now, before it was passed on."""
        for place in range(len(self._ready) - 1, -1, -1):
            if isinstance(self._ready[place], Clear):
                if place:
                    kept: list[Output] = [item for item in self._ready[:place] if isinstance(item, Update)]
                    self._ready[:place] = kept
                return

    # -- text ------------------------------------------------------------------------------------------------------

    def _printed(self, output: Stream) -> None:
        length = size(output.text)
        self.text_total += length
        if self._pending and output.name != self._pending_name:
            self._join()
        self._pending_name = output.name
        self._pending.append(output.text)
        self._pending_size += length
        if self._pending_size > _PIECE:
            self._join()

    def _join(self) -> None:
        """Bring the text that waits into the head or into the tail."""
        if not self._pending:
            return
        name = self._pending_name
        text = squeeze(self._pending[0] if len(self._pending) == 1 else "".join(self._pending))
        self._pending, self._pending_size = [], 0
        rest = size(text)
        if not self._beyond:
            room = max(0, self.limits.text // 2 - self.cell.text_size)
            # text that moves the cursor may not grow what is seen; it goes in as a whole while there is room
            moves = "\r" in text or "\b" in text
            head = text if moves and room and rest <= _PIECE else first(text, room)
            if head:
                self._pass(Stream(name, head))
            rest -= size(head)
        if rest:
            # no copy of what is between: a kernel may send many megabytes at once
            self._beyond += rest
            self._keep(name, last(text, min(rest, self.limits.text // 2)))

    def _keep(self, name: StreamName, text: str) -> None:
        limit = self.limits.text // 2
        self._tail.append((name, text))
        self._tail_size += size(text)
        while self._tail_size > limit:
            oldest, kept = self._tail.popleft()
            surplus, length = self._tail_size - limit, size(kept)
            self._tail_size -= length
            if length > surplus:
                kept = last(kept, length - surplus)
                self._tail.appendleft((oldest, kept))
                self._tail_size += size(kept)

    def _end_of_text(self) -> None:
        if not self._beyond:
            return
        omitted = self._beyond - self._tail_size
        if omitted > 0:
            self._pass(
                Omitted("text", omitted, self.text_total, self._tail[0][0] if self._tail else "stdout")
            )
        for name, text in self._tail:
            self._pass(Stream(name, text))
        self._forget_tail()

    def _forget_tail(self) -> None:
        self._tail.clear()
        self._tail_size = self._beyond = 0

    def _cleared(self, output: Clear) -> None:
        """A cleared cell has room again. What is cleared before it could be passed on is not passed on."""
        self._forget_tail()
        if not output.wait:
            self._ready = [item for item in self._ready if isinstance(item, Update)]
        self._pass(output)

    # -- displays --------------------------------------------------------------------------------------------------

    def _displayed(self, output: Display | Update) -> None:
        length = _weight(output)
        self.display_total += length
        sent = self._display_sent + length
        if sent > self.limits.display or self._displays >= self.limits.displays:
            self._display_omitted += length
            return
        self._display_sent, self._displays = sent, self._displays + 1
        self._pass(output)


def _middle_out(text: str, limit: int) -> str:
    length = size(text)
    if length <= limit:
        return text
    head, tail = first(text, limit // 2), last(text, limit // 2)
    return f"{head}\n[… {length - size(head) - size(tail)} of {length} bytes left out …]\n{tail}"


def _weight(output: Display | Update) -> int:
    """Bytes of a display, over all its MIME types."""
    parts = (*output.data.values(), output.metadata)
    return sum(size(part) if isinstance(part, str) else len(json.dumps(part, default=str)) for part in parts)
