"""JSON Schema of the whole wire, from the models: the source of the TypeScript types.

`python -m jupyter_aichat.protocol.schema` prints it. Three things help the generator of TypeScript:
properties have no `title` (each would become an alias), constant tags are required (a union narrows on them),
and each union has a name.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from jupyter_aichat.protocol.commands import COMMANDS
from jupyter_aichat.protocol.events import EVENTS, UNTIMED, EventData
from jupyter_aichat.protocol.frames import CONNECTION_FRAMES, PROTOCOL
from jupyter_aichat.protocol.snapshot import Snapshot, ThreadView

__all__ = ["schema"]


def schema() -> dict[str, Any]:
    """The wire as one JSON Schema: unions `Event`, `ConnectionFrame`, `Frame`, `Command`, and all they are made of."""
    models: list[type[BaseModel]] = [*EVENTS, *CONNECTION_FRAMES, *COMMANDS, Snapshot, ThreadView]
    _, out = models_json_schema([(m, "serialization") for m in models], ref_template="#/definitions/{model}")
    definitions: dict[str, Any] = {name: _clean(d) for name, d in out["$defs"].items()}
    for command in COMMANDS:
        if "type" not in definitions[command.__name__].setdefault("required", []):
            definitions[command.__name__]["required"].insert(0, "type")
    for event in EVENTS:
        definitions[f"{event.__name__}Event"] = _event(event)
    for frame in CONNECTION_FRAMES:
        definitions[f"{frame.__name__}Frame"] = _envelope(frame.event_type, frame.__name__, {}, [])
    events = [f"{e.__name__}Event" for e in EVENTS]
    connection = [f"{f.__name__}Frame" for f in CONNECTION_FRAMES]
    definitions["Event"] = _union(events)
    definitions["ConnectionFrame"] = _union(connection)
    definitions["Frame"] = _union(["Event", "ConnectionFrame"])
    definitions["Command"] = _union([c.__name__ for c in COMMANDS])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Wire",
        "description": f"The wire of jupyter_aichat, protocol {PROTOCOL}. Generated; do not edit.",
        "type": "object",
        "properties": {
            "frame": {"$ref": "#/definitions/Frame"},
            "command": {"$ref": "#/definitions/Command"},
            "snapshot": {"$ref": "#/definitions/Snapshot"},
            "thread": {"$ref": "#/definitions/ThreadView"},
        },
        "additionalProperties": False,
        "definitions": dict(sorted(definitions.items())),
    }


def _clean(node: Any, *, inside_properties: bool = False) -> Any:
    if isinstance(node, list):
        return [_clean(x) for x in node]
    if not isinstance(node, dict):
        return node
    kept = {k: v for k, v in node.items() if inside_properties or k not in {"title", "default"}}
    out = {k: _clean(v, inside_properties=k == "properties") for k, v in kept.items()}
    if not inside_properties and "properties" in out:
        tags = [k for k, v in out["properties"].items() if "const" in v]
        required = {*out.get("required", ()), *tags}
        out["required"] = [k for k in out["properties"] if k in required]
        for name, value in out["properties"].items():
            out["properties"][name] = _without_null(value)
    return out


def _without_null(value: dict[str, Any]) -> dict[str, Any]:
    """Absent, never null: `None` is left out on the wire."""
    if "anyOf" not in value:
        return value
    rest = [v for v in value["anyOf"] if v.get("type") != "null"]
    others = {k: v for k, v in value.items() if k != "anyOf"}
    return {**others, **rest[0]} if len(rest) == 1 else {**others, "anyOf": rest}


def _event(event: type[EventData]) -> dict[str, Any]:
    fields: dict[str, Any] = {"seq": {"type": "integer"}, "run_id": {"type": "string"}}
    if event.event_type in UNTIMED:
        fields["from_seq"] = {"type": "integer"}
    else:
        fields["time"] = {"type": "string"}
    required = ["seq"] if event.event_type == "title" else ["seq", "run_id"]
    if "time" in fields:
        required.append("time")
    return _envelope(event.event_type, event.__name__, fields, required)


def _envelope(tag: str, model: str, fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"event_type": {"const": tag}, **fields, "data": {"$ref": f"#/definitions/{model}"}},
        "required": ["event_type", *required, "data"],
        "additionalProperties": False,
    }


def _union(names: list[str]) -> dict[str, Any]:
    return {"anyOf": [{"$ref": f"#/definitions/{name}"} for name in names]}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))  # noqa: T201  this is the command's output
