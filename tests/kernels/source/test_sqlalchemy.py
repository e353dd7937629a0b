from typing import Any

import pytest

from tests.kernels.source.kernel import Kernel

DATABASE = (
    "import pandas as pd, sqlalchemy\n"
    "engine = sqlalchemy.create_engine('sqlite://', poolclass=sqlalchemy.pool.StaticPool)\n"
    "with engine.begin() as c:\n"
    "    c.exec_driver_sql('CREATE TABLE 매출 (지역 TEXT, 금액 INTEGER)')\n"
    "    c.exec_driver_sql(\"INSERT INTO 매출 VALUES ('서울', 1), ('부산', 2)\")\n"
    "del c\n"
)


def sql(kernel: Kernel, text: str, engine: str = "engine", **request: Any) -> dict[str, Any]:
    """The answer to a query through an engine."""
    return kernel.ask("sql", sql=text, engine=engine, **{"level": "rows", **request})


def count(kernel: Kernel) -> int:
    """How many rows the table has."""
    return int(kernel.value("engine.connect().exec_driver_sql('SELECT count(*) FROM 매출').scalar()"))


def test_a_query_goes_through_the_named_engine(kernel: Kernel) -> None:
    """The result is bound as a dataframe; parameters are bound by name."""
    kernel.run(DATABASE)
    told = sql(
        kernel, "SELECT 지역, 금액 * 2 AS x FROM 매출 WHERE 금액 > :least", params={"least": 1}, into="out"
    )
    assert told["result"]["rows"] == [["부산", 4]]
    assert kernel.value("out.x.tolist()") == [4]


def test_colons_and_percents_in_texts_are_no_parameters(kernel: Kernel) -> None:
    """A query without parameters reaches the driver as it is."""
    kernel.run(DATABASE)
    assert sql(kernel, "SELECT '10:30 :x 5%' AS t")["result"]["rows"] == [["10:30 :x 5%"]]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM 매출",
        "SELECT 1; DELETE FROM 매출",
        "WITH x AS (SELECT 1) DELETE FROM 매출",
        "/* SELECT */ DELETE FROM 매출",
        "-- SELECT\nDELETE FROM 매출",
        "SELECT 1 /*! ; DELETE FROM 매출 */",
        "SELECT 'a\\'; DELETE FROM 매출; --'",
        "SELECT * INTO x FROM 매출",
        "PRAGMA user_version = 5",
        "EXPLAIN ANALYZE DELETE FROM 매출",
        "VACUUM",
        "",
    ],
)
def test_what_does_not_plainly_read_is_refused(kernel: Kernel, query: str) -> None:
    """Without `write` only a single statement that plainly reads reaches the database."""
    kernel.run(DATABASE)
    assert sql(kernel, query)["kind"] in {"not_select", "syntax"}
    assert count(kernel) == 2


def test_words_of_writing_in_texts_and_quoted_names_are_fine(kernel: Kernel) -> None:
    """A text or a quoted name may say "delete"; one statement may end with a semicolon."""
    kernel.run(DATABASE)
    told = sql(kernel, "SELECT 'drop; delete' AS \"update\" -- insert\n ;")
    assert told["result"]["rows"] == [["drop; delete"]]


def test_write_commits_and_tells_no_rows(kernel: Kernel) -> None:
    """With `write` a statement is carried out and stays."""
    kernel.run(DATABASE)
    told = sql(kernel, "DELETE FROM 매출 WHERE 금액 = 1", write=True)
    assert (told["status"], "result" in told) == ("ok", False)
    assert count(kernel) == 1


def test_reading_leaves_the_database_writable(kernel: Kernel) -> None:
    """What made the query read-only is undone when it ends, also when it fails."""
    kernel.run(DATABASE)
    assert sql(kernel, "SELECT * FROM nowhere")["kind"] == "query"
    assert sql(kernel, "SELECT * FROM 매출")["status"] == "ok"
    kernel.run("with engine.begin() as c: c.exec_driver_sql('DELETE FROM 매출')")
    assert count(kernel) == 0


def test_the_users_open_transaction_stays_open(kernel: Kernel) -> None:
    """A query on the user's own connection sees what is not committed, and ends nothing of it."""
    kernel.run(DATABASE)
    kernel.run(
        "connection = engine.connect()\nconnection.exec_driver_sql(\"INSERT INTO 매출 VALUES ('제주', 3)\")"
    )
    assert sql(kernel, "SELECT count(*) AS n FROM 매출", engine="connection")["result"]["rows"] == [[3]]
    assert kernel.value("connection.in_transaction()") is True
    kernel.run("connection.rollback()")
    assert sql(kernel, "SELECT count(*) AS n FROM 매출", engine="connection")["result"]["rows"] == [[2]]
    assert kernel.value("connection.in_transaction()") is False


def test_more_rows_than_asked_for_are_not_fetched(kernel: Kernel) -> None:
    """The limit of rows holds for databases too."""
    kernel.run(DATABASE)
    told = sql(kernel, "SELECT * FROM 매출", max_rows=1)
    assert (told["row_count"], told["truncated"]) == (1, True)


def test_a_missing_engine_names_those_there_are(kernel: Kernel) -> None:
    """The sentence says which engine may be meant."""
    kernel.run(DATABASE)
    told = sql(kernel, "SELECT 1", engine="engin")
    assert told["kind"] == "missing_engine"
    assert "SQLAlchemy engine named 'engin'" in told["error"]
    assert "Did you mean 'engine'?" in told["error"]


def test_the_databases_error_is_told(kernel: Kernel) -> None:
    """What the database says reaches the reader, on one line."""
    kernel.run(DATABASE)
    assert "no such table: nowhere" in sql(kernel, "SELECT * FROM nowhere")["error"]
