"""Addresses of model servers: checked, without credentials, and told apart into this machine and elsewhere. Pure."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from jupyter_aichat.errors import ConfigurationError

__all__ = ["Address", "is_loopback", "parse_address"]


class Address(NamedTuple):
    """Where a model server is.

    `url` has neither credentials nor a trailing slash; `host` is its name and port, for words; `local` says whether
    it is this very machine. `login` is the "user:password" that stood in the URL, or "".
    """

    url: str
    host: str
    local: bool
    login: str


def parse_address(url: str, origin: str) -> Address:
    """Take a base URL apart. `origin` names where it comes from ("OPENAI_BASE_URL"), for the error.

    Raises `ConfigurationError` for what is not `http(s)://host[:port][/path]`. The message has no credentials in it.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _wrong(origin, "") from None
    name = parts.hostname or ""
    plain = _without_login(parts)
    odd = any(c.isspace() or c == "\\" or not c.isprintable() for c in url.strip())
    if parts.scheme not in {"http", "https"} or not name or odd or parts.query or parts.fragment or port == 0:
        raise _wrong(origin, plain)
    login = parts.netloc.rpartition("@")[0]
    host = plain.removeprefix(f"{parts.scheme}://").partition("/")[0]
    return Address(plain, host, is_loopback(name), unquote(login))


def is_loopback(name: str) -> bool:
    """Whether a host name or an IP address is this machine. Names other than `localhost` never are."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_login(parts: SplitResult) -> str:
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def _wrong(origin: str, plain: str) -> ConfigurationError:
    given = f" ({plain!r} without credentials, query and fragment)" if plain else ""
    return ConfigurationError(
        f"{origin} is not the address of a model server{given}. Give it as http://host:port/v1 or https://host/v1."
    )
