"""The door: one gateway, made off the loop, once; what cannot be made is told and tried again."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_aichat.errors import StorageError
from jupyter_aichat.gateway import door as door_module
from jupyter_aichat.gateway.app import AiChatApp
from jupyter_aichat.gateway.door import Door
from jupyter_aichat.gateway.settings import Settings
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get


async def test_there_is_one_gateway(aichat: AiChatApp) -> None:
    """A hundred who come at the same moment get the same one."""
    made = await asyncio.gather(*(aichat._door.gateway() for _ in range(100)))
    assert len(set(map(id, made))) == 1
    assert aichat._door.opened is made[0]


async def test_what_is_imported_does_not_stop_the_loop(
    aichat: AiChatApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heavy imports happen in a thread: notebooks are served meanwhile."""
    on: list[int] = []
    monkeypatch.setattr(door_module, "_import", lambda: on.append(threading.get_ident()))
    door = Door(aichat._frozen, aichat._surroundings)
    await door.gateway()
    await door.close()
    assert len(on) == 1
    assert on[0] != threading.get_ident()


async def test_a_failed_making_is_tried_again(aichat: AiChatApp, tmp_path: Path) -> None:
    """Each call raises what is wrong, until it is mended; no restart is needed."""
    (tmp_path / "wall").write_text("")
    urls = [f"sqlite:///{tmp_path}/wall/x.db"] * 2 + [f"sqlite:///{tmp_path}/new.db"]
    asked: list[str] = []

    def settings() -> Settings:
        asked.append(urls[len(asked)])
        return replace(aichat._frozen(), db_url=asked[-1])

    door = Door(settings, aichat._surroundings)
    for _ in range(2):
        with pytest.raises(StorageError):
            await door.gateway()
        assert door.opened is None
    gateway = await door.gateway()
    assert await door.gateway() is gateway
    assert len(asked) == 3
    await door.close()


async def test_who_leaves_does_not_stop_the_making(aichat: AiChatApp) -> None:
    """The first who asked goes away; those behind get their gateway all the same."""
    door = Door(aichat._frozen, aichat._surroundings)
    first = asyncio.create_task(door.gateway())
    second = asyncio.create_task(door.gateway())
    await asyncio.sleep(0)
    first.cancel()
    assert (await second) is door.opened
    await door.close()


@pytest.mark.parametrize(
    "settings",
    [
        {"db_url": url}
        for url in ("sqlite:////dev/null/x.db", "nonsense", "mysql://me@127.0.0.1/x", "sqlite://")
    ],
)
async def test_a_broken_store_leaves_jupyter_running(
    jp_fetch: Any, jp_ws_fetch: Any, jp_root_dir: Path
) -> None:
    """Notebooks are served; ours answer with a sentence about `db_url`, without a path or a traceback, by REST and socket."""
    (jp_root_dir / "a.txt").write_text("still here")
    contents = json.loads((await jp_fetch("api", "contents", "a.txt")).body)
    assert contents["content"] == "still here"
    for path in ("health", "threads", "agents"):
        with pytest.raises(HTTPClientError) as refused:
            await get(jp_fetch, path)
        assert refused.value.response is not None
        answer = json.loads(refused.value.response.body)
        assert (refused.value.code, answer["code"]) in {(503, "storage"), (400, "bad_request")}
        assert "db_url" in answer["error"]
        assert "Traceback" not in answer["error"]
    with pytest.raises(HTTPClientError) as refused:
        await jp_ws_fetch("api", "aichat", "ws", "t1")
    assert refused.value.code == 503


async def test_it_ends_while_it_is_being_made(aichat: AiChatApp, connect: Connect) -> None:
    """A server that is stopped at once waits for its gateway, and closes it."""
    await aichat._door.gateway()
    door = Door(aichat._frozen, aichat._surroundings)
    making = asyncio.create_task(door.gateway())
    await asyncio.sleep(0)
    began = time.monotonic()
    await door.close()
    assert time.monotonic() - began < 10
    gateway = await making
    assert gateway.store.closing
