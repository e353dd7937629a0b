"""Transaction: what a piece of work may do with the store, put together from its parts."""

from __future__ import annotations

from jupyter_aichat.store.actions import ActionScope
from jupyter_aichat.store.approvals import ApprovalScope
from jupyter_aichat.store.artifacts import ArtifactScope
from jupyter_aichat.store.leases import LeaseScope

__all__ = ["Transaction"]


class Transaction(LeaseScope, ApprovalScope, ActionScope, ArtifactScope):
    """Handed to the work of `Store.write` and `Store.read`, in a thread of the store; of no use afterwards.

    A foreign, deleted or missing thread raises `CommandRefused` (`not_found`) wherever an owner is asked for. Methods
    without an owner are for what has been looked up with one, and for the server's own doings.
    """
