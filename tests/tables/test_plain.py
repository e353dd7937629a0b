"""A result for a program."""

import json

from jupyter_aichat.tables import Request, Table, analyse, as_dict, read_table
from jupyter_aichat.tables.results import Groups


def test_a_result_is_plain_json_with_exact_figures(table: Table) -> None:
    """Dates are ISO texts, counts counts, and what was found is named."""
    result = analyse(table, Request("group_by", ["region"], "revenue", where={"date": "2026"}))
    found = as_dict(result)
    assert json.loads(json.dumps(found)) == found
    assert found["finding"]["kind"] == "groups"
    assert isinstance(result.finding, Groups)
    assert [group["value"] for group in found["finding"]["groups"]] == [
        g.value for g in result.finding.groups
    ]
    assert found["conditions"][0]["values"] == ["2026"]
    assert as_dict(analyse(table, Request("trend")))["finding"]["steps"][0]["start"] == "2025-01-01"


def test_its_size_is_bounded_and_says_what_is_missing() -> None:
    """Forty columns of fifty, and cells of eighty characters."""
    header = ",".join(f"c{i}" for i in range(50))
    found = as_dict(
        analyse(read_table(f"{header}\n{','.join(['y' * 200] * 50)}\n".encode(), "t.csv"), Request("profile"))
    )
    assert len(found["finding"]["columns"]) == 40
    assert found["finding"]["columns_more"] == 10
    assert found["finding"]["columns"][0]["top"] == [["y" * 79 + "…", 1]]
    assert len(json.dumps(found)) < 40_000


def test_infinity_is_a_word() -> None:
    """JSON has no number for it."""
    table = read_table(b"v,w\n1e400,1\n2.5,2\n", "t.csv")
    assert json.loads(json.dumps(as_dict(analyse(table, Request("describe"))), allow_nan=False))
