"""Calculations that sound like those of the rules and are others: they are named, and nothing is calculated instead."""

from __future__ import annotations

import re
from typing import Final

from jupyter_aichat.agents.offline.patterns import EACH

__all__ = ["FORECAST", "WHY", "other_calculation"]

WHY: Final = re.compile(
    r"\b(?:why|how come|reasons?|causes?d?|because|drivers?|drove|driven|root cause|what explains)\b|왜|이유|원인|까닭|때문"
    r"|어째서|요인",
    re.IGNORECASE,
)
FORECAST: Final = re.compile(
    r"\b(?:predict\w*|forecast\w*|projections?|projected|extrapolat\w*|estimate\w*|next (?:\d+ )?(?:month|quarter|year|week|day)s?"
    r"|in the future|will|going to be)\b|예측|전망|예상|추정|다음 ?(?:달|분기|해|주|년)|내년|내후년|앞으로",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:top \d+ ?percent|cumulative\w*|running (?:total|sum)|moving averages?|rolling\b[\w ]*|weighted\b[\w ]*averages?"
    r"|variance|mode\b|most "
    r"frequent value"
    r"|ratio|divided by|multipl\w+|times (?!series)\w+|per capita|day of (?:the )?week|hour of (?:the )?day|day of (?:the )?month"
    r"|month of (?:the )?year|same (?:month|quarter|period|week|day) (?:of )?last year|average (?:daily|weekly|monthly|quarterly"
    r"|yearly|annual)"
    r"|(?:daily|weekly|monthly|quarterly|yearly|annual|per[ -](?:day|week|month|quarter|year)) averages?|cagr|compound\w*"
    r"|regression|cluster\w*"
    r"|significan\w+|outliers?|anomal\w+|normali[sz]\w*|half[- ]year\w*|(?:first|second) half|second (?:highest|lowest|best"
    r"|largest|most|biggest)"
    r"|(?:2nd|3rd|third) (?:highest|lowest|best|largest|most|biggest)|join\w*|merge\w*|fastest|per (?:order|customer|row|unit) "
    r"average)\b"
    r"|(?:top|상위|하위) ?\d+ ?(?:%|퍼센트|프로)"
    r"|누적|이동 ?평균|가중 ?평균|분산(?! ?형)|최빈|나누|나눈|곱하|곱한|전년 ?(?:동월|동기)|(?:월|일|주|연|분기|연간|월간|일간"
    r"|주간) ?평균|상반기|하반기"
    r"|두 ?번째|세 ?번째|이상치|이상값|회귀|군집|유의|조인|병합|1인당|당 평균|평균 대비|비율 ?계산",
    re.IGNORECASE,
)
_GROWTH: Final = re.compile(
    r"\b(?:grew|grow\w*|increas\w*|decreas\w*|declin\w*|dropp?\w*|fell|rose|rising|falling|improv\w*)\b|성장|증가|감소|늘어|늘었"
    r"|줄어|줄었|하락|상승|급증|급감"
)
_SUPERLATIVE: Final = re.compile(
    r"\b(?:most|least|best|worst|top|highest|lowest|biggest|largest|which)\b|가장|제일|상위|하위|최고|최저|어느|어떤",
    re.IGNORECASE,
)


def other_calculation(text: str) -> str:
    """The words of a calculation that the rules do not know; "" where there are none."""
    if found := _OTHER.search(text):
        return found[0].strip()
    growth = _GROWTH.search(text)
    if growth and (
        _SUPERLATIVE.search(text)
        or EACH.search(
            re.sub(
                r"\b(?:by|per) (?:day|week|month|quarter|year)s?\b|[월주일]별|분기별|연도별|년별", "", text
            )
        )
    ):
        return growth[0].strip()  # how much each of several things grew
    return ""
