"""Files of the store: private to their owner, and not on a network if it can be told."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path, PurePosixPath

__all__ = ["is_network", "make_private", "make_private_folder", "mount_type", "mounts_text"]

NETWORK = frozenset(
    {
        "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "efs", "gfs", "gfs2", "glusterfs",
        "gpfs", "hgfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "prl_fs", "pvfs2", "quobyte",
        "smb", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "wekafs",
    }
)  # fmt: skip
"""Types of file systems whose files other machines, or the host of a virtual one, may open at the same time.

SQLite's write-ahead log shares memory between its users, which such a file system cannot give.
"""

NETWORK_FUSE = frozenset(
    {
        "ceph", "beegfs", "gcsfuse", "glusterfs", "goofys", "juicefs", "lustre", "mfs", "osxfs", "grpcfuse", "rclone",
        "s3fs", "smbnetfs", "sshfs", "blobfuse", "blobfuse2", "davfs2", "dislocker-network", "quobyte", "seaweedfs",
    }
)  # fmt: skip
"""The same for file systems in user space, which are listed as `fuse.NAME`."""


def is_network(kind: str) -> bool:
    """Whether a file system of this type (`nfs4`, `fuse.sshfs`, `ext4`) may be in use by another machine."""
    family, _, name = kind.partition(".")
    return kind in NETWORK or (family in {"fuse", "fuseblk"} and name in NETWORK_FUSE)


def mount_type(path: PurePosixPath, mounts: str) -> str | None:
    """The type of the file system that holds `path` (absolute, links resolved), by a text in the form of `/proc/mounts`.

    The longest mount point that holds the path wins; of two at one place, the later, which lies on top. `None` if no
    line fits.
    """
    found, depth = None, -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = PurePosixPath(_unescape(fields[1]))
        if len(point.parts) >= depth and path.is_relative_to(point):
            found, depth = fields[2], len(point.parts)
    return found


def _unescape(text: str) -> str:
    # The kernel writes space, tab, newline and backslash as three octal digits: `/mnt/my\040disk`.
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def mounts_text() -> str:
    """What is mounted where, as Linux says it; empty where nothing can be told (other systems)."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def make_private_folder(path: Path) -> None:
    """Make the folder if it is missing, for its owner only (0700). One that exists is left as it is."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    path.chmod(0o700)  # whatever the umask took away


def make_private(path: Path, *, create: bool = False) -> None:
    """Take the file away from everybody but its owner (0600), whatever the umask; make it if asked to.

    A file of somebody else is left as it is: its mode is not ours to change.
    """
    flags = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | (os.O_CREAT if create else 0)
    try:
        file = os.open(path, flags, 0o600)
    except FileNotFoundError:
        return
    try:
        now = os.fstat(file)
        if hasattr(os, "fchmod") and now.st_uid == os.geteuid() and stat.S_IMODE(now.st_mode) != 0o600:
            os.fchmod(file, 0o600)
    finally:
        os.close(file)
