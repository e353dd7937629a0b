"""Search: any text, any language, as plain characters, and the same with an index as without."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_aichat.protocol.events import Title
from jupyter_aichat.store import search
from jupyter_aichat.store.schema import META, METADATA
from tests.store.desk import OWNER, THREAD, Desk, begin, change, database, desk, done, rows

TEXT = '분기별 매출을 알려줘: Revenue by quarter, 100% of it_all \\ "quoted" it\'s (x OR y) a-b c* STRASSE'


@pytest.fixture(params=[True, False], ids=["index", "no index"])
def one(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk with one conversation, with the index and without."""
    with desk(tmp_path / "a.db", indexed=request.param) as made:
        assert made.database.indexed, "this SQLite has no trigrams: half of these tests would say nothing"
        made.write(begin(TEXT))
        made.write(begin("nothing of the sort", "ana/other"))
        yield made


def found(one: Desk, query: str, owner: str = OWNER) -> list[str]:
    """The threads that a query finds, by id."""
    return sorted(t.id for t in one.read(lambda tx: tx.threads(owner, query=query)).threads)


@pytest.mark.parametrize(
    "query",
    [
        "revenue",
        "REVENUE BY",
        "venu",
        "quarter revenue",
        "매출",
        "매출을",
        "출을 알",
        "매",
        "줘",
        "별 매출",
        unicodedata.normalize("NFD", "매출을"),
        unicodedata.normalize("NFD", "매출"),
        "ＲＥＶＥＮＵＥ",
        "straße",
        "100%",
        "%",
        "t_a",
        "_",
        "\\",
        '"quoted"',
        '"',
        "it's",
        "'",
        "(x",
        "OR",
        "c*",
        "a-b",
        "quarter,",
        "   revenue \t\n 매출 ",
        "a b c d e",
    ],
)
def test_what_stands_in_a_message_is_found(one: Desk, query: str) -> None:
    """Words, parts of words, one syllable, decomposed Hangul, any case, and every sign that means something to SQL or FTS5."""
    assert THREAD in found(one, query)


@pytest.mark.parametrize(
    "query",
    [
        "매입",
        "revenues",
        "revenue 매입",
        "quarter%revenue",
        "rev_nue",
        "%매출",
        "매%을",
        "_출",
        "re*",
        "revenue*",
        "^분기",
        "text:revenue",
        "rowid:1",
        "NEAR(revenue quarter)",
        "revenue NOT 매출",
        '"revenue by quarter"',
        "분기별매출을",
        "x') OR 1=1--",
        "' OR ''='",
        "'; DROP TABLE aichat_thread; --",
        '" OR "" = "',
        "revenue UNION SELECT",
    ],
)
def test_what_does_not_stand_there_is_not_found(one: Desk, query: str) -> None:
    """No sign is a wildcard, an operator or the end of a string; the tables are still there afterwards."""
    assert found(one, query) == []
    assert found(one, "revenue") == [THREAD]


@pytest.mark.parametrize("query", ["", "   ", "\t\n", "\0", "\u3000"])
def test_a_query_of_nothing_is_the_whole_list(one: Desk, query: str) -> None:
    """As if nothing had been asked."""
    assert found(one, query) == ["ana/other", THREAD]


@pytest.mark.parametrize(
    "query",
    [
        "\ud800",
        "a\0b zz",
        "a" * 100_000,
        " ".join(chr(0xAC00 + i) for i in range(5_000)),
        " ".join(f"{i:04}" for i in range(5_000)),
        "\ufdfa" * 2_000,
        "'\"" * 2_000,
        "%_\\" * 2_000,
        "\U0001f469\u200d\U0001f52c",
    ],
    ids=["half", "nul", "long", "syllables", "words", "ligatures", "quotes", "wildcards", "emoji"],
)
def test_no_query_is_an_error(one: Desk, query: str) -> None:
    """However long, broken or full of signs: it finds nothing, and that is the answer."""
    assert found(one, query) == []


def test_words_may_stand_in_different_messages(one: Desk) -> None:
    """A thread is found when it holds each of them somewhere: in its title, a question or an answer."""
    one.write(lambda tx: tx.append(THREAD, "r1", done("전분기보다 높습니다")))
    one.write(lambda tx: tx.append(THREAD, None, Title(title="제목에만")))
    assert found(one, "revenue 전분기 제목에만") == [THREAD]
    assert found(one, "revenue 전분기 없음") == []


def test_a_new_title_takes_the_place_of_the_old_one(one: Desk) -> None:
    """And one that has no letters any more finds nothing."""
    for title, finds in (("첫 이름", "첫 이"), ("둘째 이름", "둘째"), ("", None)):
        one.write(lambda tx, t=title: tx.rename(OWNER, THREAD, t))  # type: ignore[misc]  # bound at once
        for query in ("첫 이", "둘째"):
            assert found(one, query) == ([THREAD] if query == finds else [])


def test_a_thread_is_searched_as_long_as_it_is_in_the_list(one: Desk) -> None:
    """Deleted it is not found, restored it is, and nobody else finds it at any time."""
    assert found(one, "매출", "bo") == found(one, "revenue", "bo") == []
    one.write(lambda tx: tx.delete(OWNER, THREAD))
    assert found(one, "매출") == found(one, "revenue") == []
    one.write(lambda tx: tx.restore(OWNER, THREAD))
    assert found(one, "매출") == found(one, "revenue") == [THREAD]


def test_pages_of_a_search_join(one: Desk) -> None:
    """As those of the list do."""
    for i in range(7):
        one.write(begin(f"매출 revenue {i}", f"ana/p{i}"))
    first = one.read(lambda tx: tx.threads(OWNER, query="revenue 매출", limit=5))
    rest = one.read(lambda tx: tx.threads(OWNER, query="revenue 매출", limit=5, before=first.next))
    assert rest.next is None
    joined = [t.id for t in (*first.threads, *rest.threads)]
    assert sorted(joined) == sorted([THREAD, *[f"ana/p{i}" for i in range(7)]])


def test_only_the_beginning_of_an_endless_message_is_searched(one: Desk) -> None:
    """A pasted file of megabytes is stored whole, and found by its first hundred thousand characters."""
    one.write(begin("처음" + " x" * 60_000 + " 마지막", "ana/long"))
    assert found(one, "처음") == ["ana/long"]
    assert found(one, "마지막") == []


ALPHABET = st.sampled_from(
    "abAB ñßİ매출을가각ㄱᄀ\u1161\u11a8%_\\'\"*()-:^+{}/,.\0\n한\U0001f600é\u0301ﬁ１\ufdfa"
)
WORDS = st.text(ALPHABET, max_size=12)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """One database, seen with its index and without."""
    with database(tmp_path_factory.mktemp("pair") / "a.db") as shared:
        yield Desk(shared, indexed=True), Desk(shared, indexed=False)


@settings(deadline=None)  # writes to a disk each time
@given(
    texts=st.lists(WORDS, min_size=1, max_size=4),
    query=WORDS,
    cut=st.tuples(st.integers(0, 12), st.integers(1, 5)),
)
@example(texts=['say "매출을"'], query='"매출', cut=(0, 1))
@example(texts=["100% of it"], query="% of", cut=(2, 4))
def test_with_and_without_the_index_the_same_is_found(
    pair: tuple[Desk, Desk], texts: list[str], query: str, cut: tuple[int, int]
) -> None:
    """For any texts and any query, and also for a query that is a piece of a text; a piece is always found."""
    indexed, plain = pair
    for table in METADATA.sorted_tables:
        if table is not META:
            indexed.write(lambda tx, t=table: tx._connection.execute(sa.delete(t)))  # type: ignore[misc]  # bound at once
    for number, text in enumerate(texts):
        indexed.write(begin(text, f"ana/t{number}"))
    start, length = cut
    piece = search.fold(texts[0])[start : start + length]
    for asked in (query, piece):
        assert found(indexed, asked) == found(plain, asked)
        expected = [
            f"ana/t{n}"
            for n, text in enumerate(texts)
            if all(term in search.fold(text) for term in search.terms(asked))
        ]
        assert found(plain, asked) == expected


@given(st.text(st.characters(codec=None), max_size=30))
def test_folded_text_can_always_be_stored(text: str) -> None:
    """It is valid UTF-8 without NUL, whatever was given; case and composition make no difference."""
    folded = search.fold(text)
    assert "\0" not in folded
    folded.encode()
    assert search.fold(text.upper()) == search.fold(text.upper().lower().upper())
    assert search.fold(unicodedata.normalize("NFD", "각")) == search.fold("각")


def test_an_index_that_missed_something_is_built_anew(tmp_path: Path) -> None:
    """A Python without trigrams wrote to the same file, without the triggers: at the next start all of it is found."""
    path = tmp_path / "a.db"
    with desk(path) as one:
        one.write(begin("before"))
    change(path, "DROP TRIGGER aichat_passage_added", "DROP TRIGGER aichat_passage_removed")
    with database(path) as shared:
        change(path, "DROP TRIGGER aichat_passage_added")
        Desk(shared, indexed=False).write(begin("meanwhile", "ana/t2"))
        assert found(Desk(shared), "meanwhile") == []
    with desk(path) as one:
        assert found(one, "meanwhile") == ["ana/t2"]
        assert found(one, "before") == [THREAD]
        one.write(begin("afterwards", "ana/t3"))
        assert found(one, "afterwards") == ["ana/t3"]
    assert (
        rows(path, "INSERT INTO aichat_passage_index(aichat_passage_index) VALUES ('integrity-check')") == []
    )
