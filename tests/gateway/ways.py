"""Our routes, taken from a running server: what a test of all routes goes through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from jupyter_server.serverapp import ServerApp
from tornado.routing import PathMatches, RuleRouter
from tornado.web import RequestHandler

__all__ = ["Way", "fill", "ways"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""All that Tornado knows but OPTIONS, with which browsers ask before they ask, and for which Jupyter answers."""


class Way(NamedTuple):
    """A method of one of our routes."""

    method: str
    path: str
    """Below the server's root, with the base URL."""
    socket: bool


def ways(server: ServerApp, thread_id: str = "t1") -> Iterator[Way]:
    """Every method of every route whose handler is ours, with this thread for the thread."""
    for pattern, handler in _rules(server.web_app.default_router):
        path = fill(pattern, thread_id)
        for method in METHODS:
            if getattr(handler, method.lower()) is not RequestHandler._unimplemented_method:
                yield Way(method, path, hasattr(handler, "on_message"))


def _rules(router: RuleRouter) -> Iterator[tuple[str, Any]]:
    for rule in router.rules:
        handler: Any = rule.target
        if isinstance(handler, RuleRouter):
            yield from _rules(handler)
        elif isinstance(handler, type) and handler.__module__.startswith("jupyter_aichat"):
            assert isinstance(rule.matcher, PathMatches)
            yield rule.matcher.regex.pattern, handler


def fill(pattern: str, thread_id: str) -> str:
    """A path that a route's pattern matches."""
    static = pattern.replace("(.*)", "widget.js")
    path = re.sub(r"\([^)]*\)", thread_id, static).rstrip("$").replace("\\", "")
    assert re.fullmatch(pattern.rstrip("$"), path), (pattern, path)
    return path
