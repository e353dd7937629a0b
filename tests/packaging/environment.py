"""An environment to install into, and how commands are run."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOREIGN = (
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "JUPYTER_PATH",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_PREFER_ENV_PATH",
)


@dataclass(frozen=True)
class Environment:
    """A virtual environment; its commands see a home and Jupyter folders of their own."""

    prefix: Path
    home: Path

    @property
    def runtime(self) -> Path:
        """Where its servers describe themselves."""
        return self.home / "runtime"

    @property
    def variables(self) -> dict[str, str]:
        """The variables that its commands run with."""
        own = {k: v for k, v in os.environ.items() if k not in FOREIGN}
        folders = {name: str(self.home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        own |= {f"JUPYTER_{name}_DIR": folder for name, folder in folders.items()}
        own |= {"HOME": str(self.home), "PATH": f"{self.prefix / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        return own

    def pip(self, *arguments: str) -> None:
        """Run this interpreter's pip on the environment, which needs none of its own."""
        command = [sys.executable, "-m", "pip", "--python", str(self.prefix / "bin" / "python"), "--quiet"]
        run(*command, "--disable-pip-version-check", *arguments, env=os.environ)

    def run(self, *command: str) -> str:
        """Run a command of the environment away from the source tree; return stdout and stderr."""
        return run(str(self.prefix / "bin" / command[0]), *command[1:], env=self.variables, cwd=self.home)

    def files(self) -> set[str]:
        """Return the paths of all files, relative to the prefix."""
        return {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if not path.is_dir()}


def run(*command: str, env: Mapping[str, str], cwd: Path = ROOT) -> str:
    """Run a command, fail the test with its output if it fails, and return that output."""
    done = subprocess.run(
        command,
        env=env,
        cwd=cwd,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{output}"
    return output
