"""Whether somebody may: identity and Jupyter's authorizer, asked for resource `aichat`. Nobody asks them for us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_core.utils import ensure_async

from jupyter_aichat.errors import CommandRefused

if TYPE_CHECKING:
    from jupyter_server.base.handlers import JupyterHandler

__all__ = ["RESOURCE", "refusal"]

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
