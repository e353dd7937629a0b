import json

from tests.kernels.source.kernel import Kernel

SALES = (
    "import pandas as pd\nsales = pd.DataFrame({'지역': ['서울', '부산', None], '매출': [1.5, 2.5, 3.0]})\n"
)


def names(kernel: Kernel, **request: object) -> list[str]:
    """The names of the variables in an answer."""
    return [variable["name"] for variable in kernel.ask("inspect_variables", **request)["variables"]]


def test_tells_the_users_variables_only(kernel: Kernel) -> None:
    """Neither IPython's names nor modules, functions, classes or underscored names are listed unasked."""
    kernel.run(
        "import math, numpy as np\nfrom functools import lru_cache\nfrom typing import Any\n"
        "from __future__ import annotations\nfrom numpy import sqrt\n"
        "def f(): ...\nclass C: ...\n_hidden = 1\n금액 = 3\nx = [1]\ng = lru_cache(f)"
    )
    assert names(kernel) == ["금액", "x"]


def test_tells_any_variable_that_is_asked_for_by_name(kernel: Kernel) -> None:
    """By name also modules, functions and underscored names are told; names that are not there are said to be absent."""
    kernel.run("import math\ndef f(): ...\n_hidden = 1")
    told = kernel.ask("inspect_variables", names=["math", "f", "_hidden", "nowhere"])
    assert [(v["name"], v["kind"]) for v in told["variables"]] == [
        ("math", "module"),
        ("f", "function"),
        ("_hidden", "value"),
    ]
    assert told["absent"] == ["nowhere"]


def test_a_name_of_ipython_that_the_user_took_is_the_users(kernel: Kernel) -> None:
    """`open = 3` is a variable, although IPython hides its own `open`."""
    kernel.run("open = 3")
    assert names(kernel) == ["open"]
    kernel.run("del open")


def test_leaves_out_beyond_the_limit_and_says_so(kernel: Kernel) -> None:
    """At most `limit` variables are told; the number of others is."""
    kernel.run("for i in range(9):\n    globals()[f'v{i}'] = i\ndel i")
    told = kernel.ask("inspect_variables", limit=4)
    assert [v["name"] for v in told["variables"]] == ["v0", "v1", "v2", "v3"]
    assert told["omitted"] == 5


def test_the_level_schema_tells_no_value(kernel: Kernel) -> None:
    """At "schema" nothing of the content is told, in no kind of variable."""
    kernel.run(
        SALES + "import numpy as np, polars as pl\n"
        "number = 987654\ntext = 'SECRET'\nitems = ['SECRET', 987654]\nmapping = {'SECRET': 987654}\n"
        "array = np.array([987654])\nframe = pd.DataFrame({'a': [987654], 'b': ['SECRET'], 'c': pd.Categorical(['SECRET'])},"
        " index=['SECRET'])\nother = pl.DataFrame({'a': [987654], 'b': ['SECRET']})\n"
        "class Thing:\n    def __repr__(self): return 'SECRET'\nthing = Thing()\nkept = frame.set_index('b')"
    )
    told = json.dumps(kernel.ask("inspect_variables", rows=5), ensure_ascii=False)
    assert "지역" in told
    assert "not counted" not in told
    assert "SECRET" not in told
    assert "987654" not in told


def test_the_level_aggregates_counts_and_shows_no_row(kernel: Kernel) -> None:
    """At "aggregates" missing and distinct values and the range of numbers are told, but no row and no text."""
    kernel.run(SALES)
    [sales] = kernel.ask("inspect_variables", level="aggregates", rows=5)["variables"]
    region, amount = sales["columns"]
    assert (region["missing"], region["distinct"]) == (1, 2)
    assert (amount["missing"], amount["distinct"], amount["min"], amount["max"]) == (0, 3, 1.5, 3.0)
    assert "rows" not in sales
    assert "서울" not in json.dumps(sales, ensure_ascii=False)


def test_the_level_rows_shows_as_many_rows_as_asked(kernel: Kernel) -> None:
    """At "rows" the first rows are told too."""
    kernel.run(SALES)
    [sales] = kernel.ask("inspect_variables", level="rows", rows=2)["variables"]
    assert sales["rows"] == [["서울", 1.5], ["부산", 2.5]]


def test_an_unknown_level_is_refused(kernel: Kernel) -> None:
    """A level that does not exist tells nothing."""
    told = kernel.ask("inspect_variables", level="everything")
    assert told["status"] == "error"
    assert "everything" in told["error"]


def test_masked_columns_give_name_and_dtype_only(kernel: Kernel) -> None:
    """Of a masked column neither counts nor values are told, wherever it stands: column, index, structured field."""
    kernel.run(
        SALES
        + "import polars as pl, numpy as np\nby = sales.set_index('매출')\nmulti = sales.set_index(['매출', '지역'])\n"
        "other = pl.DataFrame({'매출': [777.5]})\nrecords = np.array([(777.5,)], dtype=[('매출', 'f8')])\n"
        "s = sales['매출'] * 1000"
    )
    told = kernel.ask("inspect_variables", level="rows", mask={"*": ["매출"]})["variables"]
    entries = {v["name"]: v for v in told}
    assert entries["sales"]["columns"][1] == {"name": "매출", "dtype": "float64", "masked": True}
    assert entries["sales"]["rows"][0] == ["서울", {"masked": True}]
    written = json.dumps(told)
    assert not [secret for secret in ("1.5", "2.5", "777", "1500") if secret in written]


def test_a_mask_follows_the_object_to_its_other_names(kernel: Kernel) -> None:
    """A mask for a variable holds for every other name of the same object, and not for other variables."""
    kernel.run(SALES + "alias = sales\ncopy = sales.copy()")
    told = kernel.ask("inspect_variables", level="rows", mask={"sales": ["매출"]})["variables"]
    masked = {v["name"]: v["columns"][1].get("masked", False) for v in told}
    assert masked == {"sales": True, "alias": True, "copy": False}


def test_with_a_mask_no_text_of_unknown_objects_is_told(kernel: Kernel) -> None:
    """What an object writes about itself, or a list holds, might hold masked values."""
    kernel.run("class Box:\n    def __repr__(self): return 'SECRET'\nbox = Box()\nitems = ['SECRET']")
    assert "SECRET" in json.dumps(kernel.ask("inspect_variables", level="rows"))
    assert "SECRET" not in json.dumps(kernel.ask("inspect_variables", level="rows", mask={"sales": ["매출"]}))


def test_containers_tell_how_many_of_which_types(kernel: Kernel) -> None:
    """Lists, dicts, sets and the like tell their length, types and memory."""
    kernel.run(
        "from collections import OrderedDict\nitems = [1, 'a'] * 50\nmapping = OrderedDict(a=1, b=[1])\nempty = []"
    )
    items, mapping, empty = kernel.ask("inspect_variables")["variables"]
    assert (items["type"], items["length"], items["types"]) == ("list", 100, ["int", "str"])
    assert (mapping["type"], mapping["module"], mapping["length"]) == ("OrderedDict", "collections", 2)
    assert empty["length"] == 0
    assert items["memory"]["bytes"] > 800


def test_leaves_no_trace(kernel: Kernel) -> None:
    """Nothing is named, numbered, warned, printed or drawn from the random generators by looking."""
    kernel.run(
        SALES + "import numpy as np, random, warnings, sys, signal\nrandom.seed(1); np.random.seed(1)\n"
        "sales['o'] = [object(), 1, 'a']\nsales.loc[:, 'f'] = [np.inf, -np.inf, np.nan]"
    )
    state = (
        "str((random.getstate(), np.random.get_state()[1].tolist(), sorted(k for k in globals() if not k.startswith('__')),"
        " warnings.filters, str(sys.stdout), np.geterr(), signal.getsignal(signal.SIGALRM), pd.get_option('display.max_rows')))"
    )
    before = kernel.value(state)
    for level in ("schema", "aggregates", "rows"):
        kernel.ask("inspect_variables", level=level)
    kernel.ask("snapshot")
    assert kernel.value(state) == before
