"""Builds what is published, once per test run, and installs it into environments of its own."""

import os
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.environment import ROOT, Environment, run


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, built as `make dist` does."""
    folder = tmp_path_factory.mktemp("sdist")
    # npm is in there, if the front end is not built yet
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    run(*command, env={**os.environ, "PATH": tools})
    [built] = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="session")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution without Node: PATH is empty."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run(*command, "--wheel-dir", str(folder), str(sdist), env={**os.environ, "PATH": str(folder)}, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def make_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Environment]:
    """Return a factory of empty environments."""

    def make() -> Environment:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder / "prefix", symlinks=True)
        (folder / "home").mkdir()
        return Environment(folder / "prefix", folder / "home")

    return make


@pytest.fixture(scope="session")
def installed(wheel: Path, make_environment: Callable[[], Environment]) -> Environment:
    """An environment with the wheel, its dependencies and JupyterLab, as a user has it."""
    environment = make_environment()
    environment.pip("install", "--no-compile", f"{wheel}[lab]")  # what runs is compiled then
    return environment
