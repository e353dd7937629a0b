"""The transcript within the model's context. Pure.

In this order, until it fits: old tool outputs shrink to their head (that is where the schema is); older exchanges become a
summary that keeps the numbers which were cited; the person's own message is cut in its middle. Nothing is lost for
the reader: the log keeps all, and the summary is an event of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jupyter_aichat.agents.port import Turn
from jupyter_aichat.runs.transcript import Exchange, Transcript

__all__ = ["Fitted", "budget_of", "estimate", "fit"]

_HEAD = 600
"""Characters that stay of an old tool output."""
_OVERHEAD = 6
"""Tokens of a message's frame."""
_SUMMARY_SHARE = 0.15
"""Of the budget, for the summary."""
_NUMBER = re.compile(r"\d")
_SENTENCE = re.compile(r"(?<=[.!?。？！])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Turns that fit. `summary` and `until_seq` are set when older exchanges were summarised just now."""

    turns: tuple[Turn, ...]
    summary: str | None = None
    until_seq: int = 0


def budget_of(context_tokens: int) -> int:
    """Tokens for the transcript: the context less a reserve for instructions, tools, and the answer."""
    return context_tokens - min(max(context_tokens // 3, 2_000), 24_000)


def estimate(turns: Sequence[Turn]) -> int:
    """About how many tokens the turns are: three UTF-8 bytes each, which errs to the high side in English and Korean."""
    return sum(_OVERHEAD + _size(t) for t in turns)


def fit(whole: Transcript, budget: int) -> Fitted:
    """The transcript in at most `budget` tokens (by `estimate`)."""
    exchanges = whole.exchanges
    if not exchanges:
        return Fitted(())
    turns = _turns(whole.summary, exchanges)
    if estimate(turns) <= budget:
        return Fitted(turns)
    exchanges = _shrink(whole.summary, exchanges, budget)
    turns = _turns(whole.summary, exchanges)
    if estimate(turns) <= budget:
        return Fitted(turns)
    kept = _newest(exchanges, int(budget * (1 - _SUMMARY_SHARE)))
    older = exchanges[: len(exchanges) - len(kept)]
    kept = [_cut(kept[0], int(budget * (1 - _SUMMARY_SHARE)))] if len(kept) == 1 else kept
    if not older:
        return Fitted(_turns(whole.summary, kept))
    summary = _summarise(whole.summary, older, int(budget * _SUMMARY_SHARE))
    return Fitted(_turns(summary, kept), summary, older[-1].until_seq)


def _size(turn: Turn) -> int:
    size = len(turn.text.encode(errors="replace"))
    size += sum(len(c.name) + len(str(c.args).encode(errors="replace")) for c in turn.calls)
    return size // 3


def _turns(summary: str, exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    told = (Turn("user", f"[Summary of the conversation so far]\n{summary}", "summary"),) if summary else ()
    return told + tuple(t for e in exchanges for t in e.turns)


def _shrink(summary: str, exchanges: Sequence[Exchange], budget: int) -> list[Exchange]:
    """Tool outputs of all but the last exchange, oldest first, cut to their head until it fits."""
    out = list(exchanges)
    total = estimate(_turns(summary, out))
    for i, exchange in enumerate(out[:-1]):
        if total <= budget:
            break
        short = [_head(t) if t.role == "tool" else t for t in exchange.turns]
        total -= estimate(exchange.turns) - estimate(short)
        out[i] = Exchange(short, exchange.until_seq)
    return out


def _head(turn: Turn) -> Turn:
    if len(turn.text) <= _HEAD:
        return turn
    return replace(
        turn, text=f"{turn.text[:_HEAD]}\n[… {len(turn.text) - _HEAD} more characters were left out]"
    )


def _newest(exchanges: Sequence[Exchange], budget: int) -> list[Exchange]:
    kept: list[Exchange] = []
    room = budget
    for exchange in reversed(exchanges):
        room -= estimate(exchange.turns)
        if kept and room < 0:
            break
        kept.insert(0, exchange)
    return kept


def _cut(exchange: Exchange, budget: int) -> Exchange:
    """The one exchange that is left, its longest texts cut in the middle until it fits."""
    turns = list(exchange.turns)
    for _ in range(len(turns) * 4):
        if estimate(turns) <= budget:
            break
        i = max(range(len(turns)), key=lambda k: len(turns[k].text))
        text = turns[i].text
        keep = max(200, len(text) // 2 - 80)
        if keep >= len(text):
            break
        gone = len(text) - keep
        turns[i] = replace(
            turns[i],
            text=f"{text[: keep // 2]}\n[… {gone} characters were left out …]\n{text[-(keep - keep // 2) :]}",
        )
    return Exchange(turns, exchange.until_seq)


def _summarise(earlier: str, older: Sequence[Exchange], budget: int) -> str:
    lines = [line for line in earlier.splitlines() if line.strip()]
    for exchange in older:
        question = exchange.turns[0].text
        said = [t.text for t in exchange.turns if t.role == "assistant" and t.text]
        lines.append(f"- Asked: {_clip(question, 160)}")
        if said:
            lines.append(f"  Answered: {_gist(said[-1])}")
    while len(lines) > 2 and len("\n".join(lines).encode()) // 3 > budget:
        plain = (
            i for i, line in enumerate(lines) if not _NUMBER.search(line)
        )  # numbers that were cited go last
        del lines[next(plain, 0)]
    return "\n".join(lines)


def _gist(answer: str) -> str:
    """The first sentence, and sentences or table rows that cite numbers."""
    sentences = [" ".join(s.split()) for s in _SENTENCE.split(answer) if s.strip(" |-:\n")]
    cited = [s for s in sentences[1:] if _NUMBER.search(s)]
    return _clip(" ".join([*sentences[:1], *cited]), 480)


def _clip(text: str, length: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"
