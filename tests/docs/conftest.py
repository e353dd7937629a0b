"""A Jupyter server set up as the documents say, and the examples in them as programs to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, runnable
from tests.fakes.jupyter import JupyterProcess

EXAMPLES = runnable()
UNSET = dict.fromkeys(("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_MODEL"), "")


@dataclass(frozen=True)
class Example:
    """A program of the documents, in a folder of the test's."""

    folder: Path
    server: JupyterProcess

    def command(self, name: str, language: str, *arguments: str) -> list[str]:
        """How it is started."""
        node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        starter, ending = (node, "mjs") if language == "js" else (sys.executable, "py")
        assert starter is not None
        path = self.folder / f"{name}.{ending}"
        path.write_text(EXAMPLES[name, language], "utf-8")
        return [starter, str(path), *arguments]

    def environment(self, url: str = "") -> dict[str, str]:
        """What it is told of the server."""
        told = {"JUPYTER_URL": url or self.server.url, "JUPYTER_TOKEN": self.server.token}
        return {**os.environ, **told, "PYTHONIOENCODING": "utf-8"}

    def run(self, name: str, language: str, *arguments: str, typed: str = "") -> str:
        """Run it; what it has printed."""
        done = subprocess.run(
            self.command(name, language, *arguments),
            env=self.environment(),
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture(scope="session")
def model() -> Iterator[str]:
    """The strict OpenAI-compatible server, in a process; its address."""
    command = [sys.executable, "-m", "tests.fakes.openai_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[JupyterProcess]:
    """With the configuration, the agent and the package of the documents, and a setting on the command line."""
    home = tmp_path_factory.mktemp("home")
    agents, site, root = home / "config" / "aichat" / "agents", home / "site", home / "root"
    for folder in (agents, site, root):
        folder.mkdir(parents=True)
    (home / "config" / "jupyter_server_config.py").write_text(EXAMPLES["config", "python"])
    (agents / "auditor.md").write_text(EXAMPLES["agent", "markdown"])
    _install(site)
    shutil.copy(ROOT / "notebooks" / "data" / "sales.csv", root)
    (root / "notes.txt").write_text("three words here\n")
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    variables = {**UNSET, "HTTP_PROXY": model.removesuffix("/v1"), "PYTHONPATH": path}
    option = f"--AiChatApp.db_url=sqlite:///{home / 'elsewhere.db'}"
    with JupyterProcess(home, root, variables, (option,)) as running:
        yield running


@pytest.fixture
def example(tmp_path: Path, server: JupyterProcess) -> Example:
    """The programs of the documents."""
    return Example(tmp_path, server)


def _install(site: Path) -> None:
    """The package of the documents, as an installer would leave it."""
    project = tomllib.loads(EXAMPLES["package", "toml"])["project"]
    (site / "lab_agents.py").write_text(EXAMPLES["package", "python"])
    about = site / f"lab_agents-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (about / "entry_points.txt").write_text("\n".join(lines))
