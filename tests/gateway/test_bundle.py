"""`api/aichat/static/…`: the panel's script, for who is logged in, and nothing else of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_aichat.gateway import routes as routes_module


@pytest.fixture(autouse=True)
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a build has put there, and a file beside it."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "widget.js").write_text("export default {}")
    (tmp_path / "static-evil").mkdir()
    for outside in (tmp_path / "secret.js", tmp_path / "static-evil" / "x.js"):
        outside.write_text("secret")
    monkeypatch.setattr(routes_module, "_STATIC", folder)
    return folder


async def fetch(jp_fetch: Any, name: str, **request: Any) -> Any:
    """A file of the bundle."""
    return await jp_fetch("api", "aichat", "static", name, **request)


async def test_the_panels_script_is_served(jp_fetch: Any) -> None:
    """As JavaScript; without a version the browser asks again, with one it may keep it."""
    plain = await fetch(jp_fetch, "widget.js")
    assert plain.body == b"export default {}"
    assert plain.headers["Content-Type"].partition(";")[0] in {"text/javascript", "application/javascript"}
    assert plain.headers["Cache-Control"] == "no-cache"
    versioned = await fetch(jp_fetch, "widget.js", params={"v": "1.2.3"})
    assert versioned.headers["Cache-Control"] != "no-cache"
    head = await fetch(jp_fetch, "widget.js", method="HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(plain.body)))


async def test_opened_by_itself_it_may_do_nothing(jp_fetch: Any) -> None:
    """The policy of the answer locks it in, and its kind is not guessed at."""
    headers = (await fetch(jp_fetch, "widget.js")).headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../secret.js", "..%2Fsecret.js", "%2e%2e/secret.js", "../static-evil/x.js", "nowhere.js", ""]
)
async def test_nothing_else_is_served(jp_fetch: Any, name: str) -> None:
    """Neither what lies outside nor what is not there nor a list of files."""
    with pytest.raises(HTTPClientError) as refused:
        await fetch(jp_fetch, name)
    assert refused.value.code in {403, 404}
    assert refused.value.response is not None
    assert b"secret" not in refused.value.response.body.replace(b"secret.js", b"")


async def test_a_stranger_learns_nothing(jp_fetch: Any) -> None:
    """Without credentials there is no difference between what is there and what is not."""
    answers = []
    for name in ("widget.js", "nowhere.js"):
        with pytest.raises(HTTPClientError) as refused:
            await fetch(jp_fetch, name, headers={"Authorization": "token wrong"})
        assert refused.value.response is not None
        answers.append((refused.value.code, refused.value.response.body))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403
