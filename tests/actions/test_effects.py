"""What code would do, told without running it."""

from __future__ import annotations

import ast
import contextlib
import io
import textwrap
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_aichat.actions.effects import CodeEffects, FileUse, code_effects
from tests.actions.snippets import CASES, EVASIONS, HARMLESS, Case

WRAPPED = {
    "a function": "def outer():\n{}",
    "a method": "class Thing:\n    def work(self):\n{}",
    "a coroutine": "async def outer():\n{}",
    "a branch": "if 0:\n{}",
    "a loop": "while 0:\n{}",
    "an else": "for i in []: pass\nelse:\n{}",
    "a handler": "try: pass\nexcept Exception:\n{}",
    "a finally": "try: pass\nfinally:\n{}",
    "a match": "match 1:\n    case 1:\n{}",
    "a class": "class Body:\n{}",
}
ITS_OWN = {
    # in a block of its own the name is no longer the kernel's, or no longer Python's
    "def len(x): x.clear()",
    "print = df.drop",
    "df += 1",
    "del df",
    "global df\ndf = 1",
    "if 0:\n    x = []\nx.append(1)",
    "from os import *",  # only a module may
}


def clean(effects: CodeEffects) -> bool:
    """Whether code looks as if it only gave values to new names."""
    found = (
        effects.mutated,
        effects.deleted,
        effects.writes,
        effects.network,
        effects.shell,
        effects.unclear,
    )
    return not any(found) and "df" not in effects.assigned


@pytest.mark.parametrize(("code", "names"), HARMLESS)
def test_an_analysts_ordinary_code_only_gives_names_a_value(code: str, names: str) -> None:
    """Nothing in it is unclear, and nothing of the user's is changed."""
    effects = code_effects(code)
    assert effects.assigned == set(names.split())
    assert not effects.unclear
    assert not effects.mutated - effects.assigned
    assert not [*effects.deleted, *effects.writes, *effects.network, *effects.shell]


@pytest.mark.parametrize("code", EVASIONS)
def test_no_evasion_looks_harmless(code: str) -> None:
    """Whatever way a model writes it, something is named or unclear."""
    assert not clean(code_effects(code))


@pytest.mark.parametrize("place", WRAPPED)
def test_no_place_hides_an_effect(place: str) -> None:
    """An effect counts wherever it stands, even where it may never run."""
    for code in EVASIONS:
        try:
            statements = ast.unparse(ast.parse(code))
        except (SyntaxError, ValueError):
            continue
        if code in ITS_OWN and place in {"a function", "a method", "a coroutine", "a class"}:
            continue
        whole = WRAPPED[place].replace("{}", textwrap.indent(statements, " " * 8))
        assert not clean(code_effects(whole)), whole


@pytest.mark.parametrize("row", CASES, ids=lambda row: row.code[:40])
def test_the_effects_are_told_exactly(row: Case) -> None:
    """Names, files, network and shell as a person would list them, and nothing else."""
    effects = code_effects(row.code)
    expected = row.expected
    for field in ("assigned", "deleted", "mutated"):
        assert getattr(effects, field) == set(expected.get(field, "").split()), field
    if "read" in expected:
        assert effects.read == set(expected["read"].split())
    assert effects.files == tuple(FileUse(*use) for use in expected.get("files", []))
    assert list(effects.network) == expected.get("network", [])
    assert list(effects.shell) == expected.get("commands", [])
    assert expected.get("unclear", "") in " ".join(effects.unclear)
    assert bool(effects.unclear) == bool(expected.get("unclear"))


def test_the_table_is_large_enough() -> None:
    """At least 120 snippets stand for what agents write."""
    assert len(HARMLESS) + len(EVASIONS) + len(CASES) >= 120


def test_a_name_of_the_kernel_is_what_inspection_found() -> None:
    """A module under an unusual name is known by what it is; a usual name that holds no module is not taken for one."""
    assert code_effects("s.copy('a', 'b')", modules={"s": "shutil"}).writes == (FileUse("b", "write"),)
    assert code_effects("np.mean([1])").unclear == ()
    assert code_effects("np.frobnicate([1])", modules={}).unclear
    assert code_effects("p.mean([1])", modules={"p": "numpy"}).unclear == ()


def test_imports_are_listed_and_the_unusual_ones_apart() -> None:
    """A person sees which modules are no ordinary ones."""
    effects = code_effects("import pandas, math\nimport evil\nfrom evil.twin import x")
    assert effects.imports == ("evil", "evil.twin", "math", "pandas")
    assert effects.other_imports == ("evil", "evil.twin")


@pytest.mark.parametrize(
    "code", ["x" * 300_000, "(" * 5000, "-" * 20_000 + "1", "a\ud800", "x = " + "+".join(["a"] * 20_000)]
)
def test_what_can_not_be_read_is_unclear(code: str) -> None:
    """Long, deep and broken text ends in a reason, never in an exception."""
    assert code_effects(code).unclear


# ------------------------------------------------------------------------------ compared with what really happens

NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
EXPRESSIONS = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["1", "[1, 2, 3]", "'text'", "{'k': 1}", "given", "len(given)"]),
        st.builds("({} := {})".format, NAMES, st.sampled_from(["1", "given"])),
        st.builds("[({} := x) for x in given]".format, NAMES),
        st.builds("[{0} for {0} in given]".format, NAMES),
        st.builds("(lambda {0}: {0})(1)".format, NAMES),
        st.builds("{{k: ({} := v) for k, v in [(1, 2)]}}".format, NAMES),
        st.builds("next(iter([({} := 1) for _ in [0]]))".format, NAMES),
    )
)
SIMPLE = st.one_of(
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{} = {} = {}".format, NAMES, NAMES, EXPRESSIONS),
    st.builds("{}, *{} = given".format, NAMES, NAMES),
    st.builds("({}, [{}, {}]) = 1, [2, 3]".format, NAMES, NAMES, NAMES),
    st.builds("{}: int = {}".format, NAMES, EXPRESSIONS),
    st.builds("{}: int".format, NAMES),
    st.builds("import {} as {}".format, st.sampled_from(["math", "json", "os.path"]), NAMES),
    st.builds("from math import pi as {}".format, NAMES),
    st.sampled_from(["import math", "import os.path", "from math import pi, e"]),
    EXPRESSIONS,
    st.builds("{0} = 1\ndel {0}".format, NAMES),
    st.builds("{0} = 1\n{0} += 1".format, NAMES),
)


def _indent(text: str) -> str:
    return textwrap.indent(text, " " * 4)


STATEMENTS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(lambda n, s: f"for {n} in given:\n{_indent(s)}", NAMES, inner),
        st.builds(lambda n, s: f"def {n}():\n{_indent(s)}\n{n}()", NAMES, inner),
        st.builds(
            lambda n, g, s: f"def {n}():\n    global {g}\n{_indent(s)}\n    {g} = 1\n{n}()",
            NAMES,
            NAMES,
            inner,
        ),
        st.builds(lambda n, s: f"class {n}:\n{_indent(s)}", NAMES, inner),
        st.builds(
            lambda n, s: f"try:\n    1 / 0\nexcept ZeroDivisionError as {n}:\n{_indent(s)}", NAMES, inner
        ),
        st.builds(lambda n, s: f"with suppress(Exception) as {n}:\n{_indent(s)}", NAMES, inner),
        st.builds(
            lambda n, m, s: f"match [1, 2]:\n    case [{n}, *{m}]:\n{_indent(_indent(s))}",
            NAMES,
            NAMES,
            inner,
        ),
        st.builds(lambda s: f"if given:\n{_indent(s)}\nelse:\n    pass", inner),
        st.builds(lambda s, t: f"{s}\n{t}", inner, inner),
    ),
    max_leaves=6,
)


@given(STATEMENTS)
@example("def a():\n    global b\n    b = 1\na()")
@example("[(a := x) for x in given]")
@example("import os.path")
@settings(max_examples=400, deadline=None)
def test_no_name_that_python_really_binds_is_missed(code: str) -> None:
    """Whatever the generated code binds or removes when it runs, reading it had said so."""
    before: dict[str, Any] = {
        "given": [1, 2, 3],
        "suppress": contextlib.suppress,
        **dict.fromkeys("abcde", "old"),
    }
    space = dict(before)
    try:
        compiled = compile(code, "cell", "exec")
    except SyntaxError:
        return  # such as a name that is global and local
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
        exec(compiled, space)  # noqa: S102  # made above out of harmless parts
    effects = code_effects(code)
    bound = {
        n
        for n, value in space.items()
        if not n.startswith("__") and (n not in before or before[n] is not value)
    }
    gone = set(before) - set(space)
    assert bound <= effects.assigned
    assert gone <= effects.deleted


MOVES = st.sampled_from(
    [
        "<y> = <x>",
        "<y> = <x>[0] if 0 else <x>",
        "<y> = [<x>]\n<y> = <y>[0]",
        "<y>, z = <x>, 1",
        "for <y> in [<x>]: pass",
        "<y> = (lambda v: v)(<x>)",
        "def give(v):\n    return v\n<y> = give(<x>)",
        "<y> = {'k': <x>}['k']",
        "<y> = (w := <x>)",
        "<y> = next(iter([<x>]))",
        "box = []\nbox.append(<x>)\n<y> = box[0]",
        "<y> = [v for v in [<x>]][0]",
        "<y> = <x> or 1",
        "match <x>:\n    case <y>: pass",
        "<y> = max([<x>], key=len)",
        "<y> = list(zip([<x>], [1]))[0][0]",
        "<y> = {**{'k': <x>}}['k']",
        "<y>, *_ = [<x>]",
        "<y> = getattr(<x>, 'nothing', <x>)",
        "def hold(v=<x>):\n    return v\n<y> = hold()",
        "with suppress(Exception):\n    <y> = <x>",
        "try:\n    <y> = <x>\n    1 / 0\n    <y> = []\nexcept ZeroDivisionError:\n    pass",
        "for _ in [1]:\n    <y> = <x>\n    break\n    <y> = []",
        "import copy\n<y> = copy.copy([<x>])[0]",
        "<y> = sorted([<x>])[0]",
        "<y> = list({'k': <x>}.items())[0][1]",
        "<y> = dict(k=<x>)['k']",
        "def make():\n    inner = <x>\n    return [inner]\n<y> = make()[0]",
        "<y> = (lambda: <x>)()",
        "class Box: pass\nBox.held = <x>\n<y> = Box.held",
        "<y> = list(map(lambda v: v, [<x>]))[0]",
        "<y> = (v for v in [<x>]).__next__()",
        "def gen():\n    yield <x>\n<y> = next(gen())",
        "<y> = [<x>, *[<x>]][-1]",
        "<y> = (<x>, 1)[0]",
        "from itertools import chain\n<y> = list(chain([[<x>]]))[0][0]",
        "from functools import partial\n<y> = partial(max, [<x>], key=len)()",
        "if True:\n    <y> = <x>\nelse:\n    <y> = []",
        "<y> = []\n<y> = <x>",
        "<y> = [[], <x>][1]",
        "<y> = [n for n in (<x>,)].pop()",
    ]
)
CHANGES = st.sampled_from(
    [
        "<x>.append(9)",
        "<x>[0] = 9",
        "<x> += [9]",
        "del <x>[0]",
        "<x>.clear()",
        "<x>[:] = []",
        "(lambda q: q.append(9))(<x>)",
        "<x>.sort(reverse=True)",
        "for i in [0]: <x>[i] = 9",
        "[<x>.append(i) for i in [9]]",
        "def hit(q):\n    q.append(9)\nhit(<x>)",
        "def hit():\n    <x>.append(9)\nhit()",
        "list(map(<x>.append, [9]))",
        "import random\nrandom.shuffle(<x>)\n<x>.append(1)",
    ]
)


@given(st.lists(MOVES, min_size=1, max_size=3), CHANGES)
@settings(max_examples=500, deadline=None)
def test_no_change_of_the_users_object_is_missed(moves: list[str], change: str) -> None:
    """However often the object gets another name: when it really changed, it was said, or said to be unclear."""
    steps = [*moves, change]
    code = "\n".join(step.replace("<x>", f"x{n}").replace("<y>", f"x{n + 1}") for n, step in enumerate(steps))
    mine = [1, 2, 3]
    with contextlib.suppress(Exception):
        exec(code, {"x0": mine, "suppress": contextlib.suppress})  # noqa: S102  # made above out of harmless parts
    effects = code_effects(code)
    if mine != [1, 2, 3]:
        assert "x0" in effects.mutated or effects.unclear, code


def test_a_long_cell_is_read_in_a_moment() -> None:
    """Two thousand lines take seconds, not minutes."""
    code = "\n".join(f"v{n} = df.groupby('a')['c{n}'].sum() + {n}\nprint(v{n})" for n in range(1000))
    assert code_effects(code).unclear == ()
