"""What code showed: tables are read out of what pandas and polars write, figures are kept, foreign HTML is not."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import polars as pl
import pytest

from jupyter_aichat.runs.shown import LARGEST, STORED, TABLE, bundle_of, table_in, told

PANDAS = """<div><style scoped>.dataframe tbody tr th {vertical-align: top;}</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;"><th></th><th>매출</th><th>share</th></tr>
    <tr><th>region</th><th></th><th></th></tr>
  </thead>
  <tbody>
    <tr><th>서울</th><td>1,200</td><td>0.5</td></tr>
    <tr><th>Busan &amp; co</th><td>-3.5e+02</td><td>NaN</td></tr>
  </tbody>
</table></div>"""
LONG = """<table border="1" class="dataframe"><thead><tr><th></th><th>a</th></tr></thead><tbody>
<tr><th>0</th><td>x</td></tr><tr><th>...</th><td>...</td></tr><tr><th>9999</th><td>y</td></tr>
</tbody></table><p>10000 rows × 1 columns</p>"""


def shown(data: dict[str, Any]) -> dict[str, Any]:
    """An output as nbformat writes it."""
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_a_pandas_frame_is_read_cell_by_cell() -> None:
    """Names, the index with its own name, numbers as numbers, missing values as missing."""
    assert table_in(PANDAS) == {
        "columns": [
            {"name": "region", "dtype": "object"},
            {"name": "매출", "dtype": "float64"},
            {"name": "share", "dtype": "float64"},
        ],
        "rows": [["서울", "1,200", "0.5"], ["Busan & co", "-3.5e+02", None]],
        "total": 2,
    }


def test_of_a_long_frame_the_first_rows_are_there_and_the_size_is_told() -> None:
    """What pandas leaves out is not made up, and its last rows do not follow the first ones."""
    table = table_in(LONG)
    assert table is not None
    assert (table["rows"], table["total"]) == ([["0", "x"]], 10_000)


def test_a_polars_frame_is_read_too() -> None:
    """As this version of polars writes it."""
    frame = pl.DataFrame({"지역": ["서울", None], "n": [1, 2]})
    table = table_in(frame._repr_html_())
    assert table is None or [column["name"] for column in table["columns"]] == ["지역", "n"]


@pytest.mark.parametrize("html", ["<b>hi</b>", "<table><tr><td>1</td></tr></table>", PANDAS * 2, ""])
def test_other_html_is_no_table(html: str) -> None:
    """Nothing is guessed."""
    assert table_in(html) is None


def test_a_frame_becomes_a_table_and_its_html_stays_behind() -> None:
    """The page gets cells, not markup."""
    made = bundle_of(shown({"text/html": PANDAS, "text/plain": "…"}))
    assert made is not None
    assert set(made[0]) == {TABLE, "text/plain"}


def test_plain_values_are_no_artifact() -> None:
    """They are in the tool's output already."""
    assert bundle_of(shown({"text/plain": "42"})) is None
    assert bundle_of(shown({"application/x-unknown": "42"})) is None


def test_what_is_too_large_is_stored_whole_and_named() -> None:
    """The largest form goes first and the plain text stays; every form is there as a file of its type."""
    picture = b"x" * LARGEST
    made = bundle_of(shown({"image/png": base64.b64encode(picture).decode(), "text/plain": "<Figure>"}))
    assert made is not None
    assert made.bundle == {
        "text/plain": "<Figure>",
        STORED: {"mime": "image/png", "size": len(picture)},
    }
    assert made.forms == {"image/png": picture, "text/plain": b"<Figure>"}


def test_of_several_large_forms_the_richest_is_named() -> None:
    """Charts are JSON, markup is text; what fits beside the note stays in the bundle."""
    chart, page = {"data": "x" * LARGEST}, "한" * LARGEST
    made = bundle_of(
        shown({"application/vnd.plotly.v1+json": chart, "text/html": page, "text/markdown": "# a"})
    )
    assert made is not None
    assert set(made.bundle) == {"text/markdown", STORED}
    assert made.bundle[STORED]["mime"] == "application/vnd.plotly.v1+json"
    assert made.forms["text/html"].decode() == page
    assert orjson.loads(made.forms["application/vnd.plotly.v1+json"]) == chart


def test_what_fits_is_stored_nowhere_else() -> None:
    """The bundle is all there is."""
    made = bundle_of(shown({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}))
    assert made == ({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}, {})


def test_a_picture_that_is_none_becomes_no_file() -> None:
    """Broken base64 ends nothing."""
    made = bundle_of(shown({"image/png": "x" * (LARGEST + 1)}))
    assert made is not None
    assert made.bundle == {STORED: {"mime": "image/png", "size": 0}}


def test_the_agent_reads_text_and_hears_of_charts() -> None:
    """No picture goes through as letters."""
    assert told({"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}) == "a\nb\n"
    figure = shown({"image/png": "iVBOR", "text/plain": "<Figure>"})
    assert told(figure) == "[a chart was shown to the person]\n"
    assert told(shown({"text/html": PANDAS, "text/plain": "region  매출"})) == "region  매출\n"
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["Traceback …"]}
    assert told(error) == "Traceback …"
    assert "application/pdf" in told(shown({"application/pdf": "…"}))
