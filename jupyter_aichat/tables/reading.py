"""Reading a file's bytes as a table: delimited text, Parquet, Excel."""

from __future__ import annotations

import csv
import io
import zipfile
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

import fastexcel
import polars as pl

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.decoding import decode, delimiter_of
from jupyter_aichat.tables.formats import MAX_BYTES, SUFFIXES
from jupyter_aichat.tables.inference import infer
from jupyter_aichat.tables.shaping import shape, unique_names
from jupyter_aichat.tables.table import Assumption, Column, Table

__all__ = ["read"]

_MAX_CELLS: Final = 300_000_000
"""Packed formats can promise far more than their size; this is about 5 GB in memory."""
_MAX_UNPACKED: Final = 2_000_000_000
_CHUNK: Final = 50_000
_DELIMITER_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def read(data: bytes, name: str, *, sheet: str | None = None, max_bytes: int = MAX_BYTES) -> Table:
    """The table in `data`, a file called `name`, whose ending says what it is. `TableError` says why there is none."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise TableError(f"{name!r} is not a table this can read. It reads {', '.join(sorted(SUFFIXES))}.")
    if len(data) > max_bytes:
        raise TableError(
            f"{name!r} has {len(data) / 1e6:,.0f} MB; tables are read up to {max_bytes / 1e6:,.0f} MB. "
            "Save the part you need as a smaller file."
        )
    if not data:
        raise TableError(f"{name!r} is empty: it has no bytes. Check that it was saved or uploaded whole.")
    if sheet is not None and SUFFIXES[suffix] != "Excel":
        raise TableError(f"{name!r} has no sheets, so there is no sheet {sheet!r}. Ask without a sheet.")
    if SUFFIXES[suffix] == "Parquet":
        return _read_parquet(data, name)
    if SUFFIXES[suffix] == "Excel":
        return _read_excel(data, name, sheet)
    return _read_delimited(data, name)


def _read_delimited(data: bytes, name: str) -> Table:
    text, encoding = decode(data, name)
    delimiter = delimiter_of(text)
    grid, above = _quoted(text, delimiter, name) if '"' in text else _unquoted(text, delimiter, name)
    note = Assumption("format", detail="CSV", examples=(encoding, _DELIMITER_NAMES[delimiter]))
    notes = [note] + ([Assumption("rows_above_header", values=above)] if above else [])
    return _from_texts(grid, name, notes)


def _unquoted(text: str, delimiter: str, name: str) -> tuple[pl.DataFrame, int]:
    """The cells of a text without quotes, and how many title lines stood above them."""
    lines = pl.Series("line", [text]).str.split("\n").explode(empty_as_null=False, keep_nulls=False)
    written = lines.str.strip_chars(" ") != ""
    numbered = pl.DataFrame({"line": lines, "width": lines.str.count_matches(delimiter, literal=True) + 1})
    numbered = numbered.with_row_index("number", offset=1).filter(written)
    if not numbered.height:
        raise TableError(f"{name!r} is empty: there is no table in it.")
    above = _titles(numbered["width"].head(_CHUNK).to_list())
    body = numbered.slice(above)
    width = int(body["width"][0])
    ragged = body.filter(pl.col("width") != width)
    if ragged.height:
        raise _ragged(name, ragged["number"][0], ragged["width"][0], width, delimiter)
    if width == 1:
        return body.select(pl.col("line").alias("0")), above
    cells = body["line"].str.split_exact(delimiter, width - 1).struct.unnest()
    return cells, above


def _quoted(text: str, delimiter: str, name: str) -> tuple[pl.DataFrame, int]:
    """The same for a text with quotes, as Python's reader understands them: like Excel, forgiving a stray one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = filter(None, reader)
    above = 0
    try:
        head = list(islice(rows, _CHUNK))
        above = _titles([len(row) for row in head])
        head = head[above:]
        if not head:
            raise TableError(f"{name!r} is empty: there is no table in it.")
        width = len(head[0])
        chunks = [pl.DataFrame(_columns(head))]
        while more := list(islice(rows, _CHUNK)):
            chunks.append(pl.DataFrame(_columns(more)))
    except csv.Error as error:
        raise TableError(
            f"{name!r} can't be cut into values near line {reader.line_num}: {error}. "
            'A quote (") that is never closed is the usual cause.'
        ) from None
    except ValueError:  # rows of different lengths
        raise _ragged_quoted(text, delimiter, name, above) from None
    if any(chunk.width != width for chunk in chunks):
        raise _ragged_quoted(text, delimiter, name, above)
    return pl.concat(chunks), above


def _columns(rows: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """Rows as columns. Raises `ValueError` if they are not equally long."""
    return {str(index): column for index, column in enumerate(zip(*rows, strict=True))}


def _ragged_quoted(text: str, delimiter: str, name: str, above: int) -> TableError:
    """Where the first row of another length is."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lengths = ((reader.line_num, len(row)) for row in reader if row)
    _, width = next(islice(lengths, above, None))
    line, has = next((line, has) for line, has in lengths if has != width)
    return _ragged(name, line, has, width, delimiter)


def _titles(widths: list[int]) -> int:
    """How many lines of one value stand above lines of several: a title, not a table."""
    wide = next((index for index, width in enumerate(widths) if width > 1), 0)
    rest = widths[wide:]
    return wide if rest and rest.count(rest[0]) * 2 > len(widths) - wide else 0


def _ragged(name: str, line: int, has: int, width: int, delimiter: str) -> TableError:
    more = "more" if has > width else "less"
    return TableError(
        f"{name!r} is not a regular table: line {line:,} has {has} values, {more} than the {width} of the first row. "
        f"Look there for a missing or unquoted {_DELIMITER_NAMES[delimiter]}."
    )


def _read_excel(data: bytes, name: str, sheet: str | None) -> Table:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise TableError(f"{name!r} unpacks to more than 2 GB. Save the sheet you need as CSV.")
    try:
        book = fastexcel.read_excel(data)
        sheets = book.sheet_names
        if sheet is not None and sheet not in sheets:
            raise TableError(f"{name!r} has no sheet {sheet!r}. It has: {', '.join(map(repr, sheets))}.")
        for candidate in sheets if sheet is None else [sheet]:
            grid = book.load_sheet(candidate, header_row=None, dtypes="string").to_polars()
            if grid.width and grid.height:
                break
        else:
            raise TableError(f"{name!r} is empty: there is no table in {', '.join(map(repr, sheets))}.")
    except fastexcel.FastExcelError as error:
        cause = str(error).splitlines()[0]
        raise TableError(f"{name!r} can't be read as an Excel workbook: {cause}.") from None
    notes = [Assumption("format", detail="Excel")]
    if len(sheets) > 1:
        others = tuple(other for other in sheets if other != candidate)
        notes.append(Assumption("sheet", detail=candidate, examples=others))
    return _from_texts(grid.fill_null(""), name, notes, sheet=candidate)


def _from_texts(grid: pl.DataFrame, name: str, notes: list[Assumption], *, sheet: str | None = None) -> Table:
    texts, shaped = shape(grid, name)
    columns: list[Column] = []
    series: list[pl.Series] = []
    notes = [*notes, *shaped]
    for text in texts.iter_columns():
        found = infer(text)
        series.append(found.series)
        columns.append(found.column)
        notes += found.assumptions
    return Table(name, pl.DataFrame(series), tuple(columns), tuple(notes), sheet)


def _read_parquet(data: bytes, name: str) -> Table:
    try:
        lazy = pl.scan_parquet(io.BytesIO(data))
        width = len(lazy.collect_schema())
        rows = int(lazy.select(pl.len()).collect().item())
        if rows * width > _MAX_CELLS:
            raise TableError(
                f"{name!r} has {rows:,} rows × {width:,} columns; up to {_MAX_CELLS:,} values are read. "
                "Save the columns you need as a smaller file."
            )
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        cause = str(error).splitlines()[0]
        raise TableError(f"{name!r} can't be read as Parquet: {cause}.") from None
    if not width:
        raise TableError(f"{name!r} is empty: it has no columns.")
    names, renamed = unique_names(frame.columns)
    frame.columns = names
    notes = [Assumption("format", detail="Parquet"), *renamed]
    columns: list[Column] = []
    series: list[pl.Series] = []
    for stored in frame.iter_columns():
        typed, column, more = _typed(stored)
        series.append(typed)
        columns.append(column)
        notes += more
    return Table(name, pl.DataFrame(series), tuple(columns), tuple(notes))


def _typed(series: pl.Series) -> tuple[pl.Series, Column, tuple[Assumption, ...]]:
    """A column of a file that has types of its own."""
    name, dtype = series.name, series.dtype
    if dtype.is_integer():
        return series, Column(name, "integer"), ()
    if dtype.is_float() or dtype.is_decimal():
        return series.cast(pl.Float64).fill_nan(None), Column(name, "number"), ()
    if dtype == pl.Boolean:
        return series, Column(name, "boolean"), ()
    if dtype == pl.Date:
        return series, Column(name, "date", "", "day"), ()
    if isinstance(dtype, pl.Datetime):
        zone = dtype.time_zone
        notes = (Assumption("zone_dropped", name, zone),) if zone else ()
        return (
            series.dt.replace_time_zone(None).cast(pl.Datetime("us")),
            Column(name, "datetime", "", "time"),
            notes,
        )
    if dtype in {pl.String, pl.Categorical, pl.Enum}:
        found = infer(series.cast(pl.String), plain_numbers=False)
        return found.series, found.column, found.assumptions
    if dtype in {pl.Time, pl.Duration, pl.Null}:
        return series.cast(pl.String), Column(name, "text"), ()
    shown = pl.Series(
        name, [None if value is None else str(value) for value in series.to_list()], dtype=pl.String
    )
    return shown, Column(name, "text"), ()
