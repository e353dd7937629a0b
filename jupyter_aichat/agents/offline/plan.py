"""From an agent's role and its messages to its next step. Pure: what is not in the messages is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from langchain_core.messages import BaseMessage

from jupyter_aichat.agents.offline.analyst import plan_analyst
from jupyter_aichat.agents.offline.intent import intent_of
from jupyter_aichat.agents.offline.language import language_of
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.steps import Plan
from jupyter_aichat.agents.offline.supervisor import plan_supervisor
from jupyter_aichat.agents.offline.transcript import situation_of
from jupyter_aichat.agents.offline.visualizer import plan_visualizer
from jupyter_aichat.agents.offline.writer import plan_writer

__all__ = ["plan"]

_NEEDS_A_MODEL = {"researcher": "research", "coder": "code"}


def plan(role: str, messages: Sequence[BaseMessage], tools: Mapping[str, AbstractSet[str]]) -> Plan:
    """The next step of the agent called `role`. `tools` are the names of its tools, with those of their arguments."""
    situation = situation_of(messages)
    if role == "supervisor":
        return plan_supervisor(situation, tools)
    if role == "analyst":
        return plan_analyst(situation, tools)
    if role == "writer":
        return plan_writer(situation, tools)
    if role == "visualizer":
        return plan_visualizer(situation, tools)
    language = language_of(situation.question) or "en"
    if role not in _NEEDS_A_MODEL:  # somebody's own: there are no rules for it
        return Plan(say(language, "custom", agent=role))
    topic = intent_of(situation.question).topic
    if topic in {"greeting", "thanks"}:
        return Plan(say(language, topic))
    return Plan(say(language, _NEEDS_A_MODEL[role]))
