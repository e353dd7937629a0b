"""The transcript within the model's context."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.agents.port import ToolCall, Turn
from jupyter_aichat.runs.budget import budget_of, estimate, fit
from jupyter_aichat.runs.transcript import Exchange, Transcript


def exchange(number: int, question: str, answer: str, output: str = "") -> Exchange:
    """A question, a call with its output, an answer."""
    call = ToolCall(call_id=f"c{number}", name="profile_table", args={"path": "a.csv"})
    turns = [Turn("user", question, f"m{number}")]
    if output:
        turns += [
            Turn("assistant", "", f"m{number}.1", (call,)),
            Turn("tool", output, call_id=call.call_id, name=call.name),
        ]
    return Exchange([*turns, Turn("assistant", answer, f"m{number}.2")], number * 10)


def test_what_fits_is_left_alone() -> None:
    """No summary, no cut, in order."""
    whole = Transcript("", [exchange(1, "a", "A"), exchange(2, "b", "B")])
    fitted = fit(whole, 1000)
    assert [t.text for t in fitted.turns] == ["a", "A", "b", "B"]
    assert fitted.summary is None


def test_old_tool_outputs_shrink_first() -> None:
    """Their head stays, where the schema is; questions and answers stay whole."""
    whole = Transcript("", [exchange(1, "a", "A is 7.", "head " + "x" * 9000), exchange(2, "b", "B")])
    fitted = fit(whole, 1000)
    assert fitted.summary is None
    output = next(t for t in fitted.turns if t.role == "tool")
    assert output.text.startswith("head ")
    assert "left out" in output.text
    assert fitted.turns[-3].text == "A is 7."


def test_the_last_exchange_keeps_its_tool_output() -> None:
    """What the person asks about right now is not shrunk while older things can be."""
    whole = Transcript("", [exchange(1, "a", "A", "x" * 6000), exchange(2, "b", "B", "y" * 1500)])
    fitted = fit(whole, 1200)
    assert any(t.text == "y" * 1500 for t in fitted.turns)


def test_older_exchanges_become_a_summary_with_their_numbers() -> None:
    """Numbers that were cited stay, and the log is told up to where."""
    old = [exchange(i, f"question {i} " + "w" * 400, f"Well. Revenue was {i},000 won.") for i in range(1, 20)]
    fitted = fit(Transcript("", [*old, exchange(20, "now", "")]), 1200)
    assert fitted.summary is not None
    assert "Revenue was" in fitted.summary
    assert fitted.until_seq % 10 == 0
    assert fitted.turns[0].text.startswith("[Summary")
    assert fitted.turns[-2].text == "now"


def test_an_earlier_summary_is_carried_on() -> None:
    """Summarising again does not forget what was summarised before."""
    old = [exchange(i, "q" * 300, "a" * 300) for i in range(5)]
    fitted = fit(Transcript("- Asked: the beginning\n  Answered: 42", [*old, exchange(9, "now", "")]), 600)
    assert fitted.summary is not None
    assert "42" in fitted.summary


def test_a_message_larger_than_the_context_is_cut_in_its_middle() -> None:
    """Both ends stay, and it says how much is gone."""
    text = "BEGIN " + "x" * 50_000 + " END"
    fitted = fit(Transcript("", [Exchange([Turn("user", text, "m1")], 1)]), 2000)
    assert fitted.turns[0].text.startswith("BEGIN")
    assert fitted.turns[0].text.endswith("END")
    assert "characters were left out" in fitted.turns[0].text


@pytest.mark.parametrize("context", [4_000, 32_000, 128_000, 1_000_000])
def test_the_reserve_leaves_most_of_the_context(context: int) -> None:
    """Instructions, tools and the answer need room too."""
    assert context // 2 <= budget_of(context) < context


texts = st.text(alphabet=st.sampled_from("a1 .\n매출"), min_size=1, max_size=3000)


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=12), st.integers(500, 4000))
def test_it_always_fits_and_stays_paired(parts: list[tuple[str, str, str]], budget: int) -> None:
    """Whatever was said: at most the budget, each call with its result, the last question there."""
    whole = Transcript("", [exchange(i, q, a, o) for i, (q, a, o) in enumerate(parts, 1)])
    fitted = fit(whole, budget)
    assert estimate(fitted.turns) <= budget
    calls = [c.call_id for t in fitted.turns for c in t.calls]
    assert calls == [t.call_id for t in fitted.turns if t.role == "tool"]
    assert f"m{len(parts)}" in [t.id for t in fitted.turns]
