"""One request, one result."""

from dataclasses import FrozenInstanceError

import pytest

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import Request, Table, analyse
from jupyter_aichat.tables.results import Describe, Groups, Top


def test_a_result_says_what_it_was_found_in(table: Table) -> None:
    """All rows, those that were left, and the request itself."""
    request = Request("group_by", ["product"], where={"region": "Seoul"})
    result = analyse(table, request)
    assert (result.name, result.total, result.request) == ("orders.csv", table.rows, request)
    assert isinstance(result.finding, Groups)
    assert result.rows == result.finding.overall
    assert 0 < result.rows < result.total


def test_a_key_makes_top_n_rank_groups(table: Table) -> None:
    """Without one it ranks rows; without anything to rank by it says what is missing."""
    assert isinstance(analyse(table, Request("top_n", value="revenue", by="region", n=2)).finding, Groups)
    assert isinstance(analyse(table, Request("top_n", value="revenue", n=2)).finding, Top)
    with pytest.raises(TableError, match=r"largest of what"):
        analyse(table, Request("top_n"))


def test_one_column_to_describe_may_stand_in_value(table: Table) -> None:
    """Both say the same."""
    for request in (Request("describe", ["price"]), Request("describe", value="price")):
        finding = analyse(table, request).finding
        assert isinstance(finding, Describe)
        assert [one.column.name for one in finding.columns] == ["price"]


def test_results_cannot_be_changed(table: Table) -> None:
    """What was found stays found."""
    with pytest.raises(FrozenInstanceError):
        analyse(table, Request("missing")).total = 1  # type: ignore[misc]  # refused on purpose
