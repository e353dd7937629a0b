"""What is known about providers, compared with what LangChain knows."""

import importlib

import pytest
from langchain.chat_models import base

from jupyter_aichat.agents.models.providers import CONTEXTS, PROVIDERS, is_openai_host, known_context


def test_providers_are_those_of_langchain() -> None:
    """Every prefix that `init_chat_model` takes is known here, and no other: the rest belongs to a model's name."""
    assert set(PROVIDERS) == set(base._BUILTIN_PROVIDERS)


def test_context_is_never_larger_than_the_model_takes() -> None:
    """For every OpenAI model that LangChain has a profile of, our number is the same or smaller."""
    profiles = importlib.import_module("langchain_openai.data._profiles")._PROFILES
    too_large = {
        name: (known, takes)
        for name, profile in profiles.items()
        if (known := known_context(name)) and 0 < (takes := profile.get("max_input_tokens", 0)) < known
    }
    assert too_large == {}


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("gpt-5-mini", CONTEXTS["gpt-5"]),
        ("gpt-4", 8_192),
        ("gpt-4o-mini-2024-07-18", 128_000),
        ("openai/gpt-4.1", 1_047_576),
        ("llama3.2:latest", None),
        ("my-gpt-4", None),
    ],
)
def test_context_goes_by_the_longest_beginning_of_the_name(name: str, tokens: int | None) -> None:
    """A model's context is looked up by its name; an unknown name has none."""
    assert known_context(name) == tokens


def test_regional_addresses_of_openai_are_openai() -> None:
    """eu.api.openai.com is OpenAI; a name that only ends alike is not."""
    assert is_openai_host("eu.api.openai.com")
    assert not is_openai_host("myapi.openai.com.example")
    assert not is_openai_host("notapi.openai.com")
    assert not is_openai_host(None)
