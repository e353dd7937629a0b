"""Threads, the event log, runs, approvals: one schema, SQLite or PostgreSQL. SQLAlchemy Core only."""

from jupyter_aichat.store.lease import Lease
from jupyter_aichat.store.records import (
    ApprovalRecord,
    LoggedEvent,
    RunRecord,
    StoreHealth,
    ThreadPage,
    ThreadRecord,
)
from jupyter_aichat.store.store import Store
from jupyter_aichat.store.tail import Cursor
from jupyter_aichat.store.transaction import Transaction

__all__ = [
    "ApprovalRecord",
    "Cursor",
    "Lease",
    "LoggedEvent",
    "RunRecord",
    "Store",
    "StoreHealth",
    "ThreadPage",
    "ThreadRecord",
    "Transaction",
]
