"""What a run did to the kernel's variables: step by step, so that the person's own cells in between are not counted. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jupyter_aichat.kernels.changes import Change, compare
from jupyter_aichat.kernels.describe import Language
from jupyter_aichat.protocol.events import KernelChange, KernelChanges

__all__ = ["RunChanges"]


@dataclass(slots=True)
class RunChanges:
    """`add` the snapshots around each step; `event` says what they come to."""

    language: Language = "en"
    _kernel_id: str = ""
    _known: dict[str, tuple[str | None, str | None, str]] = field(default_factory=dict)
    """By name: what it was before the run, what it is now, who did the last thing to it."""

    @property
    def made(self) -> frozenset[str]:
        """Names that this run has made and that are still there: the agents' own."""
        return frozenset(name for name, (before, now, _) in self._known.items() if before is None and now)

    def add(self, kernel_id: str, agent: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Take in what one step has done."""
        self._kernel_id = kernel_id
        found = compare(before, after, self.language)
        for change in (*found.created, *found.changed, *found.deleted):
            first = self._known[change.name][0] if change.name in self._known else change.before
            now = _now(change)
            if first is None and now is None:
                self._known.pop(change.name, None)  # it came and went
            else:
                self._known[change.name] = (first, now, agent)

    def event(self) -> KernelChanges | None:
        """What the run has done to the kernel; `None`: nothing."""
        if not self._known:
            return None
        groups: dict[str, list[KernelChange]] = {"created": [], "changed": [], "deleted": []}
        for name, (before, after, agent) in self._known.items():
            kind = "created" if before is None else "deleted" if after is None else "changed"
            groups[kind].append(KernelChange(name=name, before=before, after=after, agent=agent))
        return KernelChanges(kernel_id=self._kernel_id, **groups)


def _now(change: Change) -> str | None:
    if change.after is None:
        return None
    return f"{change.after} ({change.detail})" if change.detail else change.after
