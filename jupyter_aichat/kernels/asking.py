"""How a question is put to an IPython kernel without a trace, and how its answer is read. Pure.

The question is a `user_expressions` entry of an execute request without code. IPython evaluates it after the (empty)
cell: no history, no execution count, no `_` and `Out`, no hooks of the user's on the code, nothing on iopub. The answer
comes with the reply, to us alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_aichat.errors import KernelUnsupported, SourceFailed
from jupyter_aichat.kernels import harness

__all__ = ["ANSWER_LIMIT", "answer_in", "question", "sparing"]

ANSWER_LIMIT = 4_000_000
"""Bytes of JSON that an answer may have."""

_HARNESS = Path(harness.__file__).read_text(encoding="utf-8")
_KEY = "answer"


def question(source: str, request: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """The content of the execute request."""
    return _evaluated(f"space['answer']({source!r}, {json.dumps(dict(request))!r}, {limit})")


def sparing() -> dict[str, Any]:
    """The content of the request after which IPython keeps our results out of the user's `_` and `Out`."""
    return _evaluated("space['spare']()")


def _evaluated(call: str) -> dict[str, Any]:
    # one expression, so that it binds no name; `builtins` because the user may have names of their own
    expression = (
        f"(lambda space, builtins: builtins.exec({_HARNESS!r}, space) or {call})"
        "({'__name__': 'jupyter_aichat_harness'}, __import__('builtins'))"
    )
    return {"code": "", "silent": True, "user_expressions": {_KEY: expression}}


def answer_in(reply: Mapping[str, Any]) -> Any:
    """The answer that the reply carries. Raises `SourceFailed`, `KernelUnsupported`."""
    given = (reply.get("user_expressions") or {}).get(_KEY)
    if not isinstance(given, dict):
        raise KernelUnsupported(
            "This kernel runs Python without IPython and cannot be asked about its variables."
        )
    if given.get("status") == "error":
        name = str(given.get("ename", ""))
        raise SourceFailed(f"The question failed in the kernel: {name}: {given.get('evalue', '')}", name=name)
    text = (given.get("data") or {}).get(harness.MIME)
    if not isinstance(text, str):
        raise KernelUnsupported(
            "This kernel does not answer as IPython does and cannot be asked about its variables."
        )
    told = json.loads(text)
    if "error" in told:
        message = f"The question failed in the kernel: {told['error']}: {told['message']}"
        failed = SourceFailed(message, name=told["error"])
        if told.get("traceback"):
            failed.add_note(told["traceback"])
        raise failed
    return told["result"]
