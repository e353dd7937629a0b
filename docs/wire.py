"""Tables of the wire, made of its models and of the constants in the gateway's source.

Words that the code does not hold (what a code means to a client) stand in `MEANINGS`, one for each: a code without a
meaning fails here, by name.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from jupyter_aichat import errors
from jupyter_aichat.gateway import rest, socket, threads
from jupyter_aichat.gateway.bundle import BundleHandler
from jupyter_aichat.gateway.routes import routes
from jupyter_aichat.protocol import commands, events, frames, parse
from jupyter_aichat.protocol.schema import schema
from jupyter_aichat.runs.limits import Limits
from jupyter_aichat.tables import formats

__all__ = ["WIRE", "close_codes", "served", "table", "unsent"]

PACKAGE = Path(__file__).parents[1] / "jupyter_aichat"

MEANINGS = {
    "bad_json": "The frame or body is not strict JSON (NaN, duplicate keys and the like are refused too).",
    "bad_request": "Unknown type, unknown field, or a value that does not fit; the sentence names it.",
    "too_large": "The body of a request is too large.",
    "rate": "Too many commands wait on this connection. Send slower.",
    "busy": "The thread's queue is full, or the server is shutting down. Send it again later.",
    "not_found": "There is no such thread, or it was deleted.",
    "forbidden": "The server's authorizer does not allow it. The socket closes if reading is not allowed either.",
    "unauthenticated": "The login is gone. The socket closes.",
    "conflict": "Another server answers this thread (the sentence says which), or the `client_id` was used for "
    "another message.",
    "not_pending": "The approval is decided, expired, cancelled, or never was.",
    "digest_mismatch": "The decision is for another action than the one that waits.",
    "stale": "The approval is for a kernel that was restarted or is gone since. It has ended, and nothing was run.",
    "storage": "The store cannot be written or read now.",
    "interrupted": "The server stopped or crashed during the answer. The text so far is kept.",
    "timeout": "Nothing happened for `idle_timeout`, or the run took longer than `run_timeout`.",
    "limit": "Too many model calls (`max_model_calls`), too many steps, or too long an answer.",
    "model_auth": "The provider refused the key, or there is none.",
    "model_not_found": "The provider has no model of this name.",
    "model_rate": "The provider limits requests; `retry_after` is in seconds, where it said so.",
    "model_timeout": "The provider did not answer, or fell silent.",
    "model_context": "The conversation is too long for this model, also after shortening it once.",
    "model_error": "Anything else about the provider: unreachable, no quota, HTTP 5xx, an unreadable answer.",
    "internal": "A bug of ours; the server's log has the details.",
    "1009": "The frame is larger than a server takes. Do not send it again.",
    "1011": "The connection failed in the server; its log has the details. Come back.",
    "1012": "The server is stopping. Come back with your position.",
    "1013": "The store cannot be read now. Come back with your position.",
    "4408": "You read too slowly: a frame did not leave for 10 s. Come back with your position.",
    "4501": "Login or right was withdrawn. Stay away until a person logs in again.",
    "4503": "`max_sockets` are open. Stay away until a person asks.",
    "4504": "The thread was deleted. Stay away.",
    "4508": "Too many bad frames, or too many commands at once. Stay away: this is a bug of the client.",
}
"""What an error code or close code means to a client."""

STREAM = "The log after a position, or live from now; commands the other way."


def table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; `head` has its columns between bars."""
    columns = [column.strip() for column in head.split("|")]
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sentence(thing: object) -> str:
    """A docstring on one line."""
    return " ".join((inspect.getdoc(thing) or "").split()).replace("|", "\\|")


def shape(node: dict[str, Any]) -> str:
    """What a value of the JSON Schema is, in words."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if parts := node.get("anyOf") or node.get("oneOf"):
        return " or ".join(shape(part) for part in parts)
    if node.get("type") == "array":
        return f"list of {shape(node['items'])}"
    words = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false"}
    word = words.get(node.get("type", ""), "object")
    return f"{word} up to {node['maxLength']:,}" if "maxLength" in node else word


def fields(model: str) -> str:
    """The fields of a model; `?` behind one that may be left out."""
    definition = schema()["definitions"][model]
    required = definition.get("required", ())
    shown = (
        f"`{name}`{'' if name in required else '?'} {shape(node)}"
        for name, node in definition.get("properties", {}).items()
    )
    return " · ".join(shown) or "–"


def wire_events() -> str:
    """All events of the log."""
    rows = ([f"`{e.event_type}`", sentence(e), fields(e.__name__)] for e in events.EVENTS)
    untimed = ", ".join(f"`{name}`" for name in sorted(events.UNTIMED))
    idle = ", ".join(f"`{name}`" for name in unsent())
    return "\n\n".join([
        table("event | what | `data`", rows),
        f"`time` is on every event but {untimed}. Known to our clients but sent by no part of this version: {idle}.",
    ])  # fmt: skip


def unsent() -> list[str]:
    """The events that no module of the product makes."""
    made: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name == "fold.py":
            continue  # reads what others have made
        tree = ast.parse(path.read_text("utf-8"))
        imported = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == events.__name__
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                made |= {
                    imported[name.id]
                    for name in (node.func, getattr(node.func, "value", None))
                    if isinstance(name, ast.Name) and name.id in imported
                }
    return [e.event_type for e in events.EVENTS if e.__name__ not in made]


def wire_frames() -> str:
    """All frames that speak of one connection."""
    rows = ([f"`{f.event_type}`", sentence(f), fields(f.__name__)] for f in frames.CONNECTION_FRAMES)
    return table("frame | what | `data`", rows)


def wire_commands() -> str:
    """All commands."""
    tag = {c: c.model_fields["type"] for c in commands.COMMANDS}
    rows = (
        [f"`{get_args(tag[c].annotation)[0]}`", sentence(c), fields(c.__name__)] for c in commands.COMMANDS
    )
    return table("command | what | fields", rows)


def wire_parts() -> str:
    """What stands in `data` and in bodies, each under a heading that can be linked to."""
    definitions = schema()["definitions"]
    tops = (*events.EVENTS, *frames.CONNECTION_FRAMES, *commands.COMMANDS)
    known: list[str] = []
    waiting = [model.__name__ for model in tops] + ["ThreadView"]
    while waiting:
        name = waiting.pop(0)
        found = re.findall(r'"#/definitions/(\w+)"', json.dumps(definitions[name]))
        new = [n for n in dict.fromkeys(found) if n not in known]
        waiting += new
        known += new
    blocks = (
        f"#### {name}\n\n{' '.join(definitions[name].get('description', '').split())}\n\n{fields(name)}"
        for name in sorted([*known, "ThreadView"])
    )
    return "\n\n".join(blocks)


def wire_routes() -> str:
    """All routes, from the list that the server gets."""
    return table(
        "method | route | right | what | query",
        (
            [method, f"`{path}`", right, what, ", ".join(f"`{q}`" for q in query) or "–"]
            for method, path, right, what, query in served()
        ),
    )


def served() -> Iterator[tuple[str, str, str, str, list[str]]]:
    """Method, route, right, docstring and query of each method of each route."""
    nowhere: Any = None
    for pattern, handler, _ in routes(nowhere, seed=True):
        path = pattern.replace("([A-Za-z0-9_-]{1,128})", "{thread_id}").replace("(.*)", "{file}").lstrip("/")
        path = path.replace("([^/]+)", "{artifact}")
        own = [m for m in ("get", "post", "put", "patch", "delete") if m in vars(handler)]
        if issubclass(handler, socket.ThreadSocket):
            yield "WS", path, "read; write for commands", STREAM, _query(handler)
        elif issubclass(handler, BundleHandler):  # asks before any method
            yield "GET", path, "read", sentence(handler), []
        else:
            for name in own:
                body = inspect.unwrap(vars(handler)[name])
                right = re.search(r"@allowed\(\"(\w+)\"\)", inspect.getsource(body))
                if right is None:
                    msg = f"{name} of {handler.__name__} does not say who is allowed: @allowed"
                    raise ValueError(msg)
                yield name.upper(), path, right[1], sentence(body), _query(body)


def _query(thing: Callable[..., Any] | type) -> list[str]:
    source = inspect.cleandoc("\n" + inspect.getsource(thing))
    return re.findall(r"(?:get_query_argument|self\.number)\(\s*\"(\w+)\"", source)


def wire_errors() -> str:
    """Codes of refused commands and of failed runs."""
    refused = (
        [f"`{c}`", str(rest.STATUS[c]), _yes(value=errors.CommandRefused(c, "").retryable), MEANINGS[c]]
        for c in get_args(errors.CommandCode)
    )
    failed = ([f"`{c}`", MEANINGS[c]] for c in get_args(errors.RunCode))
    return "\n\n".join([
        "Refused commands and requests (`error` without `seq`; over REST the HTTP status with the same fields):",
        table("code | HTTP | retryable | meaning", refused),
        "Failed runs (the event `error`, which says for itself whether it is `retryable`):",
        table("code | meaning", failed),
    ])  # fmt: skip


def wire_closes() -> str:
    """Close codes."""
    rows = ([str(code), reason, MEANINGS[str(code)]] for code, reason in sorted(close_codes().items()))
    return table("code | reason sent | meaning", rows)


def close_codes() -> dict[int, str]:
    """The codes by which the gateway closes sockets, with the reason that it gives, from its source."""
    found: dict[int, set[str]] = {1009: {f"a frame over {socket.MAX_FRAME:,} bytes (Tornado's own words)"}}
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((PACKAGE / "gateway").glob("*.py"))]
    named = {
        target.id: node.value.value
        for node in (node for tree in trees for node in tree.body)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for tree in trees:
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            whole: list[ast.expr] = [
                call.func,
                *call.args,
            ]  # `x.close(code, …)` and `later(x.close, code, …)`
            for at, part in enumerate(whole[:-2]):
                if isinstance(part, ast.Attribute) and part.attr == "close":
                    code, reason = whole[at + 1 : at + 3]
                    value = code.value if isinstance(code, ast.Constant) else named.get(ast.unparse(code))
                    if isinstance(value, int):
                        found.setdefault(value, set()).add(_spoken(reason))
    return {code: "; ".join(sorted(reasons)) for code, reasons in found.items()}


def _spoken(reason: ast.expr) -> str:
    if isinstance(reason, ast.Constant):
        return str(reason.value)
    return re.sub(r"\{.*?\}", "…", ast.unparse(reason)[2:-1])


def wire_limits() -> str:
    """What a client may send, in numbers."""
    limits = Limits()
    rows = [
        ["one frame from a client", f"{socket.MAX_FRAME:,} bytes"],
        ["one message", f"{commands.MAX_MESSAGE:,} characters"],
        ["the body of a request", f"{rest.MAX_BODY:,} bytes"],
        ["depth of nesting", str(parse.MAX_DEPTH)],
        ["messages that wait behind a run", str(limits.queue)],
        ["what the agents of one run may say", f"{limits.characters:,} characters"],
        ["a title", f"{threads.MAX_TITLE} characters"],
        ["a table that is read", f"{formats.MAX_BYTES:,} bytes"],
    ]
    return table("limit | value", rows)


def _yes(*, value: bool) -> str:
    return "yes" if value else "no"


WIRE: dict[str, Callable[[], str]] = {
    "closes": wire_closes,
    "commands": wire_commands,
    "errors": wire_errors,
    "events": wire_events,
    "frames": wire_frames,
    "limits": wire_limits,
    "parts": wire_parts,
    "routes": wire_routes,
}
"""Each table by its name in `protocol.md`."""
