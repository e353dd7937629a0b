"""How the analyst words its answers. Figures come from the tools' texts, which are passed on as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.agents.offline.listing import entries_in
from jupyter_aichat.agents.offline.moments import Meant
from jupyter_aichat.agents.offline.phrases import say
from jupyter_aichat.agents.offline.requests import Question
from jupyter_aichat.agents.offline.transcript import Call
from jupyter_aichat.tables import SUFFIXES, TableHead, split_head, split_notes

__all__ = [
    "calculated",
    "file_list",
    "file_text",
    "meanings",
    "merged_notes",
    "profiled",
    "question_text",
    "quoted_list",
]

_MOST_NAMES: Final = 30
_MOST_LINES: Final = 40


def quoted_list(names: Sequence[str]) -> str:
    """Names one below the other."""
    return "\n".join(f"- `{name}`" for name in names)


def question_text(question: Question, file: str, head: TableHead, language: Language) -> str:
    """What has to be asked or said before anything can be calculated."""
    if question.doubt == "no_numbers" and not question.columns:
        return say(language, "no_number_column", file=file)
    if question.doubt == "which_time":
        span = next((head.spans[name] for name in question.columns if name in head.spans), None)
        if span is None:
            return say(language, "no_dates", file=file)
        first, last = (day.isoformat() for day in span)
        return say(
            language, "which_time", word=question.word, column=question.columns[0], first=first, last=last
        )
    works = say(language, "works") if question.doubt in {"lost", "doubtful"} else ""
    text = say(language, question.doubt, word=question.word, file=file, works=works)
    if not question.columns:
        return text
    names = quoted_list(question.columns[:_MOST_NAMES])
    more = f"\n- {say(language, 'more_columns')}" if len(question.columns) > _MOST_NAMES else ""
    return f"{text}\n\n{names}{more}"


def profiled(intro: str, body: str, head: TableHead, language: Language, *, hints: bool) -> str:
    """A profile, and what could be asked next."""
    questions = _next_questions(head, language) if hints else []
    text = f"{intro}\n\n{body}"
    if not questions:
        return text
    return f"{text}\n\n{say(language, 'next', questions=', '.join(f'“{one}”' for one in questions))}"


def _next_questions(head: TableHead, language: Language) -> list[str]:
    """Questions that this table can answer."""
    value = next((c.name for c in reversed(head.columns) if c.kind == "integer" and _amount(c.name)), None)
    value = value or next((column.name for column in head.columns if column.numeric), None)
    key = next((name for name, values in head.values.items() if 1 < len(values) <= 20), None)
    questions: list[str] = []
    if value and key:
        questions.append(say(language, "next_group", value=value, key=key))
    if value and any(column.dated for column in head.columns):
        questions.append(say(language, "next_trend", value=value))
    return [*questions, say(language, "next_missing")]


def _amount(name: str) -> bool:
    return re.search(r"revenue|sales|amount|total|매출|금액|판매", name, re.IGNORECASE) is not None


def meanings(moments: Sequence[Meant], language: Language) -> str:
    """What words such as "last quarter" were taken for."""
    return " ".join(
        say(
            language,
            "by_today" if one.by_today else "by_data",
            word=one.words,
            first=f"{one.first}",
            last=f"{one.last}",
        )
        for one in moments
    )


def calculated(
    intro: str, results: Sequence[Call], unused: Sequence[str], language: Language, meant: str = ""
) -> str:
    """The results one below the other, how the file was read once at the end."""
    bodies: list[str] = []
    notes: list[str] = []
    profiled_first = results[0].name == "profile_table"  # its notes are about all columns
    for call in results:
        _, text = split_head((call.result or "").strip())
        if call.failed:
            bodies.append(say(language, "tool_said", said=text))
            continue
        body, note = split_notes(text)
        bodies.append(body)
        if note and not (notes and profiled_first):
            notes.append(note)
    parts = [f"{intro} {meant}".strip(), *bodies]
    if unused:
        parts.insert(1, say(language, "unused", words=", ".join(f"“{word}”" for word in unused)))
    if notes:
        parts.append(merged_notes(notes))
    return "\n\n".join(parts)


def merged_notes(notes: Sequence[str]) -> str:
    """Several lists of assumptions as one, each line once."""
    heading, _, _ = notes[0].partition("\n")
    lines = dict.fromkeys(line for note in notes for line in note.splitlines() if line.startswith("- "))
    return "\n".join([heading, "", *lines])


def file_list(listing: str, language: Language) -> str:
    """Which tables there are, and which other files."""
    entries = entries_in(listing)
    tables = [line for path, line in entries if path.lower().endswith(tuple(SUFFIXES))]
    others = [line for path, line in entries if not path.lower().endswith(tuple(SUFFIXES))]
    text = f"{say(language, 'files')}\n\n" + "\n".join(tables) if tables else say(language, "no_table")
    if others:
        text += f"\n\n{say(language, 'other_files')}\n\n" + "\n".join(others[:_MOST_NAMES])
        text += f"\n- {say(language, 'cut')}" if len(others) > _MOST_NAMES else ""
    return text


def file_text(file: str, text: str, language: Language) -> str:
    """The beginning of a file, as it stands there."""
    lines = text.splitlines()
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    shown = "\n".join([fence, *lines[:_MOST_LINES], fence])
    parts = [say(language, "contents", file=file), shown]
    if len(lines) > _MOST_LINES:
        parts.append(say(language, "cut"))
    return "\n\n".join(parts)
