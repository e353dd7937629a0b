"""Runs in the user's kernel, as text, to answer one question. Knows the standard library and nothing else.

Never imported there: the text of this file is executed in a namespace of its own, so the kernel's environment needs
none of our packages, and no name of ours reaches the user's.
"""

from __future__ import annotations

import json
import traceback
from typing import Any

MIME = "application/vnd.jupyter-aichat.answer+json"
USERNAME = "jupyter_aichat"
"""Stands in the header of each of our requests."""


class Answer:
    """Text that IPython sends as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "<answer>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {MIME: self._text}


def answer(source: str, request: str, limit: int) -> Answer:
    """Call the source's `main` with the request; give its result, or what went wrong, as JSON."""
    space = {"__name__": "jupyter_aichat_source"}
    try:
        exec(compile(source, "<jupyter_aichat>", "exec"), space)  # noqa: S102 - our own source, which the server sent
        result = space["main"](json.loads(request))  # type: ignore[operator]  # what the source defines
        text = json.dumps({"result": result}, ensure_ascii=False, allow_nan=False)
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - everything is told, nothing is shown
        told = {
            "error": type(error).__name__,
            "message": _words(error),
            "traceback": traceback.format_exc()[-8000:],
        }
        text = json.dumps(told)
    size = len(text.encode("utf-8", "replace"))
    if size > limit:
        text = json.dumps(
            {"error": "TooLarge", "message": f"the answer has {size:,} bytes; {limit:,} are allowed"}
        )
    return Answer(text.encode("utf-8", "replace").decode())


def spare() -> Answer:
    """From now on keep results of our requests out of the user's `_`, `_1` and `Out`.

    IPython leaves the history alone when it is asked to, but not these.
    """
    from IPython import get_ipython

    shell: Any = get_ipython()
    hook, kernel = shell.displayhook, shell.kernel
    remember = hook.update_user_ns
    if getattr(remember, "spares", None) != USERNAME:

        def update_user_ns(result: Any) -> None:
            if kernel.get_parent("shell").get("header", {}).get("username") != USERNAME:
                remember(result)

        update_user_ns.spares = USERNAME  # type: ignore[attr-defined]  # so that it is done once
        hook.update_user_ns = update_user_ns
    return Answer("{}")


def _words(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - an exception of the user's whose text fails
        return ""
