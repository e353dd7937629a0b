"""Where the browser tests get their browser from."""

from pathlib import Path

import pytest

from tests.browser.chromium import ChromiumMissing, find, require


def program(folder: Path, name: str) -> Path:
    """Make an executable file."""
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty PATH, no CHROMIUM, and none of Playwright's browsers."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setattr("tests.browser.chromium.NAMES", ("chromium", "google-chrome"))
    return tmp_path


def test_what_the_variable_names_comes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sets CHROMIUM gets that one."""
    program(path, "chromium")
    chosen = program(path, "another")
    monkeypatch.setenv("CHROMIUM", str(chosen))
    assert find() == chosen


def test_an_installed_one_is_found_by_any_of_its_names(path: Path) -> None:
    """What the system has is good enough."""
    assert find() is None
    chrome = program(path, "google-chrome")
    assert find() == chrome


@pytest.mark.parametrize("variable", ["", "/nowhere/chromium"])
def test_without_one_it_says_what_to_do(path: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """One sentence: what to install, or which variable to set; a wrong path is named."""
    monkeypatch.setenv("CHROMIUM", variable)
    with pytest.raises(ChromiumMissing, match=rf"{variable}.*install the package `chromium`.*set CHROMIUM"):
        require()
