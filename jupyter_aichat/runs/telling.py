"""Telling: what is said of an action as it happens, freed of secrets: to the person as events, to the agent as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from jupyter_aichat.agents.words import Phrase, say
from jupyter_aichat.kernels.outputs import Omitted, Output, Stream, said
from jupyter_aichat.protocol.events import Artifact, EventData, Status, ToolOutput
from jupyter_aichat.runs.shown import bundle_of, clean, told

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action
    from jupyter_aichat.kernels import KernelState, Outcome
    from jupyter_aichat.kernels.describe import Language

__all__ = ["Keep", "Telling", "cut"]

Keep = Callable[[Artifact, Mapping[str, bytes]], None]
"""Puts an artifact into the log, together with the forms of it that are too large for an event."""

_READ: Final = 24_000
"""Characters of an output that the agent reads."""


class Telling:
    """Of one run. `emit` puts an event into the log at once; `redacted` takes secrets out of a text."""

    def __init__(
        self,
        emit: Callable[[EventData], None],
        keep: Keep,
        language: Language,
        redacted: Callable[[str], str],
    ) -> None:
        self._emit = emit
        self._keep = keep
        self.language = language
        self.redacted = redacted

    def say(self, action: Action, phrase: Phrase, name: str = "") -> None:
        """What is going on, for the status line."""
        self._emit(Status(agent=action.agent, text=say(self.language, phrase, name)))

    def waiting(self, action: Action) -> Callable[[KernelState], None]:
        """Takes the kernel's states, and says that the person's own cell is waited for."""

        def tell(state: KernelState) -> None:
            if state.state == "busy" and not state.ours:
                self.say(action, "kernel_busy", f"{state.busy_seconds or 0:.0f}")

        return tell

    def listening(self, action: Action) -> Callable[[Output], None]:
        """Takes outputs as they come, and passes printed text on."""

        def hear(output: Output) -> None:
            if isinstance(output, Stream):
                text = self.redacted(output.text)
                self._emit(ToolOutput(call_id=action.call_id, stream=output.name, text=text))
            elif isinstance(output, Omitted) and output.what == "text":
                self._emit(ToolOutput(call_id=action.call_id, stream=output.name, text=f"\n{said(output)}\n"))

        return hear

    def show(self, action: Action, outcome: Outcome) -> str:
        """Artifacts for what was displayed, in its final form; and all of it as the agent reads it."""
        number = 0
        for output in outcome.outputs:
            made = bundle_of(clean(output, self.redacted))
            if made is None:
                continue
            number += 1
            artifact = Artifact(
                id=f"{action.call_id}-{number}",
                call_id=action.call_id,
                agent=action.agent,
                bundle=made.bundle,
            )
            self._keep(artifact, made.forms)
        return cut(self.redacted("".join(map(told, outcome.outputs))).strip(), outcome.text_size)


def cut(text: str, printed: int = 0) -> str:
    """A text with its middle left out, if it is longer than an agent reads. `printed`: bytes that code printed in all."""
    if len(text) <= _READ:
        return text
    half = _READ // 2
    more = f"; {printed:,} bytes were printed in all" if printed > len(text) else ""
    return f"{text[:half]}\n[… {len(text) - _READ:,} characters were left out{more} …]\n{text[-half:]}"
