"""What is wrong with an agent's file: all of it at once, each thing with the line that a person has to change."""

from __future__ import annotations

import pytest

from jupyter_aichat.agents.draft import examine
from jupyter_aichat.agents.problems import Problem

TOOLS = ("list_files", "read_file")


def told(text: str, **known: object) -> list[tuple[int | None, str]]:
    """Lines and sentences."""
    problems = examine(text, **known).problems  # type: ignore[arg-type]
    return [(problem.line, problem.say()) for problem in problems]


def test_all_problems_are_told_with_their_lines() -> None:
    """Nobody has to mend one thing to learn of the next; the lines are those of the file, with the front matter's first."""
    text = (
        "---\nname: Bad Name\ndescription: 3\ntools:\n  - list_files\n  - read_fil\n"
        "modle: x\nmodel: [a]\n---\nYou are.\n"
    )
    lines = {line or 0: sentence for line, sentence in told(text, tools=TOOLS)}
    assert sorted(lines) == [2, 3, 6, 7, 8]
    assert "'Bad Name' does not fit" in lines[2]
    assert "needs a description" in lines[3]
    assert "'read_fil', which is not there. Did you mean 'read_file'?" in lines[6]
    assert "a field 'modle'" in lines[7]
    assert "Did you mean 'model'?" in lines[7]
    assert "has the model ['a']" in lines[8]


@pytest.mark.parametrize(
    ("front", "line", "why"),
    [
        ("name: x\ndescription: one: two", 3, "mapping values are not allowed here"),
        ("name: x\ntools: [a\ndescription: d", 4, "expected ',' or ']'"),
        ("name: x\n\tdescription: d", 3, "cannot start any token"),
        ("name: x\nwhen: 2026-99-99", 2, "a value that cannot be read"),
        ("name: \x07", 2, "characters that do not belong there"),
        ("name: x\ntools: !!python/object:os.system {}", 3, "could not determine a constructor"),
    ],
)
def test_yaml_that_cannot_be_read_is_told_with_its_line(front: str, line: int, why: str) -> None:
    """The line, and what the reader of YAML stumbled over."""
    ((at, sentence),) = told(f"---\n{front}\n---\np")
    assert (at, why in sentence) == (line, True), sentence
    assert f"in line {line}" in sentence


def test_brackets_within_brackets_are_an_error_and_no_crash() -> None:
    """A file can be made to exhaust the reader of YAML."""
    ((_, sentence),) = told(f"---\nname: {'[' * 5000}{']' * 5000}\n---\np")
    assert "cannot be read" in sentence


def test_a_value_that_grows_without_end_is_told_in_a_line() -> None:
    """Lists of lists of lists, made with a few anchors, do not become a sentence of gigabytes."""
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 8)}]\n" for n in range(1, 12)
    )
    problems = told(f"---\n{bomb}name: *a11\n---\np")
    assert max(len(sentence) for _, sentence in problems) < 400


def test_a_field_that_is_given_twice_is_told() -> None:
    """YAML would take the second in silence."""
    assert told("---\nname: x\ndescription: d\nname: y\n---\np") == [(4, "The field 'name' is given twice.")]


def test_a_name_that_is_taken_is_told_with_both_origins() -> None:
    """The line of the name, and who has it."""
    taken = {"x": "lab-agents"}
    ((line, sentence),) = told("---\ndescription: d\nname: x\n---\np", taken=taken, source="mine.md")
    assert line == 3
    assert sentence == "The name 'x' is given by lab-agents and by mine.md; rename one of them."


@pytest.mark.parametrize("tools", ["read_fil", "list_files, read_fil", "[read_fil]"])
def test_an_unknown_tool_is_told_where_it_stands(tools: str) -> None:
    """However the tools are written."""
    ((line, sentence),) = told(f"---\nname: x\ndescription: d\ntools: {tools}\n---\np", tools=TOOLS)
    assert line == 4
    assert "Did you mean 'read_file'? There are: list_files, read_file." in sentence


def test_problems_are_told_in_korean_too() -> None:
    """Sentences of their own, about the same names."""
    problem = Problem("tool", {"tool": "'read_fil'", "there": "read_file"}, 4, "read_file")
    assert problem.say("ko-KR") == "'read_fil' 도구가 없어요. 혹시 'read_file'인가요? 있는 도구: read_file."
    for draft in (
        examine(""),
        examine("---\nname: [\n---\n"),
        examine("---\nx: 1\ntools: 3\nmodel: 4\n---\n"),
    ):
        for problem in draft.problems:
            assert any("가" <= character <= "힣" for character in problem.say("ko"))


def test_what_is_right_is_an_agent() -> None:
    """Nothing is told of it."""
    draft = examine("---\nname: x\ndescription: d\ntools: [read_file]\n---\np", tools=TOOLS, taken={"y": "z"})
    assert draft.problems == ()
    assert draft.spec is not None
    assert draft.spec.tools == ("read_file",)
