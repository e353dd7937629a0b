"""All exceptions of the package, one tree.

```
AichatError
├── CommandRefused     a person's command was not carried out; nothing happened
├── RunFailed          a run ends with a terminal `error` event
│   └── ModelFailed    … because of the model's provider
├── ToolError          a tool cannot do what was asked; the agent and the person read the sentence
│   └── TableError     … because of a table's bytes, columns or values
├── StorageError       the log cannot be read or written
│   ├── LeaseLost      another server has taken this thread over
│   └── SchemaTooNew   the store was written by a newer version of this package
├── KernelError        a kernel cannot do what was asked; nothing was executed unless the class says otherwise
│   ├── KernelGone     it is not there, or its process ended
│   ├── KernelChanged  it was restarted since: its variables are not those that were meant
│   ├── KernelBusy     it was executing something else for too long
│   ├── KernelUnsupported  the question needs an IPython kernel
│   └── SourceFailed   our own code in the kernel failed, ran too long or answered too much
├── PluginError        an agent or tool of a plugin cannot be used
└── ConfigurationError a setting of the server does not fit
```

Every message names the value that was wrong and says what to do next. None carries a path outside the server's root,
a key or a traceback, because messages travel to browsers.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "AichatError",
    "CommandCode",
    "CommandRefused",
    "ConfigurationError",
    "KernelBusy",
    "KernelChanged",
    "KernelError",
    "KernelGone",
    "KernelUnsupported",
    "LeaseLost",
    "ModelFailed",
    "PluginError",
    "RunCode",
    "RunFailed",
    "SchemaTooNew",
    "SourceFailed",
    "StorageError",
    "TableError",
    "ToolError",
]

CommandCode = Literal[
    "bad_json",
    "bad_request",
    "too_large",
    "rate",
    "busy",
    "not_found",
    "forbidden",
    "unauthenticated",
    "conflict",
    "not_pending",
    "digest_mismatch",
    "stale",
    "storage",
]
"""Why a command was refused (connection frame `error`)."""

RunCode = Literal[
    "interrupted",
    "timeout",
    "limit",
    "model_auth",
    "model_not_found",
    "model_rate",
    "model_timeout",
    "model_context",
    "model_error",
    "storage",
    "internal",
]
"""Why a run failed (terminal event `error`)."""


class AichatError(Exception):
    """Base of all errors of this package."""


class CommandRefused(AichatError):
    """A command was not carried out.

    `code` is the wire's word for the reason; `retryable` says whether the same command may succeed later; `ref` is
    the command's own `id`, where it carried one.
    """

    def __init__(
        self, code: CommandCode, message: str, *, retryable: bool | None = None, ref: str | None = None
    ) -> None:
        super().__init__(message)
        self.code: CommandCode = code
        self.ref = ref
        self.retryable = code in {"rate", "busy", "storage"} if retryable is None else retryable


class RunFailed(AichatError):
    """A run cannot go on. `code` and `retryable` become the fields of its terminal `error` event."""

    def __init__(self, code: RunCode, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code: RunCode = code
        self.retryable = retryable


class ModelFailed(RunFailed):
    """The model's provider refused, failed or fell silent. `host` is whom to blame, `retry_after` is in seconds."""

    def __init__(
        self,
        code: RunCode,
        message: str,
        *,
        retryable: bool = False,
        host: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code, message, retryable=retryable)
        self.host = host
        self.retry_after = retry_after


class ToolError(AichatError):
    """A tool could not do what was asked; the sentence goes to the agent and to the person."""


class TableError(ToolError):
    """A table could not be read or analysed."""


class StorageError(AichatError):
    """The log could not be read or written."""


class LeaseLost(StorageError):
    """Another server has taken this thread over; this one must stop writing to it."""


class SchemaTooNew(StorageError):
    """The store was written by a newer version of this package."""


class KernelError(AichatError):
    """A kernel cannot do what was asked."""


class KernelGone(KernelError):
    """There is no such kernel, or its process ended."""


class KernelChanged(KernelError):
    """The kernel is not the one that was meant: it was restarted since. Nothing was executed in the new one."""


class KernelBusy(KernelError):
    """The kernel executed something else for longer than the caller could wait. Nothing was executed."""


class KernelUnsupported(KernelError):
    """The question needs an IPython kernel, and this one runs another language."""


class SourceFailed(KernelError):
    """Our own code in the kernel raised, ran too long or answered too much. `name` is the exception's, if any."""

    def __init__(self, message: str, *, name: str = "") -> None:
        super().__init__(message)
        self.name = name


class PluginError(AichatError):
    """An agent or tool that a plugin offers cannot be used."""


class ConfigurationError(AichatError):
    """A setting of the server does not fit; the message names it and its value."""
