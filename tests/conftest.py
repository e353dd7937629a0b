"""What every test shares. Fixtures of one folder live in that folder's own `conftest.py`.

Asynchronous tests are plain `async def` functions: pytest-jupyter runs them on the loop of its `jp_asyncio_loop`
fixture, the one its Jupyter Server runs on. Two things follow. pytest-asyncio must not be added: it would run the
same functions on a loop of its own. And a fixture is never `async def`; one that has to wait is a plain function
that takes `jp_asyncio_loop` and calls `run_until_complete`.
"""

import pytest

pytest_plugins = ["pytest_jupyter.jupyter_server"]

MODEL_VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_ORG_ID", "OPENAI_PROXY")
TRACING_VARIABLES = ("LANGSMITH_TRACING", "LANGSMITH_API_KEY", "LANGCHAIN_TRACING_V2", "LANGCHAIN_API_KEY")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's model, key, tracing and proxy out of every test, and of the processes it starts."""
    for name in (*MODEL_VARIABLES, *TRACING_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost,::1")
