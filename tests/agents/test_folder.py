"""Agents as Markdown files: what is read from them, and what is said about one that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_aichat.agents.folder import parse_agent, read_agent
from jupyter_aichat.agents.spec import AgentSpec
from jupyter_aichat.errors import PluginError

WHOLE = """---
name: translator
description: "번역가: 열 이름을 옮겨요."
tools: [read_file, profile_table]
model: openai:gpt-5-mini
---

You are the translator.

---
Keep this line.
"""


def test_all_fields_are_read() -> None:
    """Front matter and prompt; a later line of dashes belongs to the prompt."""
    assert parse_agent(WHOLE) == AgentSpec(
        name="translator",
        description="번역가: 열 이름을 옮겨요.",
        prompt="You are the translator.\n\n---\nKeep this line.",
        tools=("read_file", "profile_table"),
        model="openai:gpt-5-mini",
    )


@pytest.mark.parametrize(
    ("tools", "read"),
    [("tools: a, b ,c", ("a", "b", "c")), ("tools: [a, a]", ("a",)), ("tools:", ()), ("", ())],
)
def test_tools_can_be_written_in_several_ways(tools: str, read: tuple[str, ...]) -> None:
    """A list, or names with commas; none is none."""
    assert parse_agent(f"---\nname: x\ndescription: d\n{tools}\n---\np").tools == read


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends make no difference."""
    path = tmp_path / "x.md"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert read_agent(path) == parse_agent(WHOLE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You are.", "does not begin with a front matter"),
        ("---\nname: x\ndescription: d\n", "does not begin with a front matter"),
        ("---\nname: [x\n---\np", "not valid YAML in line"),
        ("---\njust text\n---\np", "is str, not fields"),
        ("---\nname: x\ndescription: d\ntemperature: 1\n---\np", "a field 'temperature'"),
        ("---\nname: x\ndescription: d\ntools: 3\n---\np", "tools is 3"),
        ("---\nname: x\ndescription: d\nmodel: 5\n---\np", "has the model 5"),
        ("---\nname: x\ndescription: d\n---\n", "needs a prompt"),
        ("---\nname: x\n---\np", "needs a description"),
        ("---\ndescription: d\n---\np", "name '' does not fit"),
        ("---\nname: Übersetzer\ndescription: d\n---\np", "'Übersetzer' does not fit"),
    ],
)
def test_what_does_not_fit_is_said(text: str, told: str, tmp_path: Path) -> None:
    """The sentence names the file and the value."""
    path = tmp_path / "mine.md"
    path.write_text(text, "utf-8")
    with pytest.raises(PluginError, match=r"^mine\.md: ") as raised:
        read_agent(path)
    assert told in str(raised.value)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Bytes that are no text, and files that are far too large."""
    path = tmp_path / "mine.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PluginError, match=r"mine\.md: cannot be read as UTF-8"):
        read_agent(path)
    path.write_text("x" * 200_001)
    with pytest.raises(PluginError, match=r"mine\.md: larger than 200,000 bytes"):
        read_agent(path)
