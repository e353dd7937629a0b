"""Policy: whether an action needs a person, and what a person's decision covers. Pure functions.

`share_files` is asked once per thread and host: a decision of scope `thread` covers every file that agents read in that
thread for that host, `run` those of the run, `once` only the files that the request named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from jupyter_aichat.actions.action import Action

__all__ = ["Grant", "Scope", "digest", "permitted"]

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
