"""Tables below the server's root: reading them, analysing them, saying what was found.

Synchronous and free of side effects: bytes in, frozen values out. Call it in a worker thread. Importing this package
is cheap; Polars is loaded with the first table that is read.

    table = read_table(data, "sales.csv")
    result = analyse(table, Request("group_by", columns=["region"], value="revenue"))
    text = tool_text(result, "ko")          # Markdown; exact values for a program: as_dict(result)

Every function raises `TableError`, whose sentence names what was wrong and what to do, and nothing else.
"""

from __future__ import annotations

from jupyter_aichat.tables.formats import MAX_BYTES, SUFFIXES
from jupyter_aichat.tables.head import TableHead, head_line, split_head
from jupyter_aichat.tables.notes import split_notes
from jupyter_aichat.tables.periods import Period
from jupyter_aichat.tables.plain import as_dict
from jupyter_aichat.tables.rendering import render
from jupyter_aichat.tables.request import MOST, Aggregate, Operation, Request, Sign
from jupyter_aichat.tables.results import Result
from jupyter_aichat.tables.table import Assumption, Column, Table

__all__ = [
    "MAX_BYTES",
    "MOST",
    "SUFFIXES",
    "Aggregate",
    "Assumption",
    "Column",
    "Operation",
    "Period",
    "Request",
    "Result",
    "Sign",
    "Table",
    "TableHead",
    "analyse",
    "as_dict",
    "read_table",
    "render",
    "split_head",
    "split_notes",
    "tool_text",
]


def read_table(data: bytes, name: str, *, sheet: str | None = None, max_bytes: int = MAX_BYTES) -> Table:
    """The table in `data`, the content of a file called `name`, whose ending says what it is (`SUFFIXES`).

    `sheet` names a sheet of a workbook (default: the first with anything in it). Raises `TableError` if there is no
    table in it, or more than `max_bytes` of it.
    """
    from jupyter_aichat.tables.reading import read

    return read(data, name, sheet=sheet, max_bytes=max_bytes)


def analyse(table: Table, request: Request) -> Result:
    """What `request` finds in `table`. Raises `TableError` if the table does not have what is asked for."""
    from jupyter_aichat.tables.analysis import run

    return run(table, request)


def tool_text(result: Result, language: str) -> str:
    """What a tool answers: `render(result, language)`, and for a profile the columns in a form for rules before it."""
    head = head_line(result)
    return f"{head}\n\n{render(result, language)}" if head else render(result, language)
