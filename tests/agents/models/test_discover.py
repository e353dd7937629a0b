"""Asking a compatible server for its models."""

from typing import Any

import pytest

from jupyter_aichat.agents.models.choice import Chosen, ModelSetting, choose
from jupyter_aichat.agents.models.discover import ListedModel, list_models, read_models, resolve
from jupyter_aichat.errors import ModelFailed
from tests.fakes.raw_http import Hold, RawServer, response

OLLAMA = [{"id": "nomic-embed-text:latest"}, {"id": "llama3.2:latest", "object": "model"}, {"id": "qwen3:8b"}]


def listing(*models: Any) -> list[Any]:
    """Answer with a list of models."""
    return [response(200, {"object": "list", "data": list(models)})]


def unresolved(url: str, **env: str) -> Chosen:
    """Choose a compatible server by the environment."""
    return choose(ModelSetting(), {"OPENAI_BASE_URL": url, **env}, {})


async def test_first_model_that_chats_is_taken() -> None:
    """A server without a named model answers with the first one that it lists and that is no embedding."""
    async with RawServer(listing(*OLLAMA)) as server:
        found = await resolve(unresolved(server.url, OPENAI_API_KEY="sk-1"))
        [request] = server.requests
    assert (found.choice.id, found.ask) == ("openai:llama3.2:latest", None)
    assert found.choice.reason == (
        f"OPENAI_BASE_URL is set to {server.url}, where llama3.2:latest is the first model listed."
    )
    assert (request.method, request.path) == ("GET", "/v1/models")
    assert request.headers["authorization"] == "Bearer sk-1"


@pytest.mark.parametrize("field", ["max_model_len", "context_window", "context_length", "max_context_length"])
async def test_context_is_taken_from_the_list(field: str) -> None:
    """Servers like vLLM say how much a model takes in; a named model's context is looked up, too."""
    async with RawServer(listing({"id": "a"}, {"id": "b", field: 8192})) as server:
        found = await resolve(unresolved(server.url, OPENAI_MODEL="b"))
        assert (found.choice.name, found.choice.context_tokens) == ("b", 8192)
        assert (await resolve(unresolved(server.url))).choice.context_tokens == 32_000


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ([response(404)], "answers HTTP 404"),
        ([response(401, {"error": {"message": "key?"}})], "answers HTTP 401"),
        ([response(200, b"<html>portal</html>")], "not a list of models"),
        ([response(200, {"data": "none"})], "not a list of models"),
        ([Hold()], "does not answer"),
        ([response(200, {"data": []}, {"Content-Length": "99"})], "does not answer"),
    ],
    ids=["404", "401", "page", "no list", "silent", "cut"],
)
async def test_server_without_a_list_stays_chosen(script: list[Any], why: str) -> None:
    """A server that does not list its models is still the one that is asked; the reason says what happened."""
    async with RawServer(script) as server:
        found = await resolve(unresolved(server.url), patience=0.3)
    assert (found.choice.name, found.choice.host, found.ask) == ("default", server.host, "name")
    assert why in found.choice.reason


async def test_nobody_there_stays_chosen() -> None:
    """A server that is not running is not replaced by anything: the next question finds it, or an error says so."""
    async with RawServer([b""]) as server:
        url = server.url
    found = await resolve(unresolved(url))
    assert (found.choice.offline, found.choice.url, found.ask) == (False, url, "name")
    assert "does not answer" in found.choice.reason
    named = unresolved(url, OPENAI_MODEL="m")
    assert await resolve(named) == named


async def test_only_embeddings_are_no_choice() -> None:
    """A list without a model that chats leaves the name open, and says so."""
    async with RawServer(listing({"id": "bge-m3"}, {"id": "text-embedding-3-small"})) as server:
        found = await resolve(unresolved(server.url))
    assert found.ask == "name"
    assert "lists no model that chats" in found.choice.reason


async def test_nobody_is_asked_without_need() -> None:
    """What is known is not asked for."""
    offline = choose(ModelSetting(), {}, {})
    assert await resolve(offline) is offline
    openai = choose(ModelSetting(), {"OPENAI_API_KEY": "sk-1"}, {})
    assert await resolve(openai) is openai


@pytest.mark.parametrize(
    ("item", "model"),
    [
        ({"id": "a"}, ListedModel("a")),
        ({"id": "a", "max_model_len": 4096}, ListedModel("a", 4096)),
        ({"id": "a", "max_model_len": True}, ListedModel("a")),
        ({"id": "a", "max_model_len": -1}, ListedModel("a")),
        ({"id": "a", "max_model_len": "4096"}, ListedModel("a")),
        ({"id": "gpt-4o"}, ListedModel("gpt-4o")),
        ({"id": "/models/qwen2.5-coder.gguf"}, ListedModel("/models/qwen2.5-coder.gguf")),
        ({"id": ""}, None),
        ({"id": 7}, None),
        ({"id": "a\u202eb"}, None),
        ({"id": "x" * 300}, None),
        ("a", None),
        (None, None),
        ({"id": "mxbai-embed-large"}, None),
        ({"id": "BAAI/bge-reranker-v2"}, None),
        ({"id": "intfloat/e5-mistral"}, None),
        ({"id": "whisper-1"}, None),
        ({"id": "tts-1"}, None),
        ({"id": "dall-e-3"}, None),
        ({"id": "omni-moderation-latest"}, None),
    ],
)
def test_list_is_read_with_distrust(item: Any, model: ListedModel | None) -> None:
    """Items without a usable name, numbers that are none, and models that do not chat are left out."""
    body = response(200, {"data": [item]}).partition(b"\r\n\r\n")[2]
    assert read_models(body, "h") == ((model,) if model else ())


async def test_list_without_end_is_given_up() -> None:
    """A list of many megabytes does not fill the memory."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    async with RawServer([head, *[b" " * 1_000_000] * 6, Hold()]) as server:
        found = unresolved(server.url)
        with pytest.raises(ModelFailed, match="without end"):
            await list_models(found.choice, found.credentials)
