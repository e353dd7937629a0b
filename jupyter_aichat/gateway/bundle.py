"""The panel's script and style. JupyterLab serves its own extensions; a panel also lives where there is no JupyterLab."""

from __future__ import annotations

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from jupyter_aichat.gateway.access import refusal

__all__ = ["BundleHandler"]


class BundleHandler(JupyterHandler, web.StaticFileHandler):
    """`api/aichat/static/…`: only what the build has put there, for who is logged in."""

    @property
    def content_security_policy(self) -> str:
        """Pages of this server load the script; opened by itself, the file may do nothing."""
        return "default-src 'none'; sandbox"

    def get_login_url(self) -> str:
        """A script is no page: who is not logged in is refused, not led to the login."""
        raise web.HTTPError(403)

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Before any method: who is not logged in, or may not read, gets nothing."""
        await super().prepare(_redirect_to_login=_redirect_to_login)
        if await refusal(self, "read") is not None:
            raise web.HTTPError(403)

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:  # type: ignore[override]  # noqa: FBT001, FBT002  Tornado's
        """The file."""
        await super().get(path, include_body)

    @web.authenticated
    async def head(self, path: str) -> None:  # type: ignore[override]  # the decorator's signature
        """What would come with the file."""
        await super().get(path, include_body=False)

    def set_extra_headers(self, path: str) -> None:
        """The panel asks with `?v=`, its version; without it the browser has to ask again."""
        if self.get_query_argument("v", None) is None:
            self.set_header("Cache-Control", "no-cache")
