"""From bytes to the text of a delimited file: its encoding, its delimiter. Pure."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from typing import Final

from jupyter_aichat.errors import TableError

__all__ = ["decode", "delimiter_of"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_GUESSES: Final = (("utf-8", "UTF-8"), ("cp949", "CP949"))

_DELIMITERS: Final = ",;\t|"
_SAMPLE_CHARACTERS: Final = 64 * 1024
_SAMPLE_ROWS: Final = 50


def decode(data: bytes, name: str) -> tuple[str, str]:
    r"""The text of `data` with "\\n" as its line ends, and the name of its encoding.

    A byte order mark decides; without one UTF-8 is tried, then CP949 (Korean Windows). Raises `TableError` naming
    what was tried.
    """
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            try:
                return _lines(data.decode(codec), name), label
            except UnicodeDecodeError as error:
                raise TableError(
                    f"{name!r} begins like {label} but byte {error.start} does not fit. "
                    "It may be cut off; save it again as CSV UTF-8."
                ) from None
    for codec, label in _GUESSES:
        try:
            return _lines(data.decode(codec), name), label
        except UnicodeDecodeError:
            continue
    tried = ", ".join([label for _, label in _GUESSES] + ["UTF-8 (BOM)", "UTF-16 (BOM)"])
    raise TableError(f"{name!r} is not text in any of {tried}. Save it again as CSV UTF-8.")


def _lines(text: str, name: str) -> str:
    if "\0" in text:
        raise TableError(f"{name!r} holds binary data, not text. Is its ending right?")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def delimiter_of(text: str) -> str:
    """The character that cuts the most lines of `text`'s beginning into the same number (≥ 2) of values.

    A comma where none does: the file has one column.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            rows = itertools.islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLE_ROWS)
            widths = Counter(len(row) for row in rows if row)
        except csv.Error:
            continue
        wide = Counter({width: lines for width, lines in widths.items() if width > 1})
        if wide:
            width, lines = wide.most_common(1)[0]
            score = (lines / widths.total(), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best
