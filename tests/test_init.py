"""The package's front door: light to open, and complete."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import jupyter_aichat
from jupyter_aichat import _jupyter_server_extension_points

HEAVY = (
    "tornado",
    "jupyter_server",
    "langgraph",
    "langchain",
    "langchain_core",
    "openai",
    "pydantic",
    "sqlalchemy",
)
WIDGETS = ("anywidget", "ipywidgets")
ROOT = Path(__file__).parents[1]


def loaded_after(statement: str) -> set[str]:
    """Run the statement in a new interpreter and return the top-level modules that are loaded then."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.split())


def test_importing_the_package_loads_no_library() -> None:
    """Neither a kernel nor Jupyter Server pays at import for what only the other one needs."""
    assert loaded_after("import jupyter_aichat").isdisjoint({*HEAVY, *WIDGETS})


def test_the_hook_of_jupyterlab_loads_no_library() -> None:
    """JupyterLab asks where the front end is, and only that."""
    statement = "import jupyter_aichat; jupyter_aichat._jupyter_labextension_paths()"
    assert loaded_after(statement).isdisjoint({*HEAVY, *WIDGETS})


def test_the_server_loads_no_widgets() -> None:
    """Jupyter Server gets its application without the kernel's side of the package."""
    loaded = loaded_after("import jupyter_aichat; jupyter_aichat._jupyter_server_extension_points()")
    assert "jupyter_server" in loaded
    assert loaded.isdisjoint(WIDGETS)


def test_the_server_learns_the_application_to_load() -> None:
    """There is one extension point, and it belongs to this package."""
    [point] = _jupyter_server_extension_points()
    assert point["module"] == "jupyter_aichat"
    assert point["app"].name == "jupyter_aichat"


def test_every_public_name_is_there() -> None:
    """What `__all__` promises can be taken from the package, and completion shows it."""
    for name in jupyter_aichat.__all__:
        assert getattr(jupyter_aichat, name) is not None
        assert name in dir(jupyter_aichat)


def test_a_name_that_is_not_there_is_named() -> None:
    """A misspelt name gives the usual error."""
    with pytest.raises(AttributeError, match="module 'jupyter_aichat' has no attribute 'ChatPanle'"):
        jupyter_aichat.ChatPanle  # noqa: B018  the access is the test


def test_the_version_is_the_front_ends() -> None:
    """There is one version, and it is written in package.json."""
    package = json.loads((ROOT / "labextension" / "package.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert jupyter_aichat.__version__ == package["version"]
