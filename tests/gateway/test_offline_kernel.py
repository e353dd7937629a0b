"""The offline analyst in a real kernel, end to end: it looks, proposes code, and answers from what the code printed."""

from __future__ import annotations

from typing import Any

from tests.fakes.client import Client
from tests.gateway.conftest import NOTEBOOK, Connect, Session

MAKE = """
import pandas as pd
df = pd.DataFrame({
    "날짜": pd.date_range("2026-05-01", "2026-09-30", freq="D"),
    "지역": ["서울", "부산", "제주"] * 51,
    "매출": range(153),
})
"""


async def to_the_end(client: Client) -> int:
    """Approve whatever is asked until the run ends; how often something was asked."""
    asked = 0
    while True:
        frame = await client.until("approval_request", "done", "error")
        if frame["event_type"] != "approval_request":
            assert frame["event_type"] == "done", frame
            return asked
        asked += 1
        data = frame["data"]
        await client.send(
            type="approve", approval_id=data["approval_id"], digest=data["digest"], decision="approve"
        )


async def test_a_report_on_a_dataframe_in_the_kernel(
    connect: Connect, session: Session, run_cell: Any
) -> None:
    """The user's case: analysed and drawn by code that was approved, then written, all without a model."""
    kernel = await session()
    await run_cell(kernel, MAKE)
    client = await connect("t1")
    await client.send(
        type="message",
        message="지난 분기 매출 데이터를 분석하고 보고서 초안을 써줘",
        notebook={"path": NOTEBOOK},
    )
    assert await to_the_end(client) == 2
    expected = await run_cell(
        kernel, "print(f\"{df[df['날짜'] >= '2026-07-01'].groupby('지역')['매출'].sum().max():,}\")"
    )
    text = "".join(f["data"]["token"] for f in client.events if f["event_type"] == "token")
    assert "지난 분기 = 2026-07-01–2026-09-30, 데이터의 마지막 날짜 기준" in text
    assert expected.strip() in text
    charts = [
        f for f in client.events if f["event_type"] == "artifact" and "image/png" in f["data"]["bundle"]
    ]
    assert len(charts) == 1
    assert await run_cell(kernel, "print(list(df.columns), len(df))") == "['날짜', '지역', '매출'] 153\n"
