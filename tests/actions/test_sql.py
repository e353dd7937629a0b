"""SQL that only reads, and SQL that does not."""

from __future__ import annotations

import pytest

from jupyter_aichat.actions.sql import read_only_select


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT 1", ()),
        ("select * from df_sales where a > 3;", ("df_sales",)),
        ("FROM df", ("df",)),
        ('SELECT "지역", sum("매출") FROM "매출 데이터" GROUP BY ALL', ("매출 데이터",)),
        ("SELECT 지역 FROM 매출", ("매출",)),
        ('SELECT * FROM main."Sales" s', ("main.Sales",)),
        ("SELECT * FROM a UNION ALL SELECT * FROM b EXCEPT SELECT * FROM c", ("a", "b", "c")),
        ("WITH x AS (SELECT * FROM df), y AS (SELECT * FROM x) SELECT count(*) FROM y", ("df",)),
        ("WITH x AS (SELECT * FROM x) SELECT * FROM x", ("x",)),
        ("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t", ()),
        (
            "SELECT (SELECT max(a) FROM other) FROM df WHERE b IN (SELECT b FROM third)",
            ("df", "other", "third"),
        ),
        ("SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) FROM df QUALIFY 1 = 1", ("df",)),
        (
            "SELECT date_trunc('month', d), quantile_cont(x, 0.5), round(avg(x), 2) FROM df GROUP BY 1",
            ("df",),
        ),
        ("SELECT * EXCLUDE (a), x::DATE, strftime(d, '%Y-%m') FROM df", ("df",)),
        ("SELECT * FROM range(10) -- and a comment", ()),
        ("SELECT '; DROP TABLE t; --' AS text /* COPY */", ()),
        ("SELECT * FROM df a JOIN b USING (k) LEFT JOIN c ON a.x = c.x", ("df", "b", "c")),
    ],
)
def test_one_select_is_read_only(sql: str, tables: tuple[str, ...]) -> None:
    """With CTEs, set operations, sub-queries and names of any script; its tables are those of the kernel."""
    check = read_only_select(sql)
    assert (check.ok, check.why_not, set(check.tables)) == (True, "", set(tables))


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("", "0 statements"),
        ("-- nothing", "0 statements"),
        ("SELECT 1; DROP TABLE t", "2 statements"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELECT * INTO t FROM a", "INTO"),
        ("SELECT * FROM t FOR UPDATE", "FOR UPDATE"),
        ("INSERT INTO t SELECT 1", "INSERT"),
        ("UPDATE t SET a = 1", "UPDATE"),
        ("DELETE FROM t", "DELETE"),
        ("CREATE TABLE a AS SELECT 1", "CREATE"),
        ("DROP TABLE t", "DROP"),
        ("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", "DELETE"),
        ("WITH d AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM d", "INSERT"),
        ("COPY df TO 'x.csv'", "COPY"),
        ("COPY (SELECT 1) TO 'x.csv'", "COPY"),
        ("ATTACH 'x.db'", "ATTACH"),
        ("INSTALL httpfs", "INSTALL"),
        ("LOAD httpfs", "LOAD"),
        ("PRAGMA database_list", "PRAGMA"),
        ("SET threads = 1", "SET"),
        ("RESET ALL", ""),
        ("USE other", "USE"),
        ("CALL pragma_version()", "CALL"),
        ("EXPLAIN ANALYZE DELETE FROM t", "EXPLAIN"),
        ("EXPORT DATABASE 'd'", ""),
        ("VACUUM", ""),
        ("BEGIN", ""),
        ("EXECUTE plan", "EXECUTE"),
        ("SELECT getenv('HOME')", "getenv"),
        ("SELECT current_setting('x')", "current_setting"),
        ("SELECT nextval('s')", "nextval"),
        ("SELECT x.getenv('A') FROM x", "getenv"),
        ("SELECT pg_sleep(10)", "pg_sleep"),
        ("SELECT * FROM duckdb_secrets()", "duckdb_secrets"),
        ("SELECT * FROM query('drop table t')", "query"),
        ("SELECT * FROM query_table('t')", "query_table"),
        ("SELECT made_up(1)", "made_up"),
        ("SELECT ?", "parameters"),
        ("SELECT $1", "parameters"),
        ("SELECT /* /* */ 1 */ 2", "comment"),
        ("SELECT 1 /*! ; DROP TABLE t */", "comment"),
        ("SELECT 'a\\' FROM t", "quotes"),
        ("SELECT $$a$$", "quotes"),
        ("SELECT 1\u200b", "U+200B"),
        ("SELECT\u00a01", "U+00A0"),
        ("selec t", ""),
        ("SELECT (", "no SQL"),
        ("SELECT " + "(" * 3000, ""),
        ("x" * 200_000, "longer"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(sql: str, word: str) -> None:
    """The sentence names what was in the way."""
    check = read_only_select(sql)
    assert not check.ok
    assert word.casefold() in check.why_not.casefold()
    assert check.why_not.endswith((".", "…")) or "read here" in check.why_not


@pytest.mark.parametrize(
    ("sql", "files", "network"),
    [
        ("SELECT * FROM read_csv('a.csv')", ["a.csv"], []),
        ("SELECT * FROM read_parquet(['a.parquet', 'b.parquet'])", ["a.parquet", "b.parquet"], []),
        ("SELECT * FROM 'a.csv'", ["a.csv"], []),
        ('SELECT * FROM "d/a.parquet"', ["d/a.parquet"], []),
        ("SELECT * FROM a.csv", ["a.csv"], []),
        ("SELECT * FROM glob('*')", ["*"], []),
        ("SELECT read_text('/etc/passwd')", ["/etc/passwd"], []),
        ("SELECT pg_read_file('/etc/passwd')", ["/etc/passwd"], []),
        ("SELECT * FROM df, LATERAL (SELECT * FROM read_csv_auto('q'))", ["q"], []),
        ("SELECT * FROM read_csv(name)", [None], []),
        ("SELECT * FROM sqlite_scan('a.db', 't')", ["a.db", "t"], []),
        ("SELECT * FROM 'https://x.example/a.parquet'", [], ["https://x.example/a.parquet"]),
        ("SELECT * FROM read_csv('s3://b/a.csv')", [], ["s3://b/a.csv"]),
        ("SELECT http_get('http://x.example')", [], ["http_get"]),
    ],
)
def test_files_and_network_are_named(sql: str, files: list[str | None], network: list[str]) -> None:
    """A function, a quoted name or a bare one: whatever reads from elsewhere is said."""
    check = read_only_select(sql)
    assert (check.ok, list(check.files), list(check.network)) == (False, files, network)


def test_nothing_of_the_text_goes_to_a_log(caplog: pytest.LogCaptureFixture) -> None:
    """SQL may hold what is nobody's business in a server's log."""
    read_only_select("CALL secret_of('me')")
    assert not caplog.records
