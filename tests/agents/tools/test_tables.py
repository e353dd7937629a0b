"""The table tools: right figures, in the language asked for, out of a file that is read once."""

from __future__ import annotations

import csv
import typing
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_aichat.agents.tools.analyse_table import analyse_table
from jupyter_aichat.agents.tools.profile_table import profile_table
from jupyter_aichat.agents.use import ToolUse
from jupyter_aichat.errors import TableError, ToolError
from jupyter_aichat.protocol.events import EventData, Status
from tests.fakes.workspace import FolderWorkspace

MakeUse = Callable[..., ToolUse]
DATA = Path(__file__).parents[3] / "notebooks" / "data"


@pytest.fixture
def workspace(workspace: FolderWorkspace) -> FolderWorkspace:
    """The example data that comes with the project."""
    (workspace.root / "data").mkdir()
    for name in ("sales.csv", "매출_2026.csv"):
        (workspace.root / "data" / name).write_bytes((DATA / name).read_bytes())
    return workspace


async def test_a_profile_counts_every_row(make_use: MakeUse) -> None:
    """806 rows, 48 of them without a rating."""
    text = await profile_table(make_use(), "data/sales.csv")
    assert "806" in text
    assert "48" in text
    assert "rating" in text


async def test_a_sum_is_that_of_plain_python(make_use: MakeUse) -> None:
    """The revenue of each region, to the won."""
    sums: dict[str, int] = {}
    with (DATA / "sales.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sums[row["region"]] = sums.get(row["region"], 0) + int(row["revenue"])
    text = await analyse_table(
        make_use(), "data/sales.csv", operation="group_by", columns=["region"], value="revenue"
    )
    for region, revenue in sums.items():
        (line,) = (line for line in text.splitlines() if f"| {region} |" in line)
        assert f"{revenue:,}" in line


async def test_filters_and_periods_reach_the_analysis(make_use: MakeUse) -> None:
    """One region, by quarter."""
    text = await analyse_table(
        make_use(),
        "data/sales.csv",
        operation="trend",
        by="date",
        value="revenue",
        period="quarter",
        where={"region": "Seoul"},
    )
    assert "Seoul" in text
    assert "2026 Q3" in text


@pytest.mark.parametrize(
    ("interface", "asked", "word"), [("en", "ko", "행"), ("ko", None, "행"), ("ko-KR", "en", "rows")]
)
async def test_the_language_is_that_of_the_message(
    interface: str, asked: typing.Literal["en", "ko"] | None, word: str, make_use: MakeUse
) -> None:
    """What the agent asks for, otherwise that of the interface."""
    text = await profile_table(make_use(interface), "data/매출_2026.csv", language=asked)
    assert word in text
    assert "지역" in text or "분기" in text


async def test_profile_and_analysis_read_the_file_once(make_use: MakeUse, workspace: FolderWorkspace) -> None:
    """Until the file is written again: then it is another table."""
    await profile_table(make_use(), "data/sales.csv")
    await analyse_table(make_use(), "data/sales.csv", operation="missing")
    assert workspace.read_paths == ["data/sales.csv"]
    (workspace.root / "data" / "sales.csv").write_text("a,b\n1,2\n")
    assert "806" not in await profile_table(make_use(), "data/sales.csv")
    assert workspace.read_paths == ["data/sales.csv"] * 2


async def test_it_says_what_it_does(make_use: MakeUse, heard: list[EventData]) -> None:
    """The status names the file, in the interface's language."""
    await profile_table(make_use("ko"), "data/sales.csv")
    await analyse_table(make_use("en"), "data/sales.csv", operation="missing")
    assert [event.text for event in heard if isinstance(event, Status)] == [
        "sales.csv 훑어보는 중…",
        "Analysing sales.csv…",
    ]


async def test_a_column_that_is_not_there_is_named_with_those_that_are(make_use: MakeUse) -> None:
    """The sentence helps the model to do better."""
    with pytest.raises(TableError, match=r"no column 'revenu'.*'revenue'"):
        await analyse_table(make_use(), "data/sales.csv", operation="group_by", value="revenu")


async def test_a_file_that_is_no_table(make_use: MakeUse, workspace: FolderWorkspace) -> None:
    """The kinds that can be read are named."""
    (workspace.root / "x.pdf").write_bytes(b"%PDF")
    with pytest.raises(ToolError, match="not a table"):
        await profile_table(make_use(), "x.pdf")
