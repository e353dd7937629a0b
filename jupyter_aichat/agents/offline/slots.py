"""What a sentence says about a table that is known: what to add up, for each of what, of which rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jupyter_aichat.agents.offline.bounds import Bound
from jupyter_aichat.agents.offline.columns import Closeness, Mention, ValueMention, mentions, value_mentions
from jupyter_aichat.agents.offline.filters import Rows, bounded, excluded, quoted_values
from jupyter_aichat.agents.offline.intent import Intent
from jupyter_aichat.agents.offline.language import Token, tokens
from jupyter_aichat.agents.offline.leftover import left_over
from jupyter_aichat.agents.offline.moments import Meant
from jupyter_aichat.agents.offline.patterns import DATA, KEYWORDS
from jupyter_aichat.agents.offline.placing import date_column, place
from jupyter_aichat.tables import Sign, TableHead

__all__ = ["OVERVIEW", "Slots", "slots_of"]

OVERVIEW: Final = frozenset({"profile", "missing", "duplicates", "describe", "correlation"})
"""Operations that look at columns as they are."""

_BEFORE_KEY: Final = frozenset({"by", "per", "across", "each", "every"})
_ARTICLES: Final = frozenset({"the", "a", "an", "each", "every", "our", "its"})
_BEFORE_FILTER: Final = frozenset({"in", "for", "from", "only", "where", "during", "at", "within"})
_FILTER_ENDING: Final = re.compile(r".+(?:에서|에서는|에서만|만|의)$")
_VERB: Final = re.compile(
    r".*(?:요|다|줘|까|니|나|해|봐|죠|지|네|래|라|게|고|서|면|어|아|은|는|한|할|된|될|팔린|려)$"
)


@dataclass(frozen=True, slots=True)
class Slots:
    """The parts of a question. A mention may still mean several columns."""

    intent: Intent
    values: tuple[Mention, ...] = ()
    keys: tuple[Mention, ...] = ()
    dated: Mention | None = None
    columns: tuple[Mention, ...] = ()
    """What an overview is to look at."""
    where: Mapping[str, tuple[str, ...]] | None = None
    where_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_range: Mapping[str, Mapping[Sign, int | float | str]] = field(default_factory=dict)
    loose: tuple[Bound, ...] = ()
    """Bounds whose column is not known."""
    compared: tuple[Mention, ...] = ()
    """The columns that bounds are on."""
    meant: tuple[Meant, ...] = ()
    """What words such as "last quarter" were taken for."""
    open_times: tuple[str, ...] = ()
    """Words about time that need a year, or a column of dates."""
    clash: tuple[str, ...] = ()
    """A value that stands in several columns: the value, then the columns."""
    lost: tuple[str, ...] = ()
    """Words that nothing was understood of."""
    unknown_key: str = ""
    """What to group by, if no column is called so."""
    strange: tuple[str, ...] = ()
    """Words that might be names of columns, but are of none."""
    unused: tuple[str, ...] = ()
    """Words that look like a filter and could not be used as one."""

    @property
    def ambiguous(self) -> bool:
        """Whether what to calculate is still open: the answer to that is a column."""
        return any(len(one.columns) > 1 for one in self.values)

    @property
    def empty(self) -> bool:
        """Whether it says nothing about columns and rows."""
        return not (
            self.values or self.keys or self.dated or self.columns or self.filters or self.unknown_key
        )

    @property
    def filters(self) -> bool:
        """Whether it keeps only a part of the rows."""
        return bool(self.where or self.where_not or self.where_range or self.loose)


def slots_of(intent: Intent, head: TableHead) -> Slots:
    """The parts of the question that `intent` was read from."""
    words = tokens(intent.text)
    found = mentions(words, head.columns, KEYWORDS)
    values = value_mentions(words, head, KEYWORDS)
    clash = _clash(values, found, head)
    taken = {position for value in values for position in range(value.first, value.last + 1)}
    found = [one for one in found if one.closeness == Closeness.NAME or not taken & _span(one)]
    named = {position for one in found if one.closeness == Closeness.NAME for position in _span(one)}
    values = [value for value in values if not named & _span(value)]
    rows, mentioned = Rows(), found
    found = quoted_values(intent.text, words, found, rows)
    quoted = tuple(rows.used)
    out = excluded(intent.text, words, found, values, rows)
    for number, value in enumerate(values):
        start = words[value.first].start
        if not any(first <= start < last for first, last in quoted):
            rows.add(value.column, value.value, out=number in out)
    compared = bounded(intent.text, words, found, intent.bounds, head, rows)
    found = [one for one in found if not any(one.first == other.first for other in compared)]
    found = _without_weak(found, _marked(intent.text, words, found))
    marked = _marked(intent.text, words, found)
    filtered = {
        *rows.where,
        *rows.where_not,
    }  # "regions other than Jeju", "서울 지역": the column says what the value is
    telling = [
        number
        for number, one in enumerate(found)
        if number in marked or len(one.columns) > 1 or one.columns[0].name not in filtered
    ]
    if intent.operation == "top_n" and all(found[number].columns[0].numeric for number in telling):
        telling = list(range(len(found)))  # "top 3 regions excluding Jeju" are regions
    marked = {place for place, number in enumerate(telling) if number in marked}
    found = [found[number] for number in telling]
    slots = _with_roles(Slots(intent), found, marked)
    dated = slots.dated.columns[0] if slots.dated and len(slots.dated.columns) == 1 else None
    meant, open_times = place(intent, dated or date_column(head), head, rows)
    rest = _rest(words, [*mentioned, *values])
    key = next((_bare_key(words[i].text) for i in rest if _is_key(words, i)), "")
    rest_ = [i for i in rest if not (key and _is_key(words, i))]  # what to group by is asked about by itself
    lost = left_over(intent, words, rest_, rows.used, head.name, out=bool(rows.where_not or intent.dates_out))
    return replace(
        slots,
        where=rows.where or None,
        where_not=rows.where_not,
        where_range=rows.where_range,
        loose=tuple(rows.loose),
        compared=tuple(compared),
        meant=meant,
        open_times=open_times,
        clash=clash,
        unknown_key=key,
        strange=tuple(words[i].text for i in rest if _noun(words[i])),
        unused=tuple(words[i].text for i in rest if words[i].text in lost and _is_filter(intent, words, i)),
        lost=lost,
    )


def _clash(values: Sequence[ValueMention], found: Sequence[Mention], head: TableHead) -> tuple[str, ...]:
    """A value that stands in several columns, none of which the question names."""
    for value in values:
        columns = tuple(name for name, listed in head.values.items() if value.value in listed)
        if len(columns) > 1 and not any(
            column.name == value.column for one in found for column in one.columns
        ):
            return (value.value, *columns)
    return ()


def _span(one: Mention | ValueMention) -> set[int]:
    return set(range(one.first, one.last + 1))


def _without_weak(found: list[Mention], marked: set[int]) -> list[Mention]:
    """Without words such as "total" that are also a column's name, where other columns are named; "by plot" is no such."""
    strong = [one for number, one in enumerate(found) if number in marked or one.words not in KEYWORDS]
    return strong if any(one.columns[0].numeric for one in strong) else found


def _marked(text: str, words: Sequence[Token], found: Sequence[Mention]) -> set[int]:
    """Which mentions (by number) are what to group by: "by region and channel", "지역과 채널별"."""
    marked: set[int] = set()
    for number, one in enumerate(found):
        before = one.first - 1
        while before >= 0 and words[before].forms[0] in _ARTICLES - _BEFORE_KEY:
            before -= 1
        directly = before >= 0 and words[before].forms[0] in _BEFORE_KEY
        follows = number - 1 in marked and _joined(text, words, found[number - 1], one)
        after = words[one.last + 1].text if one.last + 1 < len(words) else ""
        if directly or follows or words[one.last].each or after in {"별", "별로", "마다"}:
            marked.add(number)
    for number in range(len(found) - 2, -1, -1):
        one, following = found[number], found[number + 1]
        korean = words[following.last].each
        if korean and number + 1 in marked and _joined(text, words, one, following):
            marked.add(number)
    return marked


def _joined(text: str, words: Sequence[Token], one: Mention, other: Mention) -> bool:
    """Whether nothing but "and" or a comma stands between two mentions."""
    between = text[words[one.last].end : words[other.first].start].strip().lower()
    if between in {",", "and", ", and", "&", "·", "/", "및", "그리고", "x", "×"}:
        return True
    return not between and words[one.last].text.endswith(("와", "과", "랑", "하고"))


def _with_roles(slots: Slots, found: Sequence[Mention], marked: set[int]) -> Slots:
    """Who is who, from what the columns hold and from where they are named."""
    intent = slots.intent
    if intent.operation == "profile":
        named = () if DATA.search(intent.text) else (one for one in found if one.closeness == Closeness.NAME)
        return replace(slots, columns=tuple(named))
    if intent.operation in OVERVIEW:
        return replace(slots, columns=tuple(found))
    calculating = intent.aggregate not in {None, "count", "distinct"} and not any(
        c.numeric for one in found for c in one.columns
    )
    values: list[Mention] = []
    keys: list[Mention] = []
    dated: Mention | None = None
    for number, one in enumerate(found):
        is_key = number in marked
        ranking = intent.operation == "top_n"
        numbers = one.among(lambda column: column.numeric)
        if numbers.columns[0].numeric and (ranking or not is_key):
            values.append(numbers)
        elif one.columns[0].dated and all(column.dated for column in one.columns):
            dated = dated or one
        elif not is_key and (
            (intent.aggregate in {"count", "distinct"} and intent.operation in {None, "trend"}) or calculating
        ):
            values.append(one)
        else:
            keys.append(one.among(lambda column: not column.numeric and not column.dated))
    if (
        intent.aggregate in {"count", "distinct"}
        and not keys
        and not intent.operation
        and values
        and not intent.period
    ):
        return replace(slots, columns=tuple(values), dated=dated)
    return replace(slots, values=tuple(values), keys=tuple(keys), dated=dated)


def _rest(words: Sequence[Token], understood: Sequence[Mention | ValueMention]) -> list[int]:
    """The numbers of the words that were not understood."""
    used = {position for one in understood for position in _span(one)}
    return [
        i
        for i, token in enumerate(words)
        if i not in used and not any(form in KEYWORDS for form in (*token.forms, token.text))
    ]


def _is_key(words: Sequence[Token], i: int) -> bool:
    before = i - 1
    while before > 0 and words[before].forms[0] in _ARTICLES - _BEFORE_KEY:
        before -= 1
    return words[i].each or (before >= 0 and words[before].forms[0] in _BEFORE_KEY)


def _bare_key(text: str) -> str:
    return re.sub(r"(?:별|마다)(?:로|은|는|로는|로도)?$", "", text)


def _noun(token: Token) -> bool:
    text = token.text
    if text.isascii():
        return text.isalpha() and len(text) > 2
    return not text[0].isdigit() and not _VERB.fullmatch(text)


def _is_filter(intent: Intent, words: Sequence[Token], i: int) -> bool:
    text = words[i].text
    if text[0].isdigit():
        return str(intent.n) != re.match(r"\d+", text)[0]  # type: ignore[index]  # it begins with a digit
    if not text.isascii():
        return bool(_FILTER_ENDING.fullmatch(text)) and not words[i].each
    before = i - 1
    while before > 0 and words[before].forms[0] in _ARTICLES:
        before -= 1
    return before >= 0 and words[before].forms[0] in _BEFORE_FILTER
