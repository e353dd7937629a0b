"""Large artifacts by REST, end to end: a chart of a real kernel, too large for the log, as a file that nothing trusts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPClientError

from jupyter_aichat.runs.shown import LARGEST, STORED
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.people import ANN, BEN, TwoPeople
from tests.gateway.conftest import Connect, Session
from tests.gateway.test_kernel_actions import approval, ask, decide, send
from tests.gateway.test_rest import refused

PAGE = "<script>alert(1)</script>"
CODE = f"""from IPython.display import display
display({{'text/html': {PAGE!r} + 'x' * {LARGEST}, 'image/svg+xml': '<svg/>', 'text/plain': 'small'}}, raw=True)"""


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """Two people use the server."""
    jp_server_config["ServerApp"]["identity_provider_class"] = TwoPeople
    return jp_server_config


@pytest.fixture
def jp_auth_header(jp_serverapp: ServerApp) -> dict[str, str]:
    """Ann is at work."""
    return dict(ANN)


async def shown(connect: Connect, session: Session) -> dict[str, Any]:
    """Have a page shown that is too large for the log; what the log says of it."""
    await session()
    client = await connect("t1")
    await send(client, ask(CODE))
    await decide(client, await approval(client))
    await client.end()
    (event,) = [f["data"] for f in client.events if f["event_type"] == "artifact"]
    data: dict[str, Any] = event
    return data


async def test_it_comes_whole_as_a_file_and_as_nothing_else(
    provider: FakeOpenAI, connect: Connect, session: Session, jp_fetch: Any
) -> None:
    """No browser shows it as a page of this server, runs it, or takes it for another type."""
    artifact = await shown(connect, session)
    assert artifact["bundle"]["text/plain"] == "small"
    assert artifact["bundle"][STORED] == {"mime": "text/html", "size": LARGEST + len(PAGE)}
    assert "text/html" not in artifact["bundle"]
    answer = await jp_fetch(
        "api", "aichat", "threads", "t1", "artifacts", artifact["id"], params={"mime": "text/html"}
    )
    assert answer.body.decode() == PAGE + "x" * LARGEST
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="result.html"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    other = await jp_fetch(
        "api", "aichat", "threads", "t1", "artifacts", artifact["id"], params={"mime": "image/svg+xml"}
    )
    assert (other.body, other.headers["Content-Type"]) == (b"<svg/>", "image/svg+xml")
    assert "sandbox" in other.headers["Content-Security-Policy"]


async def test_nobody_else_gets_it(
    provider: FakeOpenAI, connect: Connect, session: Session, jp_fetch: Any
) -> None:
    """Another person's thread of the same name is another one; without a login there is nothing."""
    artifact = await shown(connect, session)
    path = ("api", "aichat", "threads", "t1", "artifacts", artifact["id"])
    for headers, status in ((dict(BEN), 404), ({"Authorization": "token wrong"}, 403)):
        with pytest.raises(HTTPClientError) as error:
            await jp_fetch(*path, params={"mime": "text/html"}, headers=headers)
        assert error.value.code == status
        assert error.value.response is not None
        assert PAGE.encode() not in error.value.response.body


async def test_what_is_not_kept_is_not_found(
    provider: FakeOpenAI, connect: Connect, session: Session, jp_fetch: Any
) -> None:
    """Another form, another artifact, no form; and nothing of a thread that was deleted."""
    artifact = await shown(connect, session)
    own = ("threads", "t1", "artifacts", artifact["id"])
    assert await refused(jp_fetch, *own, mime="image/png") == (404, "not_found")
    assert await refused(jp_fetch, *own) == (404, "not_found")
    assert await refused(jp_fetch, "threads", "t1", "artifacts", "zz", mime="text/html") == (404, "not_found")
    await jp_fetch("api", "aichat", "threads", "t1", method="DELETE")
    assert await refused(jp_fetch, *own, mime="text/html") == (404, "not_found")


async def test_the_snapshot_has_the_small_forms_too(
    provider: FakeOpenAI, connect: Connect, session: Session, jp_fetch: Any
) -> None:
    """A page that is loaded later knows the same."""
    artifact = await shown(connect, session)
    answer = await jp_fetch("api", "aichat", "threads", "t1")
    parts = [p for m in json.loads(answer.body)["messages"] for p in m["parts"]]
    (part,) = [p for p in parts if p["type"] == "artifact"]
    assert part["bundle"] == artifact["bundle"]
