"""What a piece of code would do, told by reading it. Nothing is run, imported or looked up. Pure functions.

The rule: **whatever is not known to be harmless is `unclear`.** Known are the functions and methods in
`jupyter_aichat.actions.code.known`; all else (a function of the kernel whose code is not here, a method that no table
has, code that makes code, a name that gets another meaning) has a reason in words, and a person decides. A table tells
by name, so an object of the user's own class is taken for what its methods' names say.

What counts as a change of a user's object: storing into it or into what it holds, a method that is known to change
(`append`, `update`, …), `inplace=` or `out=`, handing it to code that can't be seen. A new name for the same object does
not hide that. Not seen: that a loop uses up a generator, how long the code runs, how much memory it takes.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_aichat.actions.code.ipython import plain
from jupyter_aichat.actions.code.known import HARMLESS_IMPORTS
from jupyter_aichat.actions.code.notes import FileUse, Notes
from jupyter_aichat.actions.code.tracer import trace
from jupyter_aichat.actions.doubts import Doubt

__all__ = ["CodeEffects", "FileUse", "code_effects"]

_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class CodeEffects:
    """What code would do. Names are the kernel's (the module's), not those of functions.

    `assigned`: names it gives a value, in any way, perhaps only under a condition. `deleted`: names it removes.
    `read`: names it looks up in the kernel. `mutated`: names of the kernel whose object it changes. `imports`: modules.
    `network`: addresses, or modules that reach the network. `shell`: commands, or what starts them. `unclear`: in words,
    why it can't be told what it does; empty means that everything is known.
    """

    assigned: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    mutated: frozenset[str] = frozenset()
    imports: tuple[str, ...] = ()
    files: tuple[FileUse, ...] = ()
    network: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()
    unclear: tuple[Doubt, ...] = ()

    @property
    def writes(self) -> tuple[FileUse, ...]:
        """Files that it writes, or may write."""
        return tuple(use for use in self.files if use.access != "read")

    @property
    def other_imports(self) -> tuple[str, ...]:
        """Modules that are not on the list of those whose import alone does nothing."""
        return tuple(name for name in self.imports if name.split(".")[0] not in HARMLESS_IMPORTS)


def code_effects(code: str, *, modules: Mapping[str, str] | None = None) -> CodeEffects:
    """Read code of an IPython cell.

    `modules` says what names of the kernel hold modules or functions of modules, by dotted name, as inspection has found
    them (`{"pd": "pandas"}`); a name that is not in it is then no module. None: the usual names are taken for the usual
    modules, which is right as long as the code before was read with the same care.
    """
    if len(code) > _LONGEST:
        return CodeEffects(unclear=(Doubt("is longer than {most} characters", most=_LONGEST),))
    cell = plain(code)
    notes = Notes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in the agent's strings
            tree = ast.parse(cell.code)
        notes = trace(tree, modules)
    except SyntaxError as error:
        notes.doubt(
            "is no Python that can be read here (line {line}: {why})", line=error.lineno or 1, why=error.msg
        )
    except (ValueError, RecursionError, MemoryError):
        notes.doubt("can't be read: it is nested too deeply, or has characters that are no text")
    for path in cell.read:
        notes.file(path, "read")
    for path in cell.written:
        notes.file(path, "write")
    return CodeEffects(
        assigned=frozenset(notes.assigned | cell.assigned),
        deleted=frozenset(notes.deleted),
        read=frozenset(notes.read),
        mutated=frozenset(notes.mutated),
        imports=tuple(sorted(notes.imports)),
        files=tuple(notes.files),
        network=tuple(notes.network),
        shell=tuple(dict.fromkeys([*cell.shell, *notes.shell])),
        unclear=tuple(dict.fromkeys([*cell.unclear, *notes.unclear])),
    )
