"""A model at a loopback server, closed at the end of the test."""

from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
from langchain_openai import ChatOpenAI

from jupyter_aichat.agents.models.fast_model import FastChatOpenAI
from tests.agents.models.closing import close

MakeModel = Callable[..., ChatOpenAI]


@pytest.fixture
def make_model(jp_asyncio_loop: Any) -> Iterator[MakeModel]:
    """Make a model of a class (the fast one) for a base URL; retries are off unless asked for."""
    made: list[ChatOpenAI] = []

    def make(url: str, kind: type[ChatOpenAI] = FastChatOpenAI, **options: Any) -> ChatOpenAI:
        defaults = {"model": "m", "base_url": url, "api_key": "x", "max_retries": 0, "streaming": True}
        # LangChain's own client is one for all models of a URL: closed here, it would be closed when a port comes again
        http = openai.DefaultAsyncHttpxClient()
        made.append(kind(**{**defaults, "stream_usage": True, "http_async_client": http, **options}))
        return made[-1]

    yield make
    for model in made:
        jp_asyncio_loop.run_until_complete(close(model))
