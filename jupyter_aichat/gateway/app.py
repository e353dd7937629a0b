"""The Jupyter Server extension: traits, routes, start and stop. Imports nothing heavy; what is behind the door does."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_path
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Float, Integer, Unicode

from jupyter_aichat.gateway.door import Door
from jupyter_aichat.gateway.routes import routes
from jupyter_aichat.gateway.settings import Settings
from jupyter_aichat.gateway.surroundings import Surroundings

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__ = ["AiChatApp"]


class AiChatApp(ExtensionApp):
    """AI chat: a supervisor and its specialist agents, in JupyterLab's sidebar and between the cells."""

    name = "jupyter_aichat"
    extension_url = "/lab"
    load_other_extensions = True

    db_url = Unicode(
        help="Where conversations are kept (SQLAlchemy URL). Default: SQLite in Jupyter's data directory."
    ).tag(config=True)
    model = Unicode(
        help='The model, "provider:name" or a name. Default: what the environment says, else no model.'
    ).tag(config=True)
    base_url = Unicode(help="Address of an OpenAI-compatible server. Default: OPENAI_BASE_URL.").tag(
        config=True
    )
    context_tokens = Integer(
        0, help="The model's context in tokens. Default: what is known of the model."
    ).tag(config=True)
    stock_model = Bool(
        default_value=False, help="Use LangChain's own streaming read instead of the fast one."
    ).tag(config=True)
    agents_dir = Unicode(
        help="Folder with agents as Markdown files. Default: aichat/agents in Jupyter's configuration. "
        "Those in share/jupyter/aichat/agents are there too."
    ).tag(config=True)
    graph = Unicode(
        help='A compiled LangGraph graph that takes the supervisor\'s place, "module:attribute". Default: none.'
    ).tag(config=True)
    max_model_calls = Integer(
        50, min=1, help="Model calls that the agents may make together in one run."
    ).tag(config=True)
    idle_timeout = Float(300.0, min=1, help="Seconds without any event after which a run is ended.").tag(
        config=True
    )
    run_timeout = Float(
        3600.0, min=1, help="Seconds that a run may take, waiting for a person not counted."
    ).tag(config=True)
    approval_timeout = Float(
        24 * 3600.0, min=1, help="Seconds after which an undecided approval expires."
    ).tag(config=True)
    max_sockets = Integer(2000, min=1, help="Sockets that may be open at once.").tag(config=True)
    seed_routes = Bool(default_value=True, help="Serve api/chat and api/chat/ws/{thread_id} too.").tag(
        config=True
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._door = Door(self._frozen, self._surroundings)
        self._opening: asyncio.Task[Any] | None = None

    def initialize_handlers(self) -> None:
        """Add our routes; handlers are thin and wait at the door."""
        self.handlers.extend(routes(self._door, seed=self.seed_routes))

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """The server runs: have the gateway made beside it."""
        self._opening = asyncio.create_task(self._open(), name="aichat open")

    async def _open(self) -> None:
        try:
            await self._door.gateway()
        except Exception:
            self.log.exception("AI chat could not start; it will try again when it is asked for")

    def current_activity(self) -> int | None:
        """How many runs are open: Jupyter's culler leaves the server alone while there is one."""
        gateway = self._door.opened
        return (gateway.runs.open_runs or None) if gateway is not None else None

    async def stop_extension(self) -> None:
        """The server goes down."""
        await self._door.close()

    def _frozen(self) -> Settings:
        server = self._server()
        return Settings(
            db_url=self.db_url or _default_db(),
            root=str(getattr(server.contents_manager, "root_dir", "") or server.root_dir),
            server=f"{server.connection_url.partition('?')[0]} · pid {os.getpid()} · {secrets.token_hex(3)}",
            agents_dir=self.agents_dir or str(Path(jupyter_config_dir()) / "aichat" / "agents"),
            shared_agents=tuple(jupyter_path("aichat", "agents")),
            graph=self.graph,
            model=self.model,
            base_url=self.base_url,
            context_tokens=self.context_tokens,
            stock_model=self.stock_model,
            max_model_calls=self.max_model_calls,
            idle_timeout=self.idle_timeout,
            run_timeout=self.run_timeout,
            approval_timeout=self.approval_timeout,
            max_sockets=self.max_sockets,
        )

    def _surroundings(self) -> Surroundings:
        server = self._server()
        return Surroundings(
            contents=server.contents_manager,
            kernels=server.kernel_manager,
            sessions=server.session_manager,
            activity=server.web_app.settings["last_activity_times"],
            environment=dict(os.environ),
            token=lambda: str(getattr(server.identity_provider, "token", "") or ""),
        )

    def _server(self) -> ServerApp:
        if self.serverapp is None:
            msg = "the extension is not linked to a server"
            raise RuntimeError(msg)
        return self.serverapp


def _default_db() -> str:
    return f"sqlite:///{Path(jupyter_data_dir()) / 'aichat' / 'aichat.db'}"
