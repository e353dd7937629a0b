"""What is known of a task before any tool is used, and what its questions say of a table."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from jupyter_aichat.agents.offline.followup import continued
from jupyter_aichat.agents.offline.intent import OF_TABLES, Intent, intent_of
from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.agents.offline.slots import Slots, slots_of
from jupyter_aichat.agents.offline.steps import PlannedCall
from jupyter_aichat.agents.offline.task import Task
from jupyter_aichat.agents.offline.transcript import Situation
from jupyter_aichat.tables import TableHead

__all__ = ["Tools", "Work", "slots_for", "work_on"]

Tools = Mapping[str, AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a task before any tool is used."""

    task: Task
    intent: Intent
    earlier: tuple[Intent, ...]
    situation: Situation
    tools: Tools

    @property
    def language(self) -> Language:
        """The person's."""
        return self.task.language

    def call(self, name: str, **args: Any) -> PlannedCall:
        """A call with the arguments that the tool has, in the person's language where it can speak."""
        known = self.tools.get(name, frozenset())
        if "language" in known:
            args["language"] = self.language
        return PlannedCall(name, {key: value for key, value in args.items() if not known or key in known})


def work_on(situation: Situation, tools: Tools) -> Work:
    """The task that an agent was given."""
    task = Task.parse(situation.question, situation.earlier_questions)
    earlier = tuple(one for text in task.earlier if (one := intent_of(text)).topic in OF_TABLES)
    return Work(task, intent_of(task.question), earlier, situation, tools)


def slots_for(work: Work, head: TableHead) -> Slots:
    """The parts of the question, with what it leaves open taken from those before it."""
    slots: Slots | None = None
    for intent in (*reversed(work.earlier), work.intent):
        if slots is None and intent.bare:  # a file's name with no question before it: a first look
            slots = slots_of(replace(intent, operation="profile"), head)
            continue
        now = slots_of(intent, head)
        slots = now if slots is None else continued(now, slots)
    return slots or Slots(work.intent)
