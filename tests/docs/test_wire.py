"""The reference tables of the wire: complete, whatever is added to the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from docs import wire
from docs.wire import close_codes, served, unsent
from jupyter_aichat.errors import CommandCode, RunCode
from jupyter_aichat.gateway import session
from jupyter_aichat.gateway.routes import routes
from jupyter_aichat.protocol.commands import COMMANDS
from jupyter_aichat.protocol.events import EVENTS
from jupyter_aichat.protocol.frames import CONNECTION_FRAMES
from tests.docs.blocks import DOCS, ROOT

PROTOCOL = (DOCS / "protocol.md").read_text("utf-8")


def missing(rows: list[str]) -> list[str]:
    """The names that no table of the protocol's page begins a row with."""
    return [name for name in rows if f"\n| `{name}` |" not in PROTOCOL]


def test_every_event_command_and_frame_is_there() -> None:
    """Each has its row."""
    assert missing([event.event_type for event in EVENTS]) == []
    assert missing([frame.event_type for frame in CONNECTION_FRAMES]) == []
    assert missing([str(get_args(c.model_fields["type"].annotation)[0]) for c in COMMANDS]) == []


def test_every_error_code_is_there_with_its_meaning() -> None:
    """Each has its row, and none is without words."""
    codes = [*get_args(CommandCode), *get_args(RunCode)]
    assert missing(codes) == []
    assert [code for code in codes if not wire.MEANINGS.get(code)] == []


def test_every_close_code_is_there() -> None:
    """Those that the session names, those that stand in the source by number, and the one that Tornado gives."""
    named = {session.LAGGING, session.TOO_MANY, session.DELETED, session.POLICY}
    found = close_codes()
    assert named | {1009, 1011, 1012, 1013, 4501} == set(found)
    assert [code for code in found if f"\n| {code} | {found[code]} |" not in PROTOCOL] == []


def test_a_new_close_code_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is given: as a number, by a constant of another module, or for later."""
    (tmp_path / "gateway").mkdir()
    (tmp_path / "gateway" / "a.py").write_text("GONE = 4599\nx.close(4444, f'after {n} tries')\nx.close()\n")
    (tmp_path / "gateway" / "b.py").write_text("x.close(GONE, 'gone')\nlater(x.close, 4445, 'later')\n")
    monkeypatch.setattr(wire, "PACKAGE", tmp_path)
    found = close_codes()
    del found[1009]
    assert found == {4444: "after … tries", 4599: "gone", 4445: "later"}


def test_every_route_is_there() -> None:
    """One row for each method of each handler that the server gets."""
    nowhere: Any = None
    patterns = {pattern.partition("(")[0].strip("/") for pattern, _, _ in routes(nowhere, seed=True)}
    rows = list(served())
    assert patterns == {path.partition("{")[0].strip("/") for _, path, _, _, _ in rows}
    assert [row for row in rows if f"\n| {row[0]} | `{row[1]}` | {row[2]} |" not in PROTOCOL] == []


def test_rights_and_queries_are_read_from_the_handlers() -> None:
    """What a route needs, and what it takes, is what its code asks for."""
    rows = {(method, path): (right, query) for method, path, right, _, query in served()}
    assert rows["GET", "api/aichat/threads"] == ("read", ["q", "before", "limit"])
    assert rows["DELETE", "api/aichat/threads/{thread_id}"] == ("write", [])
    assert rows["WS", "api/aichat/ws/{thread_id}"][1] == ["after", "epoch"]


def test_events_that_nobody_sends_are_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that no module makes is named as such; one that is made, in any way, is not."""
    module = (
        "from jupyter_aichat.protocol.events import Done, Plan as P, Title\nP(1)\nTitle.model_validate({})\n"
    )
    (tmp_path / "a.py").write_text(module)
    monkeypatch.setattr(wire, "PACKAGE", tmp_path)
    assert {event.event_type for event in EVENTS} - set(unsent()) == {"plan", "title"}


def test_links_of_the_tables_lead_to_parts() -> None:
    """Every model that a table names is described below."""
    assert (ROOT / "docs" / "wire.py").exists()
    linked = {name.partition(")")[0] for name in PROTOCOL.split("](#")[1:]}
    headings = {line[5:].lower() for line in PROTOCOL.splitlines() if line.startswith("#### ")}
    assert linked
    assert linked <= headings
