"""What rules can read back of the kernel's dataframes."""

from typing import Any

from jupyter_aichat.agents.offline.frames import kernel_in
from jupyter_aichat.kernels.head import head_line


def told(**changes: Any) -> dict[str, Any]:
    """What an inspection says of one dataframe and a number."""
    columns = [
        {"name": "region", "dtype": "str", "missing": 1, "distinct": 2, "values": ["Busan", "Seoul -->"]},
        {"name": "day", "dtype": "datetime64[us]", "missing": 0, "distinct": 9,
         "min": {"datetime": "2026-01-05T00:00:00"}, "max": {"datetime": "2026-09-30T00:00:00"}},
        {"name": "paid", "dtype": "float64", "missing": 0, "distinct": 9, "min": 1.5, "max": 9.0},
        {"name": "secret", "dtype": "str", "masked": True},
    ]  # fmt: skip
    frame = {"name": "sales", "kind": "frame", "shape": [9, 4], "columns": columns, "rows": []}
    number = {"name": "x", "kind": "value", "type": "int"}
    return {"level": "rows", "variables": [frame, number], "taken": ["sales", "x", "pd"], **changes}


def test_rules_read_back_what_was_told() -> None:
    """Names, kinds, values, dates and counts; every name that is taken; no masked column."""
    line = head_line(told())
    assert line.count("\n") == 1
    assert line.count("-->") == 1
    kernel = kernel_in(line + "What follows")
    [frame] = kernel.frames
    assert [(column.name, column.kind) for column in frame.head.columns] == [
        ("region", "text"), ("day", "datetime"), ("paid", "number"),
    ]  # fmt: skip
    assert frame.head.values == {"region": ("Busan", "Seoul -->")}
    assert [str(day) for day in frame.head.spans["day"]] == ["2026-01-05", "2026-09-30"]
    assert (frame.head.rows, frame.library, frame.missing["region"]) == (9, "pandas", 1)
    assert kernel.taken == {"sales", "x", "pd"}


def test_other_levels_and_other_variables_have_no_line() -> None:
    """A model that may see the schema alone gets nothing more this way."""
    assert head_line(told(level="schema")) == ""
    assert head_line(told(variables=[])) == ""


def test_a_damaged_line_is_no_dataframe() -> None:
    """Nor is text that has none."""
    assert kernel_in("<!-- frames {} -->").frames == ()
    assert kernel_in(head_line(told())[:80] + " -->").frames == ()
    assert kernel_in("sales: DataFrame 9 × 4").frames == ()
