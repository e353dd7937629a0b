import time
from typing import Any

import pytest

from tests.kernels.source.kernel import Kernel

SALES = (
    "import pandas as pd\n"
    "판매 = pd.DataFrame({'지역': ['서울', '부산', '서울'], '매출': [1, 2, 3]})\n"
    "stores = pd.DataFrame({'지역': ['서울', '부산'], 'manager': ['kim', 'lee']})\n"
)


def sql(kernel: Kernel, text: str, **request: Any) -> dict[str, Any]:
    """The answer to a query, with rows unless said otherwise."""
    return kernel.ask("sql", sql=text, **{"level": "rows", **request})


def test_a_query_joins_dataframes_and_binds_its_result(kernel: Kernel) -> None:
    """Dataframes are tables under their names; the result is a new dataframe in the user's namespace."""
    kernel.run(SALES)
    told = sql(
        kernel,
        'SELECT manager, sum("매출") AS total FROM 판매 JOIN stores USING ("지역") GROUP BY ALL ORDER BY 1',
        into="합계",
    )
    assert told["status"] == "ok"
    assert (told["tables"], told["row_count"], told["replaced"]) == (["판매", "stores"], 2, False)
    assert told["result"]["rows"] == [["kim", 4], ["lee", 2]]
    assert [column["dtype"] for column in told["result"]["columns"]][1] == "int64"
    assert told["duration_ms"] > 0
    assert kernel.value("합계.values.tolist()") == [["kim", 4], ["lee", 2]]
    assert sql(kernel, "SELECT 1 AS a", into="합계")["replaced"] is True


def test_polars_dataframes_are_tables_too(kernel: Kernel) -> None:
    """A query reads dataframes of polars and of pandas together."""
    kernel.run(SALES + "import polars as pl\np = pl.DataFrame({'지역': ['서울'], 'x': [7]})")
    assert sql(kernel, 'SELECT x, "매출" FROM p JOIN 판매 USING ("지역") ORDER BY 2')["result"]["rows"] == [
        [7, 1],
        [7, 3],
    ]


def test_only_what_the_query_names_is_read(kernel: Kernel) -> None:
    """A name that the query defines itself is not taken from the kernel; other dataframes are not touched."""
    kernel.run(SALES)
    told = sql(
        kernel, "WITH stores AS (SELECT 5 AS a) SELECT * FROM stores, (SELECT count(*) AS n FROM 판매)"
    )
    assert (told["tables"], told["result"]["rows"]) == (["판매"], [[5, 3]])


def test_names_do_not_leak_from_the_python_around(kernel: Kernel) -> None:
    """A query sees no variable of ours, and nothing that is no dataframe."""
    kernel.run(SALES + "number = 3")
    query = "SELECT * FROM {name}"
    for name in ("number", "request", "frames", "nodes"):
        assert sql(kernel, query.format(name=name))["kind"] == "missing_table"


def test_a_missing_table_names_those_there_are(kernel: Kernel) -> None:
    """The sentence says which dataframe may be meant, and which there are."""
    kernel.run(SALES)
    assert sql(kernel, "SELECT * FROM store")["error"] == (
        "There is no dataframe named 'store' in the kernel. Did you mean 'stores'? Dataframes here: 판매, stores."
    )
    kernel.run("%reset -f")
    assert "no dataframes yet" in sql(kernel, "SELECT * FROM store")["error"]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT 1; SELECT 2", "not_select"),
        ("DROP TABLE stores", "not_select"),
        ("COPY stores TO 'x.csv'", "not_select"),
        ("ATTACH 'x.db'", "not_select"),
        ("SET threads = 1", "not_select"),
        ("INSTALL httpfs", "not_select"),
        ("LOAD httpfs", "not_select"),
        ("INSERT INTO stores VALUES (1, 2)", "not_select"),
        ("SELEC 1", "syntax"),
        ("  ", "syntax"),
        ("-- nothing", "syntax"),
        ("SELECT nothing FROM stores", "query"),
    ],
)
def test_what_is_no_single_select_is_refused(kernel: Kernel, query: str, kind: str) -> None:
    """A query that is refused says why, and binds nothing."""
    kernel.run(SALES)
    told = sql(kernel, query, into="out")
    assert (told["status"], told["kind"]) == ("error", kind)
    assert told["error"]
    assert kernel.value("'out' in globals()") is False


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM '{folder}/inside.csv'",
        "SELECT * FROM read_csv('{folder}/inside.csv')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_csv('https://example.com/x.csv')",
        "SELECT * FROM read_csv('s3://bucket/x.csv')",
    ],
)
def test_nothing_outside_the_kernel_is_read(kernel: Kernel, query: str, tmp_path: Any) -> None:
    """Without `allow_files` a SELECT reaches no file and no network."""
    (tmp_path / "inside.csv").write_text("a\n1\n")
    told = sql(kernel, query.format(folder=tmp_path))
    assert (told["status"], told["kind"]) == ("error", "forbidden")


def test_writing_does_not_open_what_is_closed(kernel: Kernel, tmp_path: Any) -> None:
    """`write` allows other statements, on a connection that still reaches neither files nor settings nor extensions."""
    kernel.run(SALES)
    for query in (f"COPY stores TO '{tmp_path}/x.csv'", f"ATTACH '{tmp_path}/x.db'", "SET enable_external_access=true",
                  "INSTALL httpfs", "LOAD httpfs", "RESET lock_configuration"):  # fmt: skip
        assert sql(kernel, query, write=True)["status"] == "error", query
    assert list(tmp_path.iterdir()) == []
    assert sql(kernel, "CREATE TABLE t AS SELECT 1", write=True)["status"] == "ok"


def test_files_below_the_root_are_read_where_allowed(kernel: Kernel, tmp_path: Any) -> None:
    """With `allow_files` files below the root are read, by relative and absolute names and by patterns."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "매출 1.csv").write_text("a\n1\n")
    (root / "매출 2.csv").write_text("a\n2\n")
    request = {"allow_files": True, "root": str(root)}
    query = "SELECT * FROM '{name}' ORDER BY a"
    for name, rows in (("매출 1.csv", [[1]]), (f"{root}/매출 2.csv", [[2]]), ("매출*.csv", [[1], [2]])):
        told = sql(kernel, query.format(name=name), **request)
        assert told["result"]["rows"] == rows, name
    [both] = sql(kernel, "SELECT sum(a) FROM read_csv(['매출 1.csv', '매출 2.csv'])", **request)["result"][
        "rows"
    ]
    assert both == [3]
    here = kernel.value("__import__('os').getcwd()")
    kernel.run(f"import os; os.chdir({str(root)!r})")
    assert sql(kernel, "SELECT * FROM '매출 1.csv'", allow_files=True)["result"]["rows"] == [[1]]
    kernel.run(f"import os; os.chdir({here!r})")


def test_files_outside_the_root_stay_closed(kernel: Kernel, tmp_path: Any) -> None:
    """Neither dots, links, siblings, patterns nor names put together lead out of the root."""
    root, sibling = tmp_path / "root", tmp_path / "root-evil"
    root.mkdir()
    sibling.mkdir()
    (tmp_path / "secret.csv").write_text("a\nSECRET\n")
    (sibling / "secret.csv").write_text("a\nSECRET\n")
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    (root / "folder").symlink_to(sibling)
    names = ("../secret.csv", f"{tmp_path}/secret.csv", "link.csv", "folder/secret.csv", "*.csv", "../*.csv",
             f"{sibling}/secret.csv", "/etc/hostname", "lin' || 'k.csv", "../sec' || 'ret.csv")  # fmt: skip
    query = "SELECT * FROM read_text('{name}')"
    for name in names:
        told = sql(kernel, query.format(name=name), allow_files=True, root=str(root))
        assert told["status"] == "error", name
        assert "SECRET" not in str(told)
    request = {"allow_files": True, "root": str(root)}
    named = sql(kernel, "SELECT * FROM read_text($name)", params={"name": str(root / "link.csv")}, **request)
    assert named["kind"] == "forbidden"
    inner = "SELECT * FROM query('SELECT * FROM read_text(''lin'' || ''k.csv'')')"
    assert sql(kernel, inner, **request)["kind"] == "forbidden"


def test_rows_beyond_the_limit_are_left_out_and_that_is_said(kernel: Kernel) -> None:
    """The result has at most `max_rows` rows; `truncated` says that there were more."""
    told = sql(kernel, "SELECT * FROM range(10)", max_rows=3, into="out")
    assert (told["row_count"], told["truncated"]) == (3, True)
    assert kernel.value("len(out)") == 3
    assert "truncated" not in sql(kernel, "SELECT * FROM range(3)", max_rows=3)


def test_parameters_are_bound(kernel: Kernel) -> None:
    """Values travel beside the query, by name or by place."""
    kernel.run(SALES)
    query = "SELECT manager FROM stores WHERE manager = "
    assert sql(kernel, query + "$who", params={"who": "kim' OR 1=1 --"})["row_count"] == 0
    assert sql(kernel, query + "?", params=["lee"])["row_count"] == 1


def test_the_level_decides_what_is_told(kernel: Kernel) -> None:
    """At "schema" only columns and the number of rows are told; the variable has all."""
    kernel.run(SALES)
    told = sql(kernel, "SELECT * FROM stores", level="schema", into="out")
    assert told["row_count"] == 2
    assert "kim" not in str(told)
    assert "missing" not in told["result"]["columns"][0]
    assert kernel.value("out.manager.tolist()") == ["kim", "lee"]


@pytest.mark.parametrize("mask", [{"stores": ["manager"]}, {"*": ["manager"]}, {"alias": ["manager"]}])
def test_masked_columns_do_not_come_out_under_another_name(
    kernel: Kernel, mask: dict[str, list[str]]
) -> None:
    """Of a query over a table with masked columns only the result's columns are told, and it is said why."""
    kernel.run(SALES + "alias = stores")
    told = sql(kernel, "SELECT upper(manager) AS x FROM stores", mask=mask)
    assert "KIM" not in str(told)
    assert "masked" in told["note"]
    assert told["result"]["columns"][0]["name"] == "x"
    assert sql(kernel, "SELECT max(매출) AS x FROM 판매", mask=mask)["result"]["rows"] == [[3]]


def test_sums_of_integers_are_exact(kernel: Kernel) -> None:
    """A sum that no float can hold exactly comes as an integer."""
    kernel.run("import pandas as pd\nt = pd.DataFrame({'n': [2**53, 1]})")
    assert sql(kernel, "SELECT sum(n) AS s FROM t")["result"]["rows"] == [[{"int": str(2**53 + 1)}]]


def test_columns_that_duckdb_cannot_read_are_left_out_and_named(kernel: Kernel) -> None:
    """A column of periods or of a user's objects does not spoil the table; reading runs no user's code."""
    kernel.run(
        "import pandas as pd\ncalled = []\nclass Thing:\n    def __str__(self): called.append(1); return 'x'\n"
        "    __repr__ = __str__\n"
        "t = pd.DataFrame({'n': [1, 2], 'p': pd.period_range('2026-01', periods=2, freq='M'), 'o': [Thing(), Thing()]})"
    )
    told = sql(kernel, "SELECT * FROM t")
    assert told["left_out"] == {"t": ["p", "o"]}
    assert told["result"]["rows"] == [[1], [2]]
    assert kernel.value("called") == []


def test_labels_that_are_no_names_get_one(kernel: Kernel) -> None:
    """Numbers, pairs and repeated labels of columns can be said in SQL; the user's dataframe keeps its labels."""
    kernel.run(
        "import pandas as pd\nt = pd.DataFrame([[1, 2, 3, 4]], columns=pd.Index([2024, 'a', 'A', ('b', 1)], dtype=object))"
    )
    assert sql(kernel, 'SELECT "2024", a, "A_1", "b / 1" FROM t')["result"]["rows"] == [[1, 2, 3, 4]]
    assert kernel.value("list(t.columns)") == [2024, "a", "A", ("b", 1)]


def test_a_lazy_frame_asks_to_be_collected(kernel: Kernel) -> None:
    """A LazyFrame is not computed by a query unasked."""
    kernel.run("import polars as pl\nlazy = pl.LazyFrame({'a': [1]})")
    assert "lazy = lazy.collect()" in sql(kernel, "SELECT * FROM lazy")["error"]


def test_a_long_query_is_stopped(kernel: Kernel) -> None:
    """A query ends after its time."""
    started = time.monotonic()
    told = sql(kernel, "SELECT count(*) FROM range(1000000000000)", seconds=0.5)
    assert told["kind"] == "timeout"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("name", ["not a name", "class", "_x", "In", "1a", "get_ipython"])
def test_the_result_cannot_take_any_name(kernel: Kernel, name: str) -> None:
    """A name that is none, or belongs to IPython, is refused before the query runs."""
    assert sql(kernel, "SELECT 1", into=name)["kind"] == "name"


def test_the_users_own_connection_is_not_used(kernel: Kernel) -> None:
    """Neither tables nor settings of DuckDB's default connection are seen or touched."""
    kernel.run("import duckdb\nduckdb.sql('CREATE OR REPLACE TABLE mine AS SELECT 1 AS a')")
    assert sql(kernel, "SELECT * FROM mine")["kind"] == "missing_table"
    kernel.run("assert duckdb.sql('SELECT * FROM mine').fetchall() == [(1,)]\nduckdb.sql('DROP TABLE mine')")
