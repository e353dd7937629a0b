"""Groups, the largest and smallest, and trends, written for a reader."""

from __future__ import annotations

from datetime import date

from jupyter_aichat.tables.markdown import escape, table
from jupyter_aichat.tables.numbers import percent, whole
from jupyter_aichat.tables.page import (
    NOTHING,
    ROWS,
    STEPS,
    Page,
    cell_text,
    heading,
    headings,
    say_how_many,
    writers,
)  # fmt: skip
from jupyter_aichat.tables.periods import period_label
from jupyter_aichat.tables.phrases import Words
from jupyter_aichat.tables.results import Cell, Group, Groups, Step, Top, Trend
from jupyter_aichat.tables.table import Column

__all__ = ["write_groups", "write_top", "write_trend"]


def _measure(value: Column | None, aggregate: str, say: Words) -> str:
    return say("rows") if value is None else say(aggregate, value=heading(value))


def write_groups(finding: Groups, page: Page, say: Words, rows: int) -> None:
    """A figure for each group; `rows` is how many were looked at."""
    measure = _measure(finding.value, finding.aggregate, say)
    figures = page.figures([finding.overall, *(group.value for group in finding.groups)], _counted(finding))
    if not finding.keys:
        page.title = measure
        kind = "no_figure" if finding.overall is None else "figure" if finding.value else "rows_figure"
        page.sentences.append(
            say(
                kind,
                measure=measure,
                value=cell_text(finding.overall, finding.value, say, figures),
                rows=say.rows(rows, finding.unused),
            )
        )
        return
    names = [escape(column.name) for column in finding.keys]
    if finding.period:
        names[-1] = say(finding.period)
    keys = "·".join(names) if say.language == "ko" else say("and").join(names)
    if finding.limit is None:
        page.title = say("group_by", measure=measure, keys=keys)
    else:
        title = "top_groups" if finding.limit > 0 else "bottom_groups"
        said = measure if say.language == "ko" else measure[0].lower() + measure[1:]
        page.title = say(title, n=min(abs(finding.limit), finding.of), measure=said, keys=keys)

    def named(group: Group) -> str:
        value = cell_text(group.value, finding.value, say, figures)
        key = " · ".join(_key(finding, index, cell, say) for index, cell in enumerate(group.key))
        if group.share is None:
            return say("group_value", key=key, value=value)
        return say("group_value_share", key=key, value=value, share=percent(group.share))

    if finding.overall is not None and finding.value:
        page.sentences.append(
            say(
                "total",
                value=cell_text(finding.overall, finding.value, say, figures),
                rows=say.rows(rows, finding.unused),
            )
        )
    ranked = sorted((group for group in finding.groups if _amount(group.value) is not None), key=_rank)
    if len(ranked) > 1 and finding.limit is None:
        page.sentences.append(say("extremes", high=named(ranked[-1]), low=named(ranked[0])))
    limit = abs(finding.limit) if finding.limit is not None else ROWS
    shares = any(group.share is not None for group in finding.groups)
    counted = finding.value is not None
    page.table = table(
        [
            *((_period_heading(finding, index, say), False) for index in range(len(finding.keys))),
            (measure, True),
            *([(say("h_share"), True)] if shares else []),
            *([(say("h_used" if finding.unused else "h_rows"), True)] if counted else []),
        ],
        [
            (
                *(_key(finding, index, cell, say) for index, cell in enumerate(group.key)),
                cell_text(group.value, finding.value, say, figures),
                *([NOTHING if group.share is None else percent(group.share)] if shares else []),
                *([whole(group.used)] if counted else []),
            )
            for group in finding.groups[:limit]
        ],
    )
    say_how_many(page, say, limit, finding.of)


def _amount(value: Cell) -> float | None:
    """A value that can be the highest or the lowest."""
    return value if isinstance(value, int | float) else None


def _rank(one: Group | Step) -> float:
    return _amount(one.value) or 0


def _counted(finding: Groups | Trend) -> Column | None:
    """The column whose way of writing numbers fits the figures; a count is a plain number."""
    return None if finding.aggregate in {"count", "distinct"} else finding.value


def _period_heading(finding: Groups, index: int, say: Words) -> str:
    if finding.period and index == len(finding.keys) - 1:
        return say(finding.period)
    return escape(finding.keys[index].name)


def _key(finding: Groups, index: int, cell: Cell, say: Words) -> str:
    if finding.period and index == len(finding.keys) - 1 and isinstance(cell, date):
        return period_label(cell, finding.period, say.language)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)  # a key is a name: 2026, not 2,026
    return cell_text(cell, finding.keys[index], say) if cell is not None else say("none")


def write_top(finding: Top, page: Page, say: Words) -> None:
    """The largest or smallest rows."""
    title = "bottom_rows" if finding.smallest else "top_rows"
    page.title = say(title, n=len(finding.rows), measure=heading(finding.value))
    writing = writers(finding.rows, finding.columns, page, say)
    page.table = table(
        headings(finding.columns),
        [[write(cell) for write, cell in zip(writing, row, strict=True)] for row in finding.rows],
    )
    say_how_many(page, say, len(finding.rows), finding.of)
    if finding.ties:
        page.below.append(say("ties", ties=whole(finding.ties)))


def write_trend(finding: Trend, page: Page, say: Words) -> None:
    """A figure for each period and how it changed."""
    measure = _measure(finding.value, finding.aggregate, say)
    period = say(finding.period)
    page.title = say("trend", measure=measure, period=period)
    steps = finding.steps
    figures = page.figures([step.value for step in steps], _counted(finding))

    def label(start: date) -> str:
        return period_label(start, finding.period, say.language)

    def value(cell: Cell) -> str:
        return cell_text(cell, finding.value, say, figures)

    present = [step for step in steps if _amount(step.value) is not None]
    if len(present) > 1:
        high, low = max(present, key=_rank), min(present, key=_rank)
        page.sentences.append(
            say(
                "extremes",
                high=say("group_value", key=label(high.start), value=value(high.value)),
                low=say("group_value", key=label(low.start), value=value(low.value)),
            )
        )
    last = steps[-1]
    page.sentences.append(
        say("latest_plain", key=label(last.start), value=value(last.value))
        if last.change is None
        else say(
            "latest",
            key=label(last.start),
            value=value(last.value),
            change=percent(last.change, signed=True),
            period=say(f"before_{finding.period}"),
        )
    )
    if finding.last_day:
        page.sentences.append(say("open_end", day=finding.last_day, period=period))
    counted = finding.value is not None
    page.table = table(
        [
            (period, False),
            (measure, True),
            (say("h_change"), True),
            *([(say("h_used" if finding.unused else "h_rows"), True)] if counted else []),
        ],
        [
            (
                label(step.start),
                value(step.value),
                NOTHING if step.change is None else percent(step.change, signed=True),
                *([whole(step.used)] if counted else []),
            )
            for step in steps[-STEPS:]
        ],
    )
    if len(steps) > STEPS:
        page.below.append(say("shown_last", shown=STEPS, of=whole(len(steps))))
    if finding.undated:
        page.below.append(say("undated", rows=whole(finding.undated)))
