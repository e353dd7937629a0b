"""What the visualizer does next: look into the kernel, draw by code, tell the finding that the chart states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_aichat.agents.offline.answers import question_text, quoted_list
from jupyter_aichat.agents.offline.charts import chart_code, form_of
from jupyter_aichat.agents.offline.choosing import fitting
from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.agents.offline.kernel import kernel_of
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.requests import Question, report_requests, requests_for
from jupyter_aichat.agents.offline.slots import Slots
from jupyter_aichat.agents.offline.steps import Plan
from jupyter_aichat.agents.offline.transcript import Situation
from jupyter_aichat.agents.offline.work import Tools, work_on
from jupyter_aichat.agents.offline.work import slots_for as read

__all__ = ["plan_visualizer"]


def plan_visualizer(situation: Situation, tools: Tools) -> Plan:
    """The next step. Without a kernel it can draw nothing, and says so."""
    work = work_on(situation, tools)
    language = work.language
    if work.intent.topic in {"greeting", "thanks"}:
        return Plan(say(language, work.intent.topic))
    if not {"inspect_variables", "run_code"} <= set(tools):
        return Plan(say(language, "chart_only"))
    if not situation.done("inspect_variables"):
        return Plan(say(language, "looking"), (work.call("inspect_variables", level="rows"),))
    kernel = kernel_of(work)
    frames = fitting(work, kernel)
    if not frames:
        return Plan(say(language, "chart_only"))
    if len(frames) > 1:
        return Plan(f"{say(language, 'which_frame')}\n\n{quoted_list([frame.name for frame in frames])}")
    [frame] = frames
    slots = read(work, frame.head)
    form, columns = form_of(work.intent.text, {"operation": ""}), _numbers(slots)
    if form in {"histogram", "box", "scatter"} and len(columns) >= (2 if form == "scatter" else 1):
        wanted = requests_for(slots, frame.head)
        request: Mapping[str, Any] = (
            {} if isinstance(wanted, Question) or not wanted.calls else wanted.calls[0]
        )
        if isinstance(wanted, Question) and wanted.doubt in {
            "lost",
            "doubtful",
            "which_compared",
            "which_time",
            "which_value",
        }:
            return Plan(question_text(wanted, frame.name, frame.head, language))
    else:
        report = slots.intent.topic == "report"
        wanted = report_requests(slots, frame.head) if report else requests_for(slots, frame.head)
        if isinstance(wanted, Question):
            return Plan(question_text(wanted, frame.name, frame.head, language))
        fit = [one for one in wanted.calls if _drawable(one)]
        if not fit:
            return Plan(say(language, "no_chart"))
        request = next((one for one in fit if one["operation"] == "trend"), fit[0])
        form = form_of("", request)
    drawn = situation.done("run_code")
    if not drawn:
        code = chart_code(frame, request, form, columns, kernel.taken, language)
        return Plan(say(language, "drawing", frame=frame.name), (work.call("run_code", code=code),))
    if drawn[-1].failed:
        return Plan(say(language, "not_drawn", said=(drawn[-1].result or "").strip()))
    return Plan(_told(frame, drawn[-1].result or "", work.language == "ko"))


def _told(frame: Frame, output: str, korean: bool) -> str:  # noqa: FBT001  one of two languages
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith("[")]
    return say("ko" if korean else "en", "drawn", frame=frame.name, title=lines[-1] if lines else "")


def _numbers(slots: Slots) -> list[str]:
    mentions = (*slots.values, *slots.columns)
    return list(dict.fromkeys(c.name for one in mentions for c in one.columns[:1] if c.numeric))


def _drawable(request: Mapping[str, Any]) -> bool:
    """Whether it is a figure for each period, or for each value of one column."""
    operation = request["operation"]
    if operation == "trend" or (operation == "top_n" and request.get("by")):
        return True
    return operation == "group_by" and len(request.get("columns", ())) == 1 and not request.get("period")
