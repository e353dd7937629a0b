"""ChatPanel: the chat between the cells of a notebook.

The page talks to the Jupyter server itself, so the panel streams while the kernel is busy. What travels with the
widget is a small loader; the panel's code comes from the server extension.
"""

from __future__ import annotations

import re
import secrets
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["ChatPanel"]

_THREAD_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LENGTH = re.compile(r"\d+(\.\d+)?(px|em|rem|vh)")


class ChatPanel(anywidget.AnyWidget):
    """A chat with the supervisor and its specialists, between the cells.

    Two panels with the same `thread_id`, and the sidebar, show the same conversation. Without one the panel begins a
    new conversation. `height` is a CSS length ("480px", "30em", "60vh"); empty: as high as its content, up to 560 px.

    Raises `traitlets.TraitError` when `thread_id` or `height` is none.
    """

    _esm = Path(__file__).parent / "loader.js"

    thread_id = traitlets.Unicode(help="The conversation: 1 to 128 of A-Z a-z 0-9 _ -.").tag(sync=True)
    height = traitlets.Unicode(help="A CSS length; empty: as high as the content.").tag(sync=True)
    kernel_id = traitlets.Unicode(help="The kernel, by which the page finds the notebook.").tag(sync=True)
    _version = traitlets.Unicode(
        help="Part of the bundle's address: a new release is never hidden by a cache."
    ).tag(sync=True)

    def __init__(self, thread_id: str | None = None, *, height: str = "") -> None:
        super().__init__(
            thread_id=secrets.token_urlsafe(16) if thread_id is None else thread_id,
            height=height,
            kernel_id=_kernel_id(),
            _version=version("jupyterlab-aichat"),
        )

    @traitlets.validate("thread_id")
    def _check_thread_id(self, proposal: Any) -> str:
        value: str = proposal["value"]
        if not _THREAD_ID.fullmatch(value):
            raise traitlets.TraitError(
                f"thread_id is 1 to 128 of A-Z a-z 0-9 _ -, not {value!r}. Leave it out for a new conversation."
            )
        return value

    @traitlets.validate("height")
    def _check_height(self, proposal: Any) -> str:
        value: str = proposal["value"]
        if value and not _LENGTH.fullmatch(value):
            raise traitlets.TraitError(f'height is a CSS length such as "480px" or "60vh", not {value!r}.')
        return value

    def __repr__(self) -> str:
        """The call that makes a panel on the same conversation."""
        height = f", height={self.height!r}" if self.height else ""
        return f"ChatPanel({self.thread_id!r}{height})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The view, and for pages that show no widgets a sentence that says where to find the conversation."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        data["text/plain"] = (
            f"{self!r}: open this notebook in JupyterLab or Notebook 7 to see the conversation."
        )
        return data, metadata


def _kernel_id() -> str:
    """Id of this kernel, as the Jupyter server knows it; empty outside of a kernel."""
    try:
        from ipykernel.connect import get_connection_file

        found = re.fullmatch(r"kernel-(.+)\.json", Path(get_connection_file()).name)
    except (ImportError, RuntimeError):
        return ""
    return found.group(1) if found else ""
