"""From an action and the kernel it is for to what policy judges and what a person is shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jupyter_aichat.actions.effects import CodeEffects, code_effects
from jupyter_aichat.actions.hidden import hidden
from jupyter_aichat.actions.policy import ActKind, Proposal, State
from jupyter_aichat.actions.sql import SqlCheck, read_only_select
from jupyter_aichat.kernels.describe import Language, phrase
from jupyter_aichat.protocol.events import ActionView, Effects, FileEffect, HiddenCharacter, NameEffect
from jupyter_aichat.runs.decisions import EDITED

if TYPE_CHECKING:
    from jupyter_aichat.actions.action import Action
    from jupyter_aichat.runs.kernel_desk import Aim

__all__ = ["Proposed", "edited", "propose"]

_FRAMES: Final = frozenset({"frame", "polars", "lazy", "relation"})
_VIEWED: Final = frozenset(ActionView.model_fields) - {
    "kind",
    "kernel_id",
    "kernel",
    "kernel_state",
    "language",
    "notebook",
}


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
    aim: Aim,
    own: frozenset[str],
    *,
    thread_id: str,
    run_id: str,
    language: Language,
) -> Proposed:
    """What an action would do in this kernel. `own` are the names that this run has made."""
    args = dict(action.args)
    content: str | Mapping[str, Any] = args["code"] if kind == "run_code" else args
    judged: CodeEffects | SqlCheck | None = None
    if kind == "run_code":
        judged = code_effects(args["code"])
    elif kind == "run_sql":
        judged = read_only_select(args["sql"])
    existing = frozenset(aim.variables) if aim.variables is not None else None
    frames = [n for n, v in (aim.variables or {}).items() if v.get("kind") in _FRAMES]
    proposal = Proposal(kind, content, thread_id, run_id, aim.kernel_id, aim.generation)
    view = ActionView.model_validate(
        {
            **{name: value for name, value in args.items() if name in _VIEWED},
            "kind": kind,
            "kernel_id": aim.kernel_id,
            "kernel": aim.name,
            "kernel_state": aim.state,
            "language": aim.language,
            "notebook": aim.notebook,
        }
    )
    effects = _effects(judged, aim, str(args.get(EDITED.get(kind, ""), "")), language)
    if action.tells:
        effects = effects.model_copy(update={"tells": action.tells})
    if kind == "run_sql" and args.get("into"):
        named = NameEffect(name=args["into"], **_before(args["into"], aim, language))
        effects = effects.model_copy(update={"names": [named]})
    return Proposed(proposal, judged, State(existing, own, frames), view, effects)


def edited(action: Action, kind: ActKind, text: str) -> dict[str, Any]:
    """The action's arguments with the text that the person approved in place of the agent's."""
    return {**action.args, EDITED[kind]: text}


def _effects(judged: CodeEffects | SqlCheck | None, aim: Aim, shown: str, language: Language) -> Effects:
    found = [HiddenCharacter(line=h.line, column=h.column, code=h.code, name=h.name) for h in hidden(shown)]
    if isinstance(judged, SqlCheck):
        files = [FileEffect(path=path or "?", access="read") for path in judged.files]
        return Effects(
            files=files or None,
            network=list(judged.network) or None,
            unclear=None if judged.ok else [judged.why_not],
            hidden=found or None,
        )
    if not isinstance(judged, CodeEffects):
        return Effects(hidden=found or None)
    names = [
        *(NameEffect(name=n, **_before(n, aim, language)) for n in sorted(judged.assigned)),
        *(_named(n, "mutates", aim, language) for n in sorted(judged.mutated - judged.assigned)),
        *(_named(n, "deletes", aim, language) for n in sorted(judged.deleted)),
    ]
    return Effects(
        names=names or None,
        files=[FileEffect(path=f.path or "?", access=f.access) for f in judged.files] or None,
        network=list(judged.network) or None,
        shell=list(judged.shell) or None,
        unclear=list(judged.unclear) or None,
        hidden=found or None,
    )


def _before(name: str, aim: Aim, language: Language) -> dict[str, Any]:
    """Whether a name is new, and if not, what it is now."""
    known = (aim.variables or {}).get(name)
    if known is None:
        return {"change": "creates"}
    return {"change": "rebinds", "before": phrase(known, language)}


def _named(name: str, change: str, aim: Aim, language: Language) -> NameEffect:
    known = (aim.variables or {}).get(name)
    before = {"before": phrase(known, language)} if known is not None else {}
    return NameEffect.model_validate({"name": name, "change": change, **before})
