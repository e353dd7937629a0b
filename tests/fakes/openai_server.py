"""A strict, small OpenAI-compatible Chat Completions server, on loopback only, with Tornado only.

In a test: `with FakeOpenAI() as provider:` on a running loop; `provider.url` is the base URL that ends in `/v1`.
As a process, for browsers and for tests that kill servers: `python -m tests.fakes.openai_server [--delay SECONDS]`
prints its URL and serves until it is killed; `GET /ledger` (beside `/v1`) tells what it has seen.

For a model beyond this machine the server is its own proxy: with `HTTP_PROXY` set to `provider.root`, any `http://` host
is this server, which answers requests that name the whole URL. Not realistic: one ledger for all hosts, and no TLS.

Strict: a transcript that OpenAI refuses is refused here with 400, so a torn transcript fails the test instead of
passing silently. What it says is `tests/fakes/openai_script.py`; what goes wrong is a queue of faults, one for each
request.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import tornado.httpserver
import tornado.iostream
import tornado.netutil
import tornado.web

from tests.fakes import openai_answer as answer
from tests.fakes import openai_script as script

__all__ = ["Asked", "Canned", "Cut", "Fail", "FakeOpenAI", "Fault", "Garbage", "Stall"]

WORDS = {
    400: "invalid_request_error",
    401: "invalid_api_key",
    404: "model_not_found",
    429: "rate_limit_exceeded",
}

ANY_HOST = r"(?:http://[^/]+)?"
"""What a request line to a proxy has before the path."""

AZURE = r"/openai/deployments/[^/]+"
"""How Azure names a model."""


@dataclass(frozen=True)
class Fail:
    """Answer with an HTTP status instead of a stream. `retry_after` is in seconds."""

    status: int
    retry_after: float | None = None
    code: str | None = None
    message: str = "told to fail"


@dataclass(frozen=True)
class Cut:
    """Break the connection after so many bytes of the stream."""

    after: int


@dataclass(frozen=True)
class Stall:
    """Fall silent after so many bytes, with the connection open, until the client goes."""

    after: int


@dataclass(frozen=True)
class Garbage:
    """Send something that is no JSON after so many bytes, and end."""

    after: int


@dataclass(frozen=True)
class Canned:
    """Send these bytes, a recorded stream, instead of an answer."""

    stream: bytes


Fault = Fail | Cut | Stall | Garbage | Canned


@dataclass(frozen=True)
class Asked:
    """One request in the ledger."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    host: str = ""
    """Whom it was for: the `Host` header."""

    @property
    def who(self) -> str:
        """`supervisor` or `specialist`, by its tools, and how many results it had seen since the user spoke."""
        tools = [tool["function"]["name"] for tool in self.body.get("tools") or []]
        roles = [message["role"] for message in self.body["messages"]]
        last = max((i for i, role in enumerate(roles) if role == "user"), default=-1)
        kind = "supervisor" if any(name.startswith("ask_") for name in tools) else "specialist"
        return f"{kind}/{roles[last + 1 :].count('tool')}"


@dataclass
class FakeOpenAI:
    """The server, its ledger and its faults. Everything may be changed while it runs."""

    delay: float = 0.0
    """Seconds before every piece of an answer."""
    max_context: int | None = None
    """Characters that a request may have; more is refused with `context_length_exceeded`."""
    key: str | None = None
    """The only key that is let in; `None`: any."""
    models: list[str] = field(default_factory=lambda: ["fake"])
    """What `/v1/models` lists. Any other model is unknown, unless the list is empty."""
    meanings: dict[str, str] = field(default_factory=dict)
    """User messages that stand for directives: what a person would write, for pictures."""
    orders: dict[str, list[tuple[str, Mapping[str, Any]]]] = field(default_factory=dict)
    """What a specialist that is told to `obey` does when it reads one of these words in a tool's result."""
    same_ids: bool = False
    """Call ids `call_0`, `call_1` … in every answer, as some servers have them."""
    faults: deque[Fault | None] = field(default_factory=deque)
    """One for each of the next requests, in order; `None`: that one goes well."""

    asked: list[Asked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Why transcripts were refused; a product that works leaves it empty."""
    open: int = 0
    """Streams that are open now."""
    closed_early: int = 0
    """Streams that the client closed before their end."""
    finished: int = 0

    def __post_init__(self) -> None:
        logging.getLogger("tornado.access").disabled = True
        self._ids = itertools.count(1)
        self._changed = asyncio.Event()
        self._sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
        self.root = f"http://127.0.0.1:{self._sockets[0].getsockname()[1]}"
        self.url = f"{self.root}/v1"
        routes: list[Any] = [
            (rf"{ANY_HOST}(?:/v1|{AZURE})/chat/completions", _Chat, {"provider": self}),
            (rf"{ANY_HOST}/v1/models", _Models, {"provider": self}),
            (r"/ledger", _Ledger, {"provider": self}),
        ]
        self._http = tornado.httpserver.HTTPServer(tornado.web.Application(routes))

    def __enter__(self) -> Self:
        """Listen, on the loop that is running."""
        self._http.add_sockets(self._sockets)
        return self

    def __exit__(self, *_: object) -> None:
        self._http.stop()

    def fail(self, *faults: Fault | None) -> None:
        """Let the next requests go wrong, but for those with `None`."""
        self.faults.extend(faults)

    def call_ids(self) -> Iterator[str]:
        """The ids that the calls of one answer get."""
        return (f"call_{i if self.same_ids else next(self._ids)}" for i in itertools.count())

    def changed(self) -> None:
        """Wake those who wait for the ledger."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until the ledger satisfies a condition."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self._changed.wait()


class _Base(tornado.web.RequestHandler):
    provider: FakeOpenAI

    def initialize(self, provider: FakeOpenAI) -> None:
        self.provider = provider

    def reject(self, status: int, message: str, code: str | None = None) -> None:
        self.set_status(status)
        kind = WORDS.get(status, "server_error")
        self.finish({"error": {"message": message, "type": kind, "param": None, "code": code}})

    def let_in(self) -> bool:
        key = self.provider.key
        if key is None or self.request.headers.get("Authorization") == f"Bearer {key}":
            return True
        self.reject(401, "Incorrect API key provided.", "invalid_api_key")
        return False


class _Models(_Base):
    def get(self) -> None:
        if self.let_in():
            data = [{"id": name, "object": "model", "owned_by": "tests"} for name in self.provider.models]
            self.finish({"object": "list", "data": data})


class _Ledger(_Base):
    def get(self) -> None:
        seen = self.provider
        self.finish({
            "asked": len(seen.asked), "refused": seen.refused, "open": seen.open,
            "closed_early": seen.closed_early, "finished": seen.finished,
        })  # fmt: skip


class _Chat(_Base):
    def prepare(self) -> None:
        self.gone = asyncio.Event()

    def on_connection_close(self) -> None:
        self.gone.set()

    async def post(self) -> None:
        seen, body = self.provider, json.loads(self.request.body)
        seen.asked.append(Asked(body, dict(self.request.headers), self.request.host))
        seen.changed()
        if not self.let_in():
            return
        if seen.models and body["model"] not in seen.models:
            self.reject(404, f"The model `{body['model']}` does not exist.", "model_not_found")
            return
        fault = seen.faults.popleft() if seen.faults else None
        if isinstance(fault, Fail):
            if fault.retry_after is not None:
                self.set_header("Retry-After", f"{fault.retry_after:g}")
            self.reject(fault.status, fault.message, fault.code)
            return
        if (wrong := script.refusal(body, seen.max_context)) is not None:
            if wrong[1] != "context_length_exceeded":
                seen.refused.append(wrong[0])
            self.reject(400, *wrong)
            return
        body = script.meant(body, seen.meanings)
        own = script.told(body)
        if status := script.directive(own, "fail"):
            self.reject(status, f"told to fail with {status}")
            return
        if not body.get("stream"):
            self.finish(answer.whole(body, seen.call_ids()))
            return
        self.set_header("Content-Type", "text/event-stream")
        seen.open += 1
        seen.changed()
        ended = False
        try:
            ended = await self.stream(body, fault, script.directive(own, "slow") / 1e3,
                                      script.directive(own, "delay") / 1e3 or seen.delay)  # fmt: skip
        except tornado.iostream.StreamClosedError:
            pass
        finally:
            seen.open -= 1
            seen.finished += ended
            seen.closed_early += self.gone.is_set() and not ended
            seen.changed()

    async def pause(self, seconds: float | None) -> None:
        """Wait, but not for a client that has gone."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.gone.wait(), seconds)
            raise tornado.iostream.StreamClosedError

    async def stream(self, body: Mapping[str, Any], fault: Fault | None, slow: float, delay: float) -> bool:
        """Send the answer; whether it came to its end."""
        if isinstance(fault, Canned):
            self.write(fault.stream)
            await self.flush()
            return True
        if slow:
            await self.pause(slow)
        sent = 0
        for chunk in answer.chunks(body, self.provider.call_ids(), self.provider.orders):
            if delay:
                await self.pause(delay)
            raw = f"data: {json.dumps(chunk) if isinstance(chunk, dict) else chunk}\n\n".encode()
            if isinstance(fault, Cut | Stall | Garbage) and sent + len(raw) > fault.after:
                self.write(
                    raw[: fault.after - sent] if not isinstance(fault, Garbage) else b"data: {oops\n\n"
                )
                await self.flush()
                if isinstance(fault, Stall):
                    await self.pause(None)
                elif isinstance(fault, Cut) and (connection := self.request.connection) is not None:
                    connection.stream.close()  # type: ignore[attr-defined]  # of tornado's HTTP1Connection
                return False
            sent += len(raw)
            self.write(raw)
            await self.flush()
        return True


async def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every piece of an answer")
    parser.add_argument("--max-context", type=int, default=None, help="characters that a request may have")
    parser.add_argument("--key", default=None, help="the only key that is let in")
    parser.add_argument(
        "--model", action="append", default=[], help="what /v1/models lists; none: any is known"
    )
    parser.add_argument("--meanings", type=json.loads, default={}, help="JSON: what user messages stand for")
    given = parser.parse_args()
    with FakeOpenAI(given.delay, given.max_context, given.key, given.model, given.meanings) as provider:
        print(provider.url, flush=True)  # noqa: T201  the caller reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
