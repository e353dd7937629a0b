"""A Chromium for the browser tests: find one, or get one.

`python tests/browser/chromium.py` does both and prints the path; `make test` runs it first, so that the tests
themselves never download anything. Looked at in this order: the variable CHROMIUM, the names that systems give it,
Playwright's own. To get one: Debian's package where that is allowed (as root), else Playwright's.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""What systems call it: looked up on PATH, or a full path."""

ARGUMENTS = (
    "--no-sandbox",  # root has no sandbox, and containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How to launch it: as quiet on the network as it can be."""

ADVICE = (
    "No Chromium for the browser tests: install the package `chromium` (or Google Chrome), "
    "or set CHROMIUM to the path of one."
)


class ChromiumMissing(Exception):
    """There is no Chromium here, and none could be installed; the message says what to do."""


def find() -> Path | None:
    """Return the path of an installed Chromium, or None.

    Raises:
        ChromiumMissing: CHROMIUM names a file that is not there.
    """
    if named := os.environ.get("CHROMIUM"):
        if not Path(named).is_file():
            raise ChromiumMissing(f"CHROMIUM is {named!r}, which is no file. {ADVICE}")
        return Path(named)
    for name in NAMES:
        if on_path := shutil.which(name):
            return Path(on_path)
    own = _playwrights_own()
    return own if own.is_file() else None


def require() -> Path:
    """Return the path of an installed Chromium.

    Raises:
        ChromiumMissing: there is none.
    """
    if found := find():
        return found
    raise ChromiumMissing(ADVICE)


def install() -> Path:
    """Install a Chromium and return its path.

    Raises:
        ChromiumMissing: no way of installing one worked.
    """
    root = os.geteuid() == 0
    if root and _is_debian() and shutil.which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
    if not find():
        if root:  # the system libraries that it needs
            _run(sys.executable, "-m", "playwright", "install-deps", "chromium")
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    return require()


def _playwrights_own() -> Path:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _is_debian() -> bool:
    """Tell whether the package `chromium` is a real one; Ubuntu's only points to a snap."""
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _run(*command: str) -> None:
    """Run an installer with its output on stderr; that it failed shows in what is found afterwards."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment)


def main() -> None:
    """Print the path of a Chromium, installing one if need be."""
    try:
        print(find() or install())
    except ChromiumMissing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
