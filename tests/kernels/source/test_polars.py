import time
from typing import Any

from tests.kernels.source.kernel import Kernel

FRAME = (
    "import polars as pl, datetime as dt\n"
    "df = pl.DataFrame({'지역': ['서울', '부산', None], '금액': [1, None, 3], '비율': [0.5, float('nan'), None],"
    " 'd': [dt.date(2026, 7, 1)] * 3, 'tags': [['a'], [], None]})\n"
)


def told(kernel: Kernel, name: str, level: str = "aggregates") -> dict[str, Any]:
    """What is told about one variable."""
    [variable] = kernel.ask("inspect_variables", names=[name], level=level)["variables"]
    return dict(variable)


def test_columns_are_counted(kernel: Kernel) -> None:
    """Missing, NaN, distinct values and ranges of a polars DataFrame."""
    kernel.run(FRAME)
    df = told(kernel, "df")
    region, amount, share, date, _ = df["columns"]
    assert df["shape"] == [3, 5]
    assert (region["dtype"], region["missing"], region["distinct"]) == ("String", 1, 2)
    assert (amount["missing"], amount["distinct"], amount["min"], amount["max"]) == (1, 2, 1, 3)
    assert (share["missing"], share["nan"], share["max"]) == (1, 1, 0.5)
    assert date["min"] == {"date": "2026-07-01"}


def test_rows_and_series_are_shown(kernel: Kernel) -> None:
    """At the level "rows" first rows are told, nested values included."""
    kernel.run(FRAME + "s = df['금액']")
    assert told(kernel, "df", "rows")["rows"][0] == [
        "서울", 1, 0.5, {"date": "2026-07-01"}, {"items": ["a"], "length": 1},
    ]  # fmt: skip
    assert told(kernel, "s", "rows")["rows"] == [[1], [None], [3]]


def test_a_lazy_frame_is_not_collected(kernel: Kernel) -> None:
    """Of a LazyFrame the columns are told, and its functions do not run."""
    kernel.run(
        FRAME + "ran = []\ndef step(frame):\n    ran.append(1)\n    return frame\n"
        "lazy = df.lazy().map_batches(step).with_columns(b=pl.col('금액') * 2)"
    )
    lazy = told(kernel, "lazy", "rows")
    assert [column["name"] for column in lazy["columns"]] == ["지역", "금액", "비율", "d", "tags", "b"]
    assert "rows" not in lazy
    assert kernel.value("ran") == []


def test_a_slow_source_is_not_waited_for(kernel: Kernel) -> None:
    """Where the columns of a LazyFrame have to be fetched from afar, it is said that they are not known."""
    kernel.run(
        "import polars as pl, time\nfrom polars.io.plugins import register_io_source\n"
        "def schema():\n    time.sleep(8)\n    return {'a': pl.Int64}\n"
        "lazy = register_io_source(lambda *_: iter(()), schema=schema)"
    )
    started = time.monotonic()
    assert "took longer" in told(kernel, "lazy")["note"]
    assert time.monotonic() - started < 6


def test_python_objects_are_told_by_their_dtype(kernel: Kernel) -> None:
    """A column of the dtype Object is neither counted nor compared."""
    kernel.run("import polars as pl\ndf = pl.DataFrame({'o': pl.Series([object()], dtype=pl.Object)})")
    assert told(kernel, "df")["columns"] == [{"name": "o", "dtype": "Object"}]
