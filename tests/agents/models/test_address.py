"""Addresses of model servers."""

import pytest

from jupyter_aichat.agents.models.address import is_loopback, parse_address
from jupyter_aichat.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "url", "host", "local"),
    [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1", "127.0.0.1:11434", True),
        (" http://LocalHost:8000/v1/ ", "http://localhost:8000/v1", "localhost:8000", True),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "[::1]:8000", True),
        ("http://127.8.9.1/v1", "http://127.8.9.1/v1", "127.8.9.1", True),
        ("https://api.openai.com/v1", "https://api.openai.com/v1", "api.openai.com", False),
        ("http://10.0.0.7:8000", "http://10.0.0.7:8000", "10.0.0.7:8000", False),
        ("http://0.0.0.0:8000/v1", "http://0.0.0.0:8000/v1", "0.0.0.0:8000", False),
    ],
)
def test_address_is_taken_apart(given: str, url: str, host: str, local: bool) -> None:  # noqa: FBT001  a column
    """A base URL gives the plain URL, the host for words, and whether it is this machine."""
    address = parse_address(given, "OPENAI_BASE_URL")
    assert (address.url, address.host, address.local, address.login) == (url, host, local, "")


@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "2130706433",
        "0x7f.1",
        "128.0.0.1",
        "evil.example",
        "",
    ],
)
def test_names_that_look_like_this_machine_are_not(name: str) -> None:
    """What only resembles a loopback address is elsewhere, so that consent is asked for."""
    assert not is_loopback(name)


def test_user_in_front_of_the_host_does_not_make_it_local() -> None:
    """Whom the data goes to is what stands behind the @."""
    address = parse_address("http://127.0.0.1@evil.example/v1", "x")
    assert (address.host, address.local, address.login) == ("evil.example", False, "127.0.0.1")


def test_credentials_in_the_url_are_kept_apart() -> None:
    """A login in the URL is used, and stands neither in the URL nor in the host."""
    address = parse_address("https://anna:p%40ss@llm.example:8443/v1", "OPENAI_BASE_URL")
    assert address.url == "https://llm.example:8443/v1"
    assert address.host == "llm.example:8443"
    assert address.login == "anna:p@ss"


@pytest.mark.parametrize(
    "given",
    [
        "127.0.0.1:8000",
        "localhost",
        "ftp://host/v1",
        "http://",
        "http://:8000/v1",
        "http://host:port/v1",
        "http://host:0/v1",
        "http://host/v1?key=geheim",
        "http://host/v1#geheim",
        "http://host name/v1",
        "http://127.0.0.1\\@evil.example/v1",
        "http://[::1/v1",
    ],
)
def test_what_is_no_address_is_refused_by_name(given: str) -> None:
    """The error names the variable and shows how an address looks."""
    with pytest.raises(ConfigurationError, match=r"OPENAI_BASE_URL.*http://host:port/v1"):
        parse_address(given, "OPENAI_BASE_URL")


@pytest.mark.parametrize("given", ["ftp://anna:geheim@host/v1", "http://anna:geheim@host/v1?token=geheim"])
def test_error_does_not_show_credentials(given: str) -> None:
    """Neither a login nor a query gets into the message."""
    with pytest.raises(ConfigurationError) as caught:
        parse_address(given, "OPENAI_BASE_URL")
    assert "geheim" not in str(caught.value)
