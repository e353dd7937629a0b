"""The snapshot of a log, over the transcripts that the front end's reducer is tested with too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_aichat.protocol.frames import encode
from jupyter_aichat.runs.fold import Fold, snapshot
from tests.runs.logs import Entry, asked, called, done, returned, said, story

TRANSCRIPTS = sorted((Path(__file__).parents[1] / "transcripts").glob("*.json"))


def logged(frame: dict[str, Any]) -> Entry:
    """A frame of a transcript as the store gives it."""
    data = json.dumps(frame["data"], ensure_ascii=False).encode()
    return Entry(frame["seq"], frame.get("run_id"), frame["event_type"], frame.get("time"), data)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda p: p.stem)
def test_both_folds_make_the_same_snapshot(path: Path) -> None:
    """Python's fold gives the JSON that the transcript says, which the reducer gives as well."""
    case = json.loads(path.read_text())
    fold = Fold(case["thread"]["id"], case["thread"]["epoch"])
    fold.title = case["thread"].get("title", "")
    for frame in case["frames"]:
        if "seq" in frame:
            fold.add(logged(frame))
    assert json.loads(encode(fold.snapshot())) == case["snapshot"]


def test_there_are_transcripts() -> None:
    """The comparison above compares something."""
    assert len(TRANSCRIPTS) >= 10


def test_a_fold_can_go_on_where_it_was() -> None:
    """Adding events one at a time and all at once is the same."""
    log = story(
        asked(1, "profile"),
        said(1, "I ask."),
        called(1, "c1", "ask_analyst"),
        returned(1, "c1", "ask_analyst", "3 rows"),
        said(1, "It has 3 rows.", message=2),
        done(1, "It has 3 rows."),
    )
    fold = Fold("t", "e")
    for event in log:
        fold.add(event)
        fold.snapshot()
    assert fold.snapshot() == snapshot("t", "e", log)
    assert [m.content for m in fold.snapshot().messages] == ["profile", "I ask.", "It has 3 rows."]
