from typing import Any

import pytest

from jupyter_aichat.kernels.changes import Changes, compare
from tests.kernels.source.kernel import Kernel

IMPORTS = "import pandas as pd, numpy as np, polars as pl\n"


def after(kernel: Kernel, code: str, **request: Any) -> Changes:
    """What a cell has changed, by a snapshot before and one after."""
    before = kernel.ask("snapshot", action="take", **request)
    kernel.run(code)
    return compare(before, kernel.ask("snapshot", action="take", **request))


NOTICED: list[tuple[str, str]] = [
    ("x = 1", "x = 2"),
    ("x = 'a'", "x = 'b'"),
    ("x = 1.0", "x = float('nan')"),
    ("x = [1]", "x.append(2)"),
    ("x = [[1], {'a': [2]}]", "x[1]['a'].append(3)"),
    ("x = {'a': 1}", "x['a'] = 2"),
    ("x = {1, 2}", "x.discard(2); x.add(3)"),
    ("x = bytearray(b'ab')", "x[0] = 99"),
    ("x = np.zeros(10)", "x[3] = 1"),
    ("x = np.zeros((3, 3))[:, ::2]", "x[1, 1] = 1"),
    ("x = np.array([1, 'a'], dtype=object)", "x[0] = 2"),
    ("x = np.zeros(10)", "x = x.astype('float32')"),
    ("x = pd.DataFrame({'a': [1, 2]})", "x['a'] += 1"),
    ("x = pd.DataFrame({'a': [1, 2]})", "x.loc[0, 'a'] = 9"),
    ("x = pd.DataFrame({'a': ['p', 'q']})", "x.loc[0, 'a'] = 'r'"),
    ("x = pd.DataFrame({'a': pd.Categorical(['p', 'q'])})", "x.loc[0, 'a'] = 'q'"),
    ("x = pd.DataFrame({'a': pd.array([1, None], dtype='Int64')})", "x.loc[1, 'a'] = 3"),
    ("x = pd.DataFrame({'a': pd.array([1, 2], dtype='Int64')})", "x['a'].array._mask[0] = True"),
    ("x = pd.DataFrame({'a': pd.array([1, None], dtype='int64[pyarrow]')})", "x.loc[1, 'a'] = 3"),
    ("x = pd.DataFrame({'a': pd.date_range('2026', periods=2, tz='UTC')})", "x['a'] += pd.Timedelta('1h')"),
    ("x = pd.DataFrame({'a': [1, 2]})", "x.index = [5, 6]"),
    ("x = pd.DataFrame({'a': [1, 2]})", "x.columns = ['b']"),
    ("x = pd.DataFrame({'a': [1, 2]}).set_index(['a', pd.Index([1, 2])])", "x.index = x.index[::-1]"),
    ("x = pd.DataFrame({'a': [1, 2], 'b': [1, 2]})", "x = x[['b', 'a']]"),
    ("x = pd.Series([1, 2])", "x.iloc[0] = 5"),
    ("x = pl.DataFrame({'a': [1, 2]})", "x[0, 'a'] = 5"),
    ("x = pl.DataFrame({'a': [1, 2]})", "x = x.reverse()"),
    ("x = pl.Series([1, 2])", "x[0] = 5"),
    ("x = object()", "x = object()"),
]


@pytest.mark.parametrize(
    ("start", "change"), NOTICED, ids=[f"{start}; {change}" for start, change in NOTICED]
)
def test_a_change_is_noticed(kernel: Kernel, start: str, change: str) -> None:
    """A variable that was rebound or changed in place counts as changed, and no other does."""
    kernel.run(IMPORTS + f"{start}\nother = [1]\nkept = pd.DataFrame({{'a': [1]}})")
    assert [found.name for found in after(kernel, change).changed] == ["x"]


SAME: list[tuple[str, str]] = [
    ("x = 1", "x = 1"),
    ("x = [1, {'a': 2}]", "x = [1, {'a': 2}]"),
    ("x = pd.DataFrame({'a': [1, 2], 'b': ['p', None]})", "x = x.copy()"),
    ("x = pl.DataFrame({'a': [1, None], 'b': ['p', 'q']})", "x = x.clone()"),
    ("x = np.arange(5)", "x = x.copy()"),
    ("x = pd.DataFrame({'a': [1, 2]})", "x.sum(); x.a.is_unique; x.describe()"),
]


@pytest.mark.parametrize(("start", "change"), SAME, ids=[f"{start}; {change}" for start, change in SAME])
def test_what_stays_the_same_is_no_change(kernel: Kernel, start: str, change: str) -> None:
    """Reading a variable, or binding it to something equal, is no change."""
    kernel.run(IMPORTS + start)
    found = after(kernel, change)
    assert not found
    assert found.uncertain == ()


def test_created_changed_and_deleted_are_told_in_words(kernel: Kernel) -> None:
    """Each change says what the variable was and is, and which columns are new, gone or changed."""
    kernel.run(
        IMPORTS
        + "df = pd.DataFrame({'지역': ['서울'] * 10_000, '매출': range(10_000), '메모': ''})\ngone = [1, 2]"
    )
    found = after(
        kernel,
        "import math\nfrom math import pi\ndf = df[df.매출 > 187].drop(columns='메모')\ndf['비중'] = df.매출 / 7\ndf['n'] = 1\n"
        "del gone\nnew = pl.DataFrame({'a': [1]})",
    )
    assert [change.data() for change in found.changed] == [
        {
            "name": "df",
            "before": "DataFrame 10,000 × 3",
            "after": "DataFrame 9,812 × 4",
            "detail": "new columns: 비중, n; columns gone: 메모; changed columns: 지역, 매출",
        }
    ]
    assert [change.data() for change in found.created] == [
        {"name": "pi", "after": "float"},
        {"name": "new", "after": "DataFrame 1 × 1"},
    ]
    assert [change.data() for change in found.deleted] == [{"name": "gone", "before": "list of 2 items"}]


def test_only_the_changed_column_is_named(kernel: Kernel) -> None:
    """A change in place names the columns it touched."""
    kernel.run(IMPORTS + "df = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})")
    [change] = after(kernel, "df['b'] *= 2").changed
    assert (change.before, change.after, change.detail) == (
        "DataFrame 2 × 2",
        "DataFrame 2 × 2",
        "changed columns: b",
    )


def test_what_is_too_large_is_said_to_be_inexact(kernel: Kernel) -> None:
    """Of a large array a sample is read: a change everywhere is noticed, a single one may not be, and that is told."""
    kernel.run(IMPORTS + "x = np.zeros(20_000_000)\nitems = list(range(300_000))")
    taken = kernel.ask("snapshot")["variables"]
    assert not taken["x"]["exact"]
    assert not taken["items"]["exact"]
    found = after(kernel, "x[7] = 1")
    assert (found.changed, "x" in found.uncertain) == ((), True)
    assert [change.name for change in after(kernel, "x += 1").changed] == ["x"]
    kernel.run("del x")


def test_no_time_is_no_change(kernel: Kernel) -> None:
    """Where one snapshot had time to read the content and the other had not, nothing is claimed."""
    kernel.run(
        IMPORTS
        + "df = pd.DataFrame({'a': np.arange(1000.0), 'b': ['x'] * 1000})\nitems = [1]\narray = np.ones(9)"
    )
    before = kernel.ask("snapshot")
    hurried = kernel.ask("snapshot", seconds=0)
    assert not compare(before, hurried)
    assert set(compare(before, hurried).uncertain) == {"df", "items", "array"}


def test_objects_nobody_knows_are_uncertain(kernel: Kernel) -> None:
    """What a user's own object holds cannot be told; replacing it is noticed."""
    kernel.run("class Model: ...\nmodel = Model()")
    assert after(kernel, "model.fitted = True").uncertain == ("model",)
    assert after(kernel, "model = Model()").changed[0].detail == "replaced by another object"


def test_another_action_is_refused(kernel: Kernel) -> None:
    """Only "take" is known."""
    assert "'restore'" in kernel.ask("snapshot", action="restore")["error"]
