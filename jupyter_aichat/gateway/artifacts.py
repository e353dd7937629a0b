"""REST route of large artifacts: one form of what an agent's code has shown, as a file. Nothing of it is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aichat.errors import CommandRefused
from jupyter_aichat.gateway.rest import RestHandler, allowed

if TYPE_CHECKING:
    from jupyter_aichat.store import Transaction

__all__ = ["ArtifactHandler"]

_ENDINGS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "text/html": "html",
    "text/markdown": "md",
    "text/latex": "tex",
    "text/plain": "txt",
}
"""Endings of file names; all others are JSON."""


class ArtifactHandler(RestHandler):
    """`api/aichat/threads/{thread_id}/artifacts/{artifact}`."""

    @allowed("read")
    async def get(self, thread_id: str, artifact_id: str) -> None:
        """One form of a large artifact, by its MIME type (`mime`), as a file to keep."""
        key = self.gateway.key(self.owner, thread_id)
        mime = self.get_query_argument("mime", "")

        def read(tx: Transaction) -> bytes | None:
            tx.thread(self.owner, key)
            return tx.artifact(key, artifact_id, mime)

        data = await self.gateway.store.read(read)
        if data is None:
            raise CommandRefused(
                "not_found", f"This conversation keeps no {mime[:64]!r} of the artifact {artifact_id[:64]!r}."
            )
        # whatever the type says, a browser must neither show it as a page of this server nor guess another type
        self.set_header("Content-Disposition", f'attachment; filename="result.{_ENDINGS.get(mime, "json")}"')
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(data, set_content_type=f"{mime}; charset=utf-8" if mime.startswith("text/") else mime)
