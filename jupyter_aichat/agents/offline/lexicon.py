"""Words for things that tables hold, in English and Korean: what stands in one line means the same."""

from __future__ import annotations

from typing import Final

__all__ = ["AVERAGED", "DEFAULT_MEASURES", "concept"]

_SAME: Final = {
    "revenue": "revenue sales turnover salesamount salesrevenue 매출 매출액 판매액 판매금액 매출금액 매상",
    "amount": "amount 금액 액수 결제금액 결제액",
    "profit": "profit margin earnings 이익 영업이익 순이익 수익 마진",
    "cost": "cost costs expense expenses 비용 원가 지출",
    "price": "price unitprice listprice 가격 단가 판매가 정가 판매단가",
    "quantity": "quantity qty units unitssold volume 수량 판매량 판매수량 주문수량",
    "discount": "discount rebate 할인 할인율 할인액",
    "region": "region area territory 지역 권역 지방",
    "city": "city town 도시 시도",
    "country": "country nation 국가 나라",
    "store": "store shop branch 매장 지점 점포",
    "product": "product item goods productname 상품 제품 품목 상품명 제품명 품명",
    "category": "category class group type 카테고리 분류 범주 유형 종류 구분",
    "brand": "brand 브랜드 상표",
    "channel": "channel saleschannel 채널 판매채널 경로 유통경로",
    "customer": "customer client buyer user 고객 손님 회원 구매자 사용자 거래처",
    "order": "order orderid ordernumber orderno 주문 주문번호 주문id",
    "date": "date day orderdate 날짜 일자 일시 주문일 주문일자 거래일",
    "age": "age customerage 나이 연령 고객나이",
    "gender": "gender sex 성별",
    "rating": "rating score stars satisfaction 평점 별점 점수 만족도",
    "department": "department team division 부서 팀 본부",
    "employee": "employee staff worker 직원 사원 담당자",
    "salary": "salary wage pay 급여 연봉 월급 임금",
    "status": "status state 상태",
    "name": "name 이름 성명 명칭",
    "population": "population inhabitants 인구 인구수",
    "temperature": "temperature temp 기온 온도",
    "visits": "visits visitors traffic 방문 방문자 방문수 방문자수",
    "year": "year 연도 년도",
    "quarter": "quarter 분기",
    "month": "month 월",
}
_CONCEPTS: Final = {word: name for name, same in _SAME.items() for word in same.split()}

DEFAULT_MEASURES: Final = ("revenue", "amount", "profit", "quantity")
"""What is added up where nobody says what, in this order."""

AVERAGED: Final = frozenset({"rating", "age", "price", "temperature", "discount", "year", "salary"})
"""What is averaged where nobody says how: adding it up means nothing."""


def concept(word: str) -> str | None:
    """What a word (in small letters, without spaces) stands for; `None` for words that are not listed."""
    return _CONCEPTS.get(word)
