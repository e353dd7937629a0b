"""REST routes that tell: who can answer, and how the server is."""

from __future__ import annotations

from jupyter_aichat.gateway.rest import RestHandler, allowed

__all__ = ["AgentsHandler", "HealthHandler"]


class AgentsHandler(RestHandler):
    """`api/aichat/agents`."""

    @allowed("read")
    async def get(self) -> None:
        """Name, description, tools and origin of each agent; why others cannot be used."""
        self.reply(await self.gateway.models.agents())


class HealthHandler(RestHandler):
    """`api/aichat/health`. Asking is no activity."""

    _track_activity = False

    @allowed("read")
    async def get(self) -> None:
        """Version, model and why, store, plugins, open runs and sockets; never a key."""
        gateway = self.gateway
        store = gateway.store.health
        model = await gateway.models.health(self.owner)
        plugins = await gateway.models.plugins()
        ok = store.status == "ok" and all(p["status"] == "ok" for p in plugins)
        self.reply(
            {
                "status": "ok" if ok else "degraded" if store.status != "failed" else "failed",
                "version": gateway.version,
                "protocol": gateway.protocol,
                "model": model,
                "store": {"url": store.url, "status": store.status, "warnings": list(store.warnings)},
                "plugins": plugins,
                "runs": gateway.runs.open_runs,
                "sockets": gateway.sockets,
            }
        )
