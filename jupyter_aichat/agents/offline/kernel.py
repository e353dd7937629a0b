"""What the analyst does with dataframes in the kernel: look, write code, have it run, answer from what it printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_aichat.agents.offline.answers import meanings, question_text, quoted_list
from jupyter_aichat.agents.offline.choosing import fitting
from jupyter_aichat.agents.offline.code import calculation
from jupyter_aichat.agents.offline.frames import Frame, Kernel, kernel_in
from jupyter_aichat.agents.offline.headings import filters_text, heading_of
from jupyter_aichat.agents.offline.next import next_text
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.printed import markdown, read
from jupyter_aichat.agents.offline.profile import frame_profile
from jupyter_aichat.agents.offline.requests import Question, report_requests, requests_for
from jupyter_aichat.agents.offline.slots import Slots
from jupyter_aichat.agents.offline.steps import Plan
from jupyter_aichat.agents.offline.work import Work, slots_for

__all__ = ["code_for", "in_kernel", "kernel_of", "without_file"]


def in_kernel(work: Work) -> Plan | None:
    """The next step with a dataframe; `None` where the question is about a file, or no dataframe fits."""
    if not {"inspect_variables", "run_code"} <= set(work.tools) or work.task.file or work.intent.tables:
        return None
    if any(intent.tables for intent in work.earlier) and not work.task.frame:
        return None
    if not work.situation.done("inspect_variables"):
        call = work.call("inspect_variables", level="rows")
        return Plan(say(work.language, "looking"), (call,))
    kernel = kernel_of(work)
    frames = fitting(work, kernel)
    if len(frames) > 1:
        return Plan(f"{say(work.language, 'which_frame')}\n\n{quoted_list([frame.name for frame in frames])}")
    return _analyse(work, frames[0], kernel) if frames else None


def without_file(work: Work) -> Plan | None:
    """What to say where no dataframe fits and there is no file either."""
    kernel = kernel_of(work)
    if len(kernel.frames) == 1:
        return _analyse(work, kernel.frames[0], kernel)
    if kernel.frames:
        return Plan(
            f"{say(work.language, 'which_frame')}\n\n{quoted_list([frame.name for frame in kernel.frames])}"
        )
    return None


def kernel_of(work: Work) -> Kernel:
    """The dataframes that were found since the question; none if nobody could look."""
    looked = work.situation.done("inspect_variables")
    return kernel_in(looked[-1].result or "") if looked and not looked[-1].failed else Kernel()


def _analyse(work: Work, frame: Frame, kernel: Kernel) -> Plan:
    slots = slots_for(work, frame.head)
    report = slots.intent.topic == "report"
    wanted = report_requests(slots, frame.head) if report else requests_for(slots, frame.head)
    if isinstance(wanted, Question):
        return Plan(question_text(wanted, frame.name, frame.head, work.language))
    intro = say(work.language, "from_joined" if frame.setup else "from_frame", frame=frame.name)
    if not wanted.calls:
        return Plan(
            f"{intro}\n\n{frame_profile(frame, work.language)}\n\n{next_text(frame.head, None, work.language)}"
        )
    calls = wanted.calls
    done = work.situation.done("run_code")
    if not done:
        code = code_for(frame, calls, kernel)
        return Plan(say(work.language, "coding", frame=frame.name), (work.call("run_code", code=code),))
    if done[-1].failed:
        return Plan(say(work.language, "not_run", said=(done[-1].result or "").strip()))
    return Plan(_answer(work, slots, frame, calls, intro, done[-1].result or ""))


def code_for(frame: Frame, calls: Sequence[Mapping[str, Any]], kernel: Kernel) -> str:
    """The code of all calculations, with new names only."""
    taken = kernel.taken | {frame.name}
    parts: dict[str, str] = {}
    pieces: list[str] = [frame.setup] if frame.setup else []
    for call in calls:
        piece = calculation(frame, call, taken, parts)
        taken = piece.made
        pieces.append(piece.text)
    text = "\n\n".join(pieces)
    imports = "import polars as pl" if "pl." in text else "import pandas as pd" if "pd." in text else ""
    return f"{imports}\n\n{text}" if imports else text


def _answer(
    work: Work, slots: Slots, frame: Frame, calls: Sequence[Mapping[str, Any]], intro: str, output: str
) -> str:
    """The answer from what the code printed; the output itself, where it is not what the code prints."""
    language = work.language
    printed = read(output)
    parts = [f"{intro} {meanings(slots.meant, language)}".strip()]
    if len(printed) != len(calls):
        parts += [say(language, "other_output"), f"```text\n{output.strip()}\n```"]
        return "\n\n".join(parts)
    for one, call in zip(printed, calls, strict=True):
        parts.append(markdown(one, heading_of(call, frame, language), filters_text(call, language), language))
    if slots.intent.topic != "report":
        parts.append(next_text(frame.head, calls[-1], language))
    return "\n\n".join(part for part in parts if part)
