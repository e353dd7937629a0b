"""What is told of an action as it happens, to the person and to the agent."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from jupyter_aichat.actions.action import Action
from jupyter_aichat.kernels import KernelState, Outcome
from jupyter_aichat.kernels.outputs import Display, Output, Result, Stream, fold
from jupyter_aichat.protocol.events import Artifact, EventData, Status, ToolOutput
from jupyter_aichat.runs.shown import LARGEST, STORED
from jupyter_aichat.runs.telling import Telling, cut
from tests.fakes.kernel import SECRET

ACTION = Action("a1", "run_code", "analyst", "c1", {})


class Heard:
    """A telling, and what it told."""

    def __init__(self, language: str = "en") -> None:
        self.events: list[EventData] = []
        self.kept: list[tuple[Artifact, Mapping[str, bytes]]] = []
        self.telling = Telling(
            self.events.append,
            lambda artifact, forms: self.kept.append((artifact, forms)),
            "ko" if language == "ko" else "en",
            lambda text: text.replace(SECRET, "***"),
        )


def test_status_lines_speak_the_person_s_language() -> None:
    """And name the file that it is about."""
    for language, words in (("en", "Writing q3.md…"), ("ko", "q3.md 쓰는 중…")):
        heard = Heard(language)
        heard.telling.say(ACTION, "writing", "q3.md")
        assert heard.events == [Status(agent="analyst", text=words)]


def test_only_the_person_s_own_cell_is_waited_for() -> None:
    """Our own request is nothing to wait for, nor is an idle kernel."""
    heard = Heard()
    tell = heard.telling.waiting(ACTION)
    tell(KernelState("k1", "busy", "g1", "python", "", 3.4, ours=True))
    tell(KernelState("k1", "idle", "g1", "python", ""))
    assert heard.events == []
    tell(KernelState("k1", "busy", "g1", "python", "", 3.4))
    assert heard.events == [Status(agent="analyst", text="Waiting for your cell (3 s)…")]


def test_printed_text_is_passed_on_without_secrets() -> None:
    """As it comes, under the call that prints it; what is displayed waits for its final form."""
    heard = Heard()
    hear = heard.telling.listening(ACTION)
    hear(Stream("stderr", f"key {SECRET}"))
    hear(Display({"text/plain": "x"}))
    assert heard.events == [ToolOutput(call_id="c1", stream="stderr", text="key ***")]


def test_what_is_displayed_becomes_artifacts_and_text() -> None:
    """Figures by number; the agent reads the rest, without secrets."""
    heard = Heard()
    outputs: list[Output] = [
        Stream("stdout", f"{SECRET}\n"),
        Display({"image/png": "iVBO", "text/plain": "<Figure>"}),
        Display({"text/markdown": "# 매출"}),
        Result({"text/plain": "42"}),
    ]
    told = heard.telling.show(ACTION, Outcome("ok", outputs=tuple(fold(outputs))))
    assert told == "***\n[a chart was shown to the person]\n# 매출\n42"
    assert [(a.id, a.call_id, set(a.bundle)) for a, _ in heard.kept] == [
        ("c1-1", "c1", {"image/png", "text/plain"}),
        ("c1-2", "c1", {"text/markdown"}),
    ]
    assert [forms for _, forms in heard.kept] == [{}, {}]


def test_a_large_figure_is_kept_beside_its_event() -> None:
    """The event says what and how large."""
    heard = Heard()
    picture = b"x" * LARGEST
    outputs = [Display({"image/png": base64.b64encode(picture).decode(), "text/plain": "<Figure>"})]
    heard.telling.show(ACTION, Outcome("ok", outputs=tuple(fold(outputs))))
    ((artifact, forms),) = heard.kept
    assert artifact.bundle[STORED] == {"mime": "image/png", "size": LARGEST}
    assert forms["image/png"] == picture


def test_long_text_loses_its_middle() -> None:
    """Head and tail stay, and the size of what is missing is said."""
    short = "x" * 24_000
    assert cut(short) == short
    text = cut("a" * 20_000 + "b" * 20_000)
    assert text.startswith("a" * 12_000 + "\n[… 16,000 characters were left out …]\n")
    assert text.endswith("b" * 12_000)
