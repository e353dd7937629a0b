"""The graphs: a specialist, and the supervisor that has each specialist as a tool.

How LangGraph behaves here was measured, and three things must stay as they are. A specialist has no checkpointer of its
own (`None`: it inherits the run's, under the namespace of the tool call, and goes on where it paused; `False` would
start it over at each resume, `True` would mix parallel calls). It is not wrapped in a further graph. And its tool does
nothing before `ainvoke` that would show a second time, because the tool's body runs again at each resume.

No `from __future__ import annotations` here: LangChain reads the annotation of `runtime` as an object.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain.agents import create_agent
from langchain.tools import ToolRuntime
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from pydantic import BaseModel, Field

from jupyter_aichat.agents.guard import Guard
from jupyter_aichat.agents.scope import RunScope
from jupyter_aichat.agents.spec import HANDOFF, AgentSpec
from jupyter_aichat.errors import ModelFailed, ToolError

__all__ = ["Graph", "agent_graph", "handoff", "with_team"]

Graph = CompiledStateGraph[Any, RunScope, Any, Any]
"""An agent, ready to run."""


class _Handoff(BaseModel):
    """The arguments of `ask_…`."""

    task: str = Field(
        description="What to do, complete in itself: the specialist sees nothing else of the conversation. Repeat the "
        "exact names of files, sheets and columns, the numbers that matter, and the language to answer in."
    )
    reason: str = Field(
        default="",
        description="Why this specialist, in one short sentence in the person's language. The person reads it.",
    )


def agent_graph(
    spec: AgentSpec,
    model: BaseChatModel,
    tools: Sequence[BaseTool],
    guard: Guard,
    saver: BaseCheckpointSaver[str] | None,
) -> Graph:
    """Build an agent. `saver` is for the one that the person speaks with; a specialist in a handoff has none."""
    return create_agent(
        model,
        tools,
        name=spec.name,
        system_prompt=spec.prompt,
        middleware=[guard],
        context_schema=RunScope,
        checkpointer=saver,
    )


def handoff(spec: AgentSpec, specialist: Graph) -> BaseTool:
    """Make the tool by which the supervisor gives a task to a specialist; its output is the specialist's answer.

    A provider's failure inside a specialist ends the run with that failure's code: the supervisor's next call would
    meet the same. Only material too long for the model comes back as a sentence, because a smaller task can mend it.
    """

    async def ask(runtime: ToolRuntime[RunScope, Any], task: str, reason: str = "") -> str:
        scope = runtime.context
        scope.hand_over(spec.name, runtime.tool_call_id or "", task, reason)
        try:
            state = await specialist.ainvoke({"messages": [HumanMessage(task)]}, context=scope)
        except ModelFailed as error:
            if error.code != "model_context":
                raise
            raise ToolError(
                f"The {spec.name} could not finish: what it read is longer than its model takes in. "
                "Give it a smaller task: one file, fewer columns."
            ) from error
        answer: str = state["messages"][-1].text
        return answer.strip() or f"The {spec.name} ended without an answer."

    return StructuredTool(
        name=HANDOFF + spec.name,
        description=f"Give a task to the {spec.name}. {spec.description}",
        coroutine=ask,
        args_schema=_Handoff,
    )


def with_team(spec: AgentSpec, specialists: Sequence[AgentSpec]) -> AgentSpec:
    """Tell the supervisor who is there."""
    names = [f"- {HANDOFF}{specialist.name}: {specialist.description}" for specialist in specialists]
    told = (
        "Your team\n" + "\n".join(names)
        if names
        else "You have no team at the moment: say so where you need one."
    )
    return replace(spec, prompt=f"{spec.prompt}\n\n{told}")
