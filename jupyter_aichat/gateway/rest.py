"""Base of our REST handlers: authenticated, authorized, JSON in and out, errors as `{error, code, retryable}`."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import orjson
from jupyter_server.base.handlers import APIHandler
from tornado import web

from jupyter_aichat.errors import AichatError, CommandRefused, StorageError
from jupyter_aichat.gateway.access import refusal
from jupyter_aichat.gateway.identity import owner_of

if TYPE_CHECKING:
    from jupyter_aichat.gateway.door import Door
    from jupyter_aichat.gateway.gateway import Gateway

__all__ = ["MAX_BODY", "RestHandler", "allowed"]

MAX_BODY = 1024 * 1024
"""Bytes of the largest request body."""

STATUS = {
    "bad_json": 400,
    "bad_request": 400,
    "too_large": 413,
    "rate": 429,
    "busy": 429,
    "not_found": 404,
    "forbidden": 403,
    "unauthenticated": 403,
    "conflict": 409,
    "not_pending": 409,
    "digest_mismatch": 409,
    "stale": 409,
    "storage": 503,
}
"""HTTP status of each refusal."""

P = ParamSpec("P")
H = TypeVar("H", bound="RestHandler")


class RestHandler(APIHandler):
    """What all routes share."""

    gateway: Gateway
    owner: str

    def initialize(self, door: Door) -> None:
        """`door` leads to the gateway."""
        self.door = door

    async def enter(self, action: str) -> None:
        """Check the authorizer for resource `aichat`, then wait for the gateway."""
        refused = await refusal(self, action)
        if refused is not None:
            raise refused
        self.gateway = await self.door.gateway()
        self.owner = owner_of(self)

    def reply(self, value: Any, status: int = 200) -> None:
        """Finish with JSON. Models leave out what is `None`."""
        self.set_status(status)
        self.finish(orjson.dumps(value, default=_plain))

    def body(self) -> dict[str, Any]:
        """The request's JSON object. Raises `CommandRefused`."""
        from jupyter_aichat.protocol.parse import parse_json

        if len(self.request.body) > MAX_BODY:
            raise CommandRefused("too_large", f"The body has more than {MAX_BODY:,} bytes.")
        if not self.request.body:
            return {}
        try:
            value = parse_json(self.request.body.decode())
        except UnicodeDecodeError:
            raise CommandRefused("bad_json", "The body is not UTF-8.") from None
        if not isinstance(value, dict):
            raise CommandRefused("bad_request", f"The body is a JSON object, not {type(value).__name__}.")
        return value

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number of the query. Raises `CommandRefused`."""
        text = self.get_query_argument(name, None)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or int(text) > most:
            raise CommandRefused(
                "bad_request", f"{name} is a whole number from 0 to {most}, not {text[:40]!r}."
            )
        return int(text)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors are a sentence and a code; never a traceback or a path."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        sentence = (
            error.log_message
            if isinstance(error, web.HTTPError) and error.log_message and status_code < 500
            else self._reason
        )
        code = next((c for c, s in STATUS.items() if s == status_code), "internal")
        self.finish(orjson.dumps({"error": sentence, "code": code, "retryable": status_code in {429, 503}}))


def allowed(
    action: str,
) -> Callable[
    [Callable[Concatenate[H, P], Awaitable[None]]],
    Callable[Concatenate[H, P], Awaitable[None] | None],
]:
    """Decorate a route's method: authenticated, allowed to `action` ("read" or "write"), refusals as JSON."""

    def decorate(
        method: Callable[Concatenate[H, P], Awaitable[None]],
    ) -> Callable[Concatenate[H, P], Awaitable[None] | None]:
        @functools.wraps(method)
        async def guarded(self: H, /, *args: P.args, **kwargs: P.kwargs) -> None:
            try:
                await self.enter(action)
                await method(self, *args, **kwargs)
            except CommandRefused as refused:
                answer = {"error": str(refused), "code": refused.code, "retryable": refused.retryable}
                self.reply(answer, STATUS[refused.code])
            except StorageError as error:
                self.reply({"error": str(error), "code": "storage", "retryable": True}, 503)
            except AichatError as error:
                self.reply({"error": str(error), "code": "bad_request", "retryable": False}, 400)

        return web.authenticated(guarded)

    return decorate


def _plain(value: Any) -> Any:
    dump: Callable[..., Any] | None = getattr(value, "model_dump", None)
    if dump is None:
        raise TypeError(type(value).__name__)
    return dump(exclude_none=True)
