"""Charts as matplotlib code that a person would keep: the form that fits, labels with units, a title that states the finding."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from jupyter_aichat.agents.offline.code import calculation
from jupyter_aichat.agents.offline.code_pandas import text
from jupyter_aichat.agents.offline.frames import Frame
from jupyter_aichat.agents.offline.headings import heading_of
from jupyter_aichat.agents.offline.language import Language
from jupyter_aichat.agents.offline.naming import new_name
from jupyter_aichat.agents.offline.phrases import say

__all__ = ["Form", "chart_code", "form_of"]

Form = Literal["line", "bars", "histogram", "scatter", "box"]

_WORDS: Final[tuple[tuple[Form, re.Pattern[str]], ...]] = (
    ("histogram", re.compile(r"\bhistograms?\b|\bdistribut\w+|히스토그램|분포", re.IGNORECASE)),
    ("scatter", re.compile(r"\bscatter\w*\b|산점도", re.IGNORECASE)),
    ("box", re.compile(r"\bbox[ -]?plots?\b|\bbox\b|상자|박스", re.IGNORECASE)),
)
_BLUE: Final = "#0072B2"  # of Okabe and Ito's palette, which colour-blind people tell apart
_MEASURES: Final = {"sum": "total", "mean": "mean", "median": "median", "min": "smallest", "max": "largest", "count": "count",
                    "distinct": "different"}  # fmt: skip
_FORMATS: Final = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "quarter": "%Y-%m", "year": "%Y"}
_FONTS: Final = ("NanumGothic", "NanumBarunGothic", "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "AppleGothic",
                 "UnDotum")  # fmt: skip


def form_of(words: str, request: Mapping[str, Any]) -> Form:
    """What kind of chart shows a calculation; a histogram, a scatter or a box plot where it is asked for."""
    named = next((form for form, pattern in _WORDS if pattern.search(words)), None)
    return named or ("line" if request["operation"] == "trend" else "bars")


def chart_code(
    frame: Frame,
    request: Mapping[str, Any],
    form: Form,
    columns: list[str],
    taken: frozenset[str],
    language: Language,
) -> str:
    """The code that draws it; it ends by printing the title. `columns` are those of a histogram, scatter or box plot."""
    lines: list[str] = []
    if form in {"line", "bars"}:
        piece = calculation(frame, request, taken)
        lines += [line for line in piece.text.splitlines() if not line.startswith("print(")]
        table, taken = piece.result, piece.made
    else:
        table = frame.name
        bare = {**request, "operation": "profile", "columns": columns}
        piece = calculation(frame, bare, taken)
        if piece.part != frame.name:
            table, taken = piece.part, taken | {piece.part}
            lines += _until_print(piece.text)
    fig, ax = new_name("fig", taken), new_name("ax", taken)
    best = new_name("best", taken | {one.removesuffix("_name").removesuffix("_value") for one in taken})
    body = [f"{fig}, {ax} = plt.subplots(figsize=(8, 4.5))"]
    body += _drawing(frame, request, form, columns, table, ax, best, language)
    body += [f"{fig}.tight_layout()", "plt.show()"]
    drawn = "\n".join(body)
    if re.search("[가-힣]", drawn + json.dumps([*frame.head.values.values()], ensure_ascii=False)):
        font = new_name("hangul", taken)
        lines += [
            f"{font} = [",
            f"    name for name in ({', '.join(map(text, _FONTS))})",
            "    if name in {font.name for font in font_manager.fontManager.ttflist}",
            "]",
            f'with plt.rc_context({{"font.family": [*{font}[:1], "DejaVu Sans"], "axes.unicode_minus": False}}):',
            *(f"    {line}" for line in body),
        ]
        imports = ["import matplotlib.pyplot as plt", "from matplotlib import font_manager"]
    else:
        lines += body
        imports = ["import matplotlib.pyplot as plt"]
    lines.append(f"print({ax}.get_title())")
    joined = "\n".join([*([frame.setup] if frame.setup else []), *lines])
    if "pl." in joined.replace("pl.subplots", ""):
        imports += ["import polars as pl"] if frame.library == "polars" else []
    if "pd." in joined:
        imports.append("import pandas as pd")
    return "\n".join([*imports, "", joined])


def _until_print(code: str) -> list[str]:
    lines: list[str] = []
    for line in code.splitlines():
        if line.startswith("print("):
            break
        lines.append(line)
    return lines


def _drawing(
    frame: Frame,
    request: Mapping[str, Any],
    form: Form,
    columns: list[str],
    table: str,
    ax: str,
    best: str,
    language: Language,
) -> list[str]:
    def column(name: str) -> str:
        return f"{table}[{text(name)}]" + (".to_list()" if frame.library == "polars" else "")

    if form in {"histogram", "box"}:
        value = columns[0]
        present = (
            f"{table}[{text(value)}].{'drop_nulls().to_list()' if frame.library == 'polars' else 'dropna()'}"
        )
        middle = f"{table}[{text(value)}].median()"
        draw = f'{ax}.hist({present}, bins=20, color="{_BLUE}", edgecolor="white")'
        label = f"{ax}.set_xlabel({text(value)})"
        if form == "box":
            draw, label = f"{ax}.boxplot({present})", f"{ax}.set_ylabel({text(value)})"
        count = (
            [f"{ax}.set_ylabel({text(say(language, 'h_count'))})"]
            if form == "histogram"
            else [f"{ax}.set_xticks([])"]
        )
        title = say(language, "title_middle", name=_brace(value), middle=f"{{{best}:,.10g}}")
        return [f"{best} = {middle}", draw, label, *count, f'{ax}.set_title(f"{title}")']
    if form == "scatter":
        first, second = columns[:2]
        related = f"{table}[{text(first)}].corr({table}[{text(second)}])"
        if frame.library == "polars":
            related = f"{table}.drop_nulls([{text(first)}, {text(second)}])[[{text(first)}, {text(second)}]].corr()[0, 1]"
        title = say(
            language, "title_related", first=_brace(first), second=_brace(second), r=f"{{{best}:.2f}}"
        )
        return [
            f"{best} = {related}",
            f'{ax}.scatter({column(first)}, {column(second)}, color="{_BLUE}", alpha=0.6)',
            f"{ax}.set_xlabel({text(first)})",
            f"{ax}.set_ylabel({text(second)})",
            f'{ax}.set_title(f"{title}")',
        ]
    measure = _MEASURES[request.get("aggregate", "sum")] if request.get("value") else "count"
    heading = heading_of(request, frame, language).replace("\\", "")
    if form == "line":
        period = str(request.get("period", "month"))
        key, shown = period, f":{_FORMATS[period]}"
        steps = [f'{ax}.plot({column(period)}, {column(measure)}, color="{_BLUE}", marker="o")',
                f"{ax}.set_xlabel({text(say(language, f'h_{period}'))})",
                f"{ax}.set_ylabel({text(_measure(request, language))})"]  # fmt: skip
    else:
        key = str(request["by"] if request["operation"] == "top_n" else request["columns"][0])
        shown = ""
        names = (
            f"{table}[{text(key)}].{'cast(str).to_list()' if frame.library == 'polars' else 'astype(str)'}"
        )
        steps = [f'{ax}.barh({names}, {column(measure)}, color="{_BLUE}")', f"{ax}.invert_yaxis()",
                f"{ax}.set_xlabel({text(_measure(request, language))})", f"{ax}.set_ylabel({text(key)})"]  # fmt: skip
    row = (
        f'{table}.row({table}["{measure}"].arg_max(), named=True)'
        if frame.library == "polars"
        else f'{table}.loc[{table}["{measure}"].idxmax()]'
    )
    title = say(language, "title_highest", heading=_brace(heading), key=f"{{{best}_name{shown}}}",
                value=f"{{{best}_value:,.10g}}")  # fmt: skip
    named = f'{best}_name, {best}_value = {best}[{text(key)}], {best}["{measure}"]'
    return [f"{best} = {row}", named, *steps, f'{ax}.set_title(f"{title}")']


def _measure(request: Mapping[str, Any], language: Language) -> str:
    how = say(
        language, f"h_{_MEASURES[request.get('aggregate', 'sum')]}" if request.get("value") else "h_count"
    )
    return f"{request['value']} ({how})" if request.get("value") else how


def _brace(name: str) -> str:
    return json.dumps(name.replace("{", "{{").replace("}", "}}"), ensure_ascii=False)[1:-1]
