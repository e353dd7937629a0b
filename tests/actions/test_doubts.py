"""What can't be told about code or SQL, in both languages."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from jupyter_aichat import actions
from jupyter_aichat.actions import doubts
from jupyter_aichat.actions.code.reach import REASONS
from jupyter_aichat.actions.doubts import Doubt, said
from jupyter_aichat.actions.effects import code_effects
from jupyter_aichat.actions.sql import read_only_select

SOURCE = Path(actions.__file__ or "").parent
HANGUL = re.compile(r"[가-힣]")


def forms() -> list[str]:
    """Every form of a sentence that the source gives to `doubt` or `Doubt`."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in {"doubt", "Doubt"} and isinstance(node.args[0].value, str):
                    found.add(node.args[0].value)
    return sorted(found - {""})


def places(form: str) -> set[str]:
    """The names that a form leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name}


@pytest.mark.parametrize("form", [*forms(), *sorted(set(REASONS.values()))])
def test_every_sentence_has_its_korean(form: str) -> None:
    """With the same open places, so that no value is lost."""
    korean = doubts._KOREAN.get(form)
    assert korean is not None
    assert places(korean) == places(form)
    assert HANGUL.search(korean) or form == "{words} ({path})"


@pytest.mark.parametrize(
    ("code", "english", "korean"),
    [
        ("eval(x)", "runs a text as code (eval)", "텍스트를 코드로 실행합니다 (eval)"),
        ("f = eval", "runs a text as code (eval)", "텍스트를 코드로 실행합니다 (eval)"),
        ("frobnicate(1)", "calls frobnicate, whose code is not here", "frobnicate"),
        ("df.zzz()", "calls .zzz(), which is not known to be harmless", ".zzz()을(를) 호출합니다"),
        ("import zzz", "imports zzz, which is not known to be harmless", "zzz을(를) 가져옵니다"),
        ("%run other.py", "runs another file (%run)", "다른 파일을 실행합니다 (%run)"),
        ("x = (", "is no Python that can be read here", "Python으로 읽을 수 없습니다 (1번째 줄"),
    ],
)
def test_code_is_doubted_in_both_languages(code: str, english: str, korean: str) -> None:
    """The English stays what it was; the Korean says the same of the same names."""
    unclear = code_effects(code).unclear
    assert any(english in one for one in unclear), unclear
    assert any(korean in said(one, "ko") for one in unclear), [said(one, "ko") for one in unclear]
    assert [said(one, "en") for one in unclear] == list(unclear)


@pytest.mark.parametrize(
    ("sql", "korean"),
    [
        ("drop table t", "DROP 문입니다"),
        ("select 1; select 2", "문장이 2개입니다"),
        ("select * from 'a.csv'", "a.csv을(를) 읽습니다"),
        ("select getenv('K')", "getenv()을(를) 호출합니다"),
        ("select \u202e1", "U+202E"),
    ],
)
def test_sql_is_doubted_in_both_languages(sql: str, korean: str) -> None:
    """Refused with a sentence that a Korean reader can read."""
    why = read_only_select(sql).why_not
    assert korean in said(why, "ko")
    assert not HANGUL.search(said(why, "en"))


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    """Braces in the agent's own names stay as they are, and so do sentences that nobody knows."""
    doubt = Doubt("calls {words}, whose code is not here", words="{words}['{x}']")
    assert doubt == "calls {words}['{x}'], whose code is not here"
    assert "{words}['{x}']" in said(doubt, "ko")
    assert said("something else {x}", "ko") == "something else {x}"
