"""Profile, missing values, duplicates, statistics and correlation, written for a reader."""

from __future__ import annotations

from jupyter_aichat.tables.markdown import code, escape, table
from jupyter_aichat.tables.numbers import percent, whole
from jupyter_aichat.tables.page import (
    COLUMNS,
    NOTHING,
    ROWS,
    Page,
    cell_text,
    figure_text,
    heading,
    headings,
    say_how_many,
    writers,
)  # fmt: skip
from jupyter_aichat.tables.phrases import Words
from jupyter_aichat.tables.results import (
    ColumnProfile,
    Correlation,
    Describe,
    Duplicates,
    Missing,
    Profile,
    Result,
)  # fmt: skip
from jupyter_aichat.tables.table import Column

__all__ = ["write_correlation", "write_describe", "write_duplicates", "write_missing", "write_profile"]


def write_profile(result: Result, finding: Profile, page: Page, say: Words) -> None:
    """A first look: a line for each column."""
    columns = finding.columns
    page.title = say(
        "profile", name=escape(result.name), rows=say.rows(result.rows), columns=say.columns(len(columns))
    )
    if not result.rows:
        page.sentences.append(say("empty_table"))
    else:
        missing = sum(column.missing for column in columns)
        affected = sum(column.missing > 0 for column in columns)
        page.sentences += [
            say("some_missing", missing=whole(missing), affected=affected, columns=len(columns))
            if missing
            else say("complete"),
        ]
        if len(columns) == len(result.columns):
            page.sentences.append(
                say("some_duplicates", extra=whole(finding.duplicates))
                if finding.duplicates
                else say("no_duplicates")
            )
        page.sentences += [
            say(
                "span",
                column=code(one.column.name),
                first=cell_text(one.minimum, one.column, say),
                last=cell_text(one.maximum, one.column, say),
            )
            for one in columns
            if one.column.dated and one.minimum is not None
        ][:1]
    page.table = table(
        [(say("h_column"), False), (say("h_kind"), False), (say("h_missing"), True), (say("h_unique"), True),
         (say("h_values"), False)],
        [
            (
                escape(one.column.name),
                _kind(one.column, say),
                _with_share(one.missing, result.rows),
                whole(one.unique),
                _values(one, page, say),
            )
            for one in columns[:COLUMNS]
        ],
    )  # fmt: skip
    say_how_many(page, say, COLUMNS, len(columns))


def _kind(column: Column, say: Words) -> str:
    unit = f" ({escape(column.unit)})" if column.unit else ""
    if column.granularity in {"year", "quarter", "month"}:
        return say(column.granularity)
    return say(f"kind_{column.kind}") + unit


def _with_share(count: int, of: int) -> str:
    return f"{whole(count)} ({percent(count / of)})" if count else "0"


def _values(one: ColumnProfile, page: Page, say: Words) -> str:
    if one.column.kind == "text" and one.unique > 1 and one.top[0][1] == 1:
        return say("all_different")
    if one.column.kind in {"text", "boolean"}:
        return ", ".join(f"{escape(text)} ({whole(count)})" for text, count in one.top) or NOTHING
    if one.minimum is None:
        return NOTHING
    if one.column.dated:
        return f"{cell_text(one.minimum, one.column, say)} – {cell_text(one.maximum, one.column, say)}"
    ends = page.figures([one.minimum, one.maximum], one.column)
    mean = page.figures([one.mean])
    extent = f"{figure_text(one.minimum, ends)} – {figure_text(one.maximum, ends)}"
    return f"{extent}, {say('h_mean').lower()} {figure_text(one.mean, mean)}"


def write_missing(result: Result, finding: Missing, page: Page, say: Words) -> None:
    """The columns with missing values, most missing first."""
    page.title = say("missing", name=escape(result.name))
    affected = [column for column in finding.columns if column.count]
    if not affected:
        page.sentences.append(say("complete"))
        return
    most = affected[0]
    page.sentences += [
        say(
            "some_missing",
            missing=whole(sum(one.count for one in affected)),
            affected=len(affected),
            columns=len(finding.columns),
        ),
        say("missing_rows", complete=whole(finding.complete_rows), rows=whole(result.rows)),
        say(
            "most_missing", column=code(most.column.name), count=whole(most.count), share=percent(most.share)
        ),
    ]
    page.table = table(
        [(say("h_column"), False), (say("h_missing"), True), (say("h_share"), True)],
        [(escape(one.column.name), whole(one.count), percent(one.share)) for one in affected[:ROWS]],
    )
    say_how_many(page, say, ROWS, len(affected))


def write_duplicates(result: Result, finding: Duplicates, page: Page, say: Words) -> None:
    """How many rows are repeated, and some of them."""
    page.title = say("duplicates", name=escape(result.name))
    if len(finding.columns) < len(result.columns):
        page.sentences.append(say("compared", columns=", ".join(code(c.name) for c in finding.columns)))
    if not finding.extra:
        page.sentences.append(say("no_duplicates"))
        return
    page.sentences.append(
        say(
            "duplicate_rows",
            extra=whole(finding.extra),
            rows=whole(result.rows),
            groups=whole(finding.groups),
        )
    )
    shown = finding.columns[:8]
    writing = writers([example.cells for example in finding.examples], shown, page, say)
    page.table = table(
        [(say("h_times"), True), *headings(shown)],
        [
            (
                whole(example.count),
                *(write(cell) for write, cell in zip(writing, example.cells, strict=False)),
            )
            for example in finding.examples
        ],
    )
    say_how_many(page, say, len(finding.examples), finding.groups)


def write_describe(result: Result, finding: Describe, page: Page, say: Words) -> None:
    """A line of statistics for each column."""
    page.title = say("describe", name=escape(result.name))
    rows = []
    for one in finding.columns[:COLUMNS]:
        ends = page.figures([one.minimum, one.p25, one.p50, one.p75, one.maximum], one.column)
        spread = page.figures([one.mean, one.std])
        rows.append(
            (
                heading(one.column),
                whole(one.count),
                figure_text(one.mean, spread),
                figure_text(one.std, spread),
                *(
                    figure_text(value, ends)
                    for value in (one.minimum, one.p25, one.p50, one.p75, one.maximum)
                ),
            )
        )
    heads = ("h_count", "h_mean", "h_std", "h_min")
    page.table = table(
        [(say("h_column"), False), *((say(head), True) for head in heads),
         ("25%", True), (say("h_median"), True), ("75%", True), (say("h_max"), True)],
        rows,
    )  # fmt: skip
    say_how_many(page, say, COLUMNS, len(finding.columns))


def write_correlation(result: Result, finding: Correlation, page: Page, say: Words) -> None:
    """The strongest pairs."""
    page.title = say("correlation", name=escape(result.name))
    first = finding.pairs[0]
    if first.r is None:
        page.sentences.append(say("no_strongest"))
    else:
        names = {"first": code(first.first.name), "second": code(first.second.name)}
        page.sentences += [
            say("strongest", **names, r=f"{first.r:.3f}", rows=say.rows(first.rows)),
            say("no_cause"),
        ]
    page.table = table(
        [(say("h_pair"), False), ("r", True), (say("h_rows"), True)],
        [
            (
                f"{escape(pair.first.name)} × {escape(pair.second.name)}",
                NOTHING if pair.r is None else f"{pair.r:.3f}",
                whole(pair.rows),
            )
            for pair in finding.pairs[:ROWS]
        ],
    )
    say_how_many(page, say, ROWS, len(finding.pairs))
