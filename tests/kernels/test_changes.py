from typing import Any

from jupyter_aichat.kernels.changes import Change, compare


def snapshot(**variables: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as the kernel gives it."""
    return {"variables": variables}


def known(content: str | None, *, kind: str = "value", exact: bool = True, **told: Any) -> dict[str, Any]:
    """A variable of a snapshot."""
    return {"id": "1", "type": "T", "module": "m", "kind": kind, "content": content, "exact": exact, **told}


def frame(*columns: tuple[str, str], rows: int = 3, index: str = "i", exact: bool = True) -> dict[str, Any]:
    """A dataframe of a snapshot, its columns by name and fingerprint."""
    own = [[name, "int64", content] for name, content in columns]
    return {
        **known(index, kind="frame", exact=exact),
        "type": "DataFrame",
        "shape": [rows, len(own)],
        "columns": own,
    }


def test_equal_content_under_another_identity_is_no_change() -> None:
    """A copy that is known to be equal is the same."""
    assert not compare(snapshot(x=known("a")), snapshot(x={**known("a"), "id": "2"}))


def test_unknown_content_under_another_identity_is_a_change() -> None:
    """Another object whose content is not known counts as changed."""
    [change] = compare(
        snapshot(x=known(None, exact=False)), snapshot(x={**known(None, exact=False), "id": "2"})
    ).changed
    assert change == Change("x", "T", "T", "replaced by another object")


def test_unknown_content_under_one_identity_is_uncertain() -> None:
    """The same object whose content is not known is neither changed nor surely the same."""
    found = compare(snapshot(x=known(None, exact=False)), snapshot(x=known(None, exact=False)))
    assert (bool(found), found.uncertain) == (False, ("x",))


def test_fingerprints_of_different_parts_say_nothing() -> None:
    """A fingerprint of all rows and one of a sample differ without a change; two of like samples tell."""
    assert not compare(snapshot(x=known("a")), snapshot(x=known("b~1", exact=False)))
    assert not compare(snapshot(x=known("a~1", exact=False)), snapshot(x=known("b~2", exact=False)))
    assert compare(snapshot(x=known("a~1", exact=False)), snapshot(x=known("b~1", exact=False))).changed


def test_columns_are_told_apart() -> None:
    """New, gone, changed and reordered columns are named, repeated names in their order."""
    before = snapshot(df=frame(("a", "1"), ("a", "2"), ("b", "3"), ("c", "4")))
    after = snapshot(df=frame(("a", "1"), ("a", "9"), ("c", "4"), ("d", "5"), rows=2))
    [change] = compare(before, after).changed
    assert change.detail == "new columns: d; columns gone: b; changed columns: a"
    [moved] = compare(
        snapshot(df=frame(("a", "1"), ("b", "2"))), snapshot(df=frame(("b", "2"), ("a", "1")))
    ).changed
    assert moved.detail == "changed columns: b, a"
    [labels] = compare(snapshot(df=frame(("a", "1"))), snapshot(df=frame(("a", "1"), index="j"))).changed
    assert labels.detail == "index changed"


def test_many_columns_are_counted() -> None:
    """Beyond eight names the number of others is told."""
    after = snapshot(df=frame(*[(f"c{i}", "1") for i in range(20)]))
    [change] = compare(snapshot(df=frame()), after, "ko").changed
    assert change.detail == "새 열: c0, c1, c2, c3, c4, c5, c6, c7 외 12개"
    assert (change.before, change.after) == ("DataFrame 3행 × 0열", "DataFrame 3행 × 20열")


def test_another_type_is_a_change_that_the_words_tell() -> None:
    """A list that became a dataframe needs no detail."""
    [change] = compare(
        snapshot(x={**known("a", kind="sequence", length=2), "type": "list"}), snapshot(x=frame())
    ).changed
    assert change.data() == {"name": "x", "before": "list of 2 items", "after": "DataFrame 3 × 0"}


def test_imports_are_no_changes() -> None:
    """Modules come and go without being told."""
    assert not compare(snapshot(), snapshot(math=known("1", kind="module")))
    assert not compare(snapshot(math=known("1", kind="module")), snapshot())
