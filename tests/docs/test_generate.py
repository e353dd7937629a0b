"""The parts of the documents that are generated."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import generate
from docs.generate import SECTIONS, renewed
from tests.docs.blocks import DOCS

FILES = sorted({key.partition(": ")[0] for key in SECTIONS})


@pytest.mark.parametrize("file", FILES)
def test_generated_parts_are_what_the_code_says(file: str) -> None:
    """Each document is as `make protocol` would write it now."""
    text = (DOCS / file).read_text("utf-8")
    assert text == renewed(file, text), f"docs/{file} is out of date: run `make protocol`"


def test_a_part_without_a_place_is_named(tmp_path: Path) -> None:
    """A document that has lost the marks of a part cannot be written, and the error says which."""
    with pytest.raises(ValueError, match=r"architecture\.md has no <!-- generated: states -->"):
        renewed("architecture.md", "# Architecture\n")


def test_what_stands_around_is_left_alone() -> None:
    """Only what is between the marks is written."""
    text = "before\n<!-- generated: states -->\nold\n<!-- end: states -->\nafter\n"
    new = renewed("architecture.md", text)
    assert new.startswith("before\n<!-- generated: states -->\n\n```mermaid\n")
    assert new.endswith("\n```\n\n<!-- end: states -->\nafter\n")
    assert "old" not in new
    assert renewed("architecture.md", new) == new


def test_all_documents_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m docs.generate` mends whatever is out of date."""
    for file in FILES:
        text = (DOCS / file).read_text("utf-8")
        (tmp_path / file).write_text(text.replace("| --- |", "| stale |"), "utf-8")
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    generate.main()
    for file in FILES:
        assert (tmp_path / file).read_text("utf-8") == (DOCS / file).read_text("utf-8")
