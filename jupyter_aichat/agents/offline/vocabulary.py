"""Words that change nothing about what is calculated. Every other word has to be understood before a figure is given."""

from __future__ import annotations

import re
from typing import Final

from jupyter_aichat.agents.offline.language import Token
from jupyter_aichat.agents.offline.patterns import KEYWORDS, listed

__all__ = ["DECISIVE", "harmless"]

DECISIVE: Final = frozenset({"not", "no", "than", "if", "but", "over"})
"""Keywords that turn a question into another one, where nothing has understood them."""

_ENGLISH: Final = listed(
    """
    according actually again against aggregate aggregated ahead almost already always amongst answer any anything
    available back basis bit boss breakdown brief bring briefly business calculate calculated came can come comes company
    comparison comparisons complete compute computed concise contribute contributed contributes could curious current
    currently d dear details detail detailed displayed display doing done draft earn earned
    entire ever everything everywhere everyone exact exactly far
    feel fetch figure figures full generate generated generates give given gives go going good got great happen happened
    hello here hey hi identify in information info insight insights interested is just keep kind kindly know known large
    learn let lets level like list ll look looking m made main make makes management manager may maybe mean means meant
    monthwise much must nice numbers once ones order ordered orderly page part pattern patterns pivot people per perform
    performance performed performing period periods piece pls possible prepare present presented produce produced provide
    put question quick quickly re really report reported respectively result results return right s see seen segment
    segmented short simple simply since's slide small sort sorted split still summary sure take team tell thank thanks their
    thing things think time times today's together too try understand use using ve view viewed visual visualise visualize
    want wanted way well went what's whole whose wise wonder wondering work working would write written yet
    bars bar line scatter box histogram vs versus difference differences differ compares
    """
)
_PARTICLES: Final = listed("을 를 이 가 은 는 의 에 에서 와 과 도 만 로 으로 부터 까지 요 에는 들")
"""They stand alone where a date before them was taken out."""
_KOREAN: Final = re.compile(
    r"(?:좀|잘|한번|혹시|그냥|먼저|우선|이제|지금|현재|다시|또|및|또는|그리고|그래서|제발|저|제|나|내|우리|저희|회사|우리회사|전체"
    r"|전부|모두|총|각|각각|별|중|가운데"
    r"|대해|대해서|대한|관해|관한|관련|관련된|따라|따른|따라서|기준|단위|순|순서|정도|얼마|얼만|몇|무엇|무엇인지|뭐|뭔지|뭐가"
    r"|어떻게|어떤|어느|어디|언제|누구|가장|제일"
    r"|것|거|게|걸|건지|수|때|동안|기간|시기|내역|현황|상황|실적|결과|수치|숫자|값|표|목록|내용|정보|자료|데이터|데이터셋|초안"
    r"|간단|간단히|간단하게|짧은|짧게"
    r"|자세히|자세하게|정확히|정확한|빨리|한눈|비교|분석|요약|정리|계산|집계|조회|추출|확인|합|합계|도|그|이|그건|이건|질문|판매"
    r"|막대|선|보고서|팀장님|부장님|사장님"
    r"|차이|비중|비율|구성|구성비|분류|그룹|모양|형태|큰|작은|높은|낮은|많은|적은|많이|적게|크게|작게|네|예|응|안녕|안녕하세요"
    r"|감사|고마워|오케이|줄|해|월|일|연|년)"
    r"(?:이에요|인가요|입니까|이야|인지|인가|일까요?|이지|이죠|예요|에요|야|들)?(?:만|도)?(?:을|를|은|는|이|가|의|에|에서|에는|로"
    r"|으로|로는|과|와|요|부터)?"
    r"|(?:보여|알려|말해|가르쳐|찾아|뽑아|구해|구하|계산|집계|정리|분석|요약|비교|확인|조회|설명|나눠|나누어|묶어|부탁|궁금|알고"
    r"|싶|원해|써|쓰|작성|만들|그려|어때|어떻"
    r"|어떠|나와|나오|나타|차지|있|뭐야|뭔가|뭐지|얼마|얼만)[가-힣]*"
    r"|(?:되|돼|된|될|됐)(?:는|어|나|니|었|는지|요|나요|었어|었나|었니|었는지|지)?[가-힣]{0,2}"
    r"|하(?:는|고|면|여|기|니|나|자|지|세요|려|려고|실|시|겠)[가-힣]{0,3}|해(?:줘|주|요|봐|라|줄|야)[가-힣]{0,3}|했[가-힣]{0,3}"
    r"|보(?:여|이|고|면|자|니|려|기|는|세|내)[가-힣]{0,4}|봐[가-힣]{0,3}|볼[가-힣]{0,3}|주(?:세요|실|면|라|십시오|시|고"
    r"|겠)[가-힣]{0,3}|줘[가-힣]?|줄래[가-힣]?"
    r"|팔(?:린|리|았|렸|아)[가-힣]{0,3}|(?:높|낮|많|적|크|작)(?:은지|은가|은가요|나요|았|았나요|았어|아|지|은|은데"
    r"|은곳)[가-힣]{0,2}|큰지|큰가[가-힣]?"
    r"|(?:이|인|일)(?:야|가|지|까|니|에요|고|며)[가-힣]{0,2}|입니[가-힣]+|예요|에요|무슨|어느"
)  # fmt: skip


def harmless(token: Token) -> bool:
    """Whether a word says nothing that a figure depends on."""
    if any(form in DECISIVE for form in token.forms):
        return False
    if token.text.isascii():
        return any(form in KEYWORDS or form in _ENGLISH for form in token.forms)
    return (
        token.text in _PARTICLES
        or any(form in KEYWORDS for form in (*token.forms, token.text))
        or bool(_KOREAN.fullmatch(token.text))
    )
