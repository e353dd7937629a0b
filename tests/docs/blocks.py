"""What the tests of the documents look at: the files, their links, headings and code blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DOCS", "ROOT", "Block", "anchors", "blocks", "links", "pages", "prose", "runnable"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(\w*)(?: run=([\w-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A code block. `run` is the name under which a test runs it, "" if none does."""

    page: str
    language: str
    run: str
    code: str


def pages() -> list[Path]:
    """All documents, and the two at the root that lead to them."""
    return [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def blocks(page: Path) -> list[Block]:
    """The code blocks of a document."""
    name = page.relative_to(ROOT).as_posix()
    return [Block(name, *found.groups()) for found in _FENCE.finditer(page.read_text("utf-8"))]


def runnable() -> dict[tuple[str, str], str]:
    """The blocks that are run, by name and language. No two have the same."""
    marked = [block for page in pages() for block in blocks(page) if block.run]
    assert len({(block.run, block.language) for block in marked}) == len(marked)
    return {(block.run, block.language): block.code for block in marked}


def prose(page: Path) -> str:
    """A document without its code blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> list[str]:
    """Where a document points to."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The headings of a document, as GitHub makes links of them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}
