"""What comes of the actions of one run: policy, then a person if need be, then done once.

The ledger is written before an action is performed and after. An action that was begun and has no result is never
performed again: what came of it is unknown, and that is what the agent and the person are told.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, get_args

import orjson

from jupyter_aichat.actions.action import Action, ActionResult
from jupyter_aichat.actions.policy import ActKind, Policy, verdict
from jupyter_aichat.agents.cutting import shortened
from jupyter_aichat.errors import KernelChanged, KernelError, ToolError
from jupyter_aichat.runs.acting import Hands
from jupyter_aichat.runs.approvals import Approvals, Question
from jupyter_aichat.runs.changes import RunChanges
from jupyter_aichat.runs.decisions import CHANGED, STALE, act_grants, result_of
from jupyter_aichat.runs.kernel_hands import KernelHands
from jupyter_aichat.runs.places import IN_KERNEL, Place, Places
from jupyter_aichat.runs.proposing import Proposed, edited, propose
from jupyter_aichat.runs.telling import Keep, Telling

if TYPE_CHECKING:
    from jupyter_aichat.agents.port import Workspace
    from jupyter_aichat.kernels.describe import Language
    from jupyter_aichat.protocol.events import EventData
    from jupyter_aichat.runs.kernel_desk import KernelDesk
    from jupyter_aichat.runs.notebook_desk import NotebookDesk
    from jupyter_aichat.runs.request import Request
    from jupyter_aichat.store import ApprovalRecord, Lease, RunRecord, Store, Transaction

__all__ = ["Actions"]

_UNKNOWN: Final[ActionResult] = {
    "status": "unknown",
    "reason": "The server stopped while it was at work, so what came of it is not known.",
}
_NO_CODE: Final[ActionResult] = {
    "status": "denied",
    "reason": "this person may not run code on this server",
}
_NO_FILES: Final[ActionResult] = {
    "status": "denied",
    "reason": "this person may not write files on this server",
}
_TOLD_BYTES: Final = 8_000
"""How much of an edited text the agent reads back."""


class Actions:
    """Of one run. `emit` and `keep` put what happens into the log at once; `approvals` asks people; `notebook` is done by windows.

    Without `desk` there are no kernels; files and notebooks are there all the same.
    """

    def __init__(
        self,
        store: Store,
        lease: Lease,
        record: RunRecord,
        request: Request,
        approvals: Approvals,
        desk: KernelDesk | None,
        workspace: Workspace,
        notebook: NotebookDesk,
        emit: Callable[[EventData], None],
        keep: Keep,
    ) -> None:
        self._store = store
        self._lease = lease
        self._record = record
        self._request = request
        self._approvals = approvals
        self._language: Language = "ko" if request.language.lower().startswith("ko") else "en"
        self.changes = RunChanges(self._language)
        telling = Telling(emit, keep, self._language, desk.redacted if desk is not None else str)
        kernel = KernelHands(desk, self.changes, telling) if desk is not None else None
        self._places = Places(desk, workspace, request.notebook)
        self._hands = Hands(kernel, notebook, workspace, telling)
        self._policy = Policy()
        self._performing = 0

    @property
    def busy(self) -> bool:
        """Whether a person is being waited for, or something is being performed: silence of the agents is no idleness then."""
        return self._approvals.pending or self._performing > 0

    async def carry_out(self, action: Action) -> ActionResult:
        """What comes of an action: by an earlier result, by an earlier decision, by policy, or by asking and waiting."""
        kind = next((k for k in get_args(ActKind) if k == action.kind), None)
        if kind is None:
            return await self._approvals.decide(action)
        if kind in IN_KERNEL and not self._request.kernels:
            return _NO_CODE
        if kind == "write_file" and not self._request.files:
            return _NO_FILES
        known = await self._store.read(
            lambda tx: tx.action(self._record.thread_id, self._record.id, action.id)
        )
        if known is not None:
            result: ActionResult = orjson.loads(known.result) if known.result else _UNKNOWN
            return result
        try:
            return await self._judge(action, kind)
        except KernelChanged:
            return {"status": "cancelled", "reason": STALE}
        except (KernelError, ToolError) as error:
            return {"status": "error", "output": str(error)}

    async def _judge(self, action: Action, kind: ActKind) -> ActionResult:
        decided = await self._approvals.decided(action)
        if decided is not None and decided.state == "pending":
            # asked before a restart: the question stays as it was, also where its kernel is gone
            decided = await self._approvals.wait(decided)
        if decided is not None and decided.state not in {"pending", "approved", "edited"}:
            return result_of(decided.state, decided.reason)
        place = await self._places.find(action, kind)
        proposed = propose(
            action,
            kind,
            place,
            self.changes.made,
            thread_id=self._record.thread_id,
            run_id=self._record.id,
            language=self._language,
        )
        if decided is not None:
            return await self._decided(action, kind, place, proposed, decided)
        earlier = await self._store.read(lambda tx: tx.approvals(self._record.thread_id))
        # what was allowed once was for the action that was asked about, not for another one with the same code
        grants = [grant for grant in act_grants(earlier) if grant.scope != "once"]
        judged = verdict(proposed.proposal, proposed.judged, proposed.state, grants, self._policy)
        if action.tells and kind == "inspect_variables" and action.args.get("level", "schema") != "schema":
            # what leaves this machine is asked: the schema goes, figures and rows do not go by themselves
            return await self._ask(action, kind, place, proposed)
        if judged.decision == "deny":
            return {"status": "denied", "reason": judged.reason}
        if judged.decision == "perform":
            return await self._perform(action, kind, place, dict(action.args))
        return await self._ask(action, kind, place, proposed)

    async def _ask(self, action: Action, kind: ActKind, place: Place, proposed: Proposed) -> ActionResult:
        question = Question(proposed.view, proposed.effects, proposed.proposal.digest, place.generation)
        decided = await self._approvals.ask(action, question)
        return await self._decided(action, kind, place, proposed, decided)

    async def _decided(
        self, action: Action, kind: ActKind, place: Place, proposed: Proposed, decided: ApprovalRecord
    ) -> ActionResult:
        if decided.state not in {"approved", "edited"}:
            return result_of(decided.state, decided.reason)
        if decided.generation != place.generation:
            return {"status": "cancelled", "reason": STALE}
        if decided.digest != proposed.proposal.digest:
            return {"status": "cancelled", "reason": CHANGED}
        args = edited(action, kind, decided.edited) if decided.edited is not None else dict(action.args)
        result = await self._perform(action, kind, place, args)
        if decided.edited is not None and result["status"] in {"ok", "error"}:
            text = shortened(decided.edited, _TOLD_BYTES)
            told = f"The person changed it before approving; this was done:\n{text}\n\n"
            result = {**result, "output": told + result.get("output", "")}
        return result

    async def _perform(
        self, action: Action, kind: ActKind, place: Place, args: dict[str, object]
    ) -> ActionResult:
        """Do it, at most once."""
        begun = await self._store.write(partial(self._begin, action.id))
        if not begun:
            return _UNKNOWN
        self._performing += 1
        try:
            result = await self._hands.do(action, kind, place, args)
        except KernelChanged:
            result = {"status": "cancelled", "reason": STALE}
        except (KernelError, ToolError) as error:
            result = {"status": "error", "output": str(error)}
        finally:
            self._performing -= 1
        await self._store.write(partial(self._end, action.id, orjson.dumps(result).decode()))
        return result

    def _begin(self, action_id: str, tx: Transaction) -> bool:
        tx.check_lease(self._lease)
        return tx.begin_action(self._record.thread_id, self._record.id, action_id)

    def _end(self, action_id: str, result: str, tx: Transaction) -> None:
        tx.end_action(self._record.thread_id, self._record.id, action_id, result)
