"""The files that agents may see: below the root, not hidden, no secrets; with Jupyter's own contents managers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager

from jupyter_aichat.errors import ToolError
from jupyter_aichat.gateway import workspace as workspace_module
from jupyter_aichat.gateway.workspace import MAX_FILE, ServerFiles
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect

OUTSIDE = "nobody may read this"
NOTEBOOK: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with files; beside it, and beyond links in it, what is nobody's business."""
    root, sibling = tmp_path / "root", tmp_path / "root-evil"
    for folder in (root / "data" / "한글 폴더", root / ".git", root / ".ssh", sibling):
        folder.mkdir(parents=True)
    (root / "data" / "a.csv").write_text("a,b\n1,2\n")
    (root / "data" / "한글 폴더" / "매출.csv").write_text("지역\n서울\n")
    (root / "n.ipynb").write_text(json.dumps(NOTEBOOK))
    for outside in (tmp_path / "secret.txt", sibling / "x"):
        outside.write_text(OUTSIDE)
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "folder").symlink_to(sibling)
    (root / "inside.csv").symlink_to(root / "data" / "a.csv")
    (root / "innocent.txt").symlink_to(root / ".env")
    for hidden in HIDDEN:
        (root / hidden).write_text(OUTSIDE)
    return root


HIDDEN = (
    ".env",
    ".git/config",
    ".ssh/known_hosts",
    "jupyter_cookie_secret",
    "jpserver-4711.json",
    "jpserver-4711-open.html",
    "nbserver-4711-open.html",
    "kernel-1b2c.json",
    "jupyter_server_config.py",
    "jupyter_server_config.json",
    "id_rsa",
    "id_ed25519.pub",
    "server.pem",
    "server.KEY",
    "credentials.json",
    "secrets.yaml",
    "python_history",
)


@pytest.fixture(params=[LargeFileManager, AsyncLargeFileManager])
def files(request: pytest.FixtureRequest, root: Path) -> ServerFiles:
    """The workspace over each of the managers that come with Jupyter."""
    return ServerFiles(request.param(root_dir=str(root)))


async def test_files_below_the_root_are_read(files: ServerFiles) -> None:
    """Bytes as they are, in folders with Korean names too; a link that stays inside is a file like any other."""
    assert await files.read("data/a.csv") == b"a,b\n1,2\n"
    assert await files.read("./data//a.csv") == b"a,b\n1,2\n"
    assert (await files.read("data/한글 폴더/매출.csv")).decode() == "지역\n서울\n"
    assert await files.read("inside.csv") == b"a,b\n1,2\n"
    assert (await files.notebook("n.ipynb"))["nbformat"] == 4


async def test_a_folder_shows_what_may_be_read(files: ServerFiles) -> None:
    """Folders first, then files by name; neither hidden ones nor secrets. A file's own listing is the file."""
    listed = await files.list("")
    assert [e.name for e in listed if not e.name.startswith(("link", "folder", "innocent"))] == [
        "data",
        "inside.csv",
        "n.ipynb",
    ]
    assert [(e.path, e.type) for e in await files.list("data")] == [
        ("data/한글 폴더", "directory"),
        ("data/a.csv", "file"),
    ]
    (own,) = await files.list("data/a.csv")
    assert (own.name, own.size) == ("a.csv", 8)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "../../etc/passwd",
        "data/../../secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "..%2fsecret.txt",
        "..%2Fsecret.txt",
        "%2e%2e/secret.txt",
        "..\\secret.txt",
        "C:/secret.txt",
        "file:///etc/passwd",
        "data/a.csv\0.txt",
        "../root-evil/x",
        "folder/x",
        "folder",
        "link.txt",
        "innocent.txt",
        *HIDDEN,
        "./.env",
        "data/../.env",
    ],
)
async def test_nothing_else_is_read(files: ServerFiles, path: str) -> None:
    """Neither listed, nor read, nor opened as a notebook; the sentence tells no path of the machine."""
    for look in (files.read, files.list, files.notebook):
        with pytest.raises(ToolError) as refused:
            await look(path)
        assert "root-evil" not in str(refused.value).replace(path, "")
        assert os.sep + "tmp" not in str(refused.value)


async def test_the_roots_own_name_is_no_way_round(tmp_path: Path, root: Path) -> None:
    """A root that is itself a link, or below a hidden folder, works; only what lies below it counts."""
    hidden = tmp_path / ".home"
    hidden.mkdir()
    (hidden / "work").symlink_to(root)
    files = ServerFiles(LargeFileManager(root_dir=str(hidden / "work")))
    assert await files.read("data/a.csv") == b"a,b\n1,2\n"
    with pytest.raises(ToolError, match="link that leads out"):
        await files.read("link.txt")


@pytest.mark.parametrize("name", ["huge.csv", "huge.ipynb"])
async def test_a_file_that_is_too_large_is_refused_unread(files: ServerFiles, root: Path, name: str) -> None:
    """The sentence says how large it is and what is allowed."""
    with (root / name).open("wb") as sparse:
        sparse.truncate(MAX_FILE + 1)
    look = files.notebook if name.endswith("ipynb") else files.read
    with pytest.raises(ToolError, match=f"{MAX_FILE + 1:,} bytes.*at most {MAX_FILE:,}"):
        await look(name)


async def test_the_limit_itself_is_allowed(
    files: ServerFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte decides."""
    monkeypatch.setattr(workspace_module, "MAX_FILE", 8)
    assert len(await files.read("data/a.csv")) == 8
    (root / "nine.txt").write_text("123456789")
    with pytest.raises(ToolError, match="9 bytes"):
        await files.read("nine.txt")


async def test_what_is_not_there_or_no_file_is_said(files: ServerFiles) -> None:
    """A missing file, a folder instead of a file, a file instead of a notebook."""
    with pytest.raises(ToolError, match=r"There is no 'nowhere\.csv'"):
        await files.read("nowhere.csv")
    with pytest.raises(ToolError, match="'data'"):
        await files.read("data")
    with pytest.raises(
        ToolError, match="could not be read: it is damaged, or not what was asked for"
    ) as refused:
        await files.notebook("data/a.csv")
    assert "/root" not in str(refused.value)


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/etc/passwd", "..%2f..%2fetc%2fpasswd", ".env", "link.txt", "folder/x"]
)
async def test_a_model_that_asks_for_more_gets_a_sentence(
    provider: FakeOpenAI, connect: Connect, jp_root_dir: Path, path: str
) -> None:
    """End to end: the tool call ends with an error, the run goes on, and no request has what lies outside."""
    (jp_root_dir.parent / "secret.txt").write_text(OUTSIDE)
    (jp_root_dir.parent / "x").write_text(OUTSIDE)
    (jp_root_dir / ".env").write_text(OUTSIDE)
    (jp_root_dir / "link.txt").symlink_to(jp_root_dir.parent / "secret.txt")
    (jp_root_dir / "folder").symlink_to(jp_root_dir.parent)
    client = await connect("t1")
    done = await client.ask(f"ask=analyst: use=read_file:{path} use=list_files:folder words=1")
    assert done["data"]["outcome"] == "completed"
    ends = [e["data"]["tool"] for e in client.events if e["event_type"] == "tool_end"]
    assert [(e["name"], e["status"]) for e in ends] == [
        ("read_file", "error"),
        ("list_files", "error"),
        ("ask_analyst", "ok"),
    ]
    assert OUTSIDE not in json.dumps([asked.body for asked in provider.asked] + client.frames)
