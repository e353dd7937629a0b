"""What the status line says, in the languages of the interface. Short: it stands beside a spinner."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["Phrase", "say"]

Phrase = Literal[
    "thinking", "listing_root", "listing", "reading", "profiling", "analysing",
    "looking", "computing", "charting", "querying", "writing_report", "writing", "editing", "running_cell", "kernel_busy",
]  # fmt: skip

_ENGLISH: Final[dict[Phrase, str]] = {
    "thinking": "Thinking…",
    "listing_root": "Listing files…",
    "listing": "Listing {name}…",
    "reading": "Reading {name}…",
    "profiling": "Profiling {name}…",
    "analysing": "Analysing {name}…",
    "looking": "Looking at the notebook's variables…",
    "computing": "Analysing data…",
    "charting": "Drawing a chart…",
    "querying": "Querying data…",
    "writing_report": "Writing the report…",
    "writing": "Writing {name}…",
    "editing": "Editing the notebook…",
    "running_cell": "Running a cell…",
    "kernel_busy": "Waiting for your cell ({name} s)…",
}
_KOREAN: Final[dict[Phrase, str]] = {
    "thinking": "생각하는 중…",
    "listing_root": "파일 목록 확인 중…",
    "listing": "{name} 폴더 확인 중…",
    "reading": "{name} 읽는 중…",
    "profiling": "{name} 훑어보는 중…",
    "analysing": "{name} 분석 중…",
    "looking": "노트북의 변수 확인 중…",
    "computing": "데이터 분석 중…",
    "charting": "차트 생성 중…",
    "querying": "데이터 조회 중…",
    "writing_report": "보고서 작성 중…",
    "writing": "{name} 쓰는 중…",
    "editing": "노트북 편집 중…",
    "running_cell": "셀 실행 중…",
    "kernel_busy": "실행 중인 셀 대기 중 ({name}초)…",
}


def say(language: str, phrase: Phrase, name: str = "") -> str:
    """The phrase in a language (BCP 47; English where it has none), about the file or folder `name`."""
    table = _KOREAN if language.lower().partition("-")[0].partition("_")[0] == "ko" else _ENGLISH
    return table[phrase].replace("{name}", name)
