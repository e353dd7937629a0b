"""IPython's syntax, told by hand."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_aichat.actions.code.ipython import plain
from jupyter_aichat.actions.effects import code_effects


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("x = 1", "x = 1"),
        ("x = '''\n!ls\n%cd\n'''", "x = '''\n!ls\n%cd\n'''"),
        ("a = (b\n  % c)", "a = (b\n  % c)"),
        ("df?", "pass"),
        ("?df.head", "pass"),
        ("%time y = f(1)", "y = f(1)"),
        ("%timeit -n 10 -r 3 f(1)", "f(1)"),
        ("%%time\nx = 1", "\nx = 1"),
        ("if a:\n    !ls\nelse:\n    x = 1", "if a:\n    pass\nelse:\n    x = 1"),
        ("x = !ls", "x = None"),
        ("s = '''\n!a\n'''\n!b", "s = '''\n!a\n'''\npass"),
        ("x = [\n1,\n]\n%who", "x = [\n1,\n]\npass"),
        ("!echo \"it's (\nx = 1", "pass\nx = 1"),
    ],
)
def test_a_cell_becomes_python(cell: str, python: str) -> None:
    """Commands and magics leave, what is in strings and brackets stays."""
    assert plain(cell).code == python


@pytest.mark.parametrize(
    ("cell", "shell"),
    [
        ("!ls 'a' (", ["ls 'a' ("]),
        ("!!ls", ["ls"]),
        ("  !ls", ["ls"]),
        ("x, y = !ls", ["ls"]),
        ("%%sh\nls", ["%%sh"]),
        ("%system ls", ["%system ls"]),
        ("%conda install x", ["%conda install x"]),
        ("x = %sx ls", ["%sx ls"]),
        ("x = 1 \\\n+ 1\n!ls", ["ls"]),
        ("%%time\n!ls", ["ls"]),
        ("%%capture\n%%bash\nls", ["%%bash"]),
    ],
)
def test_every_command_is_noted(cell: str, shell: list[str]) -> None:
    """Wherever a line of it begins."""
    assert plain(cell).shell == shell


LINES = st.sampled_from(
    [
        "!ls",
        "%pip list",
        "x = !ls",
        "x = 1",
        "y = '''",
        "'''",
        "(",
        ")",
        "[1,",
        "2]",
        "a \\",
        "    !ls",
        "if 1:",
        "    x = 2",
        "# !ls",
        's = "!ls"',
        "%%bash",
        "df?",
        '"\'"',
        "f'{1}'",
        "",
    ]
)


@given(st.lists(LINES, max_size=7))
def test_no_command_that_ipython_would_run_is_missed(lines: list[str]) -> None:
    """Compared with IPython's own reading of the cell: what becomes a call to it is a command or unclear here."""
    cell = "\n".join(lines)
    real = TransformerManager().transform_cell(cell)  # type: ignore[no-untyped-call]  # IPython has types only in part
    try:
        tree = ast.parse(real)
    except SyntaxError:
        return
    runs = any(isinstance(n, ast.Call) and "get_ipython" in ast.unparse(n.func) for n in ast.walk(tree))
    helps = "pinfo" in real
    effects = code_effects(cell)
    if runs and not helps:
        assert effects.shell or effects.unclear
    if not runs and not effects.unclear:
        assert ast.dump(ast.parse(plain(cell).code)) == ast.dump(tree)
