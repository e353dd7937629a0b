"""What the analyst does next: find the table, learn its columns, calculate, answer.

Each step is told from the messages alone: which tools were used since the question, and what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jupyter_aichat.agents.offline.answers import (
    calculated,
    file_list,
    file_text,
    meanings,
    profiled,
    question_text,
    quoted_list,
)  # fmt: skip
from jupyter_aichat.agents.offline.kernel import in_kernel, without_file
from jupyter_aichat.agents.offline.language import tokens
from jupyter_aichat.agents.offline.listing import tables_in
from jupyter_aichat.agents.offline.next import next_text
from jupyter_aichat.agents.offline.patterns import KEYWORDS
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.requests import Question, report_requests, requests_for
from jupyter_aichat.agents.offline.steps import Plan
from jupyter_aichat.agents.offline.supervisor import direct_answer
from jupyter_aichat.agents.offline.transcript import Call, Situation
from jupyter_aichat.agents.offline.work import Tools, Work, slots_for, work_on
from jupyter_aichat.tables import split_head

__all__ = ["plan_analyst"]

_DEPTH: Final = 4


def plan_analyst(situation: Situation, tools: Tools) -> Plan:
    """The next step. `tools` are the names of the tools that it has, with the names of their arguments."""
    work = work_on(situation, tools)
    intent, task = work.intent, work.task
    if answer := direct_answer(intent, task.language, follows=bool(work.earlier or task.file or task.frame)):
        return Plan(answer)
    if intent.topic == "files":
        return _list(work)
    if intent.topic == "read":
        return _read(work)
    return in_kernel(work) or _analyse(work)


def _list(work: Work) -> Plan:
    listed = work.situation.done("list_files")
    if not listed:
        return Plan(say(work.language, "listing"), (work.call("list_files", path="", depth=_DEPTH),))
    if listed[-1].failed:
        return Plan(say(work.language, "tool_said", said=listed[-1].result or ""))
    return Plan(file_list(listed[-1].result or "", work.language))


def _read(work: Work) -> Plan:
    file = work.intent.documents[0]
    name = "read_notebook" if file.lower().endswith(".ipynb") else "read_file"
    if name not in work.tools:
        return Plan(say(work.language, "cannot_read", file=file))
    read = work.situation.done(name)
    if not read:
        return Plan(say(work.language, "reading", file=file), (work.call(name, path=file),))
    if read[-1].failed:
        return Plan(say(work.language, "tool_said", said=read[-1].result or ""))
    return Plan(file_text(file, read[-1].result or "", work.language))


def _analyse(work: Work) -> Plan:
    file, found = _file(work)
    if not file:
        return found
    profiles = work.situation.done("profile_table")
    if not profiles:
        return Plan(say(work.language, "reading", file=file), (work.call("profile_table", path=file),))
    profile = profiles[-1]
    if profile.failed:
        return _not_read(work, profile.result or "")
    head, body = split_head(profile.result or "")
    if head is None:
        return Plan(f"{_intro(work, file)}\n\n{body}")
    slots = slots_for(work, head)
    if slots.intent.topic == "unknown" and slots.empty and not slots.lost:
        return Plan(say(work.language, "not_understood", works=say(work.language, "works")))
    wanted = report_requests(slots, head) if slots.intent.topic == "report" else requests_for(slots, head)
    if isinstance(wanted, Question):
        return Plan(question_text(wanted, file, head, work.language))
    intro, report = _intro(work, file), slots.intent.topic == "report"
    if not wanted.calls:
        return Plan(profiled(intro, body, head, work.language, hints=not report))
    done = work.situation.done("analyse_table")
    if not done:
        calls = tuple(work.call("analyse_table", path=file, **call) for call in wanted.calls)
        return Plan(say(work.language, "calculating"), calls)
    results = [Call("profile_table", {}, body), *done] if report else list(done)
    meant = meanings(slots.meant, work.language)
    text = calculated(intro, results, slots.lost, work.language, meant)
    following = "" if report or done[-1].failed else next_text(head, wanted.calls[-1], work.language)
    return Plan(f"{text}\n\n{following}" if following else text)


def _not_read(work: Work, reason: str) -> Plan:
    """Say why the file was not read, and which tables there are instead."""
    said = say(work.language, "tool_said", said=reason)
    if "list_files" not in work.tools:
        return Plan(said)
    listed = work.situation.done("list_files")
    if not listed:
        call = work.call("list_files", path="", depth=_DEPTH)
        return Plan(say(work.language, "listing"), (call,))
    tables = [] if listed[-1].failed else tables_in(listed[-1].result or "")
    return Plan(f"{said}\n\n{say(work.language, 'files')}\n\n{quoted_list(tables)}" if tables else said)


def _intro(work: Work, file: str) -> str:
    if len(work.intent.tables) > 1:
        return say(work.language, "one_file", file=file)
    listed = work.situation.done("list_files")
    alone = bool(listed) and len(tables_in(listed[-1].result or "")) == 1
    return say(work.language, "only_table" if alone else "from_file", file=file)


def _file(work: Work) -> tuple[str, Plan]:
    """The file to look at, or the step that finds it."""
    for intent in (work.intent, *work.earlier):
        if intent.tables:
            return intent.tables[0], Plan("")
        if intent is work.intent and work.task.file:
            return work.task.file, Plan("")
    listed = work.situation.done("list_files")
    if not listed:
        call = work.call("list_files", path="", depth=_DEPTH)
        return "", Plan(say(work.language, "listing"), (call,))
    if listed[-1].failed:
        return "", Plan(say(work.language, "tool_said", said=listed[-1].result or ""))
    tables = tables_in(listed[-1].result or "")
    fitting = _fitting(work, tables) if len(tables) > 1 else tables
    if len(fitting) == 1:
        return fitting[0], Plan("")
    if not tables:
        return "", without_file(work) or Plan(say(work.language, "no_table"))
    return "", Plan(f"{say(work.language, 'which_file')}\n\n{quoted_list(fitting or tables)}")


def _fitting(work: Work, tables: Sequence[str]) -> list[str]:
    """The tables whose name the question speaks: "the sales data" is sales.csv. All of them, where none is."""
    words = {
        form
        for intent in (work.intent, *work.earlier)
        for token in tokens(intent.text)
        for form in token.forms
        if form not in KEYWORDS and len(form) > 1
    }
    named = [path for path in tables if words & _name_words(path)]
    return named or list(tables)


def _name_words(path: str) -> set[str]:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return {form for token in tokens(stem) for form in token.forms if not form.isdigit()}
