"""Files that decide what runs later."""

from __future__ import annotations

import pytest

from jupyter_aichat.actions.protected import protected_read, protected_write


@pytest.mark.parametrize(
    "path", ["보고서.md", "reports/2026/q3.md", "out/data.csv", "chart.png", "a.b/c.parquet", "notes.txt"]
)
def test_an_ordinary_file_is_not_protected(path: str) -> None:
    """Reports, data and pictures may be covered by an earlier decision."""
    assert protected_write(path) is None
    assert protected_read(path) is None


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("jupyter_server_config.py", "configuration"),
        ("sub/jupyter_server_config.json", "configuration"),
        ("JUPYTER_SERVER_CONFIG.PY", "configuration"),
        ("jupyter_server_config.d/x.json", "folder"),
        ("overrides.json", "configuration"),
        ("share/jupyter/lab/settings/overrides.json", "configuration"),
        ("labconfig/page_config.json", "configuration"),
        ("ipython_config.py", "configuration"),
        ("user-settings/x/plugin.jupyterlab-settings", "configuration"),
        ("kernels/python3/kernel.json", "configuration"),
        (".ipython/profile_default/startup/00.py", "hidden"),
        (".env", "hidden"),
        ("a/.git/hooks/pre-commit", "hidden"),
        ("sitecustomize.py", "starts"),
        ("conftest.py", "starts"),
        ("requirements.txt", "starts"),
        ("Makefile", "starts"),
        ("pandas.py", "program"),
        ("pkg/__init__.py", "program"),
        ("evil.pth", "program"),
        ("run.sh", "program"),
        ("x.so", "program"),
        ("other.ipynb", "notebook"),
        ("a/OTHER.IPYNB", "notebook"),
        ("agents/helper.md", "agent"),
        ("etc/x.txt", "folder"),
        ("lib/site-packages/x.txt", "folder"),
        ("../x.txt", "outside"),
        ("a/../../x.txt", "outside"),
        ("/srv/x.txt", "outside"),
        ("~/x.txt", "outside"),
        ("C:\\x.txt", "outside"),
        ("a\\..\\..\\x.txt", "outside"),
        ("..%2f..%2fx.txt", "outside"),
        ("$HOME/x.txt", "outside"),
        ("", "outside"),
        (".", "outside"),
        ("a/./jupyter_server_config.py", "configuration"),
        ("overrides.json ", "configuration"),
        ("overrides.json.", "configuration"),
        ("aichat/settings.json", "of this chat"),
        (None, "can't be told"),
    ],
)
def test_a_file_that_decides_what_runs_later_is_protected(path: str | None, word: str) -> None:
    """Jupyter's configuration, our settings, start-up files, programs, notebooks, hidden and outside ones."""
    found = protected_write(path, settings=["aichat/settings.json"])
    assert found is not None
    assert word in found.reason
    assert found.refused == (word in {"configuration", "folder", "hidden", "outside", "of this chat"})


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        "jupyter_cookie_secret",
        "jpserver-123.json",
        "id_rsa",
        "a.pem",
        "/etc/passwd",
        "../x",
    ],
)
def test_a_file_that_may_hold_a_key_is_never_read_on_an_earlier_word(path: str) -> None:
    """A person decides about it each time."""
    assert protected_read(path)
