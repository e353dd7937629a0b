"""Which model answers, and why. One pure function; imports nothing foreign but pydantic's `SecretStr`.

In this order: what was set explicitly, the address of an OpenAI-compatible server, a key for OpenAI, and otherwise
the offline analyst. What was chosen is never replaced silently: a server that does not answer is an error that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import SecretStr

from jupyter_aichat.agents.models.address import Address, parse_address
from jupyter_aichat.agents.models.providers import (
    COMPATIBLE_CONTEXT,
    OPENAI_CONTEXT,
    OPENAI_URL,
    PROVIDERS,
    is_openai_host,
    known_context,
)
from jupyter_aichat.errors import ConfigurationError

__all__ = [
    "DEFAULT_MODEL",
    "OFFLINE",
    "UNNAMED",
    "Chosen",
    "Credentials",
    "ModelChoice",
    "ModelSetting",
    "choose",
    "split_model",
]

DEFAULT_MODEL = "gpt-5-mini"
"""The model of api.openai.com when nothing names one."""

UNNAMED = "default"
"""Stands for a name until the server has been asked; servers with a single model take any name."""

PLACEHOLDER_KEY = "not-needed"
"""Sent to compatible servers when there is no key: OpenAI's SDK insists on one, most local servers ignore it."""


@dataclass(frozen=True, slots=True)
class ModelSetting:
    """What a person has set. `model` is "provider:name", a name, "offline" or "" (not set).

    `base_url` is the address of an OpenAI-compatible server. `context_tokens`: how much the model takes in.
    """

    model: str = ""
    base_url: str = ""
    context_tokens: int | None = None

    def with_model(self, model: str) -> ModelSetting:
        """Return the same setting for another model: what a message asks for with its `model`.

        A provider of its own is asked at its own address; `base_url` and `context_tokens` belong to the model they
        were set for.
        """
        if model == self.model:
            return self
        provider, _ = split_model(model)
        return ModelSetting(model, self.base_url if provider in {"", "openai"} else "")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a provider gets to see. Never shown: neither in a repr, nor in a choice, nor in a message.

    `key` is `None` when there is none (a provider's own package may still find one in its environment variable).
    `login` is the "user:password" that stood in the server's URL.
    """

    key: SecretStr | None = None
    login: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The model that answers. Equal choices are the same model at the same place.

    `id` is "provider:name". `host` is whom data goes to ("api.openai.com", "127.0.0.1:11434"; a provider's name where
    it has no single address; `None` offline). `local`: nothing leaves this machine, so no consent is needed.
    `reason` is one English sentence: what was found, and where. `context_tokens`: how much the model takes in.
    """

    provider: str
    name: str
    url: str | None
    host: str | None
    local: bool
    offline: bool
    reason: str = field(compare=False)
    context_tokens: int

    @property
    def id(self) -> str:
        """The model's id on the wire, "provider:name"."""
        return f"{self.provider}:{self.name}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice with what belongs to it but must not be shown.

    `ask` says what the server's list of models can still tell: the `name` (the choice's is `UNNAMED` until then), or
    just the size of the `context`, or nothing.
    """

    choice: ModelChoice
    credentials: Credentials = Credentials()
    ask: Literal["name", "context"] | None = None


OFFLINE = ModelChoice(
    provider="offline",
    name="rules",
    url=None,
    host=None,
    local=True,
    offline=True,
    reason="No model is configured: there is no setting, no OPENAI_BASE_URL and no OPENAI_API_KEY.",
    context_tokens=COMPATIBLE_CONTEXT,
)
"""The offline analyst: rules, no AI model."""


def choose(setting: ModelSetting, env: Mapping[str, str], stored: Mapping[str, SecretStr]) -> Chosen:
    """Choose the model that answers.

    `stored` are the keys that people have entered, by host ("api.openai.com", "127.0.0.1:8000") or, for providers
    without a single address, by the provider's name.

    Raises `ConfigurationError` when an address is none; the message names where it was set.
    """
    return _Choosing(setting, env, stored).choose()


def split_model(model: str) -> tuple[str, str]:
    """Split "provider:name"; the provider is "" when the text before the colon is none ("qwen3:8b")."""
    model = model.strip()
    if model in {"offline", OFFLINE.id}:
        return "offline", OFFLINE.name
    before, colon, after = model.partition(":")
    return (before, after.strip()) if colon and before in PROVIDERS else ("", model)


@dataclass(frozen=True, slots=True)
class _Choosing:
    setting: ModelSetting
    env: Mapping[str, str]
    stored: Mapping[str, SecretStr]

    def choose(self) -> Chosen:
        provider, name = split_model(self.setting.model)
        if provider == "offline":
            return Chosen(replace(OFFLINE, reason="The offline analyst is set as the model."))
        if provider not in {"", "openai"}:
            return self.other(provider, name)
        named = f"The model {name} is set, and " if name else ""
        if self.setting.base_url:
            address = parse_address(self.setting.base_url, "The setting base_url")
            return self.openai(address, name, f"{named or 'The setting '}base_url is {address.url}")
        base, variable = self.first(PROVIDERS["openai"].variables)
        if base:
            address = parse_address(base, variable)
            return self.openai(address, name, f"{named}{variable} is set to {address.url}")
        address = parse_address(OPENAI_URL, "OpenAI's address")
        if name:
            return self.openai(address, name, f"The model {name} is set")
        if address.host in self.stored:
            return self.openai(address, "", f"A key for {address.host} is stored")
        if self.env.get("OPENAI_API_KEY", "").strip():
            return self.openai(address, "", "OPENAI_API_KEY is set")
        return Chosen(OFFLINE)

    def openai(self, address: Address, name: str, reason: str) -> Chosen:
        own = is_openai_host(address.host)
        name = name or self.env.get("OPENAI_MODEL", "").strip() or (DEFAULT_MODEL if own else UNNAMED)
        key = self.stored.get(address.host) or _secret(self.env.get("OPENAI_API_KEY", ""))
        if key is None and not own:
            key = SecretStr(PLACEHOLDER_KEY)
        known = self.setting.context_tokens or known_context(name)
        choice = ModelChoice(
            provider="openai",
            name=name,
            url=address.url,
            host=address.host,
            local=address.local,
            offline=False,
            reason=f"{reason}.",
            context_tokens=known or (OPENAI_CONTEXT if own else COMPATIBLE_CONTEXT),
        )
        ask: Literal["name", "context"] | None = None
        if not own:
            ask = "name" if name == UNNAMED else None if self.setting.context_tokens else "context"
        return Chosen(choice, Credentials(key, _secret(address.login)), ask)

    def other(self, provider: str, name: str) -> Chosen:
        if not name:
            raise ConfigurationError(
                f"The model {self.setting.model!r} has a provider but no name. Give it as {provider}:name."
            )
        url, origin = self.first(PROVIDERS[provider].variables)
        if self.setting.base_url:
            url, origin = self.setting.base_url, "The setting base_url"
        url = url or PROVIDERS[provider].url
        if provider == "ollama" and "://" not in url:
            url = f"http://{url}"  # OLLAMA_HOST is mostly written without a scheme
        address = parse_address(url, origin or f"The address of {provider}") if url else None
        host = address.host if address else provider
        choice = ModelChoice(
            provider=provider,
            name=name,
            url=address.url if address else None,
            host=host,
            local=bool(address and address.local),
            offline=False,
            reason=f"The model {provider}:{name} is set.",
            context_tokens=self.setting.context_tokens or known_context(name) or COMPATIBLE_CONTEXT,
        )
        key = self.stored.get(host) or self.stored.get(provider)
        if provider == "azure_openai":
            key = key or _secret(self.env.get("AZURE_OPENAI_API_KEY", ""))
        return Chosen(choice, Credentials(key, _secret(address.login) if address else None))

    def first(self, names: tuple[str, ...]) -> tuple[str, str]:
        """Find the first of these variables that is set: its value and name."""
        return next(((value, name) for name in names if (value := self.env.get(name, "").strip())), ("", ""))


def _secret(text: str) -> SecretStr | None:
    text = text.strip()
    return SecretStr(text) if text else None
