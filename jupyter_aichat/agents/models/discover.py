"""Asking a compatible server for its models: what nothing else has told. Ask briefly, read with distrust."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Any

import openai
import orjson
from pydantic import SecretStr

from jupyter_aichat.agents.models.build import ModelTiming, open_http
from jupyter_aichat.agents.models.choice import Chosen, Credentials, ModelChoice
from jupyter_aichat.errors import ModelFailed

__all__ = ["ListedModel", "list_models", "read_models", "resolve", "settle"]

PATIENCE = 2.0
"""Seconds that a server has for its list."""

LARGEST_LIST = 4_000_000
"""Bytes of a list; the longest known (a router of 400 models) has half a million."""

NO_CHAT = re.compile(
    r"embed|rerank|whisper|moderation|(^|[-_/])(bge|gte|e5|tts|clip|minilm|dall-e)([-_/.0-9]|$)",
    re.IGNORECASE,
)
"""Names of models that do not chat."""

CONTEXT_FIELDS = ("max_model_len", "context_window", "context_length", "max_context_length")
"""Where a list tells how much a model takes in: vLLM, Groq, OpenRouter and Together, Mistral."""


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model of a server's list; `context_tokens` is `None` when the list does not say."""

    name: str
    context_tokens: int | None = None


async def resolve(chosen: Chosen, patience: float = PATIENCE) -> Chosen:
    """Complete a choice with what its server lists, where there is something to complete.

    A server that does not answer leaves the choice as it is, with a reason that says so: ask again before the next
    run. It is never replaced by another model.
    """
    if chosen.ask is None:
        return chosen
    try:
        models = await list_models(chosen.choice, chosen.credentials, patience)
    except ModelFailed as failed:
        if chosen.ask == "context":
            return chosen
        reason = f"{chosen.choice.reason.removesuffix('.')}, which does not list its models: {failed}"
        return replace(chosen, choice=replace(chosen.choice, reason=reason))
    return settle(chosen, models)


def settle(chosen: Chosen, models: tuple[ListedModel, ...]) -> Chosen:
    """Complete a choice with a list of models. Pure."""
    choice = chosen.choice
    if chosen.ask == "name":
        if not models:
            reason = f"{choice.reason.removesuffix('.')}, which lists no model that chats."
            return replace(chosen, choice=replace(choice, reason=reason))
        name = models[0].name
        reason = f"{choice.reason.removesuffix('.')}, where {name} is the first model listed."
        choice = replace(choice, name=name, reason=reason)
    listed = next((m.context_tokens for m in models if m.name == choice.name), None)
    return replace(chosen, choice=replace(choice, context_tokens=listed or choice.context_tokens), ask=None)


async def list_models(
    choice: ModelChoice, credentials: Credentials, patience: float = PATIENCE
) -> tuple[ListedModel, ...]:
    """Ask a server which models it has that chat, in its own order.

    Raises `ModelFailed` when it does not answer in time, refuses, or answers with something else.
    """
    host = choice.host or ""
    http = open_http(choice, credentials, ModelTiming(connect=patience))
    key = credentials.key or SecretStr("none")
    client = openai.AsyncOpenAI(
        base_url=choice.url, api_key=key.get_secret_value(), max_retries=0, timeout=patience, http_client=http
    )
    body = bytearray()
    try:
        async with asyncio.timeout(patience), client.models.with_streaming_response.list() as response:
            async for block in response.iter_bytes():
                body += block
                if len(body) > LARGEST_LIST:
                    break
    except openai.APIStatusError as error:
        raise ModelFailed("model_error", f"{host} answers HTTP {error.status_code}.", host=host) from error
    except Exception as error:  # of the SDK, of the HTTP library it stands on, or of asyncio
        raise ModelFailed("model_error", f"{host} does not answer.", host=host, retryable=True) from error
    finally:
        await client.close()
    if len(body) > LARGEST_LIST:
        raise ModelFailed("model_error", f"{host} has a list of models without end.", host=host)
    return read_models(bytes(body), host)


def read_models(body: bytes, host: str) -> tuple[ListedModel, ...]:
    """Read a list of models. What is no model in it, or does not chat, is left out.

    Raises `ModelFailed` for what is no list at all. Pure.
    """
    try:
        document = orjson.loads(body)
    except ValueError:
        document = None
    items = document.get("data") if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise ModelFailed(
            "model_error", f"{host} answers with something that is not a list of models.", host=host
        )
    models = (_read_model(item) for item in items)
    return tuple(model for model in models if model is not None)


def _read_model(item: Any) -> ListedModel | None:
    name = item.get("id") if isinstance(item, dict) else None
    if (
        not isinstance(name, str)
        or not 0 < len(name) <= 256
        or not name.isprintable()
        or NO_CHAT.search(name)
    ):
        return None
    sizes = (item.get(field) for field in CONTEXT_FIELDS)
    size = next((n for n in sizes if type(n) is int and 256 <= n <= 100_000_000), None)
    return ListedModel(name, size)
