"""What the fake OpenAI-compatible server refuses and what it says: pure functions of the request.

An agent whose tools begin with `ask_` is taken for the supervisor, any other for a specialist. Directives in the last
user message say what happens; a repeated model call is therefore visible as a repeated entry in the server's ledger.

    ask=analyst,visualizer    the supervisor delegates, to all at once. The task is what stands behind the first `: `
                              (`; ` gives each its own); directives in it are the specialist's, not the supervisor's
    use=list_files            a call of a tool; `use=read_file:notes.txt` with a path, `use=name{"json": "args"}` with
                              any arguments, `use=name!` with broken JSON. Several `use=` are several
                              steps, `use=a+b` are calls at once
    words=N  think=N          N words of answer (default 2), N pieces of reasoning before it
    delay=MS  slow=MS         pause before every piece, before the first one
    fail=STATUS               the HTTP status instead of an answer
    say=TEXT                  exactly this answer, to the end of the message
    forever                   the supervisor delegates again and again, whatever comes back
    obey                      a specialist does what tool results order (`Orders`), before anything else, each order once

Not realistic: it understands nothing else, counts a token for every four characters, and knows one choice only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Call",
    "Orders",
    "Piece",
    "Reason",
    "Say",
    "closing_text",
    "directive",
    "meant",
    "refusal",
    "reply",
    "text_of",
    "told",
]

Body = Mapping[str, Any]
Orders = Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]]
"""What an attacker's words stand for: a marker in any tool result, and the calls that an obedient model then makes."""
NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
SPEAKER = re.compile(r"^[^\s<|\\/>]+$")


@dataclass(frozen=True)
class Say:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True)
class Reason:
    """A piece of reasoning."""

    text: str


@dataclass(frozen=True)
class Call:
    """A tool call; `arguments` is what goes over the wire, JSON or not."""

    name: str
    arguments: str


Piece = Say | Reason | Call


def text_of(content: object) -> str:
    """The text of a message's content, a string or a list of blocks."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "".join(block.get("text", "") for block in blocks if isinstance(block, dict))


def refusal(body: Body, max_context: int | None) -> tuple[str, str | None] | None:
    """Why OpenAI would answer 400, as (message, code); `None`: it would answer. `max_context` is in characters."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "[] is too short - 'messages'", "empty_array"
    for tool in body.get("tools") or []:
        if not NAME.match(tool["function"]["name"]):
            return f"Invalid 'tools[].function.name': {tool['function']['name']!r}", "invalid_value"
    if wrong := _unpaired(messages) or _malformed(messages):
        return wrong, None
    size = sum(len(text_of(m.get("content"))) + len(json.dumps(m.get("tool_calls") or "")) for m in messages)
    if max_context is not None and size > max_context:
        return (
            f"This model's maximum context length is {max_context // 4} tokens. However, your messages resulted in "
            f"{size // 4} tokens. Please reduce the length of the messages."
        ), "context_length_exceeded"
    return None


def _unpaired(messages: Sequence[Body]) -> str | None:
    """A torn transcript: a call without exactly one answer directly behind it, or an answer without a call."""
    pending: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in pending:
                return (
                    "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                )
            pending.remove(message["tool_call_id"])
            continue
        if pending:
            break
        if message["role"] == "assistant":
            pending = [call["id"] for call in message.get("tool_calls") or []]
            if len(set(pending)) < len(pending):
                return f"Duplicate value for 'tool_call_id' in {pending}"
    if pending:
        return (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(pending)
        )
    return None


def _malformed(messages: Sequence[Body]) -> str | None:
    for at, message in enumerate(messages):
        calls = message.get("tool_calls") or []
        if message.get("content") is None and not calls:
            return f"Invalid value for 'content' of messages[{at}]: expected a string, got null."
        if (name := message.get("name")) is not None and not SPEAKER.match(name):
            return f"Invalid 'messages[{at}].name': {name!r}"
        for call in calls:
            try:
                arguments = json.loads(call["function"]["arguments"])
            except ValueError:
                arguments = None
            if not isinstance(arguments, dict):
                return f"Invalid 'messages[{at}].tool_calls[].function.arguments': not a JSON object."
    return None


def meant(body: Body, meanings: Mapping[str, str]) -> Body:
    """The request with user messages replaced by what they stand for."""
    if not meanings:
        return body
    return {**body, "messages": [_meant(m, meanings) for m in body["messages"]]}


def _meant(message: Body, meanings: Mapping[str, str]) -> Body:
    text = text_of(message.get("content")).strip()
    return (
        {**message, "content": meanings[text]} if message["role"] == "user" and text in meanings else message
    )


def told(body: Body) -> str:
    """What the directives are read from: the last user message; of a supervisor, only what stands before the task."""
    text = next((text_of(m["content"]) for m in reversed(body["messages"]) if m["role"] == "user"), "")
    return text.partition(": ")[0] if _supervises(body) and "ask=" in text else text


def directive(text: str, key: str) -> int:
    """The number that a directive gives, 0 if it is not there."""
    found = re.search(rf"\b{key}=(\d+)", text)
    return int(found[1]) if found else 0


def reply(body: Body, orders: Orders | None = None) -> list[Piece]:
    """What the model says to a request, in order."""
    messages = body["messages"]
    at = max((i for i, m in enumerate(messages) if m["role"] == "user"), default=-1)
    results = [text_of(m["content"]) for m in messages[at + 1 :] if m["role"] == "tool"]
    whole = text_of(messages[at]["content"]) if at >= 0 else ""
    own = told(body)
    pieces: list[Piece] = [Reason(f"thought{i} ") for i in range(directive(own, "think"))]
    if re.search(r"\bobey\b", own) and (calls := _ordered(messages, "\n".join(results), orders or {})):
        return [*pieces, Say("As ordered. "), *calls]
    if _supervises(body) and (names := re.search(r"\bask=([\w,]+)", whole)):
        if not results or "forever" in own:
            pieces += [Say("I will "), Say("delegate. ")]
            return pieces + _handoffs(names[1].split(","), whole.partition(": ")[2])
        if "say=" in own:
            return [*pieces, *closing_text(own)]
        return [*pieces, Say("Summary: "), Say(" | ".join(results)[:400]), *_words(own)]
    for step in _steps(own):
        if not results:
            return [*pieces, Say("Working. "), *step]
        results = results[len(step) :]
    return pieces + closing_text(own)


def _ordered(messages: Sequence[Body], results: str, orders: Orders) -> list[Piece]:
    """The calls that tool results order and that were not made yet."""
    calls = [call["function"] for m in messages for call in m.get("tool_calls") or []]
    made = [(call["name"], json.loads(call["arguments"])) for call in calls]
    return [
        Call(name, json.dumps(args))
        for marker, ordered in orders.items()
        for name, args in ordered
        if marker in results and (name, dict(args)) not in made
    ]


def closing_text(own: str) -> list[Piece]:
    """The answer itself."""
    if (said := re.search(r"\bsay=(.*)", own, re.DOTALL)) is not None:
        return [Say(piece) for piece in re.findall(r"\S+\s*|\s+", said[1])]
    return _words(own) or [Say("Hello "), Say("there.")]


def _words(own: str) -> list[Piece]:
    return [Say(f"w{i} ") for i in range(directive(own, "words"))]


def _supervises(body: Body) -> bool:
    return any(tool["function"]["name"].startswith("ask_") for tool in body.get("tools") or [])


def _handoffs(names: Sequence[str], tail: str) -> list[Piece]:
    tasks = tail.split("; ") if "; " in tail else [tail] * len(names)
    return [
        Call(
            f"ask_{name}", json.dumps({"task": task.strip() or "Say hello.", "reason": f"{name} knows best"})
        )
        for name, task in zip(names, tasks, strict=True)
    ]


def _steps(own: str) -> list[list[Call]]:
    steps: list[list[Call]] = []
    for found in re.finditer(r"\buse=", own):
        rest, step = own[found.end() :], list[Call]()
        while match := re.match(r"(\w+)", rest):
            name, rest = match[1], rest[match.end() :]
            if rest.startswith("{"):
                _, end = json.JSONDecoder().raw_decode(rest)
                step.append(Call(name, rest[:end]))
                rest = rest[end:]
            elif rest.startswith("!"):  # what some models send: not JSON
                step.append(Call(name, "path is notes.txt"))
                rest = rest[1:]
            elif path := re.match(r":([^\s+]+)", rest):
                step.append(Call(name, json.dumps({"path": path[1]})))
                rest = rest[path.end() :]
            else:
                step.append(Call(name, "{}"))
            if not rest.startswith("+"):
                break
            rest = rest[1:]
        steps.append(step)
    return steps
