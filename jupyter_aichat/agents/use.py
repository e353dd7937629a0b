"""ToolUse: one use of a tool, as its body sees it; and the tool that LangChain gets for a ToolSpec.

No `from __future__ import annotations` here: LangChain reads the annotation of `runtime` as an object.
"""

import inspect
import posixpath
import typing
from dataclasses import dataclass

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, InjectedToolArg, StructuredTool
from langgraph.types import interrupt
from pydantic import BaseModel, Field, create_model

from jupyter_aichat.actions.action import ActionKind, ActionResult, ShareFiles
from jupyter_aichat.agents.port import RunContext, Workspace
from jupyter_aichat.agents.scope import RunScope
from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.words import Phrase, say
from jupyter_aichat.errors import PluginError, ToolError
from jupyter_aichat.protocol.events import ToolStatus

__all__ = ["BESIDE_NOTEBOOK", "Declined", "ToolUse", "as_tool"]


BESIDE_NOTEBOOK = "beside_notebook"
"""In a tool's metadata: it is offered only where a notebook is open."""


class Declined(ToolError):
    """A person did not allow what the tool wanted. `status` is what the tool call ends with."""

    def __init__(self, message: str, status: ToolStatus) -> None:
        super().__init__(message)
        self.status: ToolStatus = status


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One use of a tool. Its body begins again from the top after a pause in `share`."""

    agent: str
    call_id: str
    scope: RunScope

    @property
    def context(self) -> RunContext:
        """What the run brings along."""
        return self.scope.context

    @property
    def workspace(self) -> Workspace:
        """The files that may be read."""
        return self.scope.context.workspace

    def status(self, text: str, progress: float | None = None) -> None:
        """Say what goes on, in the interface's language. Only after `share`, or it is said again."""
        self.scope.status(self.agent, text, progress)

    def say(self, phrase: Phrase, path: str = "") -> None:
        """Say what goes on with a file, by its name, in words that are kept here in every language."""
        self.status(say(self.context.language, phrase, posixpath.basename(path)))

    async def share(self, path: str) -> None:
        """Go on only if the content of a file may be read by the models behind this agent.

        A model on this machine needs no consent. For any other the run may pause here until a person decides.
        Raises `Declined`.
        """
        for host in self.scope.strangers(self.agent):
            args = ShareFiles(host=host, files=[path])
            result: ActionResult = interrupt(
                {"kind": "share_files", "agent": self.agent, "call_id": self.call_id, "args": args}
            )
            if result["status"] != "ok":
                raise _declined(path, host, result)

    async def act(self, kind: ActionKind, **args: object) -> str:
        """Propose an action in the kernel or the notebook, and go on with what came of it: the text that the agent reads.

        The run may pause here until a person decides; the tool's body begins again from its top after that, so nothing with
        an effect stands before it. Raises `Declined` for everything but success.
        """
        given = {name: value for name, value in args.items() if value is not None}
        tells = ", ".join(self.scope.strangers(self.agent)) or None
        result: ActionResult = interrupt(
            {"kind": kind, "agent": self.agent, "call_id": self.call_id, "args": given, "tells": tells}
        )
        output = result.get("output", "")
        if result["status"] == "ok":
            return output or "Done."
        raise _not_done(kind, result, output)


_DONE: dict[ActionKind, str] = {
    "inspect_variables": "look at variables",
    "run_code": "run this code",
    "run_sql": "run this query",
    "insert_cell": "insert this cell",
    "replace_cell": "change this cell",
    "run_cell": "run this cell",
    "write_file": "write this file",
}


def _not_done(kind: ActionKind, result: ActionResult, output: str) -> Declined:
    status, reason = result["status"], result.get("reason", "").strip()
    if status == "denied":
        told = f"The person declined to {_DONE.get(kind, kind)}, so it was not done."
        told += f" Reason: {reason}" if reason else ""
        return Declined(
            f"{told}\nDo not propose the same again; go on without it or say what is missing.", "denied"
        )
    if status == "unknown":
        told = "It was begun, and whether it was done is not known. Do not repeat it by yourself; say so to the person."
        return Declined(f"{told} {reason}".strip(), "unknown")
    if status == "cancelled":
        return Declined(f"It was not done. {reason}".strip(), "cancelled")
    return Declined(output or reason or "It failed.", "error")


def _declined(path: str, host: str, result: ActionResult) -> Declined:
    status, reason = result["status"], result.get("reason", "").strip()
    if status == "denied":
        told = f"The person declined to send the contents of {path!r} to {host}."
        told += f" Reason: {reason}" if reason else ""
        return Declined(f"{told}\nDo not ask for it again; say what could not be done without it.", "denied")
    told = f"The contents of {path!r} were not read: whether they may go to {host} was not decided."
    return Declined(f"{told} {reason}".strip(), "cancelled" if status == "cancelled" else "error")


def as_tool(spec: ToolSpec) -> BaseTool:
    """What LangChain gets for a tool. Raises `PluginError` where the function's parameters do not fit."""

    async def body(runtime: ToolRuntime[RunScope, typing.Any], **arguments: typing.Any) -> str:
        agent = runtime.config.get("metadata", {}).get("lc_agent_name", "")
        use = ToolUse(agent, runtime.tool_call_id or "", runtime.context)
        return await spec.function(use, **arguments)

    return StructuredTool(
        name=spec.name,
        description=spec.description,
        coroutine=body,
        args_schema=_arguments(spec),
        metadata={BESIDE_NOTEBOOK: True} if spec.beside_notebook else None,
    )


def _arguments(spec: ToolSpec) -> type[BaseModel]:
    try:
        hints = typing.get_type_hints(spec.function, include_extras=True)
    except (NameError, TypeError) as error:
        raise PluginError(f"The tool {spec.name!r} has annotations that cannot be read: {error}.") from None
    # LangChain calls a tool whose schema is empty with nothing at all, so what it injects stands in the schema too
    fields: dict[str, typing.Any] = {"runtime": (typing.Annotated[typing.Any, InjectedToolArg()], ...)}
    for parameter in list(inspect.signature(spec.function).parameters.values())[1:]:
        if parameter.name not in hints or parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            raise PluginError(f"The tool {spec.name!r} needs an annotation for {parameter.name!r}.")
        hint = hints[parameter.name]
        told = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, str)), None)
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hint, Field(default, description=told))
    arguments: type[BaseModel] = create_model(spec.name, **fields)
    return arguments
