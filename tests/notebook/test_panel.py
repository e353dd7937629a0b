"""ChatPanel, with the real anywidget."""

from __future__ import annotations

import subprocess
import sys

import anywidget
import pytest
import traitlets

from jupyter_aichat.notebook.panel import ChatPanel


def test_the_panel_is_an_anywidget_with_its_traits_on_the_page() -> None:
    """The page gets thread, height, kernel and version, and nothing else of ours."""
    panel = ChatPanel("quarterly-review", height="480px")
    assert isinstance(panel, anywidget.AnyWidget)
    state = panel.get_state()
    assert state["thread_id"] == "quarterly-review"
    assert state["height"] == "480px"
    assert state["kernel_id"] == ""
    assert state["_version"]


def test_what_travels_with_the_widget_is_a_small_loader() -> None:
    """A notebook that keeps its widgets keeps a few kilobytes, not the whole chat and no style sheet."""
    state = ChatPanel().get_state()
    script = str(state["_esm"])
    assert len(script.encode()) < 6_000
    assert len(script.splitlines()) <= 45
    assert "api/aichat/static/" in script
    assert "react" not in script.lower()
    assert not state.get("_css")


def test_the_loader_says_what_to_do_where_the_chat_is_missing() -> None:
    """A page without a server, and a server without the extension, answer in words, in English and in Korean."""
    script = str(ChatPanel().get_state()["_esm"])
    assert "jupyter server extension enable jupyter_aichat" in script
    assert "JupyterLab or Notebook 7" in script
    assert "노트북" in script


def test_panels_without_a_thread_begin_different_conversations() -> None:
    """Each panel has a conversation of its own, known to the kernel from the start."""
    first, second = ChatPanel(), ChatPanel()
    assert first.thread_id
    assert second.thread_id
    assert first.thread_id != second.thread_id


def test_panels_with_one_thread_show_one_conversation() -> None:
    """The conversation is named by `thread_id` alone, and a panel can change over to another one."""
    panel = ChatPanel("a")
    panel.thread_id = "b"
    assert panel.get_state()["thread_id"] == ChatPanel("b").get_state()["thread_id"]


@pytest.mark.parametrize("value", ["", "with space", "a/b", "x" * 129, "대화"])
def test_a_thread_id_the_server_would_not_take_is_refused_here(value: str) -> None:
    """The message names the value."""
    with pytest.raises(traitlets.TraitError, match="thread_id is 1 to 128"):
        ChatPanel(value)


@pytest.mark.parametrize("value", ["480", "big", "10px; color: red", "calc(1px)"])
def test_a_height_that_is_no_length_is_refused(value: str) -> None:
    """The message names the value."""
    with pytest.raises(traitlets.TraitError, match="CSS length"):
        ChatPanel(height=value)


def test_a_page_without_widgets_reads_a_sentence() -> None:
    """Text views (a static page, a diff) see which conversation it was and how to look at it."""
    panel = ChatPanel("quarterly-review")
    bundle = panel._repr_mimebundle_()
    assert bundle is not None
    assert bundle[0]["text/plain"].startswith(
        "ChatPanel('quarterly-review'): open this notebook in JupyterLab"
    )
    assert "application/vnd.jupyter.widget-view+json" in bundle[0]


def test_the_panel_imports_nothing_of_the_server() -> None:
    """A kernel pays neither for Tornado's web server nor for models, agents or the store."""
    code = (
        "import sys; import jupyter_aichat; jupyter_aichat.ChatPanel; "
        "print([m for m in ('jupyter_server', 'langgraph', 'langchain_core', 'sqlalchemy', 'jupyter_aichat.gateway', "
        "'jupyter_aichat.protocol') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
