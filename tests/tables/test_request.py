"""What can be asked."""

import pytest

from jupyter_aichat.errors import TableError
from jupyter_aichat.tables import Request


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"operation": "pivot"}, "no operation 'pivot'. Use one of profile, missing"),
        ({"operation": "group_by", "aggregate": "avg"}, "no aggregate 'avg'. Use one of sum, mean"),
        ({"operation": "trend", "period": "decade"}, "no period 'decade'"),
        ({"operation": "top_n", "n": 0}, "n is 0; use 1 to 50"),
        ({"operation": "top_n", "n": 51}, "n is 51"),
        (
            {"operation": "group_by", "where_range": {"a": {"=>": 1}}},
            "range of 'a' has '=>'; use >, >=, <, <=",
        ),
        ({"operation": "group_by", "where_range": {"a": {}}}, "range of 'a' has no bound"),
    ],
)
def test_unknown_words_are_answered_with_the_known_ones(wrong: dict[str, object], said: str) -> None:
    """So that a model can mend its call."""
    with pytest.raises(TableError, match=said):
        Request(**wrong)  # type: ignore[arg-type]  # wrong on purpose
