"""From a grid of texts to a table: where the header is, what the columns are called, which rows and columns are empty.

The same for delimited files and workbooks. Whatever is left out or named anew is an assumption.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

import polars as pl

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.inference import speaks_of_dates
from jupyter_aichat.tables.table import Assumption
from jupyter_aichat.tables.values import parse_day, parse_number

__all__ = ["shape", "unique_names"]

_HEAD_ROWS: Final = 50
_YEAR: Final = re.compile(r"(19|20)\d\d", re.ASCII)


def shape(grid: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[Assumption]]:
    """The rows below the header, all still text, under unique names.

    `grid` holds every cell as text, "" where there is none. Raises `TableError` if nothing is in it.
    """
    notes: list[Assumption] = []
    filled = grid.select(
        pl.sum_horizontal((pl.all().str.strip_chars() != "").cast(pl.Int32)).alias("filled")
    ).to_series()
    if grid.width == 0 or not (filled > 0).any():
        raise TableError(f"{name!r} is empty: there is no table in it.")
    above = _rows_above_header(filled, grid.width)
    if above:
        notes.append(Assumption("rows_above_header", values=int((filled.head(above) > 0).sum())))
        grid, filled = grid.slice(above), filled.slice(above)
    rows = grid.filter(filled > 0)
    first = list(rows.head(1).select(pl.all().str.strip_chars()).row(0))
    if _is_data(first, rows.slice(1, _HEAD_ROWS)):
        names = [f"column_{number}" for number in range(1, len(first) + 1)]
        notes.append(Assumption("no_header", values=len(names)))
    else:
        names, renamed = unique_names(first)
        # rows between header and data count as left out too
        rows = rows.slice(1)
        empty = filled.len() - 1 - rows.height
        while filled.len() and filled[-1] == 0:  # … but a blank end of the file is nothing to speak of
            filled, empty = filled.slice(0, filled.len() - 1), empty - 1
        if empty > 0:
            notes.append(Assumption("empty_rows", values=empty))
        unused = {
            column
            for column, written, series in zip(names, first, rows.iter_columns(), strict=True)
            if not written and not (series.str.strip_chars() != "").any()
        }
        if unused:
            notes.append(Assumption("empty_columns", values=len(unused)))
        notes += [note for note in renamed if note.column not in unused]
        rows.columns = names
        return rows.drop(unused), notes
    rows.columns = names
    return rows, notes


def unique_names(written: list[str]) -> tuple[list[str], list[Assumption]]:
    """A name for each column: blank ones get their number, repeated ones a suffix, and that is said."""
    names: list[str] = []
    notes: list[Assumption] = []
    taken: set[str] = set()
    for number, raw in enumerate(written, start=1):
        wanted = " ".join(unicodedata.normalize("NFC", raw).split())
        base = wanted or f"column_{number}"
        name, suffix = base, 2
        while name in taken or (name != base and name in written):
            name, suffix = f"{base}_{suffix}", suffix + 1
        taken.add(name)
        names.append(name)
        if name != wanted:
            notes.append(Assumption("renamed", name, raw))
    return names, notes


def _rows_above_header(filled: pl.Series, width: int) -> int:
    """How many rows with at most one value (a title, a date of print) stand above a table of three columns or more."""
    if width < 3:
        return 0
    body = filled.to_frame().with_row_index("row").filter(pl.col("filled") > 1)
    return int(body["row"][0]) if body.height else 0


def _is_data(first: list[str], below: pl.DataFrame) -> bool:
    """Whether the first row is data: every number or date column begins with a number or a date already.

    Years and numbers in order ("id, 1, 2, 3") are names as good as any.
    """
    blank = sum(not cell for cell in first)
    columns = [
        (cell, kinds.most_common(1)[0][0])
        for cell, series in zip(first, below.iter_columns(), strict=True)
        if (kinds := Counter(kind for text in series if (kind := _kind(text))))
    ]
    telling = [(cell, kind) for cell, kind in columns if kind != "text"]
    if blank or not telling or len(set(first)) < len([cell for cell, kind in columns if kind == "text"]):
        return False
    numbers = [int(cell) for cell, _ in telling if cell.isascii() and cell.isdigit()]
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    return all(_kind(cell) == kind and not _YEAR.fullmatch(cell) for cell, kind in telling)


def _kind(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    if parse_number(text):
        return "number"
    return "date" if parse_day(text, hinted=speaks_of_dates(text)) else "text"
