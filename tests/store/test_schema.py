"""The tables, and whether all that the store says is said in words that PostgreSQL knows too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from jupyter_aichat.store.schema import METADATA
from tests.store.desk import DAY, NOON, OWNER, Desk, approval, begin, desk, done, rows, token

LONG_OWNER = "o" * 255
LONG_THREAD = f"{LONG_OWNER}/{'t' * 128}"
LONG_ID = "i" * 128
TABLE = "application/vnd.jupyter-aichat.table+json"

Said = list[tuple[Any, Any]]


def tour(one: Desk, thread_id: str, owner: str) -> None:
    """Everything that a transaction can do, once or more."""
    lease = one.write(begin("분기별 매출", thread_id, owner))
    one.write(lambda tx: tx.create_thread(owner, "또 하나"))
    one.write(lambda tx: tx.check_lease(lease))
    one.write(lambda tx: (tx.take_lease(thread_id), tx.renew_leases([lease])))
    one.write(lambda tx: [tx.append(thread_id, "r1", e) for e in (token(), done())])
    one.write(
        lambda tx: tx.insert_run(
            thread_id, state="queued", client_id=LONG_ID, body_digest="b" * 128, request=b"{}"
        )
    )
    one.write(lambda tx: tx.set_run(thread_id, "r1", state="waiting", checkpoint=b"\0"))
    one.write(lambda tx: tx.insert_approval(approval(LONG_ID, thread_id=thread_id, digest="d" * 128)))
    one.write(
        lambda tx: tx.settle_approval(
            thread_id, LONG_ID, state="approved", scope="thread", digest="d" * 128, now="2026"
        )
    )
    one.write(lambda tx: tx.begin_action(thread_id, LONG_ID, LONG_ID))
    one.write(lambda tx: tx.end_action(thread_id, LONG_ID, LONG_ID, "{}"))
    one.read(lambda tx: tx.action(thread_id, LONG_ID, LONG_ID))
    one.write(lambda tx: tx.keep_artifact(thread_id, LONG_ID, {TABLE: b"{}"}))
    one.read(lambda tx: tx.artifact(thread_id, LONG_ID, TABLE))
    one.write(lambda tx: (tx.rename(owner, thread_id, "제목" * 250), tx.pin(owner, thread_id, pinned=True)))
    for query in ("", "매출", "분기별 매출", "50%"):
        page = one.read(lambda tx, q=query: tx.threads(owner, query=q, limit=1))  # type: ignore[misc]  # bound at once
        one.read(lambda tx, b=page.next: tx.threads(owner, before=b))  # type: ignore[misc]  # bound at once
    one.read(lambda tx: (tx.thread(owner, thread_id), tx.has_thread(owner, thread_id), tx.is_here(thread_id)))
    one.read(
        lambda tx: (tx.events(thread_id, 1, 5, 3), list(tx.all_events(thread_id)), tx.heads([thread_id]))
    )
    one.read(lambda tx: (tx.run_events(thread_id, "r1"), tx.run_events(thread_id, "r1", ["token", "done"])))
    one.read(lambda tx: (tx.summarised_until(thread_id), tx.is_position(thread_id, 1)))
    one.read(lambda tx: (tx.run(thread_id, "r1"), tx.run_by_client(thread_id, LONG_ID)))
    one.read(lambda tx: (tx.runs(thread_id, ["queued", "waiting"]), tx.orphans(), tx.lease_owner(thread_id)))
    one.read(
        lambda tx: (tx.approval(thread_id, LONG_ID), tx.approvals(thread_id, run_id="r1", state="denied"))
    )
    one.write(lambda tx: tx.delete(owner, thread_id))
    one.write(lambda tx: tx.restore(owner, thread_id))
    one.write(lambda tx: tx.delete(owner, thread_id))
    one.write(lambda tx: tx.release_lease(lease))


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """Every statement of the tour and of a purge after it, with its parameters."""
    heard: Said = []
    with desk(tmp_path / "a.db", indexed=False) as one:
        for engine in (one.database.writing, one.database.reading):
            sa.event.listen(
                engine, "before_execute", lambda _c, what, many, one_, _o: heard.append((what, many or one_))
            )
        tour(one, LONG_THREAD, LONG_OWNER)
        one.clock.now += 8 * DAY
        one.write(lambda tx: tx.purge())
    return heard


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_each_table_can_be_made_on_postgresql(table: sa.Table) -> None:
    """Its columns, keys and indexes are words of both databases, under a name that leaves a shared one in order."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
    made = str(CreateTable(table).compile(dialect=dialect))
    made += "".join(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    assert "WITHOUT ROWID" not in made
    assert "BLOB" not in made
    assert table.name.startswith("aichat_")
    assert all(str(index.name).startswith("aichat_") for index in table.indexes)


def test_each_statement_of_the_store_compiles_for_postgresql(said: Said) -> None:
    """No statement of a whole tour holds what SQLite alone knows; where a row is locked, PostgreSQL is told to."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
    spoken = {str(what.compile(dialect=dialect)) for what, _ in said if isinstance(what, sa.ClauseElement)}
    assert len(spoken) > 40
    assert not [s for s in spoken if "MATCH" in s or "rowid" in s]
    assert any("aichat_thread.lease_fence" in s and "FOR UPDATE" in s for s in spoken)


def test_every_value_fits_its_column(tmp_path: Path) -> None:
    """SQLite takes any length, PostgreSQL refuses a longer one: the longest ids the wire knows fit everywhere."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        tour(one, LONG_THREAD, LONG_OWNER)
    for table in METADATA.sorted_tables:
        assert rows(path, f"SELECT count(*) FROM {table.name}") != [(0,)], table.name  # noqa: S608  our own name
        for column in table.columns:
            length = getattr(column.type, "length", None)
            if length is not None:
                found = rows(path, f"SELECT max(length({column.name})) FROM {table.name}")[0][0]  # noqa: S608  our own
                assert (found or 0) <= length, f"{table.name}.{column.name}"


def test_times_are_those_of_the_wire(tmp_path: Path) -> None:
    """As text, so that their order is the order of time on every database."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        one.write(begin())
        assert one.clock.now == NOON
    assert rows(path, "SELECT created_at, updated_at FROM aichat_thread WHERE owner = ?", OWNER) == [
        ("2027-01-15T08:00:00.000Z", "2027-01-15T08:00:00.000Z")
    ]
