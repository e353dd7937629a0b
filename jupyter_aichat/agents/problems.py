"""What can be wrong with an agent's file, in English and Korean. Health tells it in English, the terminal in both."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

__all__ = ["Kind", "Problem", "nearest"]

Kind = Literal[
    "unreadable", "large", "no_front", "yaml", "no_fields", "field", "twice", "tools", "tool", "name", "needs",
    "model", "clash",
]  # fmt: skip

_SENTENCES: Final[dict[Kind, tuple[str, str]]] = {
    "unreadable": ("cannot be read as UTF-8 text ({why}).", "UTF-8 텍스트로 읽을 수 없어요({why})."),
    "large": ("larger than {most} bytes.", "{most}바이트보다 커요."),
    "no_front": (
        "It does not begin with a front matter: a line '---', the fields, a line '---'.",
        "머리말로 시작하지 않아요. '---' 줄, 항목들, '---' 줄이 있어야 해요.",
    ),
    "yaml": (
        "The front matter is not valid YAML in line {line}: {why}. A text with ': ' or '#' in it needs quotes.",
        "머리말 {line}번째 줄이 올바른 YAML이 아니에요({why}). ': '나 '#'이 들어 있는 글은 따옴표로 묶어 주세요.",
    ),
    "no_fields": (
        "The front matter is {what}, not fields. Give {known}.",
        "머리말에 항목이 없어요({what}). {known}을(를) 적어 주세요.",
    ),
    "field": (
        "The front matter has a field {field}; known are {known}.{near}",
        "머리말의 {field} 항목은 알 수 없어요. 쓸 수 있는 항목: {known}.{near}",
    ),
    "twice": ("The field {field} is given twice.", "{field} 항목이 두 번 있어요."),
    "tools": (
        "tools is {tools}; give a list of names.",
        "tools 값이 {tools}이에요. 이름의 목록을 적어 주세요.",
    ),
    "tool": (
        "It wants the tool {tool}, which is not there.{near} There are: {there}.",
        "{tool} 도구가 없어요.{near} 있는 도구: {there}.",
    ),
    "name": (
        "The agent name {name} does not fit: use a letter a-z, then up to 39 of a-z, 0-9 and _.",
        "에이전트 이름 {name}은(는) 쓸 수 없어요. 영문 소문자로 시작하고 a-z, 0-9, _를 40자까지 쓸 수 있어요.",
    ),
    "needs": ("The agent {name} needs a {what}.", "에이전트 {name}에 {what} 항목이 필요해요."),
    "model": (
        "The agent {name} has the model {model}; give 'provider:name'.",
        "에이전트 {name}의 모델이 {model}이에요. 'provider:name'처럼 적어 주세요.",
    ),
    "clash": (
        "The name {name} is given by {other} and by {source}; rename one of them.",
        "{name} 이름을 {other}와(과) {source}이(가) 같이 써요. 하나를 바꿔 주세요.",
    ),
}
"""Kind -> English, Korean."""

_NEAR: Final = (" Did you mean {name!r}?", " 혹시 {name!r}인가요?")
_WHAT: Final = {"prompt": "지시문(머리말 아래의 글)", "description": "description"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` counts from 1 in the file; `None`: the file as a whole."""

    kind: Kind
    values: dict[str, str] = field(default_factory=dict)
    line: int | None = None
    near: str | None = None
    """The name that was probably meant."""

    def say(self, language: str = "en") -> str:
        """The sentence in a language (BCP 47), without the line that it is about."""
        column = 1 if language.partition("-")[0] == "ko" else 0
        values = dict(self.values)
        if column and "what" in values:
            values["what"] = _WHAT.get(values["what"], values["what"])
        near = _NEAR[column].format(name=self.near) if self.near else ""
        return _SENTENCES[self.kind][column].format(**{**values, "near": near, "line": self.line or 1})

    def __str__(self) -> str:
        """The English sentence, with the line before it where it does not name the line itself."""
        told = self.say()
        return told if self.line is None or self.kind == "yaml" else f"line {self.line}: {told}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like this one; `None` where none does."""
    return next(iter(difflib.get_close_matches(name, list(known), 1, 0.6)), None)
