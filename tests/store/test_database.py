"""Opening a store: what is wrong with a URL, a file or a folder is said in words, and nothing is lost quietly."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from jupyter_aichat.errors import ConfigurationError, StorageError
from jupyter_aichat.store.database import open_database
from tests.store.desk import OWNER, THREAD, Desk, begin, change, database, desk, opened, rows, token, url

NOBODY = 65534


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A store with a conversation, closed properly."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        one.write(begin("kept"))
    return path


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that any account can reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@contextmanager
def no_special_rights() -> Iterator[None]:
    """Root may write everywhere; inside, the process is like anybody's."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def epoch_of(path: Path) -> str:
    """The epoch that stands in the file."""
    return str(rows(path, "SELECT value FROM aichat_meta WHERE key = 'epoch'")[0][0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "not a database URL"),
        ("chat.db", "not a database URL"),
        ("/home/me/chat.db", "not a database URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:chat.db?mode=ro&uri=true", "names no file"),
        ("mysql://me@host/chat", "sqlite and postgresql"),
        ("frobnicate:///x", "sqlite and postgresql|not a database URL"),
    ],
)
def test_a_url_that_does_not_fit_is_explained(given: str, words: str) -> None:
    """It says what was wrong and what a right one looks like."""
    with pytest.raises(ConfigurationError, match=words):
        open_database(given, server="one")


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver is an extra; whoever names such a URL learns its name."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match="pip install"):
        open_database("postgresql://me@127.0.0.1/chat", server="one")


async def test_no_password_is_shown(tmp_path: Path) -> None:
    """The URL in `health` has neither a password nor the query, which may carry one."""
    store = await opened(tmp_path / "a.db", query="?timeout=3")
    assert store.health.url == url(tmp_path / "a.db")
    assert store.health.status == "ok"
    await store.close()
    with pytest.raises(
        (StorageError, ConfigurationError)
    ) as refused:  # nobody listens there, or there is no driver
        open_database("postgresql://me:secret@127.0.0.1:9/chat", server="one")
    assert "secret" not in str(refused.value)


def test_an_emptied_file_is_never_quietly_fresh(used: Path) -> None:
    """0 bytes where a store was: a new one under a new epoch, and a warning; the next start has none."""
    epoch = epoch_of(used)
    used.write_bytes(b"")
    with database(used) as one:
        assert one.epoch != epoch
        assert "found empty" in one.warnings[0]
    with database(used) as again:
        assert again.warnings == ()


def test_a_file_that_is_gone_is_missed(used: Path) -> None:
    """Only the sidecar is left, and it remembers."""
    epoch = epoch_of(used)
    used.unlink()
    with database(used) as one:
        assert one.epoch != epoch
        assert "missing" in one.warnings[0]


def test_the_first_start_has_nothing_to_warn_of(tmp_path: Path) -> None:
    """An empty file that somebody made beforehand is no store that was lost."""
    (tmp_path / "a.db").write_bytes(b"")
    with database(tmp_path / "a.db") as one:
        assert one.warnings == ()


@pytest.mark.parametrize("kept", [5, 50, 100, 3000, 4096, 12_000, -4096])
def test_a_truncated_file_is_set_aside_whole(used: Path, kept: int) -> None:
    """Wherever it was cut off: its bytes are kept under another name, and the store begins anew under a new epoch."""
    epoch, cut = epoch_of(used), used.read_bytes()[:kept]
    used.write_bytes(cut)
    with desk(used) as one:
        assert one.database.epoch != epoch
        (aside,) = used.parent.glob("a.db.damaged-*")
        assert aside.read_bytes() == cut
        assert aside.name in one.database.warnings[0]
        assert len(one.database.warnings) == 1
        one.write(begin("new"))


def test_a_garbage_header_sets_the_file_aside(used: Path) -> None:
    """With the log that lay beside it, so that nothing of it is worked into the new store."""
    with desk(used) as one:
        one.write(begin("in the log", "ana/t2"))
        log = used.with_name("a.db-wal").read_bytes()
    garbage = b"not a database at all" + used.read_bytes()[21:]
    used.write_bytes(garbage)
    used.with_name("a.db-wal").write_bytes(log)
    with desk(used) as one:
        (aside,) = used.parent.glob("a.db.damaged-*Z")
        assert aside.read_bytes() == garbage
        assert one.read(lambda tx: tx.threads(OWNER)).threads == ()
        assert "set aside" in one.database.warnings[0]


def test_each_damaged_file_keeps_its_own_name(used: Path) -> None:
    """A second misfortune does not write over what was kept of the first."""
    for content in (b"one" * 1000, b"two" * 1000):
        used.write_bytes(content)
        with database(used):
            pass
    assert {f.read_bytes()[:3] for f in used.parent.glob("a.db.damaged-*")} == {b"one", b"two"}


def test_an_older_backup_gets_a_new_epoch(used: Path) -> None:
    """A client that was further than the backup learns that its position is worth nothing."""
    backup = used.with_name("backup")
    shutil.copy(used, backup)
    with desk(used) as one:
        epoch = one.database.epoch
        one.write(lambda tx: tx.append(THREAD, "r1", token()))
    shutil.copy(backup, used)
    with desk(used) as one:
        assert one.database.epoch != epoch
        assert "older copy" in one.database.warnings[0]
        assert one.read(lambda tx: tx.thread(OWNER, THREAD)).head == 1
        new = one.database.epoch
    with database(used) as again:
        assert (again.epoch, again.warnings) == (new, ())


async def test_a_backup_made_while_the_server_ran_gets_a_new_epoch_too(used: Path) -> None:
    """The usual one: copied in the night, put back after the server was stopped."""
    backup = used.with_name("backup")
    store = await opened(used)
    lease = await store.write(lambda tx: tx.take_lease(THREAD))
    with closing(sqlite3.connect(used)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    store.append(lease, "r1", token())
    epoch = store.epoch
    await store.close()
    shutil.copy(backup, used)
    with desk(used) as one:
        assert one.database.epoch != epoch
        assert "older copy" in one.database.warnings[0]


def test_another_store_in_its_place_gets_a_new_epoch(used: Path, tmp_path: Path) -> None:
    """A file from elsewhere, with any number of starts."""
    other = tmp_path / "elsewhere" / "b.db"
    for _ in range(5):
        with database(other):
            pass
    epoch = epoch_of(other)
    shutil.copy(other, used)
    with database(used) as one:
        assert one.epoch not in {epoch, epoch_of(other)}
        assert "older copy" in one.warnings[0]


def test_a_store_that_moves_with_its_sidecar_is_the_same_store(used: Path, tmp_path: Path) -> None:
    """And without its sidecar too: nothing is known against it."""
    epoch = epoch_of(used)
    for names in (("a.db", "a.db.start"), ("a.db",)):
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        for name in names:
            shutil.copy(used.with_name(name), folder)
        with database(folder / "a.db") as one:
            assert (one.epoch, one.warnings) == (epoch, ())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="about POSIX permissions")
def test_a_read_only_file_is_explained(open_to_all: Path) -> None:
    """It opens again, with all it holds, as soon as it may be written."""
    path = open_to_all / "a.db"
    with no_special_rights():
        with desk(path) as one:
            one.write(begin())
        path.chmod(0o400)
        with pytest.raises(StorageError, match="cannot be opened: permission denied") as refused:
            open_database(url(path), server="one")
        assert str(path) not in str(refused.value)
        path.chmod(0o600)
        with desk(path) as one:
            assert one.read(lambda tx: tx.thread(OWNER, THREAD)).head == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="about POSIX permissions")
def test_a_read_only_folder_is_explained(open_to_all: Path) -> None:
    """Without a place for the log the store cannot work, and says so at once."""
    folder = open_to_all / "folder"
    with no_special_rights():
        folder.mkdir()
        folder.chmod(0o500)
        with pytest.raises(StorageError, match="cannot be opened: permission denied"):
            open_database(url(folder / "a.db"), server="one")
        with pytest.raises(StorageError, match="cannot be opened: permission denied"):
            open_database(url(folder / "deeper" / "a.db"), server="one")
        folder.chmod(0o700)
        with database(folder / "a.db") as one:
            assert one.warnings == ()


@pytest.mark.parametrize("name", ["a-file/a.db", "a-folder", "n" * 300 + "/a.db"])
def test_a_place_that_cannot_hold_a_store_is_explained(tmp_path: Path, name: str) -> None:
    """Below a file, on a folder, under too long a name: one sentence each, without the path."""
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(
        StorageError, match=r"The chat store cannot be opened: .*\. Check where db_url points to"
    ) as refused:
        open_database(url(tmp_path / name), server="one")
    assert str(tmp_path) not in str(refused.value)


def test_a_store_that_another_program_locks_is_explained(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither damaged nor set aside: it opens when the other program has finished."""
    monkeypatch.setattr("jupyter_aichat.store.sqlite.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(used, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked by another program"):
            open_database(url(used), server="one")
        other.execute("ROLLBACK")
    with database(used) as one:
        assert one.warnings == ()


def test_a_database_may_be_shared_with_other_tables(tmp_path: Path) -> None:
    """Somebody else's tables are neither read nor touched, and are no reason to call the store old."""
    path = tmp_path / "a.db"
    change(path, "CREATE TABLE meta (key TEXT)", "INSERT INTO meta VALUES ('version')")
    with database(path) as one:
        Desk(one).write(begin())
        assert one.warnings == ()
    assert rows(path, "SELECT * FROM meta") == [("version",)]


async def test_a_store_that_opens_half_way_leaves_nothing_behind(used: Path) -> None:
    """No mark of a living server, no connection: the file can be mended and opened at once."""
    change(used, "ALTER TABLE aichat_thread RENAME TO elsewhere")
    with pytest.raises(StorageError, match="chat store"):
        await opened(used)
    assert not list(used.parent.glob("a.db.live-*"))
    assert not used.with_name("a.db-wal").exists()
    change(used, "ALTER TABLE elsewhere RENAME TO aichat_thread")
    store = await opened(used)
    assert (await store.read(lambda tx: tx.thread(OWNER, THREAD))).head == 1
    await store.close()
