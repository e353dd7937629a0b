import ast

import pytest

from jupyter_aichat.kernels.source import NAMES, text

FOREIGN = {"jupyter_aichat", "pandas", "polars", "numpy", "pyarrow", "duckdb", "sqlalchemy", "IPython"}


@pytest.mark.parametrize("name", NAMES)
def test_stands_alone(name: str) -> None:
    """A source imports nothing of ours, and no other library until it has been found to be there."""
    imported = {
        (node.module or "").partition(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(text(name)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert imported
    assert not imported & FOREIGN


@pytest.mark.parametrize("name", NAMES)
def test_keeps_to_the_syntax_of_older_pythons(name: str) -> None:
    """A source is valid Python 3.9, and defines `main`."""
    tree = ast.parse(text(name), feature_version=(3, 9))
    assert "main" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMES)
def test_defines_each_name_once(name: str) -> None:
    """The parts that are joined into a source do not overwrite one another's functions."""
    names = [
        node.name for node in ast.parse(text(name)).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    ]
    assert sorted(names) == sorted(set(names))


def test_refuses_what_is_no_source() -> None:
    """Another name is refused with the names there are."""
    with pytest.raises(ValueError, match="inspect_variables, snapshot, sql"):
        text("_types")
