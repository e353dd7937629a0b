"""Which kernel runs for a notebook: Jupyter's sessions know, at the moment they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async

if TYPE_CHECKING:
    from jupyter_server.services.sessions.sessionmanager import SessionManager

__all__ = ["Notebooks"]


class Notebooks:
    """Paths to kernels. A notebook that was renamed or has another kernel since is found as it is now."""

    def __init__(self, sessions: SessionManager) -> None:
        self._sessions: Any = sessions  # its methods publish no types

    async def kernel_of(self, path: str) -> str | None:
        """The id of the kernel that runs for this notebook; `None`: none does."""
        wanted = path.lstrip("/")
        for session in await ensure_async(self._sessions.list_sessions()):
            kernel = session.get("kernel") or {}
            if session.get("type") == "notebook" and str(session.get("path", "")).lstrip("/") == wanted:
                found = kernel.get("id")
                return str(found) if found else None
        return None
