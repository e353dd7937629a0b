"""What a run was asked, as its row keeps it: enough to begin it later or to go on after a restart."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

from jupyter_aichat.protocol.commands import Message
from jupyter_aichat.protocol.events import UserMessage

__all__ = ["Approvals", "Request"]

Approvals = Literal["wait", "deny"]

_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True, slots=True)
class Request:
    """A message and what was decided about it when it was accepted.

    `language` is that of status lines. `agent` is whom the message is addressed to, "supervisor" as a rule; `model` the one
    that was asked for ("provider:name"), `None` for the configured one.
    """

    message: str
    context: list[dict[str, Any]] | None
    agent: str
    model: str | None
    notebook: str | None
    language: str
    approvals: Approvals
    kernels: bool = False
    """Whether the person may run code in kernels here."""
    files: bool = False
    """Whether the person may write files here."""

    @classmethod
    def of(
        cls, command: Message, approvals: Approvals, *, kernels: bool = False, files: bool = False
    ) -> Request:
        """What a `message` command asks. Its own `approvals` come before the route's default."""
        context = [item.model_dump() for item in command.context] if command.context else None
        language = command.language or ("ko" if _HANGUL.search(command.message) else "en")
        return cls(
            command.message,
            context,
            command.agent or "supervisor",
            command.model,
            command.notebook.path if command.notebook else None,
            language,
            command.approvals or approvals,
            kernels,
            files,
        )

    @classmethod
    def load(cls, blob: bytes) -> Request:
        """What `dump` gave."""
        return cls(**orjson.loads(blob))

    def dump(self) -> bytes:
        """As JSON, for the run's row."""
        return orjson.dumps(asdict(self))

    def digest(self) -> str:
        """SHA-256 (hex) of what was asked: the same `client_id` with another body is a conflict."""
        return hashlib.sha256(self.dump()).hexdigest()

    def user_message(self, message_id: str) -> UserMessage:
        """The message as its event carries it."""
        return UserMessage(id=message_id, content=self.message, context=self.context)
