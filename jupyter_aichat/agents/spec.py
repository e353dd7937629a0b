"""What an agent and a tool are, as plain frozen values. A plugin offers these; building comes later, for each model."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from jupyter_aichat.errors import PluginError

__all__ = ["HANDOFF", "SUPERVISOR", "AgentSpec", "ToolSpec"]

SUPERVISOR = "supervisor"
"""The name of the agent that delegates."""

HANDOFF = "ask_"
"""What the names of the supervisor's tools begin with: `ask_analyst`."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What every provider takes as the name of a tool, also behind `ask_`."""


def _checked(kind: str, name: object, *texts: tuple[str, object]) -> None:
    # a plugin's values may be of any type
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise PluginError(
            f"The {kind} name {name!r} does not fit: use a letter a-z, then up to 39 of a-z, 0-9 and _."
        )
    for what, text in texts:
        if not isinstance(text, str) or not text.strip():
            raise PluginError(f"The {kind} {name!r} needs a {what}.")


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """An agent.

    `description` tells the supervisor, in one or two sentences, what to ask it for; people read it too. `prompt` is its
    system prompt. `tools` are names of registered tools. `model` is "provider:name"; `None`: the model of the run.

    Raises `PluginError` for a name or text that does not fit.
    """

    name: str
    description: str
    prompt: str
    tools: tuple[str, ...] = ()
    model: str | None = None

    def __post_init__(self) -> None:
        _checked("agent", self.name, ("description", self.description), ("prompt", self.prompt))
        tools: object = self.tools
        if not isinstance(tools, tuple) or not all(isinstance(tool, str) for tool in tools):
            raise PluginError(f"The agent {self.name!r} has tools {self.tools!r}; give a tuple of names.")
        model: object = self.model
        if model is not None and not isinstance(model, str):
            raise PluginError(f"The agent {self.name!r} has the model {self.model!r}; give 'provider:name'.")


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool: it reads, or proposes an action by `use.act`.

    `function` is `async def f(use: ToolUse, path: Annotated[str, "What it is."], …) -> str`: its first parameter is the
    use that it serves (`agents.use`), the others, all annotated, are what the model fills in. It returns what the
    model reads. It raises `ToolError` with a sentence for what cannot be done; it may be called again from its top
    after `use.share` or `use.act`, so nothing with an effect stands before that. `description` tells the model what it
    does and when to use it. `beside_notebook`: it works only where a notebook is open, and is not offered elsewhere.

    Raises `PluginError` for a name or text that does not fit.
    """

    name: str
    description: str
    function: Callable[..., Awaitable[str]]
    beside_notebook: bool = False

    def __post_init__(self) -> None:
        _checked("tool", self.name, ("description", self.description))
        if self.name.startswith(HANDOFF):
            raise PluginError(f"The tool name {self.name!r} does not fit: {HANDOFF!r} is for handoffs.")
        function: object = self.function
        if not callable(function):
            raise PluginError(
                f"The tool {self.name!r} has the function {self.function!r}; give an async one."
            )
