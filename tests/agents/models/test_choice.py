"""Which model answers, and why."""

import pytest
from pydantic import SecretStr

from jupyter_aichat.agents.models.choice import OFFLINE, Chosen, ModelSetting, choose, split_model
from jupyter_aichat.errors import ConfigurationError

KEY = "sk-geheim-1234567890"
SERVER = "http://127.0.0.1:8901/v1"


def chosen(
    model: str = "",
    base_url: str = "",
    context_tokens: int | None = None,
    stored: dict[str, str] | None = None,
    **env: str,
) -> Chosen:
    """Choose by a setting, stored keys and an environment."""
    keys = {host: SecretStr(key) for host, key in (stored or {}).items()}
    return choose(ModelSetting(model, base_url, context_tokens), env, keys)


def key_of(found: Chosen) -> str | None:
    """Look at the key that would be sent."""
    return found.credentials.key.get_secret_value() if found.credentials.key else None


def test_nothing_configured_means_offline() -> None:
    """Without setting, address and key, the offline analyst answers, and the reason says what is missing."""
    found = chosen()
    assert found.choice == OFFLINE
    assert (found.choice.id, found.choice.local, found.choice.host) == ("offline:rules", True, None)
    assert "OPENAI_BASE_URL" in found.choice.reason
    assert "OPENAI_API_KEY" in found.choice.reason


def test_empty_variables_count_as_absent() -> None:
    """An empty key or address, as in `OPENAI_API_KEY= jupyter lab`, is none."""
    assert chosen(OPENAI_API_KEY=" ", OPENAI_BASE_URL="", OPENAI_API_BASE=" ").choice.offline


def test_key_means_openai() -> None:
    """A key alone means OpenAI's own service with its default model."""
    found = chosen(OPENAI_API_KEY=KEY)
    choice = found.choice
    assert (choice.id, choice.host, choice.local) == ("openai:gpt-5-mini", "api.openai.com", False)
    assert choice.url == "https://api.openai.com/v1"
    assert choice.reason == "OPENAI_API_KEY is set."
    assert choice.context_tokens == 272_000
    assert key_of(found) == KEY
    assert found.ask is None


def test_address_goes_before_key() -> None:
    """With an address and a key in the environment, that server is asked, with that key."""
    found = chosen(OPENAI_BASE_URL=SERVER, OPENAI_API_KEY=KEY)
    assert (found.choice.host, found.choice.local) == ("127.0.0.1:8901", True)
    assert found.choice.reason == f"OPENAI_BASE_URL is set to {SERVER}."
    assert key_of(found) == KEY


def test_address_without_key_gets_a_placeholder() -> None:
    """A compatible server needs no key; the SDK gets one that is none."""
    assert key_of(chosen(OPENAI_BASE_URL=SERVER)) == "not-needed"


def test_older_name_of_the_address_works() -> None:
    """OPENAI_API_BASE is taken too, after OPENAI_BASE_URL."""
    assert chosen(OPENAI_API_BASE=SERVER).choice.reason == f"OPENAI_API_BASE is set to {SERVER}."
    both = chosen(OPENAI_API_BASE="http://127.0.0.1:1/v1", OPENAI_BASE_URL=SERVER)
    assert both.choice.url == SERVER


def test_name_comes_from_the_environment_or_the_server() -> None:
    """OPENAI_MODEL names the model; without it a compatible server is asked what it has."""
    named = chosen(OPENAI_BASE_URL=SERVER, OPENAI_MODEL="qwen3:8b")
    assert (named.choice.name, named.choice.id, named.ask) == ("qwen3:8b", "openai:qwen3:8b", "context")
    unnamed = chosen(OPENAI_BASE_URL=SERVER)
    assert (unnamed.choice.name, unnamed.ask) == ("default", "name")
    assert chosen(OPENAI_API_KEY=KEY, OPENAI_MODEL="gpt-5").choice.id == "openai:gpt-5"


def test_openai_by_its_address_is_openai() -> None:
    """OPENAI_BASE_URL may name OpenAI itself: its default model, and nobody is asked for a list."""
    found = chosen(OPENAI_BASE_URL="https://api.openai.com/v1", OPENAI_API_KEY=KEY)
    assert (found.choice.id, found.ask) == ("openai:gpt-5-mini", None)


def test_setting_goes_before_the_environment() -> None:
    """What a person has set wins over variables, with the reason saying so."""
    found = chosen("llama3.2", "http://10.0.0.7:8000/v1", OPENAI_BASE_URL=SERVER, OPENAI_MODEL="other")
    assert (found.choice.id, found.choice.host) == ("openai:llama3.2", "10.0.0.7:8000")
    assert not found.choice.local
    assert found.choice.reason == "The model llama3.2 is set, and base_url is http://10.0.0.7:8000/v1."


def test_named_model_is_asked_at_the_address_of_the_environment() -> None:
    """A name alone changes the model, not the server."""
    found = chosen("openai:gpt-4o", OPENAI_BASE_URL=SERVER)
    assert (found.choice.id, found.choice.url) == ("openai:gpt-4o", SERVER)
    assert found.choice.reason == f"The model gpt-4o is set, and OPENAI_BASE_URL is set to {SERVER}."


def test_explicit_model_without_key_is_never_offline() -> None:
    """What was set explicitly stays chosen; that its key is missing is an error when it is built."""
    found = chosen("gpt-5")
    assert (found.choice.offline, found.choice.host, found.credentials.key) == (False, "api.openai.com", None)


@pytest.mark.parametrize("model", ["offline", "offline:rules"])
def test_offline_may_be_chosen(model: str) -> None:
    """The offline analyst can be set although a key is there."""
    found = chosen(model, OPENAI_API_KEY=KEY)
    assert found.choice.offline
    assert found.choice.reason == "The offline analyst is set as the model."


def test_stored_key_counts_for_its_host_only() -> None:
    """A key that a person has entered goes before the environment's, and to no other host."""
    assert key_of(chosen(stored={"api.openai.com": "sk-stored"}, OPENAI_API_KEY=KEY)) == "sk-stored"
    found = chosen(stored={"api.openai.com": "sk-stored"})
    assert (found.choice.id, found.choice.reason) == (
        "openai:gpt-5-mini",
        "A key for api.openai.com is stored.",
    )
    assert key_of(chosen(stored={"api.openai.com": "sk-stored"}, OPENAI_BASE_URL=SERVER)) == "not-needed"
    assert key_of(chosen(stored={"127.0.0.1:8901": "local"}, OPENAI_BASE_URL=SERVER)) == "local"


@pytest.mark.parametrize(
    ("model", "env", "host", "local"),
    [
        ("anthropic:claude-sonnet-5", {}, "api.anthropic.com", False),
        ("anthropic:claude-sonnet-5", {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, "127.0.0.1:9", True),
        ("ollama:llama3.2", {}, "127.0.0.1:11434", True),
        ("ollama:llama3.2", {"OLLAMA_HOST": "gpu.example:11434"}, "gpu.example:11434", False),
        ("bedrock:nova", {}, "bedrock", False),
        (
            "azure_openai:mine",
            {"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com/"},
            "x.openai.azure.com",
            False,
        ),
    ],
)
def test_other_providers_name_their_host(model: str, env: dict[str, str], host: str, local: bool) -> None:  # noqa: FBT001  a column
    """Whom data goes to is known before anything is sent, redirected addresses included."""
    choice = choose(ModelSetting(model), env, {}).choice
    assert (choice.id, choice.host, choice.local) == (model, host, local)
    assert choice.reason == f"The model {model} is set."


def test_provider_without_a_name_is_refused() -> None:
    """A provider alone says nothing; the error shows what is missing."""
    with pytest.raises(ConfigurationError, match="anthropic:name"):
        chosen("anthropic:")


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("gpt-5", ("", "gpt-5")),
        ("openai:gpt-5", ("openai", "gpt-5")),
        ("qwen3:8b", ("", "qwen3:8b")),
        ("openai:qwen3:8b", ("openai", "qwen3:8b")),
        ("offline", ("offline", "rules")),
        ("", ("", "")),
    ],
)
def test_only_known_providers_are_split_off(model: str, parts: tuple[str, str]) -> None:
    """A colon may belong to the model's name, as in Ollama's."""
    assert split_model(model) == parts


def test_message_may_ask_for_another_model() -> None:
    """A model for one message keeps the server for OpenAI's kind and leaves it for other providers."""
    setting = ModelSetting("llama3.2", SERVER, 4096)
    assert setting.with_model("llama3.2") is setting
    assert setting.with_model("qwen3:8b") == ModelSetting("qwen3:8b", SERVER)
    assert setting.with_model("anthropic:claude-sonnet-5") == ModelSetting("anthropic:claude-sonnet-5")


def test_context_set_by_a_person_counts() -> None:
    """A set context wins over the table, and then nobody is asked for it."""
    found = chosen("llama3.2", SERVER, 4096)
    assert (found.choice.context_tokens, found.ask) == (4096, None)
    assert chosen("llama3.2", SERVER).choice.context_tokens == 32_000
    assert chosen("gpt-new", OPENAI_API_KEY=KEY).choice.context_tokens == 128_000


@pytest.mark.parametrize(
    "found",
    [
        chosen(OPENAI_API_KEY=KEY),
        chosen(OPENAI_BASE_URL=f"https://anna:{KEY}@llm.example/v1"),
        chosen(OPENAI_BASE_URL=SERVER, OPENAI_API_KEY=KEY),
        chosen(stored={"api.openai.com": KEY}),
    ],
)
def test_key_is_nowhere_to_be_seen(found: Chosen) -> None:
    """Neither a repr nor a reason shows a key or a login; the choice does not even have them."""
    assert "geheim" not in repr(found)
    assert "geheim" not in found.choice.reason
    assert "geheim" not in str(found.choice.url)
    assert hash(found) == hash(found)


def test_wrong_address_names_its_variable() -> None:
    """An address that is none says where it was set, and is not replaced by anything."""
    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL"):
        chosen(OPENAI_BASE_URL="localhost:8000", OPENAI_API_KEY=KEY)
