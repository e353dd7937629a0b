"""REST routes of models: which one answers and why, and connecting one without a restart. Keys come in and never go out."""

from __future__ import annotations

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.gateway.rest import RestHandler, allowed

__all__ = ["CredentialsHandler", "ModelsHandler"]

_FIELDS = {"provider": 64, "base_url": 2000, "model": 256, "api_key": 4000}
"""What may be set, and its longest value in characters."""


class ModelsHandler(RestHandler):
    """`api/aichat/models`."""

    @allowed("read")
    async def get(self) -> None:
        """The model that answers, and those that its server offers."""
        models = self.gateway.models
        current = await models.current(self.owner)
        self.reply({"current": current.id, "models": await models.offered(self.owner)})


class CredentialsHandler(RestHandler):
    """`api/aichat/models/credentials`: kept in this server's memory, for this owner, until it stops."""

    @allowed("write")
    async def put(self) -> None:
        """Connect a model: an address, a model's name, a key; at least one of them."""
        body = self.body()
        for name, value in body.items():
            if name not in _FIELDS:
                raise CommandRefused(
                    "bad_request", f"{name[:40]!r} cannot be set; only {', '.join(_FIELDS)} can."
                )
            if not isinstance(value, str) or len(value) > _FIELDS[name]:
                raise CommandRefused(
                    "bad_request", f"{name} is a text of at most {_FIELDS[name]} characters."
                )
        values = {name: body.get(name, "").strip() for name in _FIELDS}
        if not any(v for name, v in values.items() if name != "provider"):
            raise CommandRefused("bad_request", "Give a base_url, a model, or an api_key.")
        await self.gateway.models.connect(self.owner, **values)
        self.reply({"current": await self.gateway.models.health(self.owner)})

    @allowed("write")
    async def delete(self) -> None:
        """Forget what was connected; the environment decides again."""
        await self.gateway.models.disconnect(self.owner)
        self.reply({"current": await self.gateway.models.health(self.owner)})
