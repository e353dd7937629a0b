"""KernelDesk: the analyst's kernels as runs use them. Finds the kernel of a notebook at the moment it is needed, looks, acts.

All runs of a server share one. What comes back from a kernel is freed of the server's secrets before anybody reads it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_aichat.actions.redact import redact
from jupyter_aichat.errors import KernelBusy, KernelError, KernelGone, SourceFailed
from jupyter_aichat.kernels.source import text

if TYPE_CHECKING:
    from jupyter_aichat.kernels import KernelBridge, KernelState, Outcome
    from jupyter_aichat.kernels.outputs import Output
    from jupyter_aichat.kernels.state import Condition

__all__ = ["Aim", "KernelDesk", "Variables"]

_LOOK_SECONDS = 3.0
"""How long a look at the variables may take before a question is put to the person without it."""
_ACT_SECONDS = 120.0
"""How long inspection and SQL may take when they are what was asked for."""

Variables = Mapping[str, Mapping[str, Any]]
"""What `inspect_variables` tells, by name."""


@dataclass(frozen=True, slots=True)
class Aim:
    """The kernel that an action is for, as of now. `variables` is `None` where it could not be looked at (busy, other language)."""

    notebook: str
    kernel_id: str
    generation: str
    name: str
    state: Condition
    language: str
    variables: Variables | None


class KernelDesk:
    """`kernel_of` gives the id of the kernel that runs for a notebook's path, as the server's sessions say at that moment.

    `tokens` gives what is secret beside the `environment`: the server's token, keys that people have connected.
    """

    def __init__(
        self,
        bridge: KernelBridge,
        kernel_of: Callable[[str], Awaitable[str | None]],
        environment: Mapping[str, str],
        tokens: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._bridge = bridge
        self._kernel_of = kernel_of
        self._environment = environment
        self._tokens = tokens

    async def aim(self, notebook: str | None, *, look: bool = True) -> Aim:
        """The kernel of this notebook. Raises `KernelGone` with a sentence for the agent where there is none."""
        if not notebook:
            raise KernelGone(
                "No notebook is open, so there is no kernel to work in. Work on files, or ask the person to open a notebook."
            )
        kernel_id = await self._kernel_of(notebook)
        if kernel_id is None:
            raise KernelGone(
                f"The notebook {notebook!r} has no running kernel. Ask the person to start one (menu Kernel), then ask again."
            )
        state = await self._bridge.state(kernel_id)
        if state.generation is None:
            raise KernelGone(f"The kernel of {notebook!r} is {state.state}; ask again when it is ready.")
        variables = await self._look(kernel_id, state) if look else None
        return Aim(
            notebook, kernel_id, state.generation, state.display_name, state.state, state.language, variables
        )

    def knows(self, kernel_id: str) -> bool:
        """Whether there is such a kernel."""
        return self._bridge.knows(kernel_id)

    async def generation(self, kernel_id: str) -> str | None:
        """Which life of the kernel this is; `None` where it is gone."""
        try:
            return (await self._bridge.state(kernel_id)).generation
        except KernelError:
            return None

    async def execute(
        self,
        aim: Aim,
        code: str,
        *,
        on_output: Callable[[Output], None],
        on_state: Callable[[KernelState], None],
    ) -> Outcome:
        """Run code in that life of the kernel, or not at all. Raises `KernelError`."""
        return await self._bridge.execute(
            aim.kernel_id, code, on_output=on_output, on_state=on_state, generation=aim.generation
        )

    async def ask(
        self,
        aim: Aim,
        source: str,
        request: Mapping[str, Any],
        on_state: Callable[[KernelState], None] | None = None,
    ) -> dict[str, Any]:
        """Ask one of `kernels.source`. Raises `KernelError`, also for what the source itself refuses."""
        answer: dict[str, Any] = await self._bridge.ask(
            aim.kernel_id, text(source), request, _ACT_SECONDS, generation=aim.generation, on_state=on_state
        )
        if answer.get("status") == "error":
            sentence = str(answer.get("error", "The kernel could not answer."))
            raise SourceFailed(sentence, name=str(answer.get("kind", "")))
        return answer

    async def snapshot(self, aim: Aim) -> dict[str, Any] | None:
        """The kernel's variables as they are, for a later comparison; `None` where that cannot be told soon."""
        return await self._try(aim.kernel_id, "snapshot", {"action": "take"}, aim.generation)

    def redacted(self, words: str) -> str:
        """The text without the secrets of this server's environment and without what looks like a key."""
        return redact(words, self._environment, self._tokens()).text

    async def _look(self, kernel_id: str, state: KernelState) -> Variables | None:
        if state.state != "idle":
            return None
        told = await self._try(kernel_id, "inspect_variables", {"level": "schema"}, state.generation)
        return None if told is None else {v["name"]: v for v in told["variables"]}

    async def _try(
        self, kernel_id: str, source: str, request: Mapping[str, Any], generation: str | None
    ) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = await self._bridge.ask(
                kernel_id, text(source), request, _LOOK_SECONDS, generation=generation
            )
        except (KernelBusy, SourceFailed):
            return None
        except KernelGone:
            raise
        except KernelError:
            return None
        return answer if answer.get("status", "ok") == "ok" else None
