"""From a choice to the LangChain model that carries it out. The only place where models are made."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import openai
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_openai import AzureChatOpenAI, ChatOpenAI

from jupyter_aichat.agents.models.choice import Credentials, ModelChoice
from jupyter_aichat.agents.models.decode import StreamLimits
from jupyter_aichat.agents.models.failures import explain
from jupyter_aichat.agents.models.fast_model import FastAzureChatOpenAI, FastChatOpenAI
from jupyter_aichat.agents.models.providers import PROVIDERS
from jupyter_aichat.errors import ModelFailed

__all__ = ["ROLE", "ModelTiming", "build", "open_http"]

ROLE = "aichat_role"
"""Key of the role in the metadata that callbacks get."""

AZURE_API_VERSION = "2024-10-21"
"""For Azure when `OPENAI_API_VERSION` is not set: the first stable one that counts tokens of a stream."""


@dataclass(frozen=True, slots=True)
class ModelTiming:
    """How long to wait for a model, in seconds, and how often to ask again before it has said anything."""

    connect: float = 10.0
    limits: StreamLimits = field(default_factory=StreamLimits)
    retries: int = 2


def open_http(choice: ModelChoice, credentials: Credentials, timing: ModelTiming) -> Any:
    """Open the SDK's HTTP client for a choice; models of one team share it. To be closed with `aclose`.

    What is local stays local: no proxy of the environment sees it. And what a person has agreed to send to one host
    goes to no other: redirects are not followed.
    """
    options: dict[str, Any] = {
        "timeout": openai.Timeout(timing.limits.first_token, connect=timing.connect),
        "follow_redirects": False,
    }
    if choice.local:
        options["trust_env"] = False
    elif proxy := os.environ.get("OPENAI_PROXY"):
        options["proxy"] = proxy
    if credentials.login is not None:
        user, _, password = credentials.login.get_secret_value().partition(":")
        options["auth"] = (user, password)
    return openai.DefaultAsyncHttpxClient(**options)


def build(
    choice: ModelChoice,
    role: str,
    *,
    credentials: Credentials,
    stock: bool = False,
    timing: ModelTiming | None = None,
    http: Any = None,
) -> BaseChatModel:
    """Make the model for one role ("supervisor", "analyst", "title" …), which callbacks find in their metadata.

    `stock` takes LangChain's own class instead of the fast one: dearer tokens, the server's call ids, and neither our
    time limits nor our caps. `http` is what `open_http` gave.

    Raises `ModelFailed`: there is no key, a provider's package is not installed, or it does not take the choice.
    """
    if choice.offline:
        raise ValueError("the offline analyst is not built here: it needs no provider")
    timing = timing or ModelTiming()
    if choice.provider not in {"openai", "azure_openai"}:
        return _of_another_provider(choice, role, credentials)
    if credentials.key is None:
        raise ModelFailed(
            "model_auth",
            f"There is no API key for {choice.host}. Set OPENAI_API_KEY, or store a key.",
            host=choice.host or "",
        )
    options: dict[str, Any] = {
        "api_key": credentials.key,
        "http_async_client": http if http is not None else open_http(choice, credentials, timing),
        "http_socket_options": (),
        "max_retries": timing.retries,
        "metadata": {ROLE: role},
        "openai_proxy": None,
        "stream_chunk_timeout": None,
        "stream_usage": True,
        "streaming": True,
        "timeout": openai.Timeout(timing.limits.first_token, connect=timing.connect),
    }
    if not stock:
        options["limits"] = timing.limits
    try:
        if choice.provider == "azure_openai":
            azure = AzureChatOpenAI if stock else FastAzureChatOpenAI
            version = os.environ.get("OPENAI_API_VERSION") or AZURE_API_VERSION
            return azure(
                azure_endpoint=choice.url,
                azure_deployment=choice.name,
                model=choice.name,
                api_version=version,
                **options,
            )
        return (ChatOpenAI if stock else FastChatOpenAI)(model=choice.name, base_url=choice.url, **options)
    except (openai.OpenAIError, ValueError) as error:
        raise _unusable(error, choice, credentials) from error


def _of_another_provider(choice: ModelChoice, role: str, credentials: Credentials) -> BaseChatModel:
    options: dict[str, Any] = {"metadata": {ROLE: role}}
    if choice.url is not None and choice.url != PROVIDERS[choice.provider].url:
        options["base_url"] = choice.url
    if credentials.key is not None:
        options["api_key"] = credentials.key
    try:
        made: Any = init_chat_model(choice.name, model_provider=choice.provider, **options)
    except ImportError as error:  # LangChain's sentence names the package and the command that installs it
        raise ModelFailed("model_error", str(error), host=choice.host or "") from error
    except Exception as error:  # providers raise what they like
        raise _unusable(error, choice, credentials) from error
    if "streaming" in type(made).model_fields:
        made.streaming = True
    model: BaseChatModel = made
    return model


def _unusable(error: Exception, choice: ModelChoice, credentials: Credentials) -> ModelFailed:
    failed = explain(error, choice, credentials)
    if isinstance(failed, ModelFailed):
        return failed
    return ModelFailed(
        "model_error",
        f"The model {choice.id!r} cannot be used: {type(error).__name__}.",
        host=choice.host or "",
    )
