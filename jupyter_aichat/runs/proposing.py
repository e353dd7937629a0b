"""From an action and its place to what policy judges and what a person is shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jupyter_aichat.actions.doubts import said
from jupyter_aichat.actions.effects import CodeEffects, code_effects
from jupyter_aichat.actions.hidden import hidden
from jupyter_aichat.actions.policy import ActKind, Proposal, State
from jupyter_aichat.actions.sql import SqlCheck, read_only_select
from jupyter_aichat.kernels.describe import Language, phrase
from jupyter_aichat.protocol.events import ActionView, Effects, FileEffect, HiddenCharacter, NameEffect
from jupyter_aichat.runs.decisions import EDITED

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action
    from jupyter_aichat.runs.kernel_desk import Variables
    from jupyter_aichat.runs.places import Place

__all__ = ["Proposed", "edited", "propose"]

_FRAMES: Final = frozenset({"frame", "polars", "lazy", "relation"})
_FROM_ARGS: Final = frozenset(
    {"names", "level", "code", "sql", "engine", "into", "source", "cell_id", "cell_type", "content"}
)
"""What of an action's arguments its view shows; the rest is what was found at its place."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An action as it stands before a decision."""

    proposal: Proposal
    judged: CodeEffects | SqlCheck | None
    state: State
    view: ActionView
    effects: Effects


def propose(
    action: Action,
    kind: ActKind,
    place: Place,
    own: frozenset[str],
    *,
    thread_id: str,
    run_id: str,
    language: Language,
) -> Proposed:
    """What an action would do at this place. `own` are the names that this run has made in the kernel."""
    args = dict(action.args)
    variables = place.aim.variables if place.aim is not None else None
    judged = _judged(kind, args, place)
    proposal = Proposal(
        kind,
        _content(kind, args, place),
        thread_id,
        run_id,
        place.kernel_id,
        place.generation,
        place.notebook if place.aim is None else None,
    )
    effects = _effects(kind, judged, args, place, language)
    if action.tells:
        effects = effects.model_copy(update={"tells": action.tells})
    return Proposed(proposal, judged, _state(kind, variables, place, own), _view(kind, args, place), effects)


def edited(action: Action, kind: ActKind, text: str) -> dict[str, Any]:
    """The action's arguments with the text that the person approved in place of the agent's."""
    return {**action.args, EDITED[kind]: text}


def _judged(kind: ActKind, args: Mapping[str, Any], place: Place) -> CodeEffects | SqlCheck | None:
    if kind == "run_code":
        return code_effects(args["code"])
    if kind == "run_cell" and place.cell is not None:
        return code_effects(place.cell.source)
    if kind == "run_sql":
        return read_only_select(args["sql"])
    return None


def _content(kind: ActKind, args: dict[str, Any], place: Place) -> str | dict[str, Any]:
    """What a decision is bound to: all that the person is shown of the action, what is there now included."""
    if kind == "run_code":
        code: str = args["code"]
        return code
    if kind == "write_file":
        there = place.file
        over = None if there is None else [there.size, there.last_modified]
        return {**args, "path": place.path, "over": over}
    found: dict[str, Any] = {} if kind in {"inspect_variables", "run_sql"} else {"notebook": place.notebook}
    if place.cell is not None:
        found["before"] = place.cell.source
    return {**args, **found}


def _state(kind: ActKind, variables: Variables | None, place: Place, own: frozenset[str]) -> State:
    if kind == "write_file":
        return State([place.path] if place.file is not None else [])
    if place.aim is None:
        return State()
    frames = [n for n, v in (variables or {}).items() if v.get("kind") in _FRAMES]
    return State(frozenset(variables) if variables is not None else None, own, frames)


def _view(kind: ActKind, args: Mapping[str, Any], place: Place) -> ActionView:
    shown: dict[str, Any] = {name: value for name, value in args.items() if name in _FROM_ARGS}
    aim, cell = place.aim, place.cell
    if aim is not None:
        shown |= {"kernel_id": aim.kernel_id, "kernel": aim.name, "kernel_state": aim.state}
        shown["language"] = aim.language
    if cell is not None and kind == "run_cell":
        shown["code"] = cell.source
    elif cell is not None:
        shown["before"] = cell.source
        shown["cell_type"] = "markdown" if cell.type == "markdown" else "code"
    if kind == "write_file":
        shown["path"] = place.path
    return ActionView.model_validate({**shown, "kind": kind, "notebook": place.notebook})


def _effects(
    kind: ActKind,
    judged: CodeEffects | SqlCheck | None,
    args: Mapping[str, Any],
    place: Place,
    language: Language,
) -> Effects:
    variables = place.aim.variables if place.aim is not None else None
    shown = (
        place.cell.source if kind == "run_cell" and place.cell else str(args.get(EDITED.get(kind, ""), ""))
    )
    unseen = [HiddenCharacter(line=h.line, column=h.column, code=h.code, name=h.name) for h in hidden(shown)]
    if kind == "write_file":
        size = place.file.size if place.file is not None else None
        file = FileEffect(path=place.path, access="write", exists=place.file is not None, size=size)
        return Effects(files=[file], hidden=unseen or None)
    if isinstance(judged, SqlCheck):
        into = args.get("into")
        return Effects(
            names=[NameEffect(name=into, **_before(into, variables, language))] if into else None,
            files=[FileEffect(path=path or "?", access="read") for path in judged.files] or None,
            network=list(judged.network) or None,
            unclear=None if judged.ok else [said(judged.why_not, language)],
            hidden=unseen or None,
        )
    if not isinstance(judged, CodeEffects):
        return Effects(hidden=unseen or None)
    names = [
        *(NameEffect(name=n, **_before(n, variables, language)) for n in sorted(judged.assigned)),
        *(_named(n, "mutates", variables, language) for n in sorted(judged.mutated - judged.assigned)),
        *(_named(n, "deletes", variables, language) for n in sorted(judged.deleted)),
    ]
    return Effects(
        names=names or None,
        files=[FileEffect(path=f.path or "?", access=f.access) for f in judged.files] or None,
        network=list(judged.network) or None,
        shell=list(judged.shell) or None,
        unclear=[said(doubt, language) for doubt in judged.unclear] or None,
        hidden=unseen or None,
    )


def _before(name: str, variables: Variables | None, language: Language) -> dict[str, Any]:
    """Whether a name is new, and if not, what it is now."""
    known = (variables or {}).get(name)
    if known is None:
        return {"change": "creates"}
    return {"change": "rebinds", "before": phrase(known, language)}


def _named(name: str, change: str, variables: Variables | None, language: Language) -> NameEffect:
    known = (variables or {}).get(name)
    before = {"before": phrase(known, language)} if known is not None else {}
    return NameEffect.model_validate({"name": name, "change": change, **before})
