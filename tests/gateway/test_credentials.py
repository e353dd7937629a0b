"""`api/aichat/models/credentials`: what may be set, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.gateway.test_rest import get, refused

WHERE = ("models", "credentials")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"provider": "openai"},
        {"base_url": "", "model": " ", "api_key": ""},
        {"base_url": 7},
        {"api_key": None},
        {"model": ["m"]},
        {"api_key": "k" * 4001},
        {"model": "m" * 257},
        {"base_url": "http://127.0.0.1/" + "x" * 2000},
        {"model": "m", "locked": "yes"},
        {"model": "m", "headers": {}},
        {"base_url": "not a url", "model": "m"},
        {"base_url": "ftp://127.0.0.1/v1", "model": "m"},
        {"base_url": "file:///etc/passwd", "model": "m"},
        {"base_url": "http://127.0.0.1:0/v1", "model": "m"},
        {"base_url": "http://127.0.0.1/v1?key=1", "model": "m"},
        {"model": "anthropic:"},
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(jp_fetch: Any, body: dict[str, Any]) -> None:
    """400 with a sentence; the model that answered still answers."""
    before = (await get(jp_fetch, "health"))["model"]
    assert await refused(jp_fetch, *WHERE, method="PUT", body=body) == (400, "bad_request")
    assert (await get(jp_fetch, "health"))["model"] == before


@pytest.mark.parametrize("text", ["nope", "[]", '"x"', '{"model":"a","model":"b"}'])
async def test_what_is_no_object_is_refused(jp_fetch: Any, text: str) -> None:
    """Strict JSON, and an object."""
    with pytest.raises(HTTPClientError) as error:
        await jp_fetch("api", "aichat", *WHERE, method="PUT", body=text)
    assert error.value.code == 400


async def test_keys_go_in_and_never_out(jp_fetch: Any) -> None:
    """There is no way to read one back."""
    await get(jp_fetch, *WHERE, method="PUT", body={"model": "gpt-5-mini", "api_key": "sk-1234567"})
    with pytest.raises(HTTPClientError) as error:
        await get(jp_fetch, *WHERE)
    assert error.value.code == 405


async def test_a_key_alone_means_openai(jp_fetch: Any) -> None:
    """Who gives nothing but a key gets the default model at the key's usual place."""
    body = {"api_key": "sk-1234567"}
    current = (await get(jp_fetch, *WHERE, method="PUT", body=body))["current"]
    assert (current["id"], current["host"], current["local"]) == (
        "openai:gpt-5-mini",
        "api.openai.com",
        False,
    )


async def test_a_provider_goes_before_the_name(jp_fetch: Any) -> None:
    """From the form's two fields comes one id, with its own address."""
    body = {"provider": "ollama", "model": "qwen3:8b"}
    current = (await get(jp_fetch, *WHERE, method="PUT", body=body))["current"]
    assert (current["id"], current["local"]) == ("ollama:qwen3:8b", True)


async def test_a_password_in_an_address_is_not_told(jp_fetch: Any) -> None:
    """`http://user:password@host` works, and is shown without the two."""
    body = {"base_url": "http://me:hunter2@127.0.0.1:9/v1", "model": "m"}
    current = (await get(jp_fetch, *WHERE, method="PUT", body=body))["current"]
    assert current["url"] == "http://127.0.0.1:9/v1"
    assert "hunter2" not in str(current) + str(await get(jp_fetch, "health"))


async def test_disconnecting_what_was_not_connected_is_fine(jp_fetch: Any) -> None:
    """The answer is what answers."""
    assert (await get(jp_fetch, *WHERE, method="DELETE"))["current"]["offline"] is True
