"""Whether somebody may: identity and Jupyter's authorizer, asked for resource `aichat`. Nobody asks them for us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_core.utils import ensure_async
from tornado import web

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.gateway.identity import is_stable

if TYPE_CHECKING:
    from jupyter_server.base.handlers import JupyterHandler

__all__ = ["RESOURCE", "refusal", "refusal_now", "refusal_to_execute", "refusal_to_write"]

RESOURCE = "aichat"
"""The name of our resource for authorizers."""


async def refusal(handler: JupyterHandler, action: str) -> CommandRefused | None:
    """`None` if the request's user may `action` ("read" or "write"), else why not."""
    user = handler.current_user
    if not user:
        return CommandRefused("unauthenticated", "You are not logged in.")
    if not await ensure_async(handler.authorizer.is_authorized(handler, user, action, RESOURCE)):
        return CommandRefused("forbidden", f"You may not {action} conversations on this server.")
    return None


async def refusal_to_execute(handler: JupyterHandler) -> CommandRefused | None:
    """`None` if the request's user may run code in kernels (Jupyter's own resource for that), else why not."""
    user = handler.current_user
    if user and await ensure_async(handler.authorizer.is_authorized(handler, user, "execute", "kernels")):
        return None
    return CommandRefused("forbidden", "You may not run code in kernels on this server.")


async def refusal_to_write(handler: JupyterHandler) -> CommandRefused | None:
    """`None` if the request's user may write files (Jupyter's own resource for that), else why not."""
    user = handler.current_user
    if user and await ensure_async(handler.authorizer.is_authorized(handler, user, "write", "contents")):
        return None
    return CommandRefused("forbidden", "You may not write files on this server.")


async def refusal_now(handler: JupyterHandler, action: str) -> CommandRefused | None:
    """The same for a connection that is older than this moment: who it is for is asked anew too.

    What cannot be checked now (a JupyterHub that is down) is refused, but is no reason to end the connection. Jupyter's
    own providers keep no state, so nobody can be logged out of an open connection there.
    """
    try:
        provider = handler.identity_provider
        if is_stable(provider):
            user = await ensure_async(provider.get_user(handler))
            if user is None or user.username != handler.current_user.username:
                return CommandRefused("unauthenticated", "You are not logged in any more.")
        return await refusal(handler, action)
    except Exception as error:
        if isinstance(error, web.HTTPError) and error.status_code in {401, 403}:  # some say no by raising
            return CommandRefused("forbidden", f"You may not {action} conversations on this server.")
        handler.log.exception("the rights of a user could not be checked")
        return CommandRefused("busy", "Your rights cannot be checked now; try again in a moment.")
