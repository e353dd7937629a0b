"""What the Jupyter server lends to the gateway, named one by one instead of a settings dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.services.contents.manager import ContentsManager
    from jupyter_server.services.sessions.sessionmanager import SessionManager

    from jupyter_aichat.kernels import Kernels

__all__ = ["Surroundings"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`activity` are the times by which Jupyter (and JupyterHub's culler) tell an idle server from one at work."""

    contents: ContentsManager
    kernels: Kernels
    sessions: SessionManager
    activity: MutableMapping[str, datetime]
    environment: Mapping[str, str]
    token: Callable[[], str]
    """Jupyter's own, as it is now; "" where there is none."""
