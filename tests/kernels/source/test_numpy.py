from typing import Any

from tests.kernels.source.kernel import Kernel


def told(kernel: Kernel, expression: str, level: str = "aggregates") -> dict[str, Any]:
    """What is told about an array."""
    kernel.run(f"import numpy as np\nx = {expression}")
    [variable] = kernel.ask("inspect_variables", names=["x"], level=level)["variables"]
    return dict(variable)


def test_numbers_are_counted(kernel: Kernel) -> None:
    """Shape, dtype, bytes, missing and distinct values and the range."""
    x = told(kernel, "np.array([[1.5, np.nan], [2.5, 2.5]])")
    assert (x["shape"], x["dtype"], x["memory"]) == ([2, 2], "float64", {"bytes": 32, "exact": True})
    assert (x["missing"], x["distinct"], x["min"], x["max"]) == (1, 2, 1.5, 2.5)


def test_dates_texts_and_objects_are_told(kernel: Kernel) -> None:
    """Arrays of other kinds tell what makes sense for them."""
    assert told(kernel, "np.array(['2026-07-01', 'NaT'], dtype='M8[D]')")["min"] == {"datetime": "2026-07-01"}
    assert told(kernel, "np.array(['a', 'b'])")["distinct"] == 2
    assert told(kernel, "np.array([1, 'a', None], dtype=object)")["types"] == ["int", "str"]
    assert told(kernel, "np.array(5)", "rows")["rows"] == [5]
    assert told(kernel, "np.zeros((0, 3))", "rows")["shape"] == [0, 3]


def test_fields_are_columns(kernel: Kernel) -> None:
    """A structured array is a table of its fields."""
    x = told(kernel, "np.array([(1, 2.5)], dtype=[('번호', 'i4'), ('b', 'f8')])", "rows")
    assert [(c["name"], c["dtype"]) for c in x["columns"]] == [("번호", "int32"), ("b", "float64")]
    assert x["rows"] == [[1, 2.5]]


def test_of_a_large_array_a_sample_is_counted(kernel: Kernel) -> None:
    """Beyond five million values an even sample is counted, and is said to be one."""
    x = told(kernel, "np.arange(12_000_000).reshape(3000, 4000)[:, ::-1]")
    assert x["sample"] == {"rows": 100_000, "of": 12_000_000}
    assert x["min"] >= 0
