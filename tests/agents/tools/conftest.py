"""One use of a tool, without a graph around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyter_aichat.actions.action import Action
from jupyter_aichat.agents.models.choice import OFFLINE
from jupyter_aichat.agents.port import EventData, RunContext
from jupyter_aichat.agents.scope import Progress, RunScope
from jupyter_aichat.agents.shelf import Shelf
from jupyter_aichat.agents.use import ToolUse
from tests.fakes.workspace import FolderWorkspace

MakeUse = Callable[..., ToolUse]


@pytest.fixture
def heard() -> list[EventData | Action]:
    """What tools have put."""
    return []


@pytest.fixture
def make_use(workspace: FolderWorkspace, shelf: Shelf, heard: list[EventData | Action]) -> MakeUse:
    """Make a use of a tool by an agent whose model is on this machine."""

    def make(language: str = "en", notebook: str | None = None) -> ToolUse:
        context = RunContext(language, workspace, notebook, lambda: "m1.1")
        progress = Progress("supervisor")
        scope = RunScope(
            context, heard.append, progress, {"analyst": OFFLINE, "supervisor": OFFLINE}, 9, shelf
        )
        return ToolUse("analyst", "c1", scope)

    return make
