"""What a decision is bound to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.actions.digest import digest_of

ARGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    """Two writings of the same arguments are one action."""
    one = digest_of("run_sql", {"sql": "SELECT 1", "into": "x"}, kernel_id="k", generation="g")
    two = digest_of("run_sql", {"into": "x", "sql": "SELECT 1"}, kernel_id="k", generation="g")
    assert one == two
    assert len(one) == 64


@pytest.mark.parametrize(
    "other",
    [
        ("run_cell", "x = 1", "k", "g"),
        ("run_code", "x = 1 ", "k", "g"),
        ("run_code", "x = １", "k", "g"),
        ("run_code", "x = 1", "k2", "g"),
        ("run_code", "x = 1", "k", "g2"),
        ("run_code", "x = 1", None, "g"),
        ("run_code", "x = 1", "k", None),
        ("run_code", {"code": "x = 1"}, "k", "g"),
    ],
)
def test_kind_code_kernel_and_generation_all_count(other: tuple[str, Any, str | None, str | None]) -> None:
    """A change of any of them is another action."""
    kind, content, kernel, generation = other
    assert digest_of(kind, content, kernel_id=kernel, generation=generation) != digest_of(
        "run_code", "x = 1", kernel_id="k", generation="g"
    )


@given(ARGS, ARGS)
def test_different_arguments_have_different_digests(one: Any, two: Any) -> None:
    """Also those that JSON might write alike; half characters are no exception."""
    digests = [digest_of("run_sql", {"a": each}, kernel_id="k", generation="g") for each in (one, two)]
    assert (digests[0] == digests[1]) == (repr(one) == repr(two)) or one == two


def test_what_json_would_write_like_something_else_is_refused() -> None:
    """NaN is no null, and a number is no key."""
    with pytest.raises(ValueError, match="JSON"):
        digest_of("run_sql", {"a": float("nan")}, kernel_id=None, generation=None)
    with pytest.raises(TypeError, match="1 is no text"):
        digest_of("run_sql", {"a": [{1: 2}]}, kernel_id=None, generation=None)
    assert digest_of("run_code", "\ud800", kernel_id=None, generation=None)
