"""Tables with unfamiliar columns, as files and as rows for plain Python, so that every answer can be counted anew."""

import csv
import io
import random
from datetime import date, timedelta
from typing import Any

from tests.agents.offline.desk import MAECHUL, ORDERS, SALES

Row = dict[str, Any]


def _csv(rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _clinic() -> list[Row]:
    rng = random.Random(3)
    return [
        {
            "admitted": date(2026, 1, 1) + timedelta(days=rng.randrange(250)),
            "ward": rng.choice(["Cardiology", "Oncology", "Surgery", "Maternity"]),
            "physician": rng.choice(["Okafor", "Lindqvist", "Tanaka"]),
            "wait_minutes": rng.randint(5, 180),
            "charge": rng.randint(50, 4000) * 10,
            "patient_age": rng.randint(18, 92),
            "pain_level": rng.choice([1, 2, 3, 4, 5, None]),
        }
        for _ in range(180)
    ]


def _factory() -> list[Row]:
    rng = random.Random(4)
    return [
        {
            "생산일": date(2025, 10, 1) + timedelta(days=rng.randrange(365)),
            "라인": rng.choice(["가람", "나래", "다온"]),
            "작업조": rng.choice(["주간", "야간"]),
            "투입량": rng.randint(100, 900),
            "불량수": rng.randint(0, 30),
            "전력요금": rng.randint(20, 900) * 1000,
        }
        for _ in range(220)
    ]


def _bikes() -> list[Row]:
    rng = random.Random(5)
    return [
        {
            "started": date(2026, 4, 1) + timedelta(days=rng.randrange(92)),
            "dock": rng.choice(["Harbour", "Mill Lane", "Old Town", "Station"]),
            "rider": rng.choice(["Member", "Casual"]),
            "minutes": rng.randint(2, 90),
            "km": round(rng.uniform(0.3, 18.0), 1),
        }
        for _ in range(260)
    ]


def _staff() -> list[Row]:
    rng = random.Random(6)
    return [
        {
            "입사일": date(2015, 1, 1) + timedelta(days=rng.randrange(4000)),
            "소속": rng.choice(["기획", "연구", "영업", "지원"]),
            "직급": rng.choice(["사원", "대리", "과장"]),
            "연봉": rng.randint(28, 98) * 1_000_000,
            "나이": rng.randint(23, 60),
        }
        for _ in range(150)
    ]


_KO = {"Seoul": "서울", "Busan": "부산", "Jeju": "제주", "Lamp": "스탠드", "Chair": "의자", "Desk": "책상",
       "Mouse": "마우스", "Online": "온라인", "Store": "매장"}  # fmt: skip

ROWS: dict[str, list[Row]] = {
    "sales": [
        {"date": day, "region": region, "product": product, "channel": channel, "quantity": quantity, "unit_price": price,
         "revenue": quantity * price, "customer_rating": int(rating) if rating else None}
        for day, region, product, channel, quantity, price, rating in ORDERS
    ],
    "매출": [
        {"날짜": day, "지역": _KO[region], "제품": _KO[product], "채널": _KO[channel], "수량": quantity, "단가": price,
         "매출액": quantity * price, "만족도": int(rating) if rating else None}
        for day, region, product, channel, quantity, price, rating in ORDERS
    ],
    "clinic": _clinic(),
    "공장": _factory(),
    "bikes": _bikes(),
    "직원": _staff(),
}  # fmt: skip
"""The rows of each table."""

FILES: dict[str, bytes] = {
    "sales": SALES.encode(),
    "매출": MAECHUL.encode("cp949"),
    **{name: _csv(ROWS[name]) for name in ("clinic", "공장", "bikes", "직원")},
}
"""The same tables as CSV."""
