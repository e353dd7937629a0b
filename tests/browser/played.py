"""A thread whose server is played by the test, in a real JupyterLab: for what no scripted model can be made to ask for.

Where it is not realistic: it answers in the same turn, checks no command, knows one run and no reconnects; every decision
is taken as it comes, and nothing is executed after it.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

__all__ = ["PlayedThread"]

_TIME = "2026-11-22T09:00:00.000Z"


class PlayedThread:
    """What is said to all windows that are connected, and what they have asked for."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self._sockets: list[WebSocketRoute] = []
        self._log: list[dict[str, Any]] = []
        self._claimed: set[str] = set()

    def connect(self, page: Page) -> None:
        """Play the server of every thread that this page opens."""
        page.route_web_socket("**/api/aichat/ws/**", self._open)

    def asked(self, kind: str) -> list[dict[str, Any]]:
        """All commands of one type."""
        return [command for command in self.commands if command["type"] == kind]

    def begin(self, question: str) -> None:
        """A run begins; the writer is at work."""
        message = {"id": "m1", "content": question}
        self.happen("run_start", message=message, agent="supervisor", model="openai:gpt-5-mini")
        self.happen("agent_change", agent="writer", path=["supervisor", "writer"])

    def happen(self, event_type: str, **data: Any) -> None:
        """An event of the log."""
        event = {
            "event_type": event_type,
            "seq": len(self._log) + 1,
            "run_id": "r1",
            "time": _TIME,
            "data": data,
        }
        self._log.append(event)
        for socket in self._sockets:
            socket.send(json.dumps(event))

    def act(self, action_id: str, kind: str, notebook: str, **args: Any) -> None:
        """Something is to be done in a notebook."""
        self.happen(
            "notebook_action",
            action_id=action_id,
            call_id=f"call-{action_id}",
            agent="writer",
            kind=kind,
            notebook=notebook,
            args=args,
        )

    def _open(self, socket: WebSocketRoute) -> None:
        thread = socket.url.split("/ws/")[1].split("?")[0]
        empty = {"id": thread, "title": "", "epoch": "e", "head": 0, "messages": [], "runs": []}
        hello = {"protocol": 1, "version": "0", "epoch": "e", "head": 0, "approvals": []}
        socket.on_message(lambda text: self._command(socket, json.loads(text)))
        for frame in (
            {"event_type": "hello", "data": hello},
            {"event_type": "reset", "data": {"epoch": "e", "head": 0, "snapshot": empty}},
            *self._log,
        ):
            socket.send(json.dumps(frame))
        self._sockets.append(socket)

    def _command(self, socket: WebSocketRoute, command: dict[str, Any]) -> None:
        self.commands.append(command)
        ref = command.get("id")
        if command["type"] == "claim" and command["action_id"] in self._claimed:
            refusal = {"ref": ref, "error": "Another client does it.", "code": "conflict", "retryable": False}
            socket.send(json.dumps({"event_type": "error", "data": refusal}))
            return
        if command["type"] == "claim":
            self._claimed.add(command["action_id"])
        socket.send(json.dumps({"event_type": "ack", "data": {"ref": ref}}))
        if command["type"] == "notebook_result":
            self.happen("notebook_result", **{k: command[k] for k in ("action_id", "status", "result")})
