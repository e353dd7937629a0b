"""From bytes to text, and what cuts it into values."""

import pytest

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables.decoding import decode, delimiter_of

KOREAN = "지역,매출\n서울,1\n"


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (KOREAN.encode(), "UTF-8"),
        (KOREAN.encode("utf-8-sig"), "UTF-8 (BOM)"),
        (KOREAN.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + KOREAN.encode("utf-16-be"), "UTF-16"),
        (KOREAN.encode("cp949"), "CP949"),
    ],
)
def test_the_encoding_is_found_and_named(data: bytes, label: str) -> None:
    """Every encoding that Korean files come in gives the same text."""
    assert decode(data, "a.csv") == (KOREAN, label)


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_line_ends(ends: str) -> None:
    """Windows and old Macintosh files have lines too."""
    assert decode(KOREAN.replace("\n", ends).encode(), "a.csv")[0] == KOREAN


def test_bytes_in_no_known_encoding_say_what_was_tried() -> None:
    """The sentence names the file, the encodings and what to do."""
    with pytest.raises(TableError, match=r"'a\.csv' is not text in any of UTF-8, CP949.*Save it again"):
        decode(b"\x81\xff\xff", "a.csv")


def test_a_torn_utf_16_file_is_not_taken_for_something_else() -> None:
    """A byte order mark is a promise; if the rest breaks it, that is said."""
    with pytest.raises(TableError, match=r"begins like UTF-16"):
        decode(KOREAN.encode("utf-16")[:-1], "a.csv")


def test_binary_data_is_not_text() -> None:
    """A picture called .csv is refused."""
    with pytest.raises(TableError, match=r"binary data"):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".replace(b"\x89", b""), "photo.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_cuts_every_line_alike(delimiter: str) -> None:
    """Other candidates inside of values do not mislead."""
    rows = [["name", "note", "n"], ["x", '"a,b;c|d\te"', "1"], ["y", "p/q", "2"]]
    assert delimiter_of("\n".join(delimiter.join(row) for row in rows)) == delimiter


def test_a_single_column_counts_as_separated_by_commas() -> None:
    """There is nothing to cut, and nothing goes wrong."""
    assert delimiter_of("name\nx\ny\n") == ","
