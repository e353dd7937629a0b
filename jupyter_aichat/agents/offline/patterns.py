"""The words that rules go by: patterns for what is wanted, and the words that name no column."""

from __future__ import annotations

import re
from typing import Final

from jupyter_aichat.tables import Aggregate, Operation, Period

__all__ = [
    "AGGREGATES",
    "CHART",
    "CODE",
    "COLUMNS",
    "COMPARED",
    "COMPARED_PERIODS",
    "DATA",
    "DATES",
    "DISTINCT",
    "EACH",
    "FILES",
    "FIRST_LOOK",
    "FOLLOW",
    "GREETING",
    "HELP",
    "INSERT",
    "KEYWORDS",
    "LOOK",
    "MONTHS",
    "NUMERALS",
    "OPERATIONS",
    "ORDERED",
    "PEAK",
    "PERIODS",
    "RELATED",
    "RELATIVE",
    "REPORT",
    "RESEARCH",
    "ROWS",
    "SELLING",
    "SHARE",
    "SMALLEST",
    "SPREAD",
    "THANKS",
    "YEARLESS",
    "N",
    "listed",
]  # fmt: skip


def listed(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


def _words(english: str, korean: str = "") -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english})\b" + (f"|{korean}" if korean else ""), re.IGNORECASE)


REPORT: Final = _words(r"reports?|write[- ]?up", "보고서|리포트|레포트")
INSERT: Final = _words(
    r"(?:insert|add|put|paste)\b.{0,40}\b(?:cells?|notebook)|as a (?:markdown )?cell",
    "셀(?:로|에) ?(?:넣|추가|삽입|붙)|노트북에 ?(?:넣|추가|삽입|붙)|셀로 만들",
)
OPERATIONS: Final[tuple[tuple[Operation, re.Pattern[str]], ...]] = (
    ("duplicates", _words(r"duplicat\w*|repeated rows?|dedup\w*", "중복")),
    (
        "missing",
        _words(
            r"missing|nulls?|nans?|blanks?|incomplete|completeness|empty (?:cells?|values?|fields?)",
            "결측|누락|빠진 (?:값|데이터)|빈 ?값|빈 ?칸|비어|널값|공백",
        ),
    ),
    ("correlation", _words(r"correlat\w*|relation(?:ship)?s?", "상관|관계|연관")),
    (
        "describe",
        _words(
            r"statistics?|stats|describe|distribut\w+|percentiles?|quantiles?|quartiles?|standard deviation|std",
            "통계|분포|표준 ?편차|사분위|백분위|분위수",
        ),
    ),
    (
        "top_n",
        _words(
            r"top|best|largest|highest|biggest|greatest|most|strongest|longest|shortest|leading|bottom|worst|lowest|smallest|least"
            r"|fewest|weakest|rank(?:ing|ed)?",
            "상위|하위|톱|탑|베스트|가장|제일|최고|최저|순위|랭킹|[0-9]위|(?:높은|낮은|많은|적은|큰|작은) ?순|워스트|꼴찌",
        ),
    ),
    (
        "trend",
        _words(
            r"trends?|over time|time series|develop\w*|evol\w+|rising|falling|increas\w*|decreas\w*|declin\w*|growth|grow\w*"
            r"|progress\w*|month over month"
            r"|year over year|quarter over quarter",
            "추이|추세|트렌드|변화|증감|성장|시계열|흐름",
        ),
    ),
)
SMALLEST: Final = _words(
    r"bottom|worst|lowest|smallest|least|fewest|weakest|shortest",
    "하위|최저|워스트|꼴찌|(?:가장|제일) ?(?:적|작|낮|싼|나쁜|안)|(?:낮은|적은|작은) ?순",
)
PERIODS: Final[tuple[tuple[Period, re.Pattern[str]], ...]] = (
    ("day", _words(r"daily|(?:by|per|each|every) day|day by day", "일별|일자별|날짜별|매일|일간|하루")),
    ("week", _words(r"weekly|(?:by|per|each|every) week", "주별|주차별|매주|주간|주마다")),
    (
        "month",
        _words(
            r"monthly|(?:by|per|each|every|and) months?|months|month by month|month over month",
            "월별|매월|매달|월간|달별|월마다|달마다",
        ),
    ),
    (
        "quarter",
        _words(
            r"quarterly|(?:by|per|each|every|and) quarters?|quarters|quarter over quarter",
            "분기별|분기마다|매 ?분기|분기 단위|분기로",
        ),
    ),
    (
        "year",
        _words(
            r"yearly|annual(?:ly)?|(?:by|per|each|every|and) years?|years|year over year|year by year",
            "연도별|년도별|연별|년별|해마다|매년|연간|연도로",
        ),
    ),
)
AGGREGATES: Final[tuple[tuple[Aggregate, re.Pattern[str]], ...]] = (
    ("mean", _words(r"averages?|mean|avg", "평균")),
    ("median", _words(r"median", "중앙값|중위")),
    ("min", _words(r"minimum|min", "최소|최솟값|최소값")),
    ("max", _words(r"maximum|max", "최대|최댓값|최대값")),
    (
        "count",
        _words(
            r"count|how many|number of|frequen\w+|most common|least common",
            "행 ?수|개수|갯수|건수|횟수|빈도|(?:몇|총) ?(?:개|건|명|행|번|가지|곳)|명수",
        ),
    ),
    (
        "sum",
        _words(
            r"totals?|sum|overall|altogether|add(?:ed)? up",
            "합계|총합|총액|총계|합산|누적|전체 합|총(?= ?(?:매출|판매|금액|수량|이익|비용|수익))|모두 합",
        ),
    ),
)
N: Final = re.compile(
    r"(?:top|best|bottom|worst|first|largest|highest|biggest|smallest|lowest|상위|하위|톱|탑|베스트)\s*(\d{1,3}|[a-z]+)\b"
    r"|\b(\d{1,3}|[a-z]+)\s+(?:best|largest|highest|biggest|smallest|lowest|worst|most|least)\b"
    r"|(\d{1,3})\s*(?:개|위|건|명|가지|곳|행|줄)",
    re.IGNORECASE,
)
NUMERALS: Final = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
}
DATES: Final = re.compile(
    r"(?<![\d.,])(?:"
    r"[12]\d{3}년?\s*[1-4]\s*분기|[12]\d{3}[\s-]?Q[1-4]|Q[1-4][\s-]?(?:of\s+)?[12]\d{3}"
    r"|[12]\d{3}년\s*\d{1,2}월\s*\d{1,2}일|[12]\d{3}년\s*\d{1,2}월|[12]\d{3}[-./]\d{1,2}(?:[-./]\d{1,2})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+[12]\d{3}"
    r"|(?:19|20)\d{2}년?"
    r")(?!\d|[.,]\d)",
    re.IGNORECASE,
)

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
YEARLESS: Final = re.compile(
    r"(?<![\d년])(?P<month>1[0-2]|[1-9])월(?![가-힣]*별)"
    rf"|\b(?:in|for|of|during)\s+(?P<name>{'|'.join(month[:3] + f'(?:{month[3:]})?' if month[3:] else month for month in MONTHS)})\b"
    r"|(?<!\d)\bq(?P<quarter>[1-4])\b|(?<![\d년])(?P<korean>[1-4])\s*분기(?!별)",
    re.IGNORECASE,
)
"""A month or a quarter of no particular year."""
RELATIVE: Final = _words(
    r"(?:this|last|previous|past|current|recent)\s+(?:(?:\d+|two|three|four|five|six|twelve)\s+)?(?:year|quarter|month|week|day)s?"
    r"|today|yesterday|year to date|ytd|last (?:fiscal|financial) (?:year|quarter)",
    "올해|재작년|작년|(?:지난|저번|이번) ?(?:해|달|주(?!말)|분기|년)|(?:지난|최근) ?[0-9]+ ?(?:개월|분기|년|일|주일|주|달)(?:간| "
    "?동안)?|최근"
    "|오늘|어제|금년|전년|전월|전분기",
)
COMPARED: Final = _words(
    r"(?:month|quarter|year|week|day)[- ](?:over|on)[- ](?:month|quarter|year|week|day)|(?:compared (?:to|with)|versus|vs\.?|than"
    r"|against) (?:the |its )?"
    r"(?:previous|last|prior) (?:month|quarter|year|week)",
    "(?:전(?:년|월|분기|주)|지난 ?(?:달|분기|해|주)|작년) ?(?:대비|보다|과 비교|와 비교)",
)
"""Change on the period before, which a trend shows."""
COMPARED_PERIODS: Final[tuple[tuple[Period, str], ...]] = (
    ("month", "month"), ("quarter", "quarter"), ("year", "year"), ("week", "week"), ("day", "day"),
    ("quarter", "분기"), ("month", "월"), ("month", "달"), ("year", "년"), ("year", "해"), ("week", "주"),
)  # fmt: skip
SPREAD: Final = _words(r"histograms?|box ?plots?", "히스토그램|상자 ?그림")
RELATED: Final = _words(r"scatter\w*", "산점도")
SHARE: Final = _words(r"shares?|percent(?:age)?|proportions?|fraction", "비율|비중|점유율|구성비|퍼센트")
DISTINCT: Final = _words(r"distinct|different|unique", "서로 다른|고유|종류|중복 ?(?:없이|제외)")

GREETING: Final = re.compile(
    r"\s*(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|안녕(?:하세요|하십니까)?|하이|헬로|반가워요?"
    r"|반갑습니다"
    r"|여보세요|ㅎㅇ)(?:\s+(?:there|all|everyone|team|여러분))?[\s!.,~?^ㅎㅋ]*",
    re.IGNORECASE,
)
THANKS: Final = _words(
    r"thanks?|thank you|thx|great|perfect|nice|cool|ok(?:ay)?|got it|well done|goodbye|bye",
    "고마|고맙|감사|수고|좋아요|좋네|알겠|잘했|잘 ?가|네$|넵|ㅇㅋ",
)
HELP: Final = _words(
    r"help|what can (?:you|i)|what do you do|how (?:do|does|can) (?:i|this|you|it)|who are you|what are you|capabilit\w+",
    "(?:뭐|뭘|무엇|무얼|어떤 ?(?:일|것|걸|거)).{0,6}할 ?수|할 수 있(?:는|어|나|니|을)|도움말|도와|사용법|기능|누구(?:야|니|세|신|예)|"
    "어떻게 (?:써|쓰|사용)|어떤 질문",
)
FILES: Final = _words(
    r"(?:which|what|list|show|any|see)\b[^.?!]{0,24}\b(?:files?|datasets?|tables|data (?:do|is|are|can))|files",
    "(?:어떤|무슨|어느|뭐가|무슨) ?(?:파일|데이터 ?파일|표)|파일.{0,6}(?:목록|있|보여|뭐|알려|리스트)|목록",
)
CHART: Final = _words(
    r"charts?|plots?|plotted|graphs?|histograms?|visuali[sz]\w*|draw|scatter\w*|box ?plots?|heat ?map|diagrams?",
    "차트|그래프|시각화|그려|히스토그램|플롯|도표|산점도|상자 ?그림",
)
CODE: Final = _words(
    r"code|scripts?|python|pandas|polars|sql|functions?|debug|refactor|implement|notebook cell|machine learning|predict\w*"
    r"|forecast\w*",
    "코드|스크립트|파이썬|판다스|함수|쿼리|디버그|예측|머신러닝|모델링",
)
RESEARCH: Final = _words(
    r"search|google|web|internet|online docs|documentation|news|look up|wikipedia",
    "검색|인터넷|뉴스|웹에서|구글|논문",
)
LOOK: Final = _words(
    r"profil\w*|overview|summar\w*|explore|inspect|analy[sz]e\w*|analysis|check|review|preview|columns?|structure|schema"
    r"|look (?:at|into|over)|what(?:'s| is| does)|tell me about|show|describe|quality|examine|understand|go (?:over|through)|rows?",
    "살펴|요약|프로파일|프로필|개요|훑어|둘러|어떤 ?데이터|무슨 ?데이터|구조|컬럼|열|미리|분석|보여|알려|확인|파악|봐|행|정리",
)
FIRST_LOOK: Final = _words(
    r"profil\w*|overview|summar\w*|explore|analy[sz]\w*", "살펴|요약|프로파일|프로필|개요|훑어|둘러|분석"
)
DATA: Final = _words(
    r"data|datasets?|tables?|files?|csv|excel|spreadsheet|sheet", "데이터|자료|표|파일|엑셀|시트|테이블"
)
EACH: Final = _words(
    r"(?:by|per)\s+(?!(?:me|you|far|now|default|hand|itself)\b)\w+|for (?:each|every)|grouped|group by|broken down"
    r"|break\w* down|across|compare\w*",
    r"\S+별(?:로|로는|은|는|로도)?(?=\s|$|[?!.,])|\S+마다|비교",
)
PEAK: Final = re.compile(
    r"\b(?P<english>day|week|month|quarter|year)\b"
    r"|(?:(?:어느|어떤|무슨)\s*|[은는던한]\s+)(?P<korean>날|주|달|월|분기|해|연도)(?:은|는|이|가|인가|인지|이야|야|에)?(?=\s|$"
    r"|[?!.,])",
    re.IGNORECASE,
)
"""A period as what is ranked: "which month had the highest revenue"."""
SELLING: Final = _words(r"sold|sell\w*|best-?sellers?|popular", "팔린|팔리|판매된|잘 ?나가|인기")
ROWS: Final = _words(r"rows?|records?|lines?|entries", "행|줄|레코드|건")
ORDERED: Final = _words(
    r"rank(?:ing|ed)?|sort(?:ed)?|order(?:ed)? by|in order|descending|ascending", "순위|순서|순으로|순$"
)
COLUMNS: Final = _words(
    r"columns?|fields|variables|schema|structure", "컬럼|변수|구조|(?:어떤|무슨) ?열|열 ?(?:이름|목록)"
)
FOLLOW: Final = re.compile(
    r"\s*(?:and|also|what about|how about|now|then|same|instead|only|just|but"
    r"|그럼|그러면|그리고|그런데|이번에는|이번엔|같은|또|만약)(?:\b|(?=[가-힣\s]))",
    re.IGNORECASE,
)

KEYWORDS: Final = listed(
    """
    a about across add all also altogether among an analyse analysis analyze and annual annually any are as
    at average averages avg be been best between biggest bottom break broken but by can chart charts check
    column columns common compare compared correlate correlated correlation correlations could count daily
    data dataset day describe did different distinct distribution do does down draw duplicate duplicated
    duplicates each eight every fewest file files find five for four frequent from get give got graph
    greatest grew group grouped growth had has have help highest how i if in into is it its just largest
    leading least like lines list look lowest make many max maximum me mean median min minimum missing month
    monthly months more most much my need nine no not now number of on one only or our over overall overview
    per percentiles please plot profile quarter quarterly quarters rank ranked ranking record records
    relation relations relationship report row rows same see seven sheet show shows six smallest so sold
    some spread statistics stats std sum summarise summarize summary table tables tell ten than that the
    their them then there these this those three through time to top total totals trend trends two unique up
    us value values versus vs want was we week weekly were what when where which who will with worst would
    year yearly years you your
    개 건 명 행 줄 위 개수 갯수 건수 횟수 합계 총합 총액 총 합 합산 평균 중앙값 최소 최솟값 최소값 최대 최댓값 최대값
    상위 하위 톱 탑 가장 제일 최고 최저 순위 많이 많은 적은 높은 낮은 큰 작은 순 추이 추세 트렌드 변화 증감 성장 성장률
    월별 월 매월 일별 주별 분기별 연도별 연별 년별 매년 결측 결측값 결측치 누락 중복 중복값 중복행 통계 기술통계 분포 상관
    상관관계 관계 보고서 리포트 데이터 자료 표 파일 열 컬럼 값 요약 분석 살펴보기 보여 보여줘 알려 알려줘 해 해줘 주세요
    해주세요 보여주세요 알려주세요 좀 그럼 그러면 그리고 어떤 무슨 어느 뭐 뭐야 무엇 몇 얼마 얼마나 있어 있나 있는 있는지 각
    각각 전체 모든 기준 대한 대해 중 별 만 구해 계산 계산해 비교 비교해 정리 확인 기간 동안 사이 간 순으로 제품들
    """
)
"""Words that say what to do, not what it is done to."""
