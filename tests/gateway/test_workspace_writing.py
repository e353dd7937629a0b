"""Files that agents write: below the root, text, over exactly what the person was told of; with Jupyter's own managers."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager

from jupyter_aichat.agents.port import MAX_WRITTEN
from jupyter_aichat.errors import ToolError
from jupyter_aichat.gateway.workspace import ServerFiles
from tests.fakes.people import ANN, Rules, TwoPeople
from tests.gateway.conftest import Connect


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a folder, links and what agents write nowhere; beside it, what is nobody's business."""
    root = tmp_path / "root"
    for folder in (root / "out", root / ".git", root / "etc", tmp_path / "beside"):
        folder.mkdir(parents=True)
    (root / ".git" / "config").write_text("mine")
    (root / "old.md").write_text("old")
    (root / "n.ipynb").write_text("{}")
    (root / "link.md").symlink_to(tmp_path / "beside" / "x.md")
    (root / "folder").symlink_to(tmp_path / "beside")
    (root / "inside.md").symlink_to(root / ".git" / "config")
    (root / "notebook.md").symlink_to(root / "n.ipynb")
    return root


@pytest.fixture(params=[LargeFileManager, AsyncLargeFileManager])
def files(request: pytest.FixtureRequest, root: Path) -> ServerFiles:
    """The workspace over each of the managers that come with Jupyter."""
    return ServerFiles(request.param(root_dir=str(root)))


def tree(root: Path) -> dict[str, str]:
    """All files below and beside the root, with their text."""
    return {
        path.relative_to(root.parent).as_posix(): path.read_text()
        for path in sorted(root.parent.rglob("*"))
        if path.is_file()
    }


async def test_a_new_file_has_exactly_the_text(files: ServerFiles, root: Path) -> None:
    """UTF-8 and lines as they are; its entry tells the size."""
    written = await files.write("./out//보고서.md", "# 매출\r\n끝\n", None)
    assert (root / "out" / "보고서.md").read_bytes() == "# 매출\r\n끝\n".encode()
    assert (written.path, written.size) == ("out/보고서.md", 14)
    assert await files.at("out/보고서.md") == written


async def test_what_is_at_a_path_is_told(files: ServerFiles) -> None:
    """A file, a folder, nothing; a refused place still is refused."""
    found = await files.at("old.md")
    assert found is not None
    assert (found.type, found.size) == ("file", 3)
    assert (await files.at("nowhere.md"), await files.at("nowhere/a.md")) == (None, None)
    for path in ("../x", ".git/config", "link.md", "folder/x.md"):
        with pytest.raises(ToolError):
            await files.at(path)


async def test_only_what_was_told_of_is_written_over(files: ServerFiles, root: Path) -> None:
    """Neither a file that nobody told of, nor one that has changed, come or gone since."""
    seen = await files.at("old.md")
    with pytest.raises(ToolError, match="not as it was"):
        await files.write("old.md", "new", None)
    with pytest.raises(ToolError, match="not as it was"):
        await files.write("other.md", "new", seen)
    os.utime(root / "old.md", (1, 1))
    with pytest.raises(ToolError, match="has changed since"):
        await files.write("old.md", "new", seen)
    assert (root / "old.md").read_text() == "old"
    await files.write("old.md", "new", await files.at("old.md"))
    assert (root / "old.md").read_text() == "new"


@pytest.mark.parametrize(
    "path",
    [
        "../x.md",
        "/x.md",
        "..%2fx.md",
        "..\\x.md",
        "C:/x.md",
        "a.md\0",
        "",
        ".",
        ".git/config",
        ".bashrc",
        "id_rsa",
        "link.md",
        "folder/x.md",
        "inside.md",
        "notebook.md",
        "n.ipynb",
        "new.IPYNB",
        "out",
        "out/",
        "nowhere/a.md",
        "old.md/a.md",
        "jupyter_server_config.py",
        "overrides.json",
        "etc/a.md",
        "out/$HOME",
    ],
)
async def test_nothing_else_is_written(files: ServerFiles, root: Path, path: str) -> None:
    """Outside, hidden, secret, by a link, a notebook, a folder, settings: not a byte, and no place of the machine is told."""
    before = tree(root)
    over = None
    with contextlib.suppress(ToolError):
        over = await files.at(path)
    with pytest.raises(ToolError) as refused:
        await files.write(path, "x", over)
    assert tree(root) == before
    assert str(root.parent) not in str(refused.value)


@pytest.mark.parametrize("text", ["x" * (MAX_WRITTEN + 1), "가" * 666_667, "half \ud800"])
async def test_only_text_of_some_size_is_written(files: ServerFiles, root: Path, text: str) -> None:
    """The limit itself is allowed, in bytes; half a character is none."""
    with pytest.raises(ToolError):
        await files.write("out/a.md", text, None)
    assert not (root / "out" / "a.md").exists()
    await files.write("out/a.md", "x" * MAX_WRITTEN, None)
    assert (root / "out" / "a.md").stat().st_size == MAX_WRITTEN


async def test_a_folder_that_cannot_be_written_is_said(
    files: ServerFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence without the machine's paths."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", "/secret/place")

    monkeypatch.setattr(files._contents, "save", full)
    with pytest.raises(ToolError, match=r"'out/a\.md' could not be written") as refused:
        await files.write("out/a.md", "x", None)
    assert "/secret" not in str(refused.value)


# -- rights ---------------------------------------------------------------------------------------------------------


class TestRights:
    """With people whose rights are taken away."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        """An authorizer that can refuse."""
        jp_server_config["ServerApp"] |= {"identity_provider_class": TwoPeople, "authorizer_class": Rules}
        return jp_server_config

    @pytest.fixture
    def jp_auth_header(self, jp_serverapp: Any) -> dict[str, str]:
        """Ann is at work."""
        return dict(ANN)

    async def test_who_may_not_write_files_has_none_written(
        self, provider: Any, connect: Connect, jp_serverapp: Any, jp_root_dir: Path
    ) -> None:
        """Nobody is asked where the right is missing; where it goes between question and answer, the answer is refused."""
        rules: Rules = jp_serverapp.authorizer
        message = 'ask=writer: use=write_file{"path": "a.md", "content": "x"} words=1'
        client = await connect("t1")
        rules.refused = {("write", "contents")}
        await client.ask(message)
        ends = [f["data"]["tool"] for f in client.events if f["event_type"] == "tool_end"]
        assert ("write_file", "denied") in [(e["name"], e["status"]) for e in ends]
        assert not [f for f in client.events if f["event_type"] == "approval_request"]
        rules.refused = set()
        await client.send(type="message", message=message)
        asked = (await client.until("approval_request"))["data"]
        rules.refused = {("write", "contents")}
        command = {"approval_id": asked["approval_id"], "digest": asked["digest"]}
        refused = await client.send(type="approve", decision="approve", **command)
        assert refused["data"]["code"] == "forbidden"
        await client.send(type="approve", decision="deny", **command)
        await client.end()
        assert not (jp_root_dir / "a.md").exists()
