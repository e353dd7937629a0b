"""AI chat for Jupyter: a supervisor and its specialist agents, in the sidebar and between the cells.

This module is the front door of two processes that share nothing else: Jupyter Server loads the extension
through the hook functions below, and a kernel takes `ChatPanel` from here. So it imports nothing by itself:
neither process pays for what only the other one needs (Tornado, LangGraph, pydantic, SQLAlchemy; anywidget).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_aichat.notebook.panel import ChatPanel

    __version__: str

__all__ = ["ChatPanel", "__version__"]


def __getattr__(name: str) -> Any:
    """Load a public name at its first use (PEP 562)."""
    if name == "ChatPanel":
        from jupyter_aichat.notebook.panel import ChatPanel

        return ChatPanel
    if name == "__version__":
        from importlib.metadata import version

        return version("jupyterlab-aichat")
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """Show the lazy names to completion, although they are not loaded yet."""
    return sorted({*globals(), *__all__})


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server which application to load."""
    from jupyter_aichat.gateway.app import AiChatApp

    return [{"module": "jupyter_aichat", "app": AiChatApp}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab's development tools where the built front end is."""
    return [{"src": "labextension", "dest": "jupyterlab-aichat"}]
