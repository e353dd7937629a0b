"""Search over titles and messages: any text, any language, as plain characters.

Korean joins a noun and its particle ("매출을"), so words are of no use as a unit: what is asked for is looked for inside
the text. SQLite's FTS5 indexes groups of three characters, which serves terms from three characters on; shorter ones,
and other databases, take LIKE. Both see the same folded text, so both find the same.

The only module with FTS5's own SQL.
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa

from jupyter_aichat.store.schema import PASSAGE, THREAD

__all__ = ["fold", "matches", "prepare", "terms"]

MAX_QUERY = 1_000
"""Characters of a query that are looked at."""

MAX_TEXT = 100_000
"""Characters of one message that are searched."""

INDEX = "aichat_passage_index"
SHORTEST = 3

TRIGGERS = {
    "aichat_passage_added": f"""
        AFTER INSERT ON {PASSAGE.name} BEGIN
            INSERT INTO {INDEX}(rowid, text) VALUES (new.id, new.text);
        END""",
    "aichat_passage_removed": f"""
        AFTER DELETE ON {PASSAGE.name} BEGIN
            INSERT INTO {INDEX}({INDEX}, rowid, text) VALUES ('delete', old.id, old.text);
        END""",
}


def fold(text: str) -> str:
    """The form in which text is stored and looked for: no case, no difference between composed and decomposed, no NUL.

    Half a character, which a model may send and no database takes, becomes U+FFFD, as it does in the log.
    """
    whole = text[:MAX_TEXT].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFKC", whole).casefold().replace("\0", " ")


def terms(query: str) -> list[str]:
    """What a text has to contain, each somewhere."""
    return list(dict.fromkeys(fold(query[:MAX_QUERY]).split()))


def matches(query: str, *, indexed: bool) -> list[sa.ColumnElement[bool]]:
    """Conditions on a thread, one for each term of the query. `indexed`: this is SQLite and `prepare` made the index."""
    return [_indexed(t) if indexed and len(t) >= SHORTEST else _contained(t) for t in terms(query)]


def _contained(term: str) -> sa.ColumnElement[bool]:
    passage = sa.select(PASSAGE.c.id).where(
        PASSAGE.c.thread_id == THREAD.c.id, PASSAGE.c.text.contains(term, autoescape=True)
    )
    return passage.exists()


def _indexed(term: str) -> sa.ColumnElement[bool]:
    index = sa.table(INDEX, sa.column("rowid", sa.Integer))
    phrase = '"' + term.replace('"', '""') + '"'  # inside quotes FTS5 knows no operators
    found = sa.select(index.c.rowid).where(sa.literal_column(INDEX).op("MATCH")(phrase))
    return THREAD.c.id.in_(sa.select(PASSAGE.c.thread_id).where(PASSAGE.c.id.in_(found)))


def prepare(connection: sa.Connection) -> bool:
    """Make the index on SQLite. `False` where there is none: another database, or SQLite without trigrams (before 3.34).

    An index that has missed passages, because a Python without trigrams wrote to the same file, is built anew.
    """
    if connection.dialect.name != "sqlite":
        return False
    kept = {
        name
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    }
    if not _has_trigrams(connection):
        for name in TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return False
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
        f"text, content='{PASSAGE.name}', content_rowid='id', tokenize='trigram case_sensitive 1')"
    )
    if not kept.issuperset(TRIGGERS):
        for name, body in TRIGGERS.items():
            connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        connection.exec_driver_sql(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")
    return True


def _has_trigrams(connection: sa.Connection) -> bool:
    try:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.aichat_trial USING fts5(text, tokenize='trigram')"
        )
    except sa.exc.DBAPIError:
        return False
    connection.exec_driver_sql("DROP TABLE temp.aichat_trial")
    return True
