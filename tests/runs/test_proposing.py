"""What an action would do, as policy judges it and as a person sees it, and what a decision on it is bound to."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_aichat.actions.action import Action
from jupyter_aichat.agents.port import Entry
from jupyter_aichat.runs.kernel_desk import Aim
from jupyter_aichat.runs.places import Cell, Place
from jupyter_aichat.runs.proposing import Proposed, edited, propose

FRAME = {"name": "df", "type": "DataFrame", "kind": "frame", "shape": [10_000, 8]}
KERNEL = Aim("a.ipynb", "k1", "g1", "Python 3", "idle", "python", {"df": FRAME})
BUSY = Aim("a.ipynb", "k1", "g1", "Python 3", "busy", "python", None)
CELL = Cell("c1", "code", "df = 1")
OLD = Entry("a.md", "a.md", "file", 7, "2026-11-22T00:00:00Z")

IN_KERNEL = Place("a.ipynb", KERNEL)
IN_CELL = Place("a.ipynb", cell=CELL)


def proposed(kind: Any, place: Place, tells: str | None = None, own: Any = (), **args: Any) -> Proposed:
    """A proposal at a place."""
    action = Action("a1", kind, "coder", "c1", args, tells)
    return propose(action, kind, place, frozenset(own), thread_id="t", run_id="r", language="en")


def test_code_is_shown_with_kernel_and_what_it_does_to_names() -> None:
    """New names, and the person's with what they are now."""
    made = proposed("run_code", IN_KERNEL, code="df = 1\nnew = 2\n")
    view = made.view
    assert (view.code, view.kernel_id, view.kernel, view.kernel_state) == (
        "df = 1\nnew = 2\n",
        "k1",
        "Python 3",
        "idle",
    )
    assert made.effects.model_dump(exclude_none=True) == {
        "names": [
            {"name": "df", "change": "rebinds", "before": "DataFrame 10,000 × 8"},
            {"name": "new", "change": "creates"},
        ]
    }
    assert (made.state.existing, list(made.state.dataframes)) == ({"df"}, ["df"])


def test_of_a_busy_kernel_it_is_not_known_what_exists() -> None:
    """Which is not the same as that nothing does."""
    assert proposed("run_code", BUSY_PLACE, code="x = 1").state.existing is None


BUSY_PLACE = Place("a.ipynb", BUSY)


def test_files_network_shell_and_hidden_characters_are_shown() -> None:
    """All that a person must see before a yes."""
    code = "import os\nos.system('ls')\nopen('a.csv', 'w')\nx = '\u202e'\n"
    effects = proposed("run_code", IN_KERNEL, tells="models.example", code=code).effects
    assert effects.shell
    assert [(f.path, f.access) for f in effects.files or ()] == [("a.csv", "write")]
    assert [(h.line, h.code) for h in effects.hidden or ()] == [(4, "U+202E")]
    assert effects.tells == "models.example"


def test_sql_is_shown_with_the_name_that_it_makes() -> None:
    """One that is taken is said to be."""
    made = proposed("run_sql", IN_KERNEL, sql="select * from df", into="df")
    assert [(n.name, n.change) for n in made.effects.names or ()] == [("df", "rebinds")]
    writing = proposed("run_sql", IN_KERNEL, sql="drop table df", into="x")
    assert writing.effects.unclear


def test_a_cell_s_change_is_shown_beside_what_it_has_now() -> None:
    """No kernel stands in it, and the text that comes is what hidden characters are looked for in."""
    made = proposed("replace_cell", IN_CELL, cell_id="c1", source="x = '\u200b'")
    assert made.view.model_dump(exclude_none=True) == {
        "kind": "replace_cell",
        "notebook": "a.ipynb",
        "cell_id": "c1",
        "cell_type": "code",
        "source": "x = '\u200b'",
        "before": "df = 1",
    }
    assert made.effects.hidden
    assert made.proposal.notebook == "a.ipynb"


def test_a_cell_that_runs_is_judged_by_its_code() -> None:
    """As code is, and shown as code."""
    place = Place("a.ipynb", KERNEL, Cell("c1", "code", "df = 1\nimport subprocess\nsubprocess.run(['ls'])"))
    made = proposed("run_cell", place, cell_id="c1")
    assert place.cell is not None
    assert (made.view.code, made.view.source, made.view.before) == (place.cell.source, None, None)
    assert made.effects.names is not None
    assert ("df", "rebinds") in [(n.name, n.change) for n in made.effects.names]
    assert made.effects.shell


@pytest.mark.parametrize(("file", "told"), [(None, {"exists": False}), (OLD, {"exists": True, "size": 7})])
def test_a_file_is_shown_with_what_is_there(file: Entry | None, told: dict[str, Any]) -> None:
    """New, or over how many bytes; under the path where it really goes."""
    made = proposed("write_file", Place(path="a.md", file=file), path="./a.md", content="x\u202e")
    assert (made.view.path, made.view.content) == ("a.md", "x\u202e")
    (shown,) = made.effects.model_dump(exclude_none=True)["files"]
    assert shown == {"path": "a.md", "access": "write", **told}
    assert made.effects.hidden
    assert list(made.state.existing or ()) == (["a.md"] if file else [])


# -- what a decision is bound to ------------------------------------------------------------------------------------

BOUND: list[tuple[str, Any, dict[str, Any], Place, dict[str, Any]]] = [
    ("other code", "run_code", {"code": "x = 1"}, IN_KERNEL, {"code": "x = 2"}),
    ("another kernel's life", "run_code", {"code": "x"}, Place("a", Aim(*("a", "k1", "g2", "", "idle", "", None))), {}),
    ("another cell", "replace_cell", {"cell_id": "c1", "source": "x"}, IN_CELL, {"cell_id": "c2"}),
    ("another text", "replace_cell", {"cell_id": "c1", "source": "x"}, IN_CELL, {"source": "y"}),
    ("a cell edited since", "replace_cell", {"cell_id": "c1", "source": "x"}, Place("a.ipynb", cell=Cell("c1", "code", "mine")), {}),
    ("another notebook", "insert_cell", {"source": "x"}, Place("b.ipynb"), {}),
    ("other code in a cell", "run_cell", {"cell_id": "c1"}, Place("a.ipynb", KERNEL, Cell("c1", "code", "rm()")), {}),
    ("another content", "write_file", {"path": "a.md", "content": "x"}, Place(path="a.md"), {"content": "y"}),
    ("a file that has come", "write_file", {"path": "a.md", "content": "x"}, Place(path="a.md", file=OLD), {}),
]  # fmt: skip


FIRST = {
    "run_code": IN_KERNEL,
    "replace_cell": IN_CELL,
    "insert_cell": Place("a.ipynb"),
    "run_cell": Place("a.ipynb", KERNEL, CELL),
    "write_file": Place(path="a.md"),
}


@pytest.mark.parametrize(("what", "kind", "args", "place", "change"), BOUND, ids=[b[0] for b in BOUND])
def test_a_decision_is_bound_to_all_that_was_shown(
    what: str, kind: Any, args: dict[str, Any], place: Place, change: dict[str, Any]
) -> None:
    """Anything else than what was seen is another action; the same again is the same."""
    first = FIRST[kind]
    digest = proposed(kind, first, **args).proposal.digest
    assert proposed(kind, first, **args).proposal.digest == digest
    assert proposed(kind, place, **{**args, **change}).proposal.digest != digest, what


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("run_code", "code"),
        ("run_sql", "sql"),
        ("insert_cell", "source"),
        ("replace_cell", "source"),
        ("write_file", "content"),
    ],
)
def test_what_a_person_edits_takes_the_place_of_the_agent_s_text(kind: Any, field: str) -> None:
    """And of nothing else."""
    action = Action("a1", kind, "coder", "c1", {field: "agent's", "cell_id": "c1", "path": "a"})
    assert edited(action, kind, "person's") == {field: "person's", "cell_id": "c1", "path": "a"}
