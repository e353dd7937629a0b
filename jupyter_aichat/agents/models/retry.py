"""Asking again: bounded, and only while nothing of an answer has come.

The SDK would do it too, but it waits up to two minutes when told to, and asks three times through a silence of five
minutes. Here a refusal that names a long wait fails at once and says so, and silence is never repeated.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import random
from typing import Any, TypeVar

import openai
from langchain_core.callbacks.manager import adispatch_custom_event

__all__ = ["RETRY_EVENT", "RetryPolicy", "open_with_retries", "retry_after", "wait_before_retry"]

T = TypeVar("T")

RETRY_EVENT = "model_retry"
"""Name of LangChain's custom event for a retry: `{attempt, attempts, seconds, status}`; `attempt` counts from 2."""

HOPELESS = ("insufficient_quota", "request too large", "billing_hard_limit")
"""In the body of a 429 that no waiting will mend."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to ask again, and how long to wait between, in seconds."""

    retries: int = 2
    first_wait: float = 0.5
    longest_wait: float = 30.0


async def open_with_retries(ask: Callable[[], Awaitable[T]], policy: RetryPolicy) -> T:
    """Ask until there is an answer to read. Raises the SDK's last error."""
    attempt = 1
    while True:
        try:
            return await ask()
        except openai.APIError as error:
            seconds = wait_before_retry(error, attempt, policy)
            if seconds is None:
                raise
            status = getattr(error, "status_code", None)
        attempt += 1
        await _tell(
            {"attempt": attempt, "attempts": policy.retries + 1, "seconds": seconds, "status": status}
        )
        await asyncio.sleep(seconds)


def wait_before_retry(error: openai.APIError, attempt: int, policy: RetryPolicy) -> float | None:
    """Seconds to wait after the failed attempt number `attempt`; `None`: do not ask again."""
    if attempt > policy.retries or not _may_pass(error):
        return None
    told = retry_after(error)
    if told is not None:
        return told if told <= policy.longest_wait else None
    return float(min(policy.first_wait * 2.0 ** (attempt - 1), policy.longest_wait) * (1 - 0.25 * random()))  # noqa: S311  jitter


def retry_after(error: BaseException) -> float | None:
    """How many seconds the server asked to wait (`Retry-After`); `None` if it did not, or what it said is no time."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    if headers is None:
        return None
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        with suppress(TypeError, ValueError):
            seconds = float(headers.get(name)) / unit
            return seconds if seconds >= 0 and math.isfinite(seconds) else None
    with suppress(TypeError, ValueError):
        date = parsedate_to_datetime(headers.get("retry-after"))
        return max(0.0, (date - datetime.now(UTC)).total_seconds())
    return None


def _may_pass(error: openai.APIError) -> bool:
    if isinstance(error, openai.APITimeoutError):
        return type(error.__cause__).__name__ == "ConnectTimeout"
    if isinstance(error, openai.APIConnectionError):
        return True
    if not isinstance(error, openai.APIStatusError):
        return False
    told = error.response.headers.get("x-should-retry")
    if told in {"true", "false"}:
        return told == "true"
    if error.status_code == 429:
        said = f"{error.message} {error.body}".lower()
        return not any(word in said for word in HOPELESS)
    return error.status_code in {408, 409} or error.status_code >= 500


async def _tell(retry: dict[str, Any]) -> None:
    with suppress(RuntimeError):  # asked outside of a graph: there is nobody to tell
        await adispatch_custom_event(RETRY_EVENT, retry)
