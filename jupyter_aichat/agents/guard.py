"""Guard: what stands around every model call and every tool call of an agent.

Around the model: the run's limit, the open notebook told, broken tool calls mended, and a provider's exception made a
`ModelFailed`. Around a tool: arguments it does not have are refused, exceptions become a sentence that the model reads,
long outputs are cut, and the end is put as an event at the moment it happens. Interrupts pass.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.errors import GraphBubbleUp
from langgraph.types import Command

from jupyter_aichat.agents.calls import MALFORMED, MOST_CHARACTERS, length_of, mended
from jupyter_aichat.agents.cutting import OUTPUT_BYTES, shortened
from jupyter_aichat.agents.scope import RunScope
from jupyter_aichat.agents.use import BESIDE_NOTEBOOK, Declined
from jupyter_aichat.errors import AichatError, RunFailed, StorageError, ToolError
from jupyter_aichat.protocol.events import ToolStatus

__all__ = ["Explain", "Guard"]

Explain = Callable[[Exception], RunFailed]
"""From what a model's library raised to what a person can act on."""

_log = logging.getLogger(__name__)


class Guard(AgentMiddleware[AgentState[Any], RunScope]):
    """The middleware of one agent."""

    def __init__(self, agent: str, explain: Explain) -> None:
        super().__init__()
        self._agent = agent
        self._explain = explain

    async def awrap_model_call(
        self,
        request: ModelRequest[RunScope],
        handler: Callable[[ModelRequest[RunScope]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Ask the model once. Raises `RunFailed`."""
        scope = request.runtime.context
        scope.count_model_call()
        if scope.context.notebook:
            request = request.override(system_message=_with_notebook(request, scope.context.notebook))
        else:
            request = request.override(tools=[tool for tool in request.tools if not _beside_notebook(tool)])
        try:
            response = await handler(request)
        except (AichatError, GraphBubbleUp):
            raise
        except Exception as error:
            raise self._explain(error) from error
        response.result = [mended(m) if isinstance(m, AIMessage) else m for m in response.result]
        return response

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage:
        """Use a tool once; what it gives always has the form of an answer to the call."""
        scope = cast("RunScope", request.runtime.context)
        name, call_id = request.tool_call["name"], request.tool_call["id"] or ""
        text, status = await self._answer(request, handler)
        text = shortened(scope.context.redacted(text), OUTPUT_BYTES)
        scope.tool_ended(call_id, name, text, status, self._agent)
        plain = "success" if status == "ok" else "error"
        return ToolMessage(text, name=name, tool_call_id=call_id, status=plain)

    async def _answer(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> tuple[str, ToolStatus]:
        name, args = request.tool_call["name"], request.tool_call["args"]
        if (length := length_of(args)) > MOST_CHARACTERS:
            return (
                f"The arguments of {name} have {length:,} characters; at most {MOST_CHARACTERS:,} are taken. "
                "Go in smaller steps."
            ), "error"
        if set(args) == {MALFORMED}:
            return f"The arguments of {name} were not valid JSON. Call it again with a JSON object.", "error"
        if request.tool is not None and (unknown := sorted(set(args) - set(request.tool.args))):
            known = ", ".join(request.tool.args) or "none"
            return f"{name} has no argument {', '.join(map(repr, unknown))}. Its arguments: {known}.", "error"
        try:
            answer = await handler(request)
        except (GraphBubbleUp, RunFailed, StorageError):
            raise
        except Declined as error:
            return str(error), error.status
        except ToolError as error:
            return str(error), "error"
        except Exception as error:  # noqa: BLE001  a tool that is broken must not end the run
            _log.exception("the tool %s of the agent %s failed", name, self._agent)
            return (
                f"{name} failed unexpectedly ({type(error).__name__}). Do not repeat the same call.",
                "error",
            )
        if not isinstance(answer, ToolMessage):
            raise TypeError(f"The tool {name!r} gave {type(answer).__name__!r}, not an answer.")
        return answer.text, "error" if answer.status == "error" else "ok"


def _beside_notebook(tool: Any) -> bool:
    return isinstance(tool, BaseTool) and bool((tool.metadata or {}).get(BESIDE_NOTEBOOK))


def _with_notebook(request: ModelRequest[RunScope], path: str) -> SystemMessage:
    prompt = request.system_message.text if request.system_message else ""
    told = json.dumps(path, ensure_ascii=False)  # on one line, whatever the name is
    return SystemMessage(f"{prompt}\n\nThe notebook that is open in front of the person: {told}")
