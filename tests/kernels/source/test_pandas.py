import time
from typing import Any

import pytest

from tests.kernels.source.kernel import Kernel

IMPORTS = "import pandas as pd, numpy as np, decimal\n"


def told(kernel: Kernel, name: str, **request: Any) -> dict[str, Any]:
    """What is told about one variable, aggregates included unless said otherwise."""
    [variable] = kernel.ask("inspect_variables", names=[name], **{"level": "aggregates", **request})[
        "variables"
    ]
    return dict(variable)


COLUMNS: list[tuple[str, dict[str, Any]]] = [
    ("[1, 2, 2]", {"dtype": "int64", "missing": 0, "distinct": 2, "min": 1, "max": 2}),
    (
        "[0.5, float('nan'), float('inf')]",
        {"dtype": "float64", "missing": 1, "distinct": 2, "max": {"float": "inf"}},
    ),
    ("[True, False, True]", {"dtype": "bool", "missing": 0, "distinct": 2}),
    (
        "pd.array([1, None, 2**60], dtype='Int64')",
        {"dtype": "Int64", "missing": 1, "max": {"int": str(2**60)}},
    ),
    ("pd.array([True, None, True], dtype='boolean')", {"dtype": "boolean", "missing": 1, "distinct": 1}),
    ("pd.array(['a', None, 'b'], dtype='string')", {"dtype": "string", "missing": 1, "distinct": 2}),
    (
        "pd.array([1.5, None, 2.5], dtype='double[pyarrow]')",
        {"dtype": "double[pyarrow]", "missing": 1, "distinct": 2, "min": 1.5, "max": 2.5},
    ),
    (
        "pd.Categorical(['저', '고', None], categories=['저', '중', '고'], ordered=True)",
        {"dtype": "category", "categories": 3, "ordered": True, "missing": 1, "distinct": 2},
    ),
    (
        "pd.to_datetime(['2026-07-01', None, '2026-09-30']).tz_localize('Asia/Seoul')",
        {
            "missing": 1,
            "min": {"datetime": "2026-07-01T00:00:00+09:00"},
            "max": {"datetime": "2026-09-30T00:00:00+09:00"},
        },
    ),
    ("pd.to_timedelta([1, 2, 3], unit='D')", {"min": {"timedelta": "1 days 00:00:00"}}),
    ("pd.period_range('2026-01', periods=3, freq='M')", {"dtype": "period[M]", "min": {"period": "2026-01"}}),
    ("pd.interval_range(0, 3)", {"dtype": "interval[int64, right]", "missing": 0, "distinct": 3}),
    ("pd.arrays.SparseArray([0, 0, 1])", {"dtype": "Sparse[int64, 0]", "missing": 0}),
    (
        "pd.Series([1, 'a', None], dtype=object)",
        {"dtype": "object", "types": ["int", "str"], "missing": 1, "distinct": 2},
    ),
    ("[[1], {'a': 1}, None]", {"dtype": "object", "types": ["dict", "list"], "missing": 1}),
    (
        "[decimal.Decimal('1.1'), decimal.Decimal('NaN'), None]",
        {"dtype": "object", "types": ["Decimal"], "missing": 2},
    ),
]


@pytest.mark.parametrize(("values", "expected"), COLUMNS, ids=[values for values, _ in COLUMNS])
def test_columns_of_every_dtype_are_counted(kernel: Kernel, values: str, expected: dict[str, Any]) -> None:
    """Dtype, missing and distinct values, and the range of what has an order."""
    kernel.run(IMPORTS + f"df = pd.DataFrame({{'a': {values}}})")
    [column] = told(kernel, "df")["columns"]
    assert {key: column.get(key) for key in expected} == expected
    assert ("min" in column) == ("min" in expected or "max" in expected)


def test_labels_of_any_kind_are_names(kernel: Kernel) -> None:
    """Columns are told in order under readable names, also where labels are numbers, dates, pairs or repeated."""
    kernel.run(
        IMPORTS
        + "df = pd.DataFrame([[1, 2, 3, 4, 5]], columns=pd.Index([2024, 'a', 'a', pd.Timestamp('2026-07-01'), None],"
        " dtype=object))\nwide = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([('매출', 1), ('매출', 2)],"
        " names=['kind', 'n']))"
    )
    columns = told(kernel, "df")["columns"]
    assert [column["name"] for column in columns] == ["2024", "a", "a", "2026-07-01T00:00:00", ""]
    assert columns[0]["label"] == 2024
    assert [column.get("duplicate", False) for column in columns] == [False, True, True, False, False]
    wide = told(kernel, "wide")
    assert [column["name"] for column in wide["columns"]] == ["매출 / 1", "매출 / 2"]
    assert wide["column_levels"] == ["kind", "n"]


def test_index_levels_are_told_like_columns(kernel: Kernel) -> None:
    """A MultiIndex tells name, dtype, missing, distinct and range of each level, of values in use only."""
    kernel.run(
        IMPORTS
        + "df = pd.DataFrame({'연도': [2024, 2025, 2026, 2026], '지역': ['서울', None, '부산', '서울'], 'x': range(4)})"
        ".set_index(['연도', '지역'])\ndf = df[df.x > 0]\nplain = pd.DataFrame({'x': [1]}, index=pd.Index(['가'], name='키'))"
    )
    year, region = told(kernel, "df")["index"]
    assert (year["name"], year["distinct"], year["min"], year["max"]) == ("연도", 2, 2025, 2026)
    assert (region["name"], region["missing"], region["distinct"]) == ("지역", 1, 2)
    rows = told(kernel, "df", level="rows", rows=1)
    assert rows["labels"] == [{"items": [2025, None], "length": 2}]
    assert told(kernel, "plain", level="rows")["labels"] == ["가"]


def test_series_and_indexes_are_told_too(kernel: Kernel) -> None:
    """A Series is a table of one column; an Index alone is told by its levels."""
    kernel.run(IMPORTS + "s = pd.Series([1, 2], name='매출')\ni = pd.date_range('2026-07-01', periods=3)")
    s = told(kernel, "s", level="rows")
    assert (s["shape"], s["columns"][0]["name"], s["rows"]) == ([2], "매출", [[1], [2]])
    i = told(kernel, "i")
    assert (i["shape"], i["columns"][0]["min"]) == ([3], {"datetime": "2026-07-01T00:00:00"})


def test_empty_tables_have_no_range(kernel: Kernel) -> None:
    """Tables without rows or columns are told without failing."""
    kernel.run(IMPORTS + "none = pd.DataFrame()\nrowless = pd.DataFrame({'a': pd.Series(dtype='int64')})")
    assert told(kernel, "none", level="rows")["shape"] == [0, 0]
    rowless = told(kernel, "rowless", level="rows")
    assert rowless["columns"] == [{"name": "a", "dtype": "int64", "missing": 0, "distinct": 0}]
    assert rowless["rows"] == []


def test_a_huge_table_is_told_in_bounded_time(kernel: Kernel) -> None:
    """Of a table too large to count, an even sample is counted, and is said to be one."""
    kernel.run(IMPORTS + "df = pd.DataFrame({'n': np.arange(20_000_000), 's': ['a'] * 20_000_000})")
    started = time.monotonic()
    n, _ = told(kernel, "df")["columns"]
    assert time.monotonic() - started < 5
    assert n["sample"] == {"rows": 100_000, "of": 20_000_000}
    assert n["max"] == 19_999_800
    kernel.run("del df")


def test_of_a_wide_table_the_first_columns_are_told(kernel: Kernel) -> None:
    """Beyond 200 columns the number of others is told."""
    kernel.run(IMPORTS + "df = pd.DataFrame(np.zeros((2, 1000)))")
    wide = told(kernel, "df")
    assert (len(wide["columns"]), wide["columns_omitted"], wide["shape"]) == (200, 800, [2, 1000])
    assert wide["memory"] == {"bytes": 16_000, "exact": True}


def test_memory_of_texts_is_estimated(kernel: Kernel) -> None:
    """Bytes of Python texts in a column count, and are said to be an estimate."""
    kernel.run(IMPORTS + "df = pd.DataFrame({'s': pd.Series(['가나다라마' * 20] * 5000, dtype=object)})")
    memory = told(kernel, "df", level="schema")["memory"]
    assert not memory["exact"]
    assert memory["bytes"] == pytest.approx(kernel.value("int(df.memory_usage(deep=True).sum())"), rel=0.1)


def test_looking_fills_no_cache(kernel: Kernel) -> None:
    """Neither the table nor its index nor its columns remember that they were looked at.

    The list of a MultiIndex's levels does not count: pandas keeps it with any access to the table.
    """
    kernel.run(
        IMPORTS + "df = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}, index=pd.Index(['p', 'q']))\n"
        "multi = df.set_index(['a', 'b'], drop=False)\n"
        "def caches(): return [(sorted(x.__dict__), sorted({*getattr(x, '_cache', {})} - {'levels'})) for f in (df, multi)"
        " for x in (f, f.index, f.columns)]\n"
        "def blocks(): return [id(b) for f in (df, multi) for b in f._mgr.blocks]"
    )
    before = kernel.value("caches()"), kernel.value("blocks()")
    for level in ("schema", "aggregates", "rows"):
        kernel.ask("inspect_variables", level=level)
    kernel.ask("snapshot")
    assert (kernel.value("caches()"), kernel.value("blocks()")) == before
