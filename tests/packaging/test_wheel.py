"""What is in the wheel."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.packaging.environment import ROOT

FRONT_END = "share/jupyter/labextensions/jupyterlab-aichat"
pytestmark = [pytest.mark.packaging, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def content(wheel: Path) -> dict[str, bytes]:
    """The wheel's files; what is installed outside site-packages goes by its path below the prefix."""
    with zipfile.ZipFile(wheel) as archive:
        return {name.partition(".data/data/")[2] or name: archive.read(name) for name in archive.namelist()}


def test_it_runs_everywhere(wheel: Path) -> None:
    """One wheel serves every platform and every Python 3."""
    assert wheel.name.startswith("jupyterlab_aichat-")
    assert wheel.name.endswith("-py3-none-any.whl")


def test_it_carries_the_built_front_end(content: dict[str, bytes]) -> None:
    """Nobody needs Node to install it: the sidebar and the panel are inside, each of them once."""
    package = json.loads(content[f"{FRONT_END}/package.json"])
    assert f"{FRONT_END}/{package['jupyterlab']['_build']['load']}" in content
    assert "install.json" in {Path(name).name for name in content}
    assert {"jupyter_aichat/static/widget.js", "jupyter_aichat/static/widget.css"} <= content.keys()
    assert not [
        name
        for name in content
        if name.startswith(("jupyter_aichat/labextension", "jupyter_aichat/jupyter-config"))
    ]


def test_it_enables_itself(content: dict[str, bytes]) -> None:
    """Installing is enough: the server's configuration comes with it."""
    configuration = json.loads(content["etc/jupyter/jupyter_server_config.d/jupyter_aichat.json"])
    assert configuration == {"ServerApp": {"jpserver_extensions": {"jupyter_aichat": True}}}


def test_it_carries_nothing_of_the_machine_that_built_it(content: dict[str, bytes]) -> None:
    """No path of the source tree, no build log and no tests travel with it."""
    assert not [name for name, data in content.items() if str(ROOT).encode() in data]
    assert not [
        name for name in content if name.endswith(("build_log.json", ".map", ".pyc")) or "tests/" in name
    ]


def test_its_built_in_agents_come_through_the_plugin_door(content: dict[str, bytes]) -> None:
    """The five specialists are entry points, like anybody's."""
    [entry_points] = [data.decode() for name, data in content.items() if name.endswith("entry_points.txt")]
    for name in ("analyst", "visualizer", "researcher", "coder", "writer"):
        assert f"{name} = jupyter_aichat.agents.builtin.{name}:SPEC" in entry_points
