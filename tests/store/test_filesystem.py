"""Private files, and telling a network file system from a disk."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from jupyter_aichat.store.filesystem import (
    is_network,
    make_private,
    make_private_folder,
    mount_type,
    mounts_text,
)

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/ana/fast xfs rw 0 0
//server/share /mnt/my\\040share cifs rw 0 0
tmpfs /mnt/twice tmpfs rw 0 0
ana@server: /mnt/twice fuse.sshfs rw 0 0
a line of two
"""


@pytest.fixture(params=[0o000, 0o022, 0o277], ids=oct)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every file mode is asked for under a umask that is too kind, usual, or too strict."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    """Who may do what, in octal."""
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/chat", "ext4"),
        ("/home/ana", "nfs4"),
        ("/home/ana/fast/chat", "xfs"),
        ("/home/ana/faster", "nfs4"),
        ("/mnt/my share/chat", "cifs"),
        ("/mnt/my", "ext4"),
        ("/mnt/twice", "fuse.sshfs"),
    ],
)
def test_the_deepest_and_latest_mount_holds_a_file(path: str, kind: str) -> None:
    """Whole names of folders count, spaces are understood, and of two mounts at one place the upper one."""
    assert mount_type(PurePosixPath(path), MOUNTS) == kind


def test_without_a_fitting_line_nothing_is_claimed() -> None:
    """No text, or a text about elsewhere."""
    assert mount_type(PurePosixPath("/home"), "") is None
    assert mount_type(PurePosixPath("/home"), "tmpfs /run tmpfs rw 0 0\n") is None


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        ("nfs", True),
        ("nfs4", True),
        ("cifs", True),
        ("9p", True),
        ("lustre", True),
        ("fuse.sshfs", True),
        ("fuse.gcsfuse", True),
        ("ext4", False),
        ("xfs", False),
        ("overlay", False),
        ("tmpfs", False),
        ("fuse.gocryptfs", False),
        ("fuseblk", False),
        ("nfsd", False),
    ],
)
def test_a_network_file_system_is_known_by_its_type(kind: str, network: bool) -> None:  # noqa: FBT001  a table
    """Also one in user space; a local one in user space is none."""
    assert is_network(kind) is network


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says what is mounted")
def test_linux_says_what_holds_a_real_file(tmp_path: Path) -> None:
    """The system's own text is read and has a line for any file."""
    assert mount_type(PurePosixPath(tmp_path.resolve().as_posix()), mounts_text())


@pytest.mark.usefixtures("_umask")
def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """0600, whatever the umask."""
    make_private(tmp_path / "new", create=True)
    assert mode(tmp_path / "new") == "0o600"


def test_an_open_file_is_closed_to_others(tmp_path: Path) -> None:
    """A file that everybody could read is taken from them, with what it holds."""
    path = tmp_path / "old"
    path.write_text("kept")
    path.chmod(0o666)
    make_private(path, create=True)
    assert (mode(path), path.read_text()) == ("0o600", "kept")


def test_a_missing_file_is_made_only_when_asked(tmp_path: Path) -> None:
    """SQLite's own files are made private if they are there, and not made."""
    make_private(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_the_mode_of_somebody_elses_file_is_theirs(tmp_path: Path) -> None:
    """A store that a team's administrator made for several accounts keeps its mode."""
    path = tmp_path / "shared"
    path.write_text("")
    path.chmod(0o660)
    os.chown(path, 65534, -1)
    make_private(path, create=True)
    assert mode(path) == "0o660"


@pytest.mark.usefixtures("_umask")
def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    """0700, whatever the umask."""
    make_private_folder(tmp_path / "new")
    assert mode(tmp_path / "new") == "0o700"


def test_an_existing_folder_is_left_as_it_is(tmp_path: Path) -> None:
    """It may hold other things than the store; missing ones above it are made."""
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path)
    make_private_folder(tmp_path / "a" / "b" / "c")
    assert mode(tmp_path) == "0o755"
    assert (tmp_path / "a" / "b" / "c").is_dir()
