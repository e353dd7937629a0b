"""What people write, in both languages, and the calculation that comes of it."""

import re
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from jupyter_aichat.agents.offline.plan import plan
from tests.agents.offline.desk import EN, KO, Desk

Call = dict[str, Any]

SEOUL = {"region": "Seoul"}

ENGLISH: list[tuple[str, list[Call]]] = [
    ("Profile sales.csv", []),
    ("sales.csv", []),
    ("Give me an overview of the data", []),
    ("which columns are there in sales.csv?", []),
    ("What is missing in sales.csv?", [{"operation": "missing"}]),
    ("missing values in customer_rating", [{"operation": "missing", "columns": ["customer_rating"]}]),
    ("Are there duplicates?", [{"operation": "duplicates"}]),
    ("duplicate rows by order_id", [{"operation": "duplicates", "columns": ["order_id"]}]),
    ("statistics", [{"operation": "describe"}]),
    ("Describe unit_price", [{"operation": "describe", "columns": ["unit_price"]}]),
    ("distribution of quantity", [{"operation": "describe", "columns": ["quantity"]}]),
    ("correlations please", [{"operation": "correlation"}]),
    (
        "correlation between price and quantity",
        [{"operation": "correlation", "columns": ["unit_price", "quantity"]}],
    ),
    ("total revenue", [{"operation": "group_by", "columns": [], "value": "revenue"}]),
    ("Revenue by region", [{"operation": "group_by", "columns": ["region"], "value": "revenue"}]),
    ("total sales per region", [{"operation": "group_by", "columns": ["region"], "value": "revenue"}]),
    (
        "sum of revenue for each product",
        [{"operation": "group_by", "columns": ["product"], "value": "revenue"}],
    ),
    ("turnover across channels", [{"operation": "group_by", "columns": ["channel"], "value": "revenue"}]),
    (
        "average rating by channel",
        [{"operation": "group_by", "columns": ["channel"], "value": "customer_rating", "aggregate": "mean"}],
    ),
    (
        "rating by region",  # ratings are averaged, also without a word
        [{"operation": "group_by", "columns": ["region"], "value": "customer_rating", "aggregate": "mean"}],
    ),
    (
        "median unit price by product",
        [{"operation": "group_by", "columns": ["product"], "value": "unit_price", "aggregate": "median"}],
    ),
    ("max revenue", [{"operation": "group_by", "columns": [], "value": "revenue", "aggregate": "max"}]),
    ("how many rows are there?", [{"operation": "group_by", "columns": [], "aggregate": "count"}]),
    (
        "number of orders by channel",
        [{"operation": "group_by", "columns": ["channel"], "value": "order_id", "aggregate": "count"}],
    ),
    ("how many products are there", [{"operation": "profile", "columns": ["product"]}]),
    (
        "how many orders in Seoul",
        [{"operation": "profile", "columns": ["order_id"], "where": SEOUL}],
    ),
    (
        "revenue by region and channel",
        [{"operation": "group_by", "columns": ["region", "channel"], "value": "revenue"}],
    ),
    (
        "revenue and quantity by product",
        [
            {"operation": "group_by", "columns": ["product"], "value": "revenue"},
            {"operation": "group_by", "columns": ["product"], "value": "quantity"},
        ],
    ),
    ("top 3 products by revenue", [{"operation": "top_n", "n": 3, "by": "product", "value": "revenue"}]),
    ("top five regions by quantity", [{"operation": "top_n", "n": 5, "by": "region", "value": "quantity"}]),
    (
        "bottom 2 regions by average rating",
        [{"operation": "top_n", "n": -2, "by": "region", "value": "customer_rating", "aggregate": "mean"}],
    ),
    (
        "Which region has the highest revenue?",
        [{"operation": "top_n", "n": 5, "by": "region", "value": "revenue"}],
    ),
    ("best-selling product", [{"operation": "top_n", "n": 5, "by": "product", "value": "quantity"}]),
    ("top 10 rows by revenue", [{"operation": "top_n", "n": 10, "value": "revenue"}]),
    ("rank products by revenue", [{"operation": "top_n", "n": 50, "by": "product", "value": "revenue"}]),
    ("Monthly revenue trend", [{"operation": "trend", "by": "date", "period": "month", "value": "revenue"}]),
    ("revenue by quarter", [{"operation": "trend", "by": "date", "period": "quarter", "value": "revenue"}]),
    ("yearly revenue", [{"operation": "trend", "by": "date", "period": "year", "value": "revenue"}]),
    ("weekly quantity", [{"operation": "trend", "by": "date", "period": "week", "value": "quantity"}]),
    (
        "how did the average price develop over time",
        [{"operation": "trend", "by": "date", "period": "month", "value": "unit_price", "aggregate": "mean"}],
    ),
    (
        "revenue by region and quarter",
        [
            {
                "operation": "group_by",
                "by": "date",
                "period": "quarter",
                "columns": ["region"],
                "value": "revenue",
            }
        ],
    ),
    ("revenue in Seoul", [{"operation": "group_by", "columns": [], "value": "revenue", "where": SEOUL}]),
    (
        "revenue by product in Seoul in 2026",
        [
            {
                "operation": "group_by",
                "columns": ["product"],
                "value": "revenue",
                "where": {**SEOUL, "date": "2026"},
            }
        ],
    ),
    (
        "revenue by region for Online in March 2026",
        [
            {
                "operation": "group_by",
                "columns": ["region"],
                "value": "revenue",
                "where": {"channel": "Online", "date": "2026-03"},
            }
        ],
    ),
    (
        "compare Seoul and Busan revenue",
        [
            {
                "operation": "group_by",
                "columns": ["region"],
                "value": "revenue",
                "where": {"region": ["Seoul", "Busan"]},
            }
        ],
    ),
    (
        "revenue in 2025 vs 2026",
        [
            {
                "operation": "trend",
                "by": "date",
                "period": "year",
                "value": "revenue",
                "where": {"date": ["2025", "2026"]},
            }
        ],
    ),
    (
        "revenue in Q3",  # of every year there is
        [
            {
                "operation": "group_by",
                "columns": [],
                "value": "revenue",
                "where": {"date": ["2025 Q3", "2026 Q3"]},
            }
        ],
    ),
    (
        'quantity where product is "Desk lamp"',  # no value of the table: the tool says which there are
        [{"operation": "group_by", "columns": [], "value": "quantity", "where": {"product": "Desk lamp"}}],
    ),
    (
        "plot monthly revenue",  # the figures of a chart, without the chart
        [{"operation": "trend", "by": "date", "period": "month", "value": "revenue"}],
    ),
]

SEOUL_IN_KOREAN = {"지역": "서울"}

KOREAN: list[tuple[str, list[Call]]] = [
    ("매출_2026.csv 살펴봐 줘", []),
    ("이 데이터 요약해줘", []),
    ("어떤 열이 있어?", []),
    ("결측값 확인해 줘", [{"operation": "missing"}]),
    ("누락된 데이터가 있나요?", [{"operation": "missing"}]),
    ("중복된 행 있어?", [{"operation": "duplicates"}]),
    ("기술통계 보여줘", [{"operation": "describe"}]),
    ("단가 통계", [{"operation": "describe", "columns": ["단가"]}]),
    ("가격과 수량의 상관관계", [{"operation": "correlation", "columns": ["단가", "수량"]}]),
    ("전체 매출 합계", [{"operation": "group_by", "columns": [], "value": "매출액"}]),
    ("지역별 매출 합계", [{"operation": "group_by", "columns": ["지역"], "value": "매출액"}]),
    ("지역별로 매출을 보여줘", [{"operation": "group_by", "columns": ["지역"], "value": "매출액"}]),
    ("지역마다 매출이 얼마야?", [{"operation": "group_by", "columns": ["지역"], "value": "매출액"}]),
    ("상품별 판매량", [{"operation": "group_by", "columns": ["제품"], "value": "수량"}]),
    (
        "채널별 평점 평균 알려 주세요",
        [{"operation": "group_by", "columns": ["채널"], "value": "만족도", "aggregate": "mean"}],
    ),
    (
        "지역별 매출 평균",
        [{"operation": "group_by", "columns": ["지역"], "value": "매출액", "aggregate": "mean"}],
    ),
    ("최대 매출액은?", [{"operation": "group_by", "columns": [], "value": "매출액", "aggregate": "max"}]),
    ("지역과 채널별 매출", [{"operation": "group_by", "columns": ["지역", "채널"], "value": "매출액"}]),
    ("매출 상위 5개 제품", [{"operation": "top_n", "n": 5, "by": "제품", "value": "매출액"}]),
    ("매출이 가장 높은 지역은?", [{"operation": "top_n", "n": 5, "by": "지역", "value": "매출액"}]),
    ("하위 2개 지역", [{"operation": "top_n", "n": -2, "by": "지역", "value": "매출액"}]),
    ("가장 많이 팔린 제품은?", [{"operation": "top_n", "n": 5, "by": "제품", "value": "수량"}]),
    ("제품별 매출을 큰 순서로", [{"operation": "top_n", "n": 50, "by": "제품", "value": "매출액"}]),
    ("월별 매출 추이", [{"operation": "trend", "by": "날짜", "period": "month", "value": "매출액"}]),
    ("분기별 매출", [{"operation": "trend", "by": "날짜", "period": "quarter", "value": "매출액"}]),
    ("연도별 수량 변화", [{"operation": "trend", "by": "날짜", "period": "year", "value": "수량"}]),
    (
        "지역별 분기별 매출 보여줘",
        [
            {
                "operation": "group_by",
                "by": "날짜",
                "period": "quarter",
                "columns": ["지역"],
                "value": "매출액",
            }
        ],
    ),
    (
        "서울 매출은 얼마야?",
        [{"operation": "group_by", "columns": [], "value": "매출액", "where": SEOUL_IN_KOREAN}],
    ),
    (
        "서울의 제품별 매출",
        [{"operation": "group_by", "columns": ["제품"], "value": "매출액", "where": SEOUL_IN_KOREAN}],
    ),
    (
        "2026년 3분기 지역별 매출",
        [{"operation": "group_by", "columns": ["지역"], "value": "매출액", "where": {"날짜": "2026 Q3"}}],
    ),
    (
        "2026년 3월 매출",
        [{"operation": "group_by", "columns": [], "value": "매출액", "where": {"날짜": "2026-03"}}],
    ),
    (
        "3월 매출은?",
        [
            {
                "operation": "group_by",
                "columns": [],
                "value": "매출액",
                "where": {"날짜": ["2025-03", "2026-03"]},
            }
        ],
    ),
    (
        "온라인과 매장 매출 비교해줘",
        [
            {
                "operation": "group_by",
                "columns": ["채널"],
                "value": "매출액",
                "where": {"채널": ["온라인", "매장"]},
            }
        ],
    ),
    ("제품 종류가 몇 가지야?", [{"operation": "profile", "columns": ["제품"]}]),
    (
        "부산에서 온라인 주문 몇 건이야?",
        [{"operation": "profile", "columns": ["주문번호"], "where": {"지역": "부산", "채널": "온라인"}}],
    ),
    (
        "월별 매출 그래프로 보여줘",
        [{"operation": "trend", "by": "날짜", "period": "month", "value": "매출액"}],
    ),
]


@pytest.mark.parametrize(("text", "calls"), ENGLISH, ids=[text for text, _ in ENGLISH])
def test_english_questions_become_the_calculations_they_ask_for(
    english: Desk, text: str, calls: list[Call]
) -> None:
    """The right operation, on the right columns, of the right rows; the answer is in English."""
    exchange = english.ask(text)
    assert exchange.analyses == calls
    assert exchange.args("profile_table")["language"] == "en"
    assert not re.search("[가-힣]", exchange.answer)


@pytest.mark.parametrize(("text", "calls"), KOREAN, ids=[text for text, _ in KOREAN])
def test_korean_questions_become_the_calculations_they_ask_for(
    korean: Desk, text: str, calls: list[Call]
) -> None:
    """The same with particles, synonyms and Korean dates; the answer is in Korean."""
    exchange = korean.ask(text)
    assert exchange.analyses == calls
    assert exchange.args("profile_table")["language"] == "ko"
    assert re.search("요[.)]|요$", exchange.answer)


def figures(text: str) -> set[str]:
    """Everything in a text that is a number."""
    return set(re.findall(r"\d(?:[\d,.:-]*\d)?", text))


@pytest.mark.parametrize(
    "text", [text for text, _ in ENGLISH] + ["a report on sales.csv", "which files are there?", "hello"]
)
def test_no_figure_is_invented_in_english(english: Desk, text: str) -> None:
    """Every number in an answer stands in what a tool has said."""
    exchange = english.ask(text)
    assert figures(exchange.answer) <= figures("\n".join(exchange.outputs))


@pytest.mark.parametrize(
    "text", [text for text, _ in KOREAN] + ["매출_2026.csv 보고서 써 줘", "어떤 파일이 있어?", "안녕"]
)
def test_no_figure_is_invented_in_korean(korean: Desk, text: str) -> None:
    """The same in Korean; a file's name may be repeated."""
    exchange = korean.ask(text)
    assert figures(exchange.answer) <= figures("\n".join(exchange.outputs)) | figures(text)


@pytest.mark.parametrize(
    ("role", "text", "said"),
    [
        ("visualizer", "Draw revenue by month", "Drawing charts needs a connected model"),
        ("visualizer", "월별 매출 그래프", "차트를 그리려면 모델을 연결해야"),
        ("researcher", "Find the documentation of polars", "Research needs a connected model"),
        ("coder", "Write a function", "Writing or explaining code needs a connected model"),
        ("coder", "함수를 써 줘", "코드를 쓰거나 설명하려면 모델을 연결해야"),
        ("critic", "What do you think?", "This agent needs a connected model"),
        ("coder", "hello", "Hello. This is offline mode"),
    ],
)
def test_agents_that_need_a_model_say_so_in_one_sentence(role: str, text: str, said: str) -> None:
    """What they cannot do offline, and what works instead."""
    step = plan(role, [HumanMessage(text)], {})
    assert step.text.startswith(said)
    assert not step.calls


def test_a_plan_follows_from_the_messages_alone() -> None:
    """Asked again with the same messages, an agent takes the same step: it survives any restart."""
    for files, text in ((EN, "revenue by region"), (KO, "지역별 매출")):
        assert Desk(files).ask(text) == Desk(files).ask(text)
