"""The JSON Schema of the wire, which the front end's types are made of."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from jupyter_aichat.protocol.commands import COMMANDS
from jupyter_aichat.protocol.events import EVENTS, UNTIMED
from jupyter_aichat.protocol.frames import CONNECTION_FRAMES
from jupyter_aichat.protocol.schema import schema

COMMITTED = Path(__file__).parents[2] / "labextension" / "src" / "protocol" / "schema.json"


def test_committed_schema_is_what_the_models_say() -> None:
    """`schema.json` is the models' schema, byte for byte; `make protocol` writes it anew."""
    command = [sys.executable, "-m", "jupyter_aichat.protocol.schema"]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert COMMITTED.read_text("utf-8") == printed
    assert json.loads(printed) == schema()


def test_no_field_has_a_title() -> None:
    """A field's own title would make an alias type of each field, so there is none."""
    for name, definition in schema()["definitions"].items():
        for field, value in definition.get("properties", {}).items():
            assert "title" not in value, f"{name}.{field}"


def test_tags_are_required() -> None:
    """Every constant is a required field, because a union narrows only on those."""
    tagged = 0
    for name, definition in schema()["definitions"].items():
        for field, value in definition.get("properties", {}).items():
            if "const" in value:
                assert field in definition["required"], f"{name}.{field}"
                tagged += 1
    assert tagged >= len(EVENTS) + len(CONNECTION_FRAMES) + len(COMMANDS)


def test_nothing_is_ever_null() -> None:
    """What is not there is left out on the wire, so no field may be null."""
    assert '"null"' not in json.dumps(schema())


def test_unions_name_every_model() -> None:
    """`Event`, `ConnectionFrame` and `Command` hold all of their models, and `Frame` the first two."""

    def members(union: str) -> list[str]:
        return [ref["$ref"].rpartition("/")[2] for ref in schema()["definitions"][union]["anyOf"]]

    assert members("Event") == [f"{event.__name__}Event" for event in EVENTS]
    assert members("ConnectionFrame") == [f"{frame.__name__}Frame" for frame in CONNECTION_FRAMES]
    assert members("Command") == [command.__name__ for command in COMMANDS]
    assert members("Frame") == ["Event", "ConnectionFrame"]


def test_envelopes_of_events() -> None:
    """An event has a number, a run (but for `title`) and a time (but for the many small ones, which may be joined)."""
    definitions = schema()["definitions"]
    for event in EVENTS:
        envelope = definitions[f"{event.__name__}Event"]
        untimed = event.event_type in UNTIMED
        assert ("run_id" in envelope["required"]) == (event.event_type != "title")
        assert ("time" in envelope["required"]) != untimed
        assert ("from_seq" in envelope["properties"]) == untimed
