"""From a client's text frame to a command: strict JSON, known types, known fields.

Python's own parser accepts more than JSON (NaN, 1e999, duplicate keys), so each is refused here by name
(RFC 8259 leaves duplicate keys undefined; a parser that picks one lets two readers see two commands).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, Never

from pydantic import TypeAdapter, ValidationError

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.protocol.commands import Command

__all__ = ["MAX_DEPTH", "parse_command", "parse_json"]

MAX_DEPTH = 32
"""How deep a command may be nested."""

_COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


def parse_json(text: str) -> Any:
    """The value of strict JSON.

    Raises `CommandRefused`: `bad_json` for what is not JSON, `bad_request` for what is nested too deeply or holds
    half a character.
    """
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except RecursionError:
        raise CommandRefused("bad_json", "The frame is nested too deeply to be read.") from None
    except ValueError as error:
        raise CommandRefused("bad_json", f"The frame is not JSON: {error}.") from None
    if _depth(value) > MAX_DEPTH:
        raise CommandRefused("bad_request", f"The frame is nested more than {MAX_DEPTH} levels deep.")
    return value


def parse_command(text: str) -> Command:
    """The command in a text frame. Without `type`, `{"message": …}` is a `message` (the seed's wire).

    Raises `CommandRefused` (`bad_json`, `bad_request`), with `ref` set where the frame had an `id`.
    """
    value = parse_json(text)
    if not isinstance(value, dict):
        raise CommandRefused("bad_request", f"A command is a JSON object, not {type(value).__name__}.")
    try:
        if "type" not in value and "message" in value:
            value = {"type": "message", **value}
        _no_lone_surrogates(text, value)
        return _COMMAND.validate_python(value)
    except ValidationError as error:
        raise _refused(_sentence(error), value) from None
    except UnicodeEncodeError:
        raise _refused("A text holds half a character (a lone surrogate).", value) from None


def _refused(message: str, value: dict[str, Any]) -> CommandRefused:
    ref = value.get("id")
    known = isinstance(ref, str) and 0 < len(ref) <= 128 and ref.isascii()
    return CommandRefused("bad_request", message, ref=ref if known else None)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        msg = f"the key {twice!r} stands twice in one object"
        raise ValueError(msg)
    return value


def _constant(name: str) -> Never:
    msg = f"{name} is not a JSON number"
    raise ValueError(msg)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        msg = f"the number {text} is too large"
        raise ValueError(msg)
    return number


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, dict | list):
            deepest = max(deepest, depth)
            children = node.values() if isinstance(node, dict) else node
            waiting.extend((child, depth + 1) for child in children)
    return deepest


def _no_lone_surrogates(text: str, value: Any) -> None:
    if "\\u" in text:  # only an escape can make one: the frame itself arrived as UTF-8
        json.dumps(value, ensure_ascii=False).encode()


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(p) for p in first["loc"][1:]) or "type"
    given = repr(first.get("input"))
    shown = given if len(given) <= 80 else f"{given[:80]}…"
    return f"{where}: {first['msg']} (given: {shown})."
