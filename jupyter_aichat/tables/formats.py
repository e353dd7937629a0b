"""Which files are tables, by their endings, and how large they may be."""

from __future__ import annotations

from typing import Final

__all__ = ["MAX_BYTES", "SUFFIXES"]

SUFFIXES: Final = {
    ".csv": "CSV", ".tsv": "CSV", ".parquet": "Parquet", ".xlsx": "Excel", ".xlsm": "Excel",
    ".xls": "Excel",
}  # fmt: skip
"""Endings of files that are read as tables, in lower case, and what they are."""

MAX_BYTES: Final = 200_000_000
"""The largest file that is read as a table, unless the caller says otherwise."""
