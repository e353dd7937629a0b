"""All our routes, as the running server has them: none is public, and none answers a foreign page."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import pytest
import tornado.web
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from tests.gateway.ways import Way, ways

ROUTES = {
    "api/aichat/ws/t1",
    "api/aichat/chat",
    "api/aichat/threads",
    "api/aichat/threads/t1",
    "api/aichat/threads/t1/events",
    "api/aichat/threads/t1/artifacts/t1",
    "api/aichat/threads/t1/restore",
    "api/aichat/agents",
    "api/aichat/models",
    "api/aichat/models/credentials",
    "api/aichat/health",
    "api/aichat/static/widget.js",
    "api/chat/ws/t1",
    "api/chat",
}
SOCKETS = ("api/aichat/ws/t1", "api/chat/ws/t1")


class Raw:
    """A client that sends exactly the headers it is told to."""

    def __init__(self, server: ServerApp) -> None:
        self.server = server
        self.host = f"127.0.0.1:{server.port}"
        self.root = f"http://{self.host}"

    async def ask(self, way: Way, headers: dict[str, str], body: str | None = None) -> HTTPResponse:
        """The answer, whatever its status."""
        request = HTTPRequest(
            self.root + way.path,
            way.method,
            headers,
            body,
            follow_redirects=False,
            allow_nonstandard_methods=True,
        )
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def knock(self, path: str, headers: dict[str, str]) -> int:
        """The status of a WebSocket handshake."""
        request = HTTPRequest(f"{self.root}{path}".replace("http", "ws", 1), headers=headers)
        try:
            socket = await websocket_connect(request)
        except HTTPClientError as refused:
            return refused.code
        socket.close()
        return 101

    async def status(self, way: Way, headers: dict[str, str]) -> int:
        """The status, by WebSocket or by REST."""
        if way.socket:
            return await self.knock(way.path, headers)
        return (await self.ask(way, headers, "{}" if way.method in {"POST", "PUT", "PATCH"} else None)).code

    async def cookie(self) -> dict[str, str]:
        """The cookies of somebody who has logged in."""
        path = f"{self.server.base_url}api/aichat/health"
        answer = await self.ask(Way("GET", path, socket=False), self.token())
        cookies = [c.partition(";")[0] for c in answer.headers.get_list("Set-Cookie")]
        return {"Cookie": "; ".join(cookies)}

    def token(self) -> dict[str, str]:
        """What lets a program in."""
        return {"Authorization": f"token {self.server.identity_provider.token}"}


@pytest.fixture
def raw(jp_serverapp: ServerApp, jp_fetch: Any) -> Raw:
    """A client of the running server."""
    return Raw(jp_serverapp)


async def test_the_routes_are_those_of_the_protocol(jp_serverapp: ServerApp) -> None:
    """What the running server serves is what the protocol lists, and nothing else."""
    found = {way.path.removeprefix(jp_serverapp.base_url) for way in ways(jp_serverapp)}
    assert found == ROUTES


@pytest.mark.parametrize("settings", [{"seed_routes": False}])
async def test_the_seeds_addresses_can_be_switched_off(jp_serverapp: ServerApp) -> None:
    """Where another extension wants `api/chat`, only ours under `api/aichat/` stay."""
    found = {way.path.removeprefix(jp_serverapp.base_url) for way in ways(jp_serverapp)}
    assert found == {path for path in ROUTES if path.startswith("api/aichat/")}


@pytest.fixture(params=[True, False])
def public(request: pytest.FixtureRequest, jp_server_config: dict[str, Any]) -> None:
    """Jupyter's `allow_unauthenticated_access`, both ways."""
    jp_server_config["ServerApp"]["allow_unauthenticated_access"] = request.param
    # it fails to load without unauthenticated access, where warnings are errors
    jp_server_config["ServerApp"]["jpserver_extensions"]["jupyter_server_terminals"] = False


async def test_no_route_is_public(public: None, raw: Raw) -> None:
    """Without credentials, or with wrong ones, every method of every route is refused, whatever Jupyter allows itself."""
    cookie = (await raw.cookie())["Cookie"]
    name, _, value = cookie.partition("=")
    forged = {"Cookie": f"{name}={value[:-3]}{'0' if value[-3] != '0' else '1'}{value[-2:]}"}
    strangers: list[dict[str, str]] = [{}, {"Authorization": "token wrong"}, forged]
    answers = {
        (way.method, way.path, str(headers)): await raw.status(way, headers)
        for way in ways(raw.server)
        for headers in strangers
    }
    assert len(answers) >= 3 * len(ROUTES)
    assert {key: status for key, status in answers.items() if status != 403} == {}
    for path in SOCKETS:
        assert await raw.knock(f"{raw.server.base_url}{path}?token=wrong", {}) == 403


async def test_a_cookie_has_a_term(raw: Raw) -> None:
    """One that was signed 32 days ago lets nobody in any more."""
    name = (
        raw.server.identity_provider.cookie_name or f"username-{raw.host.replace('.', '-').replace(':', '-')}"
    )
    secret = raw.server.cookie_secret
    user = (await raw.cookie())["Cookie"].partition("=")[2].strip('"')
    plain = tornado.web.decode_signed_value(secret, name, user)
    assert plain is not None
    path = f"{raw.server.base_url}{SOCKETS[0]}"
    for days, status in ((30, 101), (32, 403)):
        then = time.time() - days * 86_400
        old = tornado.web.create_signed_value(secret, name, plain, clock=partial(float, then))
        assert await raw.knock(path, {"Cookie": f"{name}={old.decode()}"}) == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://{host}.evil.com"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ],
)
@pytest.mark.parametrize("path", SOCKETS)
async def test_a_foreign_page_opens_no_socket(raw: Raw, headers: dict[str, str], path: str) -> None:
    """With the person's cookie, but from another site or under another name of this server: 403 before the upgrade."""
    cookie = await raw.cookie()
    where = raw.server.base_url + path
    foreign = {k: v.format(host=raw.host) for k, v in headers.items()}
    assert await raw.knock(where, {**cookie, **foreign}) == 403
    assert await raw.knock(where, {**cookie, "Origin": f"http://{raw.host}"}) == 101


async def test_another_name_of_this_server_is_refused_with_a_token_too(raw: Raw) -> None:
    """DNS rebinding: a token under a `Host` that is not ours does not help."""
    path = raw.server.base_url + SOCKETS[0]
    assert await raw.knock(path, {**raw.token(), "Host": "evil.example"}) == 403


@pytest.fixture
def trusted(jp_server_config: dict[str, Any]) -> None:
    """One other site may talk to this server."""
    jp_server_config["ServerApp"]["allow_origin_pat"] = r"https://trusted\.example\.com"


@pytest.mark.filterwarnings("ignore:allow_origin_pat")  # Jupyter warns of a pattern that is a prefix
async def test_a_trusted_site_is_not_its_neighbour(trusted: None, raw: Raw) -> None:
    """The pattern has to match the whole origin: what only begins like it is foreign."""
    cookie, path = await raw.cookie(), raw.server.base_url + SOCKETS[0]
    assert await raw.knock(path, {**cookie, "Origin": "https://trusted.example.com"}) == 101
    for tail in (".evil.com", "edy", ":9999"):
        assert await raw.knock(path, {**cookie, "Origin": f"https://trusted.example.com{tail}"}) == 403


@pytest.mark.parametrize("body", ['{"message":"hi"}', "not json"])
async def test_a_form_of_a_foreign_page_posts_nothing(raw: Raw, body: str) -> None:
    """A cookie without the XSRF token: 403 on every route that writes, before the body is read."""
    cookie = await raw.cookie()
    alone = {"Cookie": next(c for c in cookie["Cookie"].split("; ") if c.startswith("username"))}
    for way in ways(raw.server):
        if way.method in {"POST", "PUT", "PATCH", "DELETE"}:
            answer = await raw.ask(way, {**alone, "Content-Type": "text/plain"}, body)
            assert (way, answer.code) == (way, 403)
    threads = await raw.ask(Way("GET", f"{raw.server.base_url}api/aichat/threads", socket=False), raw.token())
    assert json.loads(threads.body) == {"threads": []}


async def test_a_program_with_a_token_may_come_from_anywhere(raw: Raw) -> None:
    """Jupyter does not look at `Origin` then; so no address that we make has a token in it."""
    path = raw.server.base_url + SOCKETS[0]
    assert await raw.knock(path, {**raw.token(), "Origin": "http://evil.example"}) == 101


@pytest.mark.parametrize(
    "thread_id", ["..%2F..%2Fetc", "a%27%3B%20DROP%20TABLE--", "a" * 129, "a.chat", "%EA%B0%91", "a%00b"]
)
async def test_what_is_no_thread_id_leads_nowhere(raw: Raw, thread_id: str) -> None:
    """404 before the upgrade and on REST; names with a dot belong to another extension."""
    base = f"{raw.server.base_url}api/aichat"
    assert await raw.knock(f"{base}/ws/{thread_id}", raw.token()) in {400, 404}
    assert await raw.knock(f"{raw.server.base_url}api/chat/ws/{thread_id}", raw.token()) in {400, 404}
    answer = await raw.ask(Way("GET", f"{base}/threads/{thread_id}/events", socket=False), raw.token())
    assert answer.code in {400, 404}
