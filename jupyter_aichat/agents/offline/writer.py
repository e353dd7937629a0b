"""What the writer writes: a small report from the results in its task, every figure as it stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from jupyter_aichat.agents.offline.intent import intent_of
from jupyter_aichat.agents.offline.language import FILE, Language, language_of
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.steps import Plan, PlannedCall
from jupyter_aichat.agents.offline.transcript import Situation
from jupyter_aichat.tables import split_notes

__all__ = ["plan_writer"]

_FRAME: Final = re.compile(r"(?:dataframe|데이터프레임) `([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class _Section:
    """One result: its title, its sentences, its table with what stands below."""

    title: str
    sentences: str
    table: str


def plan_writer(situation: Situation, tools: Mapping[str, AbstractSet[str]]) -> Plan:
    """The report on the results in the task; where there are none, a sentence that says so."""
    task, _, material = situation.question.partition("\n\n")
    language: Language = language_of(task) or "en"
    if intent_of(task).topic == "insert" and material.strip():
        return _insert(situation, material.strip(), tools, language)
    if not material.strip():
        topic = intent_of(task).topic
        known = topic in {"greeting", "help", "thanks"}
        works = say(language, "works")
        return Plan(say(language, topic, works=works) if known else say(language, "nothing_to_write"))
    named = FILE.search(task) or FILE.search(material)
    frame = _FRAME.search(material)
    file = frame[1] if frame else (named["quoted"] or named["bare"]).strip() if named else ""
    body, notes = split_notes(material)
    sections = _sections(body)
    title = say(language, "report_title", file=file) if file else say(language, "report_untitled")
    parts = [f"## {title}"]
    if sections:
        parts += [
            f"### {say(language, 'report_scope')}",
            "\n".join(f"- {line}" for line in (*_opening(body), *(section.title for section in sections))),
        ]
        figures = [section for section in sections if section.sentences]
        if figures:
            lines = [f"- **{section.title}**: {section.sentences}" for section in figures]
            parts += [f"### {say(language, 'report_key')}", "\n".join(lines)]
        for section in sections:
            if section.table:
                parts += [f"### {section.title}", section.table]
    else:
        parts += [f"### {say(language, 'report_findings')}", body.strip()]
    if notes:
        _, _, lines_ = notes.partition("\n\n")
        parts += [f"### {say(language, 'report_notes')}", lines_.strip()]
    parts += [f"### {say(language, 'report_next')}", say(language, "report_next_text")]
    return Plan("\n\n".join(parts))


def _opening(body: str) -> list[str]:
    """What stands before the results: where they come from, and what "last quarter" was taken for."""
    text = body.partition("### ")[0].strip()
    return [" ".join(text.split())] if text else []


def _insert(
    situation: Situation, text: str, tools: Mapping[str, AbstractSet[str]], language: Language
) -> Plan:
    """Put a text into the notebook, once."""
    if "insert_cell" not in tools:
        return Plan(say(language, "other"))
    done = situation.done("insert_cell")
    if not done:
        call = PlannedCall("insert_cell", {"source": text, "cell_type": "markdown"})
        return Plan(say(language, "inserting"), (call,))
    if done[-1].failed:
        return Plan(say(language, "not_inserted", said=(done[-1].result or "").strip()))
    return Plan(say(language, "inserted"))


def _sections(material: str) -> list[_Section]:
    """The results that the analyst put one below the other, each under a heading."""
    sections: list[_Section] = []
    for block in re.split(r"(?m)^### ", material)[1:]:
        title, _, rest = block.partition("\n")
        paragraphs = [paragraph for paragraph in rest.strip().split("\n\n") if paragraph.strip()]
        first = next(
            (i for i, paragraph in enumerate(paragraphs) if paragraph.startswith("|")), len(paragraphs)
        )
        sections.append(
            _Section(title.strip(), " ".join(paragraphs[:first]), "\n\n".join(paragraphs[first:]))
        )
    return sections
