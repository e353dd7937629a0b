"""Policy: whether an action needs a person, and what a person's decision covers. Pure functions.

`share_files` is asked once per thread and host: a decision of scope `thread` covers every file that agents read in that
thread for that host, `run` those of the run, `once` only the files that the request named.

What acts is judged by `verdict`. A decision of scope `run` or `thread` is for one kind, one kernel and one life of that
kernel (its generation), or for one notebook. For code it covers only what gives values to new names: to give a new
value to the user's names, to delete or change their objects, to write files, to reach network or shell, or to do what
can't be told, asks again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from jupyter_aichat.actions.action import Action
from jupyter_aichat.actions.digest import digest_of
from jupyter_aichat.actions.effects import CodeEffects
from jupyter_aichat.actions.protected import protected_read, protected_write
from jupyter_aichat.actions.sql import SqlCheck

__all__ = [
    "ActGrant",
    "ActKind",
    "Grant",
    "Lock",
    "Mode",
    "Policy",
    "Proposal",
    "Scope",
    "State",
    "Verdict",
    "beyond",
    "digest",
    "permitted",
    "verdict",
]

Scope = Literal["once", "run", "thread", "always"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A decision that a person took earlier: the contents of `files` may go to `host`."""

    host: str
    files: Collection[str]
    scope: Scope
    run_id: str


def permitted(action: Action, grants: Sequence[Grant], *, run_id: str) -> bool:
    """Whether earlier decisions cover the action, so that nobody is asked again."""
    wanted = set(action.args["files"])
    for grant in grants:
        if grant.host != action.args["host"]:
            continue
        if grant.scope == "thread" or (grant.scope == "run" and grant.run_id == run_id):
            return True
        if grant.scope == "once" and grant.run_id == run_id:
            wanted -= set(grant.files)
    return not wanted


def digest(action: Action) -> str:
    """SHA-256 (hex) of what a decision is bound to: kind and arguments, in one canonical form."""
    canonical = orjson.dumps([action.kind, action.args], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()


# ----------------------------------------------------------------------------------------------------- consent to act

ActKind = Literal[
    "inspect_variables", "run_code", "run_sql", "insert_cell", "replace_cell", "run_cell", "write_file"
]
Mode = Literal["ask", "auto", "deny"]

_DEFAULTS: dict[ActKind, Mode] = {
    "inspect_variables": "auto",
    "run_code": "ask",
    "run_sql": "auto",
    "insert_cell": "ask",
    "replace_cell": "ask",
    "run_cell": "ask",
    "write_file": "ask",
}


@dataclass(frozen=True, slots=True)
class Lock:
    """An administrator's word on a kind; no setting of a user and no decision overrides it. `reason` is shown."""

    mode: Mode
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Per kind: whether it is done, asked or refused. `auto` never goes further than a decision for a thread does.

    `settings`: paths of our own settings, which no agent writes. It comes from the user's settings and the server's
    configuration; nothing that an agent says can make one.
    """

    modes: Mapping[ActKind, Mode] = field(default_factory=dict)
    locks: Mapping[ActKind, Lock] = field(default_factory=dict)
    settings: Collection[str] = ()

    def mode(self, kind: ActKind) -> Mode:
        """The mode in force."""
        lock = self.locks.get(kind)
        return lock.mode if lock is not None else self.modes.get(kind, _DEFAULTS[kind])


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an agent wants to do, and where. `content`: the code, or the arguments. `generation`: of the kernel.

    `notebook`: the path of the one that is changed, where no kernel says where it is done.
    """

    kind: ActKind
    content: str | Mapping[str, Any]
    thread_id: str
    run_id: str
    kernel_id: str | None = None
    generation: str | None = None
    notebook: str | None = None

    @property
    def digest(self) -> str:
        """What a decision on it is bound to."""
        return digest_of(self.kind, self.content, kernel_id=self.kernel_id, generation=self.generation)


@dataclass(frozen=True, slots=True)
class ActGrant:
    """A decision that a person took on a proposal. `digest` is what they saw; `once` covers only that."""

    scope: Literal["once", "run", "thread"]
    kind: ActKind
    digest: str
    thread_id: str
    run_id: str
    kernel_id: str | None = None
    generation: str | None = None
    notebook: str | None = None

    def reaches(self, proposal: Proposal) -> bool:
        """Whether the decision is about this kind, thread, kernel and life of the kernel, and its scope fits."""
        mine = (self.kind, self.thread_id, self.kernel_id, self.generation, self.notebook)
        theirs = (proposal.kind, proposal.thread_id, proposal.kernel_id, proposal.generation)
        if mine != (*theirs, proposal.notebook):
            return False
        if self.scope == "once":
            return self.run_id == proposal.run_id and self.digest == proposal.digest
        return self.scope == "thread" or self.run_id == proposal.run_id


@dataclass(frozen=True, slots=True)
class State:
    """What exists where it would be done: names of the kernel, ids of cells, or paths below the root.

    `existing` None: it is not known (the kernel is busy, say). `own`: those that this run's own earlier actions made.
    `dataframes`: names of the kernel that SQL may read.
    """

    existing: Collection[str] | None = None
    own: Collection[str] = ()
    dataframes: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` says in words why; it is for the person, and for the agent when refused."""

    decision: Literal["perform", "ask", "deny"]
    reason: str


def verdict(
    proposal: Proposal,
    effects: CodeEffects | SqlCheck | None,
    state: State,
    grants: Sequence[ActGrant],
    policy: Policy,
) -> Verdict:
    """What becomes of a proposal. `effects`: of the code (`run_code`, `run_cell`) or of the SQL; None: not read."""
    kind = proposal.kind
    mode = policy.mode(kind)
    if mode == "deny":
        lock = policy.locks.get(kind)
        return Verdict("deny", lock.reason if lock is not None else f"The settings do not allow {kind}.")
    doubts = beyond(proposal, effects, state, policy)
    protected = protected_write(_path(proposal), policy.settings) if kind == "write_file" else None
    if protected is not None and protected.refused:
        return Verdict("deny", f"No agent writes there: {protected.reason}.")
    if any(grant.scope == "once" and grant.reaches(proposal) for grant in grants):
        return Verdict("perform", "You approved exactly this.")
    if mode == "auto" and not doubts:
        return Verdict(
            "perform",
            "It only reads." if kind in {"inspect_variables", "run_sql"} else "The settings allow it.",
        )
    granted = next((g for g in grants if g.scope != "once" and g.reaches(proposal)), None)
    if granted is not None and not doubts:
        return Verdict("perform", f"You allowed {kind} for this {granted.scope}.")
    if doubts:
        return Verdict("ask", f"It {'; '.join(doubts)}.")
    return Verdict("ask", f"{kind} is asked before it is done.")


def beyond(
    proposal: Proposal, effects: CodeEffects | SqlCheck | None, state: State, policy: Policy
) -> list[str]:
    """In words, what of a proposal goes further than a decision for a run or a thread can cover."""
    kind = proposal.kind
    if kind in {"inspect_variables", "insert_cell"}:
        return []
    if kind in {"run_code", "run_cell"}:
        return (
            _code_beyond(effects, state, policy)
            if isinstance(effects, CodeEffects)
            else ["has not been read"]
        )
    if kind == "run_sql":
        return (
            _sql_beyond(proposal, effects, state) if isinstance(effects, SqlCheck) else ["has not been read"]
        )
    if kind == "replace_cell":
        cell = proposal.content.get("cell_id") if isinstance(proposal.content, Mapping) else None
        return (
            [] if cell is not None and cell in state.own else ["replaces a cell that this run did not write"]
        )
    path = _path(proposal)
    if why := protected_write(path, policy.settings):
        return [f"writes where it is always asked: {why.reason}"]
    if state.existing is None or (path in state.existing and path not in state.own):
        return [f"writes over {path}" if state.existing is not None else "may write over a file"]
    return []


def _code_beyond(effects: CodeEffects, state: State, policy: Policy) -> list[str]:
    doubts = []
    existing = state.existing
    if existing is None:
        if effects.assigned | effects.deleted | effects.mutated:
            doubts.append("gives names a value, and it can't be told which names exist")
        existing = ()
    user = set(existing) - set(state.own)
    for words, names in (
        ("gives a new value to", effects.assigned & user),
        ("deletes", effects.deleted & user),
        (
            "changes",
            effects.mutated & set(existing),
        ),  # the run's own names too: they may be the user's object
    ):
        if names:
            doubts.append(f"{words} {', '.join(sorted(names))}")
    for use in effects.writes:
        words = "writes" if use.access == "write" else "may write"
        why = protected_write(use.path, policy.settings) if use.path is not None else None
        doubts.append(
            f"{words} {use.path or 'a file that can not be told'}" + (f" ({why.reason})" if why else "")
        )
    doubts += [f"reads {use.path}: {told}" for use in effects.files if (told := protected_read(use.path))]
    doubts += [f"reaches the network ({address})" for address in effects.network]
    doubts += [f"runs another program ({command})" for command in effects.shell]
    doubts += effects.unclear
    return list(dict.fromkeys(doubts))


def _sql_beyond(proposal: Proposal, check: SqlCheck, state: State) -> list[str]:
    if not check.ok:
        return [f"is not only a SELECT: {check.why_not.rstrip('.')}"]
    doubts = []
    into = proposal.content.get("into") if isinstance(proposal.content, Mapping) else None
    if into is not None and state.existing is None:
        doubts.append(f"gives {into} a value, and it can't be told which names exist")
    elif into in (state.existing or ()) and into not in state.own:
        doubts.append(f"gives a new value to {into}")
    known = {name.casefold() for name in state.dataframes}
    others = [name for name in check.tables if name.casefold() not in known]
    if others:
        doubts.append(f"reads {', '.join(others)}, which is no dataframe of the kernel")
    return doubts


def _path(proposal: Proposal) -> str | None:
    path = proposal.content.get("path") if isinstance(proposal.content, Mapping) else None
    return path if isinstance(path, str) else None
