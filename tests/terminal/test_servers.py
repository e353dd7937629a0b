"""Running Jupyter servers, found by their files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.errors import ConfigurationError
from jupyter_aichat.terminal.servers import Server, addressed, read_info, running, suited


def leave(folder: Path, name: str = "1", *, written: float = 0, **changes: Any) -> Path:
    """Leave a file as Jupyter Server does."""
    info = {
        "base_url": "/",
        "hostname": "localhost",
        "password": False,
        "pid": os.getpid(),
        "port": 8888,
        "root_dir": str(folder),
        "secure": False,
        "sock": "",
        "token": "geheim",
        "url": "http://localhost:8888/",
        "version": "2.21.1",
    }
    path = folder / f"jpserver-{name}.json"
    path.write_text(json.dumps({**info, **changes}), encoding="utf-8")
    os.utime(path, (written, written))
    return path


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "http://localhost:8888/"),
        ({"base_url": "/user/anna/"}, "http://localhost:8888/user/anna/"),
        ({"hostname": "0.0.0.0"}, "http://127.0.0.1:8888/"),  # noqa: S104  what a server says of itself
        ({"hostname": "::"}, "http://127.0.0.1:8888/"),
        ({"hostname": "::1"}, "http://[::1]:8888/"),
        ({"secure": True}, "https://localhost:8888/"),
    ],
)
def test_file_tells_where_a_server_is(tmp_path: Path, changes: dict[str, Any], url: str) -> None:
    """Address, token and root are those of the file; an address for everybody is asked for on this machine."""
    server = read_info(leave(tmp_path, **changes))
    assert server is not None
    assert (server.url, server.token, server.root) == (url, "geheim", tmp_path)


@pytest.mark.parametrize(
    "changes",
    [{"sock": "/run/jupyter.sock"}, {"port": 0}, {"pid": "none"}, {"root_dir": 7}, {"base_url": None}],
)
def test_server_that_cannot_be_asked_is_left_out(tmp_path: Path, changes: dict[str, Any]) -> None:
    """A socket file, a port that is none and a file that is none are no servers."""
    if changes == {"base_url": None}:
        (tmp_path / "jpserver-1.json").write_text("{", encoding="utf-8")
        assert read_info(tmp_path / "jpserver-1.json") is None
    else:
        assert read_info(leave(tmp_path, **changes)) is None


def test_dead_server_is_left_out(tmp_path: Path) -> None:
    """A file whose process is gone belongs to no server."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    leave(tmp_path, pid=gone.pid)
    assert running(tmp_path) == []


def test_folder_of_files_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    """Before the first Jupyter there is no runtime directory."""
    assert running(tmp_path / "none") == []


def test_newest_server_around_a_folder_is_taken(tmp_path: Path) -> None:
    """Of the servers whose root holds the folder the newest comes first; others are not suited."""
    inside, outside = tmp_path / "project" / "data", tmp_path / "project-2"
    inside.mkdir(parents=True)
    outside.mkdir()
    leave(tmp_path, "1", written=100, root_dir=str(tmp_path / "project"), port=1)
    leave(tmp_path, "2", written=300, root_dir=str(inside), port=2)
    leave(tmp_path, "3", written=200, root_dir=str(tmp_path), port=3)
    leave(tmp_path, "4", written=400, root_dir=str(outside), port=4)
    found = suited(running(tmp_path), inside)
    assert [server.url for server in found] == [f"http://localhost:{port}/" for port in (2, 3, 1)]


@pytest.mark.parametrize(
    ("given", "url", "token"),
    [
        ("http://127.0.0.1:8888/", "http://127.0.0.1:8888/", ""),
        ("127.0.0.1:8888", "http://127.0.0.1:8888/", ""),
        ("http://127.0.0.1:8888/lab?token=abc", "http://127.0.0.1:8888/", "abc"),
        ("https://hub.example/user/anna/lab/tree/x.ipynb", "https://hub.example/user/anna/", ""),
        ("https://hub.example/user/anna/tree?", "https://hub.example/user/anna/", ""),
        ("http://h/labels/", "http://h/labels/", ""),
        ("http://[::1]:8888", "http://[::1]:8888/", ""),
    ],
)
def test_address_may_be_copied_from_a_browser(given: str, url: str, token: str) -> None:
    """What stands behind the server's own path is left out, and a token in it is taken out."""
    server = addressed(given, "", [])
    assert (server.url, server.token, server.verify) == (url, token, True)


def test_token_of_a_running_server_need_not_be_typed() -> None:
    """The token of one's own server is known; one that is given goes first."""
    known = [Server("http://localhost:8888/", "left", verify=False)]
    assert addressed("http://127.0.0.1:8888/lab", "", known).token == "left"
    assert addressed("http://127.0.0.1:8888/lab", "given", known).token == "given"
    assert addressed("http://127.0.0.1:9999/lab", "", known).token == ""


@pytest.mark.parametrize("given", ["", "ftp://host/", "http://", "http://host:port/", "http://?token=geheim"])
def test_what_is_no_address_is_refused(given: str) -> None:
    """The error shows how an address looks, and no token."""
    with pytest.raises(ConfigurationError, match=r"http://127\.0\.0\.1:8888/") as caught:
        addressed(given, "", [])
    assert "geheim" not in str(caught.value)


def test_token_is_neither_in_a_url_nor_in_a_repr() -> None:
    """Addresses and reprs get logged."""
    server = Server("https://h/user/a/", "geheim")
    assert server.address("ws/t1", socket=True) == "wss://h/user/a/api/aichat/ws/t1"
    assert server.address("health") == "https://h/user/a/api/aichat/health"
    assert "geheim" not in repr(server)
