"""Two people on one server, and rights that can be taken away while it runs.

In a test's `jp_server_config`: `ServerApp.identity_provider_class = TwoPeople`, `ServerApp.authorizer_class = Rules`.
A person's token is their name: `Authorization: token ann`. Not realistic: there are no cookies and no login page.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler

__all__ = ["ANN", "BEN", "Rules", "TwoPeople"]

ANN = {"Authorization": "token ann"}
BEN = {"Authorization": "token ben"}


class TwoPeople(IdentityProvider):
    """Knows Ann and Ben, by names that stay, until they are put `out`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.out: set[str] = set()

    def get_user(self, handler: RequestHandler) -> User | None:
        """The person whose token it is."""
        name = self.get_token(handler)
        if name not in {"ann", "ben"} or name in self.out:
            return None
        handler._token_authenticated = True  # type: ignore[attr-defined]  # how Jupyter knows that XSRF cannot be
        return User(name)


class Rules(Authorizer):
    """Allows everything but the actions in `refused`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.refused: set[tuple[str, str]] = set()
        """Pairs like ("write", "aichat")."""
        self.broken: Exception | None = None
        """Raised instead of an answer."""

    def is_authorized(self, handler: RequestHandler, user: User, action: str, resource: str) -> bool:
        """Whether the pair is allowed."""
        if self.broken is not None:
            raise self.broken
        return (action, resource) not in self.refused
