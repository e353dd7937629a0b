"""Settings: the server's traitlets, read once and frozen. Everything behind the extension gets values, not traits."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the administrator or the person at the laptop has set. Times are in seconds."""

    db_url: str
    """Where the conversations are kept (SQLAlchemy URL)."""
    root: str
    """Identity of the server's root: threads made here belong to it."""
    server: str
    """A readable, unique name of this server process."""
    agents_dir: str
    """Folder with agents as Markdown files; need not exist."""
    shared_agents: tuple[str, ...]
    """More such folders: those of Jupyter's data path. An earlier one goes before a later one."""
    graph: str
    """A compiled graph in the supervisor's place, "module:attribute"; "" for our own supervisor."""
    model: str
    """Model set by hand, "provider:name" or a name; "" for what is detected."""
    base_url: str
    """OpenAI-compatible server set by hand; "" for what is detected."""
    context_tokens: int
    """The model's context; 0 for what is known of it."""
    stock_model: bool
    """Use LangChain's own streaming read instead of the fast one."""
    max_model_calls: int
    """Model calls that the agents may make together in one run."""
    idle_timeout: float
    """A run to which nothing happens for so long is ended."""
    run_timeout: float
    """A run may take so long in all."""
    approval_timeout: float
    """An approval that nobody decided by then expires."""
    max_sockets: int
    """Sockets that may be open at once."""
