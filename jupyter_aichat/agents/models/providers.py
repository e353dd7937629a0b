"""What is known about providers and models before anybody is asked. Data, and functions that look it up."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "COMPATIBLE_CONTEXT",
    "OPENAI_CONTEXT",
    "OPENAI_URL",
    "PROVIDERS",
    "Provider",
    "is_openai_host",
    "known_context",
]

OPENAI_URL = "https://api.openai.com/v1"

OPENAI_CONTEXT = 128_000
"""Tokens of an OpenAI model that is not in the table below."""

COMPATIBLE_CONTEXT = 32_000
"""Tokens of a model of any other server that does not say how many it takes."""


class Provider(NamedTuple):
    """Where a provider's models are asked, unless one of `variables` of the environment says otherwise.

    `url` is "" when there is no single address; then the provider's own name stands for the host.
    """

    url: str = ""
    variables: tuple[str, ...] = ()


PROVIDERS: dict[str, Provider] = {
    "anthropic": Provider("https://api.anthropic.com", ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL")),
    "anthropic_bedrock": Provider(),
    "azure_ai": Provider(),
    "azure_openai": Provider("", ("AZURE_OPENAI_ENDPOINT",)),
    "baseten": Provider(),
    "bedrock": Provider(),
    "bedrock_converse": Provider(),
    "bedrock_mantle_anthropic": Provider(),
    "bedrock_mantle_openai": Provider(),
    "cohere": Provider("https://api.cohere.com", ("CO_API_URL",)),
    "deepseek": Provider("https://api.deepseek.com/v1", ("DEEPSEEK_API_BASE",)),
    "fireworks": Provider("https://api.fireworks.ai/inference/v1"),
    "google_anthropic_vertex": Provider(),
    "google_genai": Provider("https://generativelanguage.googleapis.com"),
    "google_vertexai": Provider(),
    "groq": Provider("https://api.groq.com", ("GROQ_API_BASE",)),
    "huggingface": Provider(),
    "ibm": Provider(),
    "langsmith": Provider(),
    "litellm": Provider(),
    "meta": Provider(),
    "mistralai": Provider("https://api.mistral.ai/v1", ("MISTRAL_BASE_URL",)),
    "nvidia": Provider("https://integrate.api.nvidia.com/v1", ("NVIDIA_BASE_URL",)),
    "ollama": Provider("http://127.0.0.1:11434", ("OLLAMA_HOST",)),
    "openai": Provider(OPENAI_URL, ("OPENAI_BASE_URL", "OPENAI_API_BASE")),
    "openrouter": Provider("https://openrouter.ai/api/v1", ("OPENROUTER_API_BASE",)),
    "perplexity": Provider("https://api.perplexity.ai"),
    "together": Provider("https://api.together.xyz/v1"),
    "upstage": Provider("https://api.upstage.ai/v1"),
    "xai": Provider("https://api.x.ai/v1"),
}
"""The providers that `init_chat_model` knows. A prefix that is not here belongs to the model's name ("qwen3:8b")."""

CONTEXTS: dict[str, int] = {
    "gpt-3.5-turbo": 16_385,
    "gpt-4": 8_192,
    "gpt-4-turbo": 128_000,
    "gpt-4.1": 1_047_576,
    "gpt-4o": 128_000,
    "gpt-5": 272_000,
    "gpt-5-chat": 128_000,
    "gpt-5.1-chat": 128_000,
    "gpt-5.2-chat": 128_000,
    "gpt-5.3-codex-spark": 128_000,
    "gpt-6": 1_000_000,
    "gpt-oss": 128_000,
    "o1": 200_000,
    "o1-mini": 128_000,
    "o1-preview": 128_000,
    "o3": 200_000,
    "o4-mini": 200_000,
    "claude": 200_000,
    "gemini": 1_000_000,
}
"""Input tokens by the beginning of a model's name; the longest beginning that fits counts. Low rather than high."""


def known_context(name: str) -> int | None:
    """How many tokens a model takes in, by its name; `None` if that is not known."""
    bare = name.rpartition("/")[2].lower()  # "openai/gpt-4o", as routers of many providers write it
    fits = [prefix for prefix in CONTEXTS if bare.startswith(prefix)]
    return CONTEXTS[max(fits, key=len)] if fits else None


def is_openai_host(host: str | None) -> bool:
    """Whether a host is OpenAI's own service, regional addresses included."""
    return host is not None and (host == "api.openai.com" or host.endswith(".api.openai.com"))
