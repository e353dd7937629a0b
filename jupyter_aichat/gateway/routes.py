"""All routes of the extension, in one list. Ours live under `api/aichat/`; the seed's addresses are aliases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_aichat.gateway.artifacts import ArtifactHandler
from jupyter_aichat.gateway.bundle import BundleHandler
from jupyter_aichat.gateway.chat import ChatHandler
from jupyter_aichat.gateway.credentials import CredentialsHandler, ModelsHandler
from jupyter_aichat.gateway.info import AgentsHandler, HealthHandler
from jupyter_aichat.gateway.socket import ThreadSocket
from jupyter_aichat.gateway.threads import EventsHandler, RestoreHandler, ThreadHandler, ThreadsHandler

if TYPE_CHECKING:
    from jupyter_aichat.gateway.door import Door

__all__ = ["routes"]

_THREAD = r"([A-Za-z0-9_-]{1,128})"
"""No dot: jupyterlab-chat answers below the seed's address too, with names that end in `.chat`."""
_STATIC = Path(__file__).parents[1] / "static"


def routes(door: Door, *, seed: bool) -> list[tuple[str, type[Any], dict[str, Any]]]:
    """Tornado's handler specs; patterns begin below Jupyter's `base_url`."""
    wait = {"door": door, "approvals": "wait"}
    deny = {"door": door, "approvals": "deny"}
    plain = {"door": door}
    ours: list[tuple[str, type[Any], dict[str, Any]]] = [
        (rf"/api/aichat/ws/{_THREAD}", ThreadSocket, wait),
        (r"/api/aichat/chat", ChatHandler, plain),
        (r"/api/aichat/threads", ThreadsHandler, plain),
        (rf"/api/aichat/threads/{_THREAD}", ThreadHandler, plain),
        (rf"/api/aichat/threads/{_THREAD}/events", EventsHandler, plain),
        (rf"/api/aichat/threads/{_THREAD}/restore", RestoreHandler, plain),
        (rf"/api/aichat/threads/{_THREAD}/artifacts/([^/]+)", ArtifactHandler, plain),
        (r"/api/aichat/agents", AgentsHandler, plain),
        (r"/api/aichat/models", ModelsHandler, plain),
        (r"/api/aichat/models/credentials", CredentialsHandler, plain),
        (r"/api/aichat/health", HealthHandler, plain),
        (r"/api/aichat/static/(.*)", BundleHandler, {"path": str(_STATIC)}),
    ]
    if seed:
        ours += [(rf"/api/chat/ws/{_THREAD}", ThreadSocket, deny), (r"/api/chat", ChatHandler, plain)]
    return ours
