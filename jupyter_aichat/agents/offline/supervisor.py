"""What the supervisor does next: answer by itself, give a task to a specialist, or pass on what came back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from jupyter_aichat.agents.offline.addressed import addressed
from jupyter_aichat.agents.offline.intent import OF_TABLES, Intent, intent_of
from jupyter_aichat.agents.offline.language import FILE, Language, language_of
from jupyter_aichat.agents.offline.patterns import EACH
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.recall import recalled
from jupyter_aichat.agents.offline.steps import Plan, PlannedCall
from jupyter_aichat.agents.offline.task import Task
from jupyter_aichat.agents.offline.transcript import Call, Situation
from jupyter_aichat.tables import SUFFIXES

__all__ = ["direct_answer", "plan_supervisor"]

_ANALYST, _VISUALIZER, _WRITER = "ask_analyst", "ask_visualizer", "ask_writer"
_FRAME: Final = re.compile(r"(?:dataframe|데이터프레임) `([^`\n]+)`")


def plan_supervisor(situation: Situation, tools: Mapping[str, AbstractSet[str]]) -> Plan:
    """The next step. `tools` are the names of the tools that it has, with the names of their arguments."""
    language = _language(situation)
    intent = intent_of(situation.question)
    results = [call for call in situation.calls if call.result is not None]
    if results:
        return _after(situation, results, intent, language, tools)
    if (agent := addressed(situation.question, tools)) is not None:
        handed = {"task": situation.question, "reason": say(language, "why_custom")}
        return Plan(say(language, "hand_custom", agent=agent), (PlannedCall(f"ask_{agent}", handed),))
    if intent.topic == "insert":
        return _insert(situation, language, tools)
    before = next((call for call in situation.earlier_calls if call.name == _ANALYST), None)
    if answer := direct_answer(intent, language, follows=before is not None):
        return Plan(answer)
    if _ANALYST not in tools:
        return Plan(say(language, "no_analyst"))
    task = _task(situation.question, intent, language, before)
    named = (*intent.tables, *intent.documents)
    file = named[0] if named else task.file
    text = say(language, _handing(intent, task), file=file.rpartition("/")[2] or say(language, "this_table"))
    why = say(language, "why_files" if intent.topic == "files" else "why_count")
    return Plan(text, (PlannedCall(_ANALYST, {"task": str(task), "reason": why}),))


def direct_answer(intent: Intent, language: Language, *, follows: bool) -> str:
    """What needs no table; "" for everything else. `follows`: there is an earlier question to go on from."""
    match intent.topic:
        case "greeting" | "thanks":
            return say(language, intent.topic)
        case "help":
            return say(language, "help", works=say(language, "works"))
        case "code" | "research" | "why" | "forecast":
            return say(language, intent.topic)
        case "chart" if not (_plottable(intent) or follows):
            return say(language, "chart_only")
        case "unknown" | "follow_up" if not (follows and len(intent.text) < 80):
            return say(language, "not_understood", works=say(language, "works"))
        case _:
            return ""


def _plottable(intent: Intent) -> bool:
    """Whether the figures of the chart that is wanted can be told from the words."""
    return bool(
        intent.tables or intent.operation or intent.aggregate or intent.period or EACH.search(intent.text)
    )


def _language(situation: Situation) -> Language:
    """That of the last message that is in one."""
    for text in (situation.question, *situation.earlier_questions):
        if language := language_of(text):
            return language
    return "en"


def _task(question: str, intent: Intent, language: Language, before: Call | None) -> Task:
    """The question, with what it may go on from and the file that was about."""
    if before is None or intent.topic == "files":
        return Task(question, language)
    last = Task.parse(str(before.args.get("task", "")))
    recall = recalled(before.result or "")
    told = last.question and intent_of(last.question).topic in OF_TABLES
    earlier = (recall,) if recall else (*([last.question] if told else []), *last.earlier)
    frame = "" if intent.tables else last.frame or _frame_in(before.result or "")
    file = "" if intent.tables or frame else last.file or _file_in(before)
    return Task(question, language, file, earlier, frame)


def _frame_in(text: str) -> str:
    """The dataframe that an answer is about."""
    found = _FRAME.search(text)
    return found[1] if found else ""


def _file_in(before: Call) -> str:
    """The table that an earlier answer was about: the only one it names, or that its question names."""
    for text in (str(before.args.get("task", "")), before.result or ""):
        names = {(found["quoted"] or found["bare"]).strip() for found in FILE.finditer(text)}
        tables = [name for name in names if name.lower().endswith(tuple(SUFFIXES))]
        if len(tables) == 1:
            return tables[0]
    return ""


def _handing(intent: Intent, task: Task) -> str:
    """The key of what to say when the task is handed over: a follow-up goes on with the operation before it."""
    if intent.topic in {"files", "read", "report"}:
        return f"hand_{intent.topic}"
    operation = intent.operation
    if operation is None and (intent.continues or not intent.nouns):
        operation = next((found for text in task.earlier if (found := intent_of(text).operation)), None)
    if operation is None and intent.bare and not task.earlier:
        operation = "profile"
    return f"hand_{operation or 'group_by'}"


def _after(
    situation: Situation,
    results: list[Call],
    intent: Intent,
    language: Language,
    tools: Mapping[str, AbstractSet[str]],
) -> Plan:
    """Pass the result on, or let the visualizer and the writer make something of it first."""
    last = results[-1]
    said = (last.result or "").strip()
    figures = next((call for call in results if call.name == _ANALYST and not call.failed), None)
    found = (figures.result or "").strip() if figures else ""
    frame, calculated = _frame_in(found), "\n| " in found
    if last.name == _WRITER:
        offered = frame and intent.topic == "report" and not last.failed
        text = say(language, "failed", said=said) if last.failed else said
        return Plan(f"{text}\n\n{say(language, 'offer_insert')}" if offered else text)
    if last.failed and last.name != _VISUALIZER:
        return Plan(say(language, "failed", said=said))
    drawn = last.name == _VISUALIZER
    if calculated and frame and not drawn and intent.topic in {"chart", "report"} and _VISUALIZER in tools:
        task = Task(
            situation.question, language, "", Task.parse(str(last.args.get("task", ""))).earlier, frame
        )
        call = PlannedCall(_VISUALIZER, {"task": str(task), "reason": say(language, "why_draw")})
        return Plan(say(language, "hand_visualizer"), (call,))
    if intent.topic == "report" and calculated and _WRITER in tools:
        task_ = say(language, "write_task", file=_file_in(results[0]) or frame or say(language, "this_table"))
        call = PlannedCall(_WRITER, {"task": f"{task_}\n\n{found}", "reason": say(language, "why_write")})
        return Plan(say(language, "hand_writer"), (call,))
    if drawn:
        return Plan(f"{said}\n\n{found}")
    if intent.topic == "chart" and calculated:
        return Plan(f"{say(language, 'chart')}\n\n{said}")
    return Plan(said)


def _insert(situation: Situation, language: Language, tools: Mapping[str, AbstractSet[str]]) -> Plan:
    """Give the last report to the writer, who can put it into the notebook; without one the last figures."""
    made = [
        call
        for call in situation.earlier_calls
        if call.name in {_WRITER, _ANALYST} and call.result and not call.failed
    ]
    report = next((call for call in made if call.name == _WRITER), made[0] if made else None)
    if report is None or _WRITER not in tools:
        return Plan(say(language, "nothing_to_insert"))
    task = f"{say(language, 'insert_task')}\n\n{(report.result or '').strip()}"
    call = PlannedCall(_WRITER, {"task": task, "reason": say(language, "why_insert")})
    return Plan(say(language, "hand_insert"), (call,))
