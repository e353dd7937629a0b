"""The example data is what its README says."""

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

DATA = Path(__file__).parents[2] / "notebooks" / "data"


def test_the_script_in_the_readme_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    """Whoever runs the documented script gets exactly the files that are here."""
    script = re.search(r"```python\n(.*?)```", (DATA / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert script
    subprocess.run([sys.executable, "-c", script[1]], cwd=tmp_path, check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sales.csv", "매출_2026.csv"]
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (DATA / made.name).read_bytes()


def test_sales_has_the_gaps_and_copies_that_the_readme_counts() -> None:
    """An analyst who checks the chat's answer against the README finds the same numbers."""
    with (DATA / "sales.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 806
    assert (rows[0]["date"], rows[-1]["date"]) == ("2025-01-01", "2026-09-30")
    missing = Counter(column for row in rows for column, value in row.items() if value == "")
    assert missing == {"rating": 48, "customer_age": 32}
    assert len(rows) - len({tuple(row.values()) for row in rows}) == 6
    assert all(int(row["revenue"]) == int(row["quantity"]) * int(row["unit_price"]) for row in rows)


def test_the_korean_file_is_as_awkward_as_the_real_ones() -> None:
    """It is CP949 and no UTF-8, with won signs, thousands separators and quarters in words."""
    content = (DATA / "매출_2026.csv").read_bytes()
    assert b"\xa3\xdc" in content, "the won sign as CP949 writes it"
    rows = list(csv.DictReader(content.decode("cp949").splitlines()))
    assert len(rows) == 150
    assert rows[0]["단가"] == "￦319,000"
    assert {row["분기"] for row in rows} == {"2026년 1분기", "2026년 2분기", "2026년 3분기"}
    assert sum(row["만족도"] == "" for row in rows) == 9
