"""From a choice to the LangChain model that carries it out."""

from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from pydantic import SecretStr

from jupyter_aichat.agents.models.build import ROLE, ModelTiming, build, open_http
from jupyter_aichat.agents.models.choice import OFFLINE, Chosen, Credentials, ModelSetting, choose
from jupyter_aichat.agents.models.decode import StreamLimits
from jupyter_aichat.agents.models.fast_model import FastAzureChatOpenAI, FastChatOpenAI
from jupyter_aichat.errors import ModelFailed
from tests.agents.models.closing import close
from tests.agents.models.recorded import STREAMS
from tests.fakes.raw_http import STREAM_HEAD, RawServer, response

ANSWER = STREAM_HEAD + STREAMS["text"]


def chosen(model: str = "", base_url: str = "", **env: str) -> Chosen:
    """Choose by a setting and an environment."""
    return choose(ModelSetting(model, base_url), env, {})


def built(found: Chosen, **options: Any) -> BaseChatModel:
    """Build the supervisor's model."""
    return build(found.choice, "supervisor", credentials=found.credentials, **options)


class _Metadata(BaseCallbackHandler):
    def __init__(self) -> None:
        self.role: Any = None

    def on_chat_model_start(self, *_: Any, metadata: dict[str, Any] | None = None, **__: Any) -> None:
        self.role = (metadata or {}).get(ROLE)


async def test_model_answers_as_chosen() -> None:
    """The model asks the chosen server for the chosen name with the chosen key, streams, and tells its role."""
    heard = _Metadata()
    async with RawServer([ANSWER]) as server:
        model = built(chosen("qwen3:8b", server.url, OPENAI_API_KEY="sk-secret"))
        assert type(model) is FastChatOpenAI
        message = await model.ainvoke("hi", {"callbacks": [heard]})
        await close(model)
        [request] = server.requests
    assert message.text == '안녕 🙂 "q"\n'
    assert message.usage_metadata is not None
    assert request.json["model"] == "qwen3:8b"
    assert request.json["stream"] is True
    assert request.headers["authorization"] == "Bearer sk-secret"
    assert heard.role == "supervisor"


async def test_environment_does_not_redirect_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was chosen, shown and agreed to is asked, whatever addresses the environment has for the library."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "http://127.0.0.1:9")
    async with RawServer([ANSWER]) as server:
        model = built(chosen("m", server.url))
        await model.ainvoke("hi")
        await close(model)
        assert len(server.requests) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY", "OPENAI_PROXY"])
async def test_local_stays_local(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model on this machine is asked directly: no proxy gets to see what was promised not to leave."""
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.delenv("no_proxy")
    async with RawServer([ANSWER]) as server, RawServer([response(502)]) as proxy:
        monkeypatch.setenv(variable, f"http://{proxy.host}")
        model = built(chosen("m", server.url))
        await model.ainvoke("hi")
        await close(model)
        assert (len(server.requests), len(proxy.requests)) == (1, 0)


async def test_redirects_are_not_followed() -> None:
    """What a person agreed to send to one host is not sent on to another."""
    async with RawServer([ANSWER]) as other:
        elsewhere = response(307, b"", {"Location": f"{other.url}/chat/completions"})
        async with RawServer([elsewhere]) as server:
            model = built(chosen("m", server.url))
            with pytest.raises(Exception, match="307"):
                await model.ainvoke("hi")
            await close(model)
        assert other.requests == []


async def test_login_in_the_address_is_used() -> None:
    """A "user:password" in the URL is sent as such, and stands nowhere else."""
    async with RawServer([ANSWER]) as server:
        found = chosen(OPENAI_BASE_URL=server.url.replace("://", "://anna:geheim@"), OPENAI_MODEL="m")
        model = built(found)
        await model.ainvoke("hi")
        await close(model)
        [request] = server.requests
    assert request.headers["authorization"] == "Basic YW5uYTpnZWhlaW0="
    assert "geheim" not in repr(model)


async def test_models_of_a_team_share_their_connections() -> None:
    """With an HTTP client of its own, a team opens one pool for all its models."""
    async with RawServer([ANSWER]) as server:
        found = chosen("m", server.url)
        http = open_http(found.choice, found.credentials, ModelTiming())
        supervisor, analyst = (
            build(found.choice, role, credentials=found.credentials, http=http) for role in "sa"
        )
        await supervisor.ainvoke("hi")
        await analyst.ainvoke("hi")
        await http.aclose()
        assert len(server.requests) == 2


async def test_time_limits_reach_the_model() -> None:
    """Limits of the timing are those of the stream, and the HTTP client's are in line with them."""
    timing = ModelTiming(connect=1.5, limits=StreamLimits(first_token=7), retries=5)
    model = built(chosen("m", "http://127.0.0.1:9/v1"), timing=timing)
    assert isinstance(model, FastChatOpenAI)
    assert (model.limits.first_token, model.max_retries) == (7, 5)
    assert (model.root_async_client.timeout.connect, model.root_async_client.timeout.read) == (1.5, 7)
    await close(model)


async def test_stock_class_can_be_had() -> None:
    """The library's own class is a parameter away, for whoever doubts the fast one; its chunk timeout is off too."""
    async with RawServer([ANSWER]) as server:
        model = built(chosen("m", server.url), stock=True)
        assert type(model) is ChatOpenAI
        assert model.stream_chunk_timeout is None
        assert (await model.ainvoke("hi")).text == '안녕 🙂 "q"\n'
        await close(model)


@pytest.mark.parametrize("stock", [False, True])
async def test_azure_is_asked_its_own_way(*, stock: bool) -> None:
    """A deployment on Azure is asked at Azure's path, with Azure's header, through the same reading."""
    async with RawServer([ANSWER]) as server:
        endpoint = server.url.removesuffix("/v1")
        found = chosen("azure_openai:mine", AZURE_OPENAI_ENDPOINT=endpoint, AZURE_OPENAI_API_KEY="azure-key")
        model = built(found, stock=stock)
        assert type(model) is (AzureChatOpenAI if stock else FastAzureChatOpenAI)
        assert (await model.ainvoke("hi")).text == '안녕 🙂 "q"\n'
        await close(model)
        [request] = server.requests
    assert request.path == "/openai/deployments/mine/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == "azure-key"


def test_missing_key_is_said_before_anything_is_sent() -> None:
    """OpenAI without a key is an error that says what to set."""
    with pytest.raises(ModelFailed, match=r"no API key for api\.openai\.com") as caught:
        built(chosen("gpt-5"))
    assert caught.value.code == "model_auth"


def test_missing_package_is_named() -> None:
    """A provider whose package is not installed says which one to install."""
    with pytest.raises(ModelFailed, match="langchain-anthropic") as caught:
        built(chosen("anthropic:claude-sonnet-5"))
    assert (caught.value.code, caught.value.retryable) == ("model_error", False)
    assert caught.value.host == "api.anthropic.com"


def test_offline_is_built_elsewhere() -> None:
    """The offline analyst has no provider; asking for it here is a mistake of the caller."""
    with pytest.raises(ValueError, match="offline"):
        build(OFFLINE, "supervisor", credentials=Credentials())


async def test_key_is_not_in_the_repr() -> None:
    """A model that is logged does not show its key."""
    found = chosen("m", "http://127.0.0.1:9/v1", OPENAI_API_KEY="sk-geheim")
    assert found.credentials.key == SecretStr("sk-geheim")
    model = built(found)
    assert "geheim" not in repr(model)
    await close(model)
