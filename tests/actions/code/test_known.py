"""The tables of what is harmless."""

from __future__ import annotations

import builtins
import importlib
import inspect
import sys

import pytest

from jupyter_aichat.actions.code import known, reach

STANDARD = sorted(
    {name.split(".")[0] for name in known.PURE if name.split(".")[0] in sys.stdlib_module_names}
    - {"builtins"}
)


def test_no_name_is_both_harmless_and_not() -> None:
    """A function has one place; a method that changes or writes is in no table of harmless ones."""
    functions = [known.PURE, known.PLOTS, known.CONSTANTS]
    outside = set(reach.FILE_FUNCTIONS) | set(reach.REASONS)
    for table in functions:
        assert not table & outside
        assert not {name for name in table if reach.network(name) or reach.shell(name)}
    harmless = known.NEW_METHODS | known.VIEW_METHODS | known.SCALAR_METHODS
    assert not harmless & known.MUTATING_METHODS
    assert not harmless & set(reach.FILE_METHODS)
    assert known.VIEWS <= known.PURE
    assert known.CONTEXTS <= known.PURE | known.PLOTS
    assert known.DECORATORS <= known.PURE


@pytest.mark.parametrize("module", STANDARD)
def test_no_harmless_name_of_the_standard_library_is_a_module(module: str) -> None:
    """Through a module in a module everything could be reached. Most of the names exist, so that none is misspelt."""
    loaded = importlib.import_module(module)
    missing: list[str] = []
    for path in sorted(name for name in known.PURE if name.split(".")[0] == module):
        found: object = loaded
        for part in path.split(".")[1:]:
            found = getattr(found, part, None)
        assert not inspect.ismodule(found)
        missing += [path] if found is None else []
    assert (
        len(missing) <= 12 if module == "datetime" else len(missing) <= 1
    )  # newer than this Python; `datetime` has both forms


def test_what_runs_text_as_code_is_not_harmless() -> None:
    """Of Python's own functions, those that reach anything."""
    for name in (
        "exec",
        "eval",
        "compile",
        "open",
        "input",
        "__import__",
        "globals",
        "locals",
        "vars",
        "setattr",
        "delattr",
    ):
        assert hasattr(builtins, name)
        assert not known.harmless(f"builtins.{name}")
