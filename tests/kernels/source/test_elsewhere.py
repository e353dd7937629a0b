"""The sources in an environment that has nothing but ipykernel and pandas."""

import venv
from collections.abc import Iterator

import pytest

from tests.kernels.source.kernel import Kernel, started
from tests.packaging.environment import Environment

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel of a new environment."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "prefix", symlinks=True)
    (folder / "home").mkdir()
    environment = Environment(folder / "prefix", folder / "home")
    environment.pip("install", "--no-compile", "ipykernel", "pandas")
    python, home = str(environment.prefix / "bin" / "python"), str(environment.home)
    with started(python, env=environment.variables, cwd=home) as kernel:
        kernel.run("import pandas as pd\n판매 = pd.DataFrame({'지역': ['서울', None], '매출': [1.5, 2.5]})")
        yield kernel


def test_has_nothing_of_ours(elsewhere: Kernel) -> None:
    """The environment knows neither our package nor what it needs."""
    find = "[bool(__import__('importlib.util').util.find_spec(n)) for n in ('{}', '{}', '{}', '{}', '{}')]"
    names = ("jupyter_aichat", "polars", "duckdb", "sqlalchemy", "pandas")
    assert elsewhere.value(find.format(*names)) == [False, False, False, False, True]


def test_variables_are_inspected_there(elsewhere: Kernel) -> None:
    """Inspection needs nothing but the standard library and the pandas that is there."""
    [sales] = elsewhere.ask("inspect_variables", level="rows", rows=1)["variables"]
    assert [column["missing"] for column in sales["columns"]] == [1, 0]
    assert sales["rows"] == [["서울", 1.5]]


def test_changes_are_tracked_there(elsewhere: Kernel) -> None:
    """Snapshots notice a change in place."""
    before = elsewhere.ask("snapshot")["variables"]["판매"]
    elsewhere.run("판매['매출'] += 0")
    assert elsewhere.ask("snapshot")["variables"]["판매"]["columns"] == before["columns"]
    elsewhere.run("판매['매출'] += 1")
    assert elsewhere.ask("snapshot")["variables"]["판매"]["columns"] != before["columns"]
    elsewhere.run("판매['매출'] -= 1")


def test_a_missing_duckdb_gets_a_sentence(elsewhere: Kernel) -> None:
    """A query says that DuckDB is not there and what to do; so does one for an engine where SQLAlchemy is not."""
    told = elsewhere.ask("sql", sql="SELECT * FROM 판매", into="out")
    assert told["kind"] == "no_duckdb"
    assert "%pip install duckdb" in told["error"]
    assert elsewhere.ask("sql", sql="SELECT 1", engine="engine")["kind"] == "missing_engine"
