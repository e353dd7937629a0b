"""The door between thin handlers and the gateway behind them, which is made off the event loop after the server has started.

LangChain, LangGraph, SQLAlchemy and pydantic take a second or two to import. Handlers wait at the door for the gateway; whoever
comes first (the server's start hook, as a rule) has it made.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_aichat.gateway.gateway import Gateway
    from jupyter_aichat.gateway.settings import Settings
    from jupyter_aichat.gateway.surroundings import Surroundings

__all__ = ["Door"]


class Door:
    """`gateway()` gives the one gateway of this server; the first call has it made.

    `settings` and `surroundings` are asked for then, because the server's address is not known before.
    """

    def __init__(self, settings: Callable[[], Settings], surroundings: Callable[[], Surroundings]) -> None:
        self._settings = settings
        self._surroundings = surroundings
        self._making: asyncio.Task[Gateway] | None = None

    async def gateway(self) -> Gateway:
        """The gateway, when it is there. Raises what its making raised; the next call tries again."""
        if self._making is None or (self._making.done() and self._failed(self._making)):
            self._making = asyncio.create_task(self._make(), name="aichat start")
        return await asyncio.shield(self._making)

    @property
    def opened(self) -> Gateway | None:
        """The gateway, if it has been made."""
        made = self._making
        return made.result() if made is not None and made.done() and not self._failed(made) else None

    async def close(self) -> None:
        """End all runs and sockets, write what waits."""
        if self._making is None:
            return
        try:
            gateway = await self._making
        except Exception:  # noqa: BLE001  it was reported to whoever asked for it
            return
        await gateway.close()

    async def _make(self) -> Gateway:
        await asyncio.to_thread(_import)
        from jupyter_aichat.gateway.gateway import Gateway

        return await Gateway.open(self._settings(), self._surroundings())

    @staticmethod
    def _failed(task: asyncio.Task[Gateway]) -> bool:
        return task.cancelled() or task.exception() is not None


def _import() -> None:
    importlib.import_module("jupyter_aichat.gateway.gateway")
    gc.collect()
    gc.freeze()  # a full collection over the imported libraries takes 0.1 s, in the middle of an answer; they never go away
