"""A real kernel of another language, without IPython: it prints its code and gives it back.

`boom` is an error, `end` ends the process. Not realistic: it has no control thread for itself, but ipykernel's.
"""

from __future__ import annotations

import os
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class EchoKernel(Kernel):
    implementation = "echo"
    implementation_version = "1"
    language_info = {"name": "echo", "mimetype": "text/plain", "file_extension": ".txt"}  # noqa: RUF012 - overrides
    banner = "echo"

    async def do_execute(self, code: str, silent: bool, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: FBT001
        """Print the code."""
        if code == "end":
            os._exit(1)
        told = {"name": "stdout", "text": code}
        self.send_response(self.iopub_socket, "stream", told)  # type: ignore[no-untyped-call]  # not typed there
        if code == "boom":
            return {
                "status": "error",
                "ename": "Boom",
                "evalue": "as asked",
                "traceback": ["\x1b[31mBoom\x1b[0m"],
            }
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=EchoKernel)
