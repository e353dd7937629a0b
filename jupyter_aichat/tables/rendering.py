"""A result as Markdown for a person: a title, what stands out, a table, how the file was read."""

from __future__ import annotations

from typing import assert_never

from jupyter_aichat.tables import grouping_page, overview_page
from jupyter_aichat.tables.markdown import code, escape
from jupyter_aichat.tables.notes import render_notes
from jupyter_aichat.tables.numbers import whole
from jupyter_aichat.tables.page import Page
from jupyter_aichat.tables.phrases import Words, words
from jupyter_aichat.tables.results import (
    Correlation,
    Describe,
    Duplicates,
    Finding,
    Groups,
    Missing,
    Profile,
    Result,
    Top,
    Trend,
)  # fmt: skip
from jupyter_aichat.tables.table import Column

__all__ = ["render"]


def render(result: Result, language: str) -> str:
    """`result` as Markdown in `language` ("en", "ko"; English for others).

    Tables show 10 rows (12 periods, 40 columns) and say of how many; exact figures are in the result itself.
    """
    say = words(language)
    page = Page()
    if result.conditions:
        conditions = say("and").join(
            say(
                "condition",
                column=code(c.column.name),
                sign={">=": "≥", "<=": "≤"}.get(c.sign, c.sign),
                values=(", ≠ " if c.sign == "≠" else say("or")).join(escape(value) for value in c.values),
            )
            for c in result.conditions
        )
        page.sentences.append(
            say("filtered", conditions=conditions, rows=whole(result.rows), total=whole(result.total))
        )
    _write(result, result.finding, page, say)
    concerned = {
        column.name for column in (*_concerned(result.finding), *(c.column for c in result.conditions))
    }
    if page.rounded:
        page.below.append(say("rounded"))
    parts = [
        f"### {page.title}",
        " ".join(page.sentences),
        page.table,
        " ".join(page.below),
        render_notes(
            [note for note in result.assumptions if not note.column or note.column in concerned], say
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _concerned(finding: Finding) -> tuple[Column, ...]:
    """The columns that a finding speaks of; what was assumed about others is no matter here."""
    match finding:
        case Profile() | Missing() | Describe():
            return tuple(one.column for one in finding.columns)
        case Duplicates():
            return finding.columns
        case Groups():
            return (*finding.keys, *([finding.value] if finding.value else []))
        case Top():
            return finding.columns
        case Trend():
            return (finding.by, *([finding.value] if finding.value else []))
        case Correlation():
            return tuple(column for pair in finding.pairs for column in (pair.first, pair.second))
        case _:
            assert_never(finding)


def _write(result: Result, finding: Finding, page: Page, say: Words) -> None:
    match finding:
        case Profile():
            overview_page.write_profile(result, finding, page, say)
        case Missing():
            overview_page.write_missing(result, finding, page, say)
        case Duplicates():
            overview_page.write_duplicates(result, finding, page, say)
        case Describe():
            overview_page.write_describe(result, finding, page, say)
        case Groups():
            grouping_page.write_groups(finding, page, say, result.rows)
        case Top():
            grouping_page.write_top(finding, page, say)
        case Trend():
            grouping_page.write_trend(finding, page, say)
        case Correlation():
            overview_page.write_correlation(result, finding, page, say)
        case _:
            assert_never(finding)
