"""The wheel in a new environment: installed, listed, switched off and on, started, removed."""

import json
import re
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packaging.environment import Environment

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]


@contextmanager
def running_server(environment: Environment) -> Iterator[tuple[str, str]]:
    """Start `jupyter server` and yield its address and token; it has ended when the block has."""
    token = secrets.token_hex(16)
    log = environment.home / "server.log"
    command = [str(environment.prefix / "bin" / "jupyter"), "server", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={token}"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, env=environment.variables, cwd=environment.home, stdout=output, stderr=output
        )
    description = environment.runtime / f"jpserver-{server.pid}.json"
    try:
        deadline = time.monotonic() + 60
        while "is running at" not in log.read_text():
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield json.loads(description.read_text())["url"], token
    finally:
        server.terminate()
        server.wait(20)


def fetch(url: str, token: str, body: object = None) -> bytes:
    """GET the address, or POST the body as JSON."""
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:  # noqa: S310  loopback
        content: bytes = answer.read()
        return content


def status(url: str, token: str) -> int:
    """GET the address and return only what status it answers with."""
    try:
        fetch(url, token)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    return 200


@pytest.fixture(scope="module")
def server(installed: Environment) -> Iterator[tuple[str, str]]:
    """A running server with the package: its address and token."""
    with running_server(installed) as address:
        yield address


def test_the_server_extension_is_enabled_and_valid(installed: Environment) -> None:
    """`jupyter server extension list` shows it, without a further step."""
    listed = installed.run("jupyter", "server", "extension", "list")
    assert re.search(r"jupyter_aichat.*enabled", listed), listed
    assert re.search(r"jupyter_aichat \S+ .*OK", listed), listed


def test_the_front_end_is_enabled_and_valid(installed: Environment) -> None:
    """`jupyter labextension list` shows it, and which package to remove it with."""
    listed = installed.run("jupyter", "labextension", "list")
    assert re.search(r"jupyterlab-aichat v\S+ .*enabled.*OK.*\(python, jupyterlab-aichat\)", listed), listed


def test_the_server_answers(installed: Environment, server: tuple[str, str]) -> None:
    """A plain Jupyter Server answers a question without a model, and serves the panel's bundle."""
    url, token = server
    assert json.loads(fetch(f"{url}api/aichat/health", token))["status"] == "ok"
    answer = json.loads(fetch(f"{url}api/aichat/chat", token, {"message": "What can you do?"}))
    assert answer["role"] == "assistant"
    assert answer["content"]
    assert b"export" in fetch(f"{url}api/aichat/static/widget.js", token)
    assert "ok" in installed.run("jupyter", "aichat", "health", "--server", url, "--token", token)


def test_without_a_token_nobody_is_answered(server: tuple[str, str]) -> None:
    """What the package adds is behind Jupyter's own door."""
    url, _ = server
    assert status(f"{url}api/aichat/health", "wrong") == 403


def test_a_user_can_switch_it_off_and_on(installed: Environment) -> None:
    """After `disable` a server has nothing of it, after `enable` it is back, and `list` tells both."""
    try:
        installed.run("jupyter", "server", "extension", "disable", "jupyter_aichat")
        assert re.search(r"jupyter_aichat.*disabled", installed.run("jupyter", "server", "extension", "list"))
        with running_server(installed) as (url, token):
            assert status(f"{url}api/status", token) == 200
            assert status(f"{url}api/aichat/health", token) == 404
    finally:
        installed.run("jupyter", "server", "extension", "enable", "jupyter_aichat")
    assert re.search(r"jupyter_aichat.*enabled", installed.run("jupyter", "server", "extension", "list"))


def test_removing_it_leaves_nothing_behind(wheel: Path, make_environment: Callable[[], Environment]) -> None:
    """After `pip uninstall` the environment has the files it had before."""
    environment = make_environment()
    before = environment.files()
    environment.pip("install", "--no-deps", str(wheel))
    installed = environment.files() - before
    assert any("labextensions/jupyterlab-aichat" in name for name in installed)
    assert any("jupyter_server_config.d/jupyter_aichat.json" in name for name in installed)
    environment.run("python", "-c", "import jupyter_aichat.errors")
    environment.pip("uninstall", "--yes", "jupyterlab-aichat")
    assert environment.files() == before
