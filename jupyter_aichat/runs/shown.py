"""What code showed: as artifacts for the person, as text for the agent. Pure.

A dataframe comes as HTML that pandas or polars wrote; its cells are read out of it, so that a page can show, sort and copy
them without rendering foreign HTML. Untrusted throughout: bundles are data, whatever their MIME types say.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any, Final, NamedTuple

import orjson

__all__ = ["LARGEST", "STORED", "TABLE", "Shown", "bundle_of", "is_figure", "table_in", "told"]

TABLE: Final = "application/vnd.jupyter-aichat.table+json"
"""`{columns: [{name, dtype}], rows: [[…]], total}`: `rows` are the first of `total`, `null` is a missing value."""

STORED: Final = "application/vnd.jupyter-aichat.stored+json"
"""`{mime, size}`: the richest form is kept in the store, has so many bytes, and can be asked for by its MIME type."""

LARGEST: Final = 256 * 1024
"""Bytes of an artifact's bundle; the largest forms are stored elsewhere until it fits."""

_FIGURES: Final = ("image/png", "image/jpeg", "image/svg+xml", "image/gif")
_KEPT: Final = (
    *_FIGURES,
    "application/vnd.plotly.v1+json",
    "application/vnd.vegalite.v5+json",
    "application/vnd.vega.v5+json",
    "text/html",
    "text/latex",
    "text/markdown",
    "application/json",
    "text/plain",
)
"""MIME types that are passed on, richest first."""

_FOOTER: Final = re.compile(r"([\d,_]+) rows × [\d,_]+ columns|shape: \(([\d,_]+),")
_NUMBER: Final = re.compile(r"[+-]?[\d,]*\.?\d+(e[+-]?\d+)?|-?inf", re.IGNORECASE)
_MISSING: Final = frozenset({"NaN", "None", "NaT", "<NA>", "null"})


def told(output: Mapping[str, Any]) -> str:
    """An output of a cell, as nbformat writes it, as the agent reads it; "" for what says nothing to it."""
    kind = output.get("output_type")
    if kind == "stream":
        return _text(output.get("text", ""))
    if kind == "error":
        return (
            _text("\n".join(output.get("traceback", ()))) or f"{output.get('ename')}: {output.get('evalue')}"
        )
    data: Mapping[str, Any] = output.get("data", {})
    if is_figure(data):
        return "[a chart was shown to the person]\n"
    text = data.get("text/markdown") or data.get("text/plain")
    return f"{_text(text)}\n" if text else f"[{', '.join(sorted(data))} was shown to the person]\n"


def is_figure(data: Mapping[str, Any]) -> bool:
    """Whether a bundle is a picture or a chart."""
    return any(kind in data for kind in (*_FIGURES, *_KEPT[len(_FIGURES) : len(_FIGURES) + 3]))


class Shown(NamedTuple):
    """An artifact's bundle; and all its forms as files, where some are too large for the bundle."""

    bundle: dict[str, Any]
    forms: dict[str, bytes]


def clean(output: Mapping[str, Any], redacted: Callable[[str], str]) -> dict[str, Any]:
    """An output whose forms are free of secrets, but for what is no text: pictures."""
    data: Mapping[str, Any] = output.get("data", {})
    forms = {
        kind: value
        if kind.startswith("image/") and kind != "image/svg+xml"
        else _clean(
            _text(value) if isinstance(value, list) and not kind.endswith("json") else value, redacted
        )
        for kind, value in data.items()
    }
    return {**output, "data": forms}


def _clean(value: Any, redacted: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, list):
        return [_clean(one, redacted) for one in value]
    if isinstance(value, dict):
        return {redacted(str(key)): _clean(one, redacted) for key, one in value.items()}
    return value


def bundle_of(output: Mapping[str, Any]) -> Shown | None:
    """What of an output becomes an artifact; `None`: plain text is none."""
    shown: Mapping[str, Any] = output.get("data", {})
    data = {kind: shown[kind] for kind in _KEPT if kind in shown}
    table = table_in(_text(data["text/html"])) if "text/html" in data else None
    if table is not None:
        data = {TABLE: table, **{k: v for k, v in data.items() if k == "text/plain"}}
    if not data or set(data) == {"text/plain"}:
        return None
    whole = dict(data)
    while data and len(orjson.dumps(data)) > LARGEST:
        del data[max(data, key=lambda kind: len(orjson.dumps(data[kind])))]
    if len(data) == len(whole):
        return Shown(data, {})
    forms = {kind: _file(kind, value) for kind, value in whole.items()}
    richest = next(kind for kind in whole if kind not in data)
    return Shown({**data, STORED: {"mime": richest, "size": len(forms[richest])}}, forms)


def _file(kind: str, value: Any) -> bytes:
    """A form of a bundle as a file of its type: nbformat writes pictures in base64."""
    if kind.endswith("json"):
        return orjson.dumps(value)
    text = _text(value)
    if kind.startswith("image/") and kind != "image/svg+xml":
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            return b""  # nothing that could be looked at
    return text.encode(errors="replace")


def table_in(html: str) -> dict[str, Any] | None:
    """The one dataframe in HTML that pandas or polars wrote, as `TABLE`; `None` for other HTML."""
    if html.count('class="dataframe"') != 1 or len(html) > 4_000_000:
        return None
    reader = _Reader()
    reader.feed(html)
    return reader.table(html)


class _Reader(HTMLParser):
    """Reads rows of cells; a cell is (tag, text, how many columns it spans)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.head: list[list[tuple[str, int]]] = []
        self.rows: list[list[tuple[str, str]]] = []
        self._in_head = False
        self._inside = False
        self._cell: list[str] | None = None
        self._tag, self._span = "", 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._inside = True
        elif not self._inside:
            return
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            (self.head if self._in_head else self.rows).append([])
        elif tag in {"th", "td"}:
            span = dict(attrs).get("colspan") or "1"
            self._cell, self._tag, self._span = [], tag, int(span) if span.isdigit() else 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = False
        elif tag == "thead":
            self._in_head = False
        elif tag in {"th", "td"} and self._cell is not None:
            text = "".join(self._cell).strip()
            if self._in_head and self.head:
                self.head[-1].append((text, self._span))
            elif self.rows:
                self.rows[-1].append((self._tag, text))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def table(self, html: str) -> dict[str, Any] | None:
        """What was read, if it is one plain table: as many names as cells in each row."""
        if not self.head or not self.rows:
            return None
        width = max(len(row) for row in self.rows)
        names = [text for text, span in self.head[0] for _ in range(span)]
        index = sum(tag == "th" for tag, _ in self.rows[0])
        if len(self.head) > 1:  # names of the index stand in a row of their own, dtypes of polars too
            second = [text for text, span in self.head[-1] for _ in range(span)]
            if index and len(second) >= index and not any(second[index:]):
                names[:index] = second[:index]
            elif index:
                return None  # columns in several levels: the plain text says it better
        if len(names) != width or any(len(row) != width for row in self.rows):
            return None
        cut = next(
            (i for i, row in enumerate(self.rows) if all(t in {"...", "…"} for _, t in row)), len(self.rows)
        )
        rows = [[None if text in _MISSING else text for _, text in row] for row in self.rows[:cut]]
        found = _FOOTER.search(html)
        total = int(re.sub(r"[,_]", "", found[1] or found[2])) if found else len(self.rows)
        columns = [
            {
                "name": name,
                "dtype": "float64" if i >= index and _numeric([row[i] for row in rows]) else "object",
            }
            for i, name in enumerate(names)
        ]
        return {"columns": columns, "rows": rows, "total": total}


def _numeric(values: list[str | None]) -> bool:
    known = [value for value in values if value]
    return bool(known) and all(_NUMBER.fullmatch(value) for value in known)


def _text(value: Any) -> str:
    """What nbformat writes as one string or as lines."""
    return "".join(value) if isinstance(value, list) else str(value)
