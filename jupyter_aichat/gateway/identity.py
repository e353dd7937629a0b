"""Who owns what. The owner of a thread is part of its key, so that nobody's id leads to somebody else's thread.

With Jupyter's own providers (token, password) every connection of the same person may get another name, so all are one
owner. Other providers (JupyterHub's, or a deployment's own) give stable names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.identity import IdentityProvider, LegacyIdentityProvider, PasswordIdentityProvider

if TYPE_CHECKING:
    from jupyter_server.base.handlers import JupyterHandler

__all__ = ["LOCAL", "is_stable", "owner_of", "public_id", "thread_key"]

LOCAL = "local"
"""The one owner under Jupyter's own identity providers."""

_UNSTABLE = (IdentityProvider, PasswordIdentityProvider, LegacyIdentityProvider)


def owner_of(handler: JupyterHandler) -> str:
    """The owner that the request acts for. The request must be authenticated."""
    if not is_stable(handler.identity_provider):
        return LOCAL
    return str(handler.current_user.username)


def is_stable(provider: IdentityProvider) -> bool:
    """Whether a provider gives the same person the same name on every connection."""
    return type(provider) not in _UNSTABLE


def thread_key(owner: str, thread_id: str) -> str:
    """The store's key of an owner's thread."""
    return f"{owner}/{thread_id}"


def public_id(key: str) -> str:
    """The id that clients know (it has no slash)."""
    return key.rpartition("/")[2]
