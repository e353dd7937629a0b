"""The tables, in SQLAlchemy Core: the same on SQLite and PostgreSQL. Names begin with `aichat_`: a database may be shared.

Times are the wire's (`…Z`, milliseconds), so that text order is time order; `lease_expires` is milliseconds since 1970, UTC.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = [
    "ACTION",
    "APPROVAL",
    "ARTIFACT",
    "EVENT",
    "META",
    "METADATA",
    "PASSAGE",
    "RUN",
    "THREAD",
    "VERSION",
]

VERSION = 1
"""The version of this schema; `migrate.py` leads from one to the next."""

METADATA = sa.MetaData()

ID = sa.String(400)
TIME = sa.String(24)

META = sa.Table(
    "aichat_meta",
    METADATA,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
"""`epoch`, `version`, and `starts`: how often a server has opened this store, or closed it."""

THREAD = sa.Table(
    "aichat_thread",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("updated_at", TIME, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("deleted_at", TIME),
    sa.Column("head", sa.BigInteger, nullable=False),
    sa.Column("runs", sa.Integer, nullable=False),
    # The lease stands in the thread's own row: whoever appends locks one row, and sees head and fence as of that lock.
    sa.Column("lease_server", sa.String(255)),
    sa.Column("lease_fence", sa.BigInteger, nullable=False),
    sa.Column("lease_expires", sa.BigInteger, nullable=False),
    sa.Index("aichat_thread_owner", "owner", "updated_at"),
    sa.Index("aichat_thread_lease", "lease_server"),
    sqlite_with_rowid=False,
)
"""A conversation. `head` is its last `seq`, `runs` the number of its last run; both only grow."""

EVENT = sa.Table(
    "aichat_event",
    METADATA,
    sa.Column("thread_id", ID, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("from_seq", sa.BigInteger),
    sa.Column("run_id", ID),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("time", TIME),
    sa.Column("data", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The log. `from_seq` is set where a message's tokens were folded into one row."""

RUN = sa.Table(
    "aichat_run",
    METADATA,
    sa.Column("thread_id", ID, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", ID, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("client_id", ID),
    sa.Column("body_digest", sa.String(128)),
    sa.Column("request", sa.LargeBinary, nullable=False),
    sa.Column("checkpoint", sa.LargeBinary),
    sa.Column("created_at", TIME, nullable=False),
    sa.UniqueConstraint("thread_id", "id"),
    sa.UniqueConstraint("thread_id", "client_id"),
    sa.Index("aichat_run_state", "state"),
)
"""The runs. `checkpoint` is what a run needs to go on after waiting for a person."""

APPROVAL = sa.Table(
    "aichat_approval",
    METADATA,
    sa.Column("thread_id", ID, primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("run_id", ID, nullable=False),
    sa.Column("action_id", sa.Text, nullable=False),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("agent", ID, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("digest", sa.String(128), nullable=False),
    sa.Column("host", sa.Text),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("view", sa.Text, nullable=False),
    sa.Column("effects", sa.Text, nullable=False),
    sa.Column("generation", sa.Text),
    sa.Column("edited", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("scope", sa.String(16)),
    sa.Column("reason", sa.Text),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("expires_at", TIME, nullable=False),
    sa.Index("aichat_approval_state", "thread_id", "state"),
)
"""What a person was asked to decide, and the decision. `view` and `effects` are JSON as on the wire, "" where there are none;
`generation` is that of the kernel that the action is for, `edited` the code that was approved in place of the action's."""

ACTION = sa.Table(
    "aichat_action",
    METADATA,
    sa.Column("thread_id", ID, primary_key=True),
    sa.Column("run_id", ID, primary_key=True),
    sa.Column("id", sa.String(400), primary_key=True),
    sa.Column("result", sa.Text),
    sa.Column("begun_at", TIME, nullable=False),
)
"""The ledger: a row is written before an action is performed, and its `result` (JSON) after. One without a result may have
been performed or not, and is never performed again."""

ARTIFACT = sa.Table(
    "aichat_artifact",
    METADATA,
    sa.Column("thread_id", ID, primary_key=True),
    sa.Column("id", sa.String(400), primary_key=True),
    sa.Column("mime", sa.String(100), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""Artifacts that are too large for an event, whole: one row for each of their forms, as a file of its MIME type."""

PASSAGE = sa.Table(
    "aichat_passage",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("thread_id", ID, nullable=False),
    sa.Column("key", sa.String(160), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("thread_id", "key"),
)
"""What search looks through: titles, questions and answers, folded by `search.fold`."""
