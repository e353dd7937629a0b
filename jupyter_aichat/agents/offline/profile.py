"""A first look at a dataframe, from what `inspect_variables` counted."""

from __future__ import annotations

from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.tables.markdown import escape, table
from jupyter_aichat.tables.phrases import words

__all__ = ["frame_profile"]

_MOST = 40


def frame_profile(frame: Frame, language: Language) -> str:
    """Rows and columns; of each column its kind, missing and distinct values, and its range or its values."""
    say = words(language)
    columns = frame.head.columns
    rows = say.rows(frame.head.rows)
    title = say("profile", name=escape(frame.name), rows=rows, columns=say.columns(len(columns)))
    lines = []
    for column in columns[:_MOST]:
        low, high = frame.spans.get(column.name, (None, None))
        listed = ", ".join(map(escape, frame.head.values.get(column.name, ())[:6]))
        shown = listed if low is None else f"{_cell(low)} – {_cell(high)}"
        distinct = frame.distinct.get(column.name)
        lines.append(
            (
                escape(column.name),
                say(f"kind_{column.kind}"),
                f"{frame.missing.get(column.name, 0):,}",
                "–" if distinct is None else f"{distinct:,}",
                shown,
            )
        )
    heads = [
        ("h_column", False),
        ("h_kind", False),
        ("h_missing", True),
        ("h_unique", True),
        ("h_values", False),
    ]
    return f"### {title}\n\n" + table([(say(name), right) for name, right in heads], lines)


def _cell(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return escape(str(value).removesuffix("T00:00:00"))
