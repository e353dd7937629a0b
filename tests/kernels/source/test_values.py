from typing import Any

import pytest

from tests.kernels.source.kernel import Kernel

VALUES: list[tuple[str, Any]] = [
    ("5", 5),
    ("True", True),
    ("None", None),
    ("0.1 + 0.2", 0.30000000000000004),
    ("2**53 - 1", 2**53 - 1),
    ("2**53", {"int": "9007199254740992"}),
    ("-10**30", {"int": "-1" + "0" * 30}),
    ("float('nan')", {"float": "nan"}),
    ("float('-inf')", {"float": "-inf"}),
    ("1 + 2j", {"complex": "(1+2j)"}),
    ("Decimal('1.10')", {"decimal": "1.10"}),
    ("Fraction(1, 3)", {"fraction": "1/3"}),
    ("dt.datetime(2026, 7, 1, 9, tzinfo=dt.timezone.utc)", {"datetime": "2026-07-01T09:00:00+00:00"}),
    ("dt.date(2026, 7, 1)", {"date": "2026-07-01"}),
    ("dt.time(9, 30)", {"time": "09:30:00"}),
    ("dt.timedelta(days=1)", {"timedelta": "1 day, 0:00:00"}),
    ("b'abc'", {"bytes": "b'abc'"}),
    ("'가나다'", "가나다"),
    ("'x' * 300", {"text": "x" * 200, "length": 300}),
    ("'a\\ud800'", "a\\ud800"),
    ("np.float32(0.1)", 0.10000000149011612),
    ("np.int64(7)", 7),
    ("np.uint64(2**63)", {"int": "9223372036854775808"}),
    ("np.float64('inf')", {"float": "inf"}),
    ("np.bool_(True)", True),
    ("np.datetime64('2026-07-01')", {"datetime": "2026-07-01"}),
    ("np.datetime64('NaT')", None),
    (
        "pd.Timestamp('2026-07-01 00:00:00.000000001', tz='Asia/Seoul')",
        {"datetime": "2026-07-01T00:00:00.000000001+09:00"},
    ),
    ("pd.NaT", None),
    ("pd.NA", None),
    ("pd.Period('2026-07', 'M')", {"period": "2026-07"}),
    ("pd.Timedelta('1h')", {"timedelta": "0 days 01:00:00"}),
    (
        "[1, [2, [3, [4]]]]",
        {"items": [1, {"items": [2, {"type": "list", "length": 2}], "length": 2}], "length": 2},
    ),
    ("{'a': (1, 2)}", {"pairs": [["a", {"items": [1, 2], "length": 2}]], "length": 1}),
    ("list(range(100))", {"items": [0, 1, 2, 3, 4], "length": 100}),
]


@pytest.mark.parametrize(("expression", "expected"), VALUES, ids=[expression for expression, _ in VALUES])
def test_values_keep_all_that_they_are(kernel: Kernel, expression: str, expected: object) -> None:
    """A value comes as JSON that is exact; what JSON has no word for is an object that says what it is."""
    kernel.run(
        "import datetime as dt, numpy as np, pandas as pd\nfrom decimal import Decimal\nfrom fractions import Fraction\n"
        f"cell = pd.Series([None], dtype=object)\ncell.array[0] = {expression}"
    )
    [told] = kernel.ask("inspect_variables", names=["cell"], level="rows")["variables"]
    assert told["rows"] == [[expected]]


def test_integers_too_long_for_text_are_told_by_their_size(kernel: Kernel) -> None:
    """An integer that Python itself does not write out tells how many bits it has."""
    kernel.run("huge = 10 ** 5000")
    told = kernel.ask("inspect_variables", names=["huge"], level="rows")["variables"][0]["value"]
    assert told["bits"] == 16610


def test_a_users_time_zone_is_not_asked(kernel: Kernel) -> None:
    """A date in a time zone that a user wrote is told without it."""
    kernel.run(
        "import datetime as dt\ncalled = []\nclass Zone(dt.tzinfo):\n"
        "    def utcoffset(self, when): called.append(1); return dt.timedelta(0)\n"
        "when = dt.datetime(2026, 7, 1, tzinfo=Zone())\nonly = dt.time(9, tzinfo=Zone())"
    )
    told = kernel.ask("inspect_variables", names=["when", "only"], level="rows")["variables"]
    assert [v["value"] for v in told] == [{"datetime": "2026-07-01T00:00:00"}, {"time": "09:00:00"}]
    assert kernel.value("called") == []
