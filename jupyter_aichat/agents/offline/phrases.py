"""Every sentence of the offline agents, in English and in Korean (해요체). None of them holds a figure."""

from __future__ import annotations

from typing import Final

from jupyter_aichat.agents.offline.language import Language

__all__ = ["PHRASES", "say"]

PHRASES: Final[dict[str, tuple[str, str]]] = {
    # the supervisor, by itself
    "greeting": (
        ("Hello. This is offline mode: answers come from rules, without an AI model. Name a table and say what you "
        "want to know, for example “Profile sales.csv”, or ask “What can you do?”."),
        ("안녕하세요. 지금은 오프라인 모드라서 AI 모델 없이 규칙으로 답해요. 파일 이름과 궁금한 것을 알려 주세요. "
        "예: “sales.csv 살펴봐 줘”. “뭐 할 수 있어?”라고 물어도 돼요."),
    ),
    "thanks": ("You're welcome. Ask on whenever you like.", "도움이 됐다니 다행이에요. 더 궁금한 것이 있으면 물어보세요."),
    "help": (
        ("In offline mode the answers come from rules, without an AI model. Every figure is calculated, from the dataframes "
        "in the notebook's kernel by code that you approve, or from your file (CSV, TSV, Parquet, Excel).\n\n{works}\n\n"
        "A question may go on from the last one: “and by product?”, “as a chart”. Other code and free conversation need a "
        "connected model."),
        ("오프라인 모드에서는 AI 모델 없이 규칙으로 답해요. 숫자는 모두 직접 계산해요. 노트북 커널의 데이터프레임은 승인하신 코드로, "
        "파일(CSV, TSV, Parquet, Excel)은 파일에서 바로 계산해요.\n\n{works}\n\n"
        "“제품별로는?”, “그래프로”처럼 앞 질문에 이어서 물어도 돼요. 다른 코드 작성과 자유로운 대화는 모델을 연결하면 할 수 있어요."),
    ),
    "works": (
        ("- **Overview**: “Profile sales.csv”\n"
        "- **Missing values and duplicates**: “What is missing in sales.csv?”, “Are there duplicates?”\n"
        "- **Statistics**: “Statistics of unit_price”\n"
        "- **Groups**: “Average rating by channel”, “Revenue by region and quarter in Seoul”\n"
        "- **Largest and smallest**: “Top products by revenue”\n"
        "- **Over time**: “Monthly revenue trend”\n"
        "- **Correlation**: “Correlation between price and quantity”\n"
        "- **Report**: “Write a short report on sales.csv”\n"
        "- **Files**: “Which files are there?”"),
        ("- **살펴보기**: “sales.csv 살펴봐 줘”\n"
        "- **결측값과 중복**: “결측값 확인해 줘”, “중복 행 있어?”\n"
        "- **기술통계**: “단가 통계 보여 줘”\n"
        "- **그룹별 계산**: “채널별 평점 평균”, “서울의 제품별 매출”\n"
        "- **상위와 하위**: “매출 상위 제품”\n"
        "- **추이**: “월별 매출 추이”\n"
        "- **상관관계**: “가격과 수량의 상관관계”\n"
        "- **보고서**: “sales.csv 보고서 써 줘”\n"
        "- **파일**: “어떤 파일이 있어?”"),
    ),
    "not_understood": (
        ("That question doesn't fit any of the rules of offline mode. These work:\n\n{works}\n\n"
        "For anything else, connect a model."),
        ("오프라인 모드의 규칙으로는 이해하지 못한 질문이에요. 이런 것은 할 수 있어요.\n\n{works}\n\n"
        "다른 질문은 모델을 연결하면 답할 수 있어요."),
    ),
    "no_analyst": (
        "The analyst is not part of this team, so tables can't be read. Enable the agent “analyst” in the settings.",
        "지금 팀에 분석가가 없어서 표를 읽을 수 없어요. 설정에서 “analyst” 에이전트를 켜 주세요.",
    ),
    # handing over: what to do …
    "hand_profile": ("I'll ask the analyst to profile {file}.", "분석가에게 {file} 살펴보기를 맡길게요."),
    "hand_missing": (
        "I'll ask the analyst to look for missing values in {file}.",
        "분석가에게 {file} 결측값 확인을 맡길게요.",
    ),
    "hand_duplicates": (
        "I'll ask the analyst to look for duplicates in {file}.",
        "분석가에게 {file} 중복 확인을 맡길게요.",
    ),
    "hand_describe": (
        "I'll ask the analyst for the statistics of {file}.",
        "분석가에게 {file} 통계 계산을 맡길게요.",
    ),
    "hand_correlation": (
        "I'll ask the analyst for correlations in {file}.",
        "분석가에게 {file} 상관관계 계산을 맡길게요.",
    ),
    "hand_trend": (
        "I'll ask the analyst how it develops over time in {file}.",
        "분석가에게 {file} 추이 계산을 맡길게요.",
    ),
    "hand_top_n": ("I'll ask the analyst for the ranking in {file}.", "분석가에게 {file} 순위 계산을 맡길게요."),
    "hand_group_by": ("I'll ask the analyst to add it up in {file}.", "분석가에게 {file} 집계를 맡길게요."),
    "hand_files": ("I'll ask the analyst which files there are.", "분석가에게 파일 확인을 맡길게요."),
    "hand_read": ("I'll ask the analyst to read {file}.", "분석가에게 {file} 읽기를 맡길게요."),
    "hand_report": (
        "First I'll ask the analyst for the figures of {file}; then the writer makes a report of them.",
        "먼저 분석가에게 {file} 계산을 맡기고, 그 결과로 작성자가 보고서를 쓸게요.",
    ),
    "hand_writer": ("The figures are there. Now the writer puts them together.", "계산이 끝났어요. 이제 작성자가 정리할게요."),
    "this_table": ("the table", "표"),
    # … and why
    "why_count": ("The figures have to be counted in the file.", "파일에서 직접 계산해야 하는 숫자예요."),
    "why_files": ("The analyst can look into the folders.", "폴더를 볼 수 있는 에이전트예요."),
    "why_write": ("The figures should become a text to pass on.", "계산 결과를 글로 정리할 차례예요."),
    "write_task": ("Write a short report on {file} from these results.", "이 결과로 {file} 짧은 보고서를 써 주세요."),
    "failed": ("The task could not be finished: {said}", "작업을 끝내지 못했어요: {said}"),
    # what needs a model
    "chart": (
        "Drawing charts of a file needs a connected model. Here are the figures a chart would show:",
        "파일로 차트를 그리려면 모델을 연결해야 해요. 대신 차트에 들어갈 숫자를 보여 드릴게요.",
    ),
    "chart_only": (
        ("Drawing charts needs a connected model, or a dataframe in the kernel and a figure to draw: “monthly revenue as a "
        "chart”. Of files the analyst can give the figures as a table: “monthly revenue in sales.csv”."),
        ("차트를 그리려면 모델을 연결해야 해요. 커널에 데이터프레임이 있으면 “월별 매출을 그래프로”처럼 물어도 그려 드리고, 파일은 "
        "“sales.csv 월별 매출”처럼 물으면 숫자를 표로 보여 드려요."),
    ),
    "code": (
        ("Writing or explaining code needs a connected model; in offline mode tables can be analysed, for example "
        "“profile sales.csv”."),
        "코드를 쓰거나 설명하려면 모델을 연결해야 해요. 오프라인 모드에서는 “sales.csv 살펴봐 줘”처럼 표를 분석할 수 있어요.",
    ),
    "research": (
        ("Research needs a connected model; in offline mode only files in this folder can be read, for example “which "
        "files are there?”."),
        "조사하려면 모델을 연결해야 해요. 오프라인 모드에서는 “어떤 파일이 있어?”처럼 이 폴더의 파일만 볼 수 있어요.",
    ),
    "why": (
        ("Explaining why something happened needs a connected model; in offline mode the figures around it can be "
        "calculated, for example “revenue by region and month” or “monthly revenue trend”."),
        "왜 그런지 설명하려면 모델을 연결해야 해요. 오프라인 모드에서는 “지역별 월별 매출”처럼 관련 숫자를 계산해 드려요.",
    ),
    "forecast": (
        ("Forecasting needs a connected model; in offline mode the past can be calculated, for example “monthly revenue "
        "trend”."),
        "예측하려면 모델을 연결해야 해요. 오프라인 모드에서는 “월별 매출 추이”처럼 지난 숫자를 계산해 드려요.",
    ),
    "other": (
        "This agent needs a connected model; in offline mode the analyst can analyse tables.",
        "이 에이전트는 모델을 연결해야 일할 수 있어요. 오프라인 모드에서는 분석가가 표를 분석해 드려요.",
    ),
    "custom": (
        "This agent needs a connected model: there are no offline rules for “{agent}”. The analyst can analyse tables.",
        "이 에이전트는 모델을 연결해야 일할 수 있어요. “{agent}”에는 오프라인 규칙이 없어요. 표는 분석가가 분석해 드려요.",
    ),
    "hand_custom": ("I'll pass this on to “{agent}”.", "“{agent}”에게 맡길게요."),
    "why_custom": ("It was asked for by name.", "이름을 불러 요청했어요."),
    # the analyst
    "listing": ("Looking for files first.", "먼저 파일을 찾아볼게요."),
    "reading": ("Reading `{file}`.", "`{file}` 파일을 읽을게요."),
    "calculating": ("The columns are known; now the calculation.", "열을 확인했어요. 이제 계산할게요."),
    "drawing": ("This code draws it from `{frame}`.", "`{frame}`(으)로 그리는 코드예요."),
    "drawn": (
        "The chart of the dataframe `{frame}` is drawn. It shows: {title}.",
        "데이터프레임 `{frame}` 차트를 그렸어요. 보이는 것: {title}.",
    ),
    "not_drawn": ("The chart was not drawn: {said}", "차트를 그리지 못했어요: {said}"),
    "no_chart": (
        "Ask for a figure by month or for each value of one column, for example “monthly revenue as a chart”.",
        "“월별 매출을 그래프로”처럼 기간별이나 한 열의 값별 숫자를 물어보면 그릴 수 있어요.",
    ),
    "title_highest": ("{heading}: highest {key} ({value})", "{heading}: 가장 큼 {key} ({value})"),
    "title_middle": ("{name}: median {middle}", "{name}: 중앙값 {middle}"),
    "title_related": ("{first} and {second}: r = {r}", "{first}·{second}: r = {r}"),
    "hand_visualizer": ("Now the visualizer draws it.", "이제 시각화 담당이 차트를 그릴게요."),
    "why_draw": ("The figures should be seen.", "숫자를 그림으로 볼 차례예요."),
    "hand_insert": ("The writer puts it into the notebook.", "작성자가 노트북에 넣을게요."),
    "why_insert": ("The text should stand in the notebook.", "글을 노트북에 넣을 차례예요."),
    "insert_task": ("Insert this text as a Markdown cell.", "이 글을 Markdown 셀로 넣어 주세요."),
    "inserting": ("As a Markdown cell at the end of the notebook.", "노트북 끝에 Markdown 셀로 넣을게요."),
    "inserted": ("It stands in the notebook now, as a Markdown cell at its end.", "노트북 끝에 Markdown 셀로 넣었어요."),
    "not_inserted": ("It was not inserted: {said}", "셀로 넣지 못했어요: {said}"),
    "nothing_to_insert": (
        "There is no report to insert yet. Ask for one first, for example “write a report”.",
        "아직 넣을 보고서가 없어요. 먼저 “보고서 써 줘”라고 물어보세요.",
    ),
    "offer_insert": (
        "Say “insert it as a cell” and it goes into the notebook.",
        "“셀로 넣어줘”라고 하면 노트북에 넣어 드려요.",
    ),
    "looking": ("Looking into the kernel first.", "먼저 커널에 있는 데이터를 볼게요."),
    "coding": ("This code calculates it from `{frame}`.", "`{frame}`(으)로 계산하는 코드예요."),
    "from_frame": ("From the dataframe `{frame}` in the kernel:", "커널의 데이터프레임 `{frame}` 기준이에요."),
    "from_joined": ("From two dataframes, joined as the dataframe `{frame}`:", "두 표를 합친 데이터프레임 `{frame}` 기준이에요."),
    "which_frame": ("Which dataframe do you mean?", "어느 데이터프레임을 볼까요?"),
    "not_run": (
        "The code was not run to its end, so there is no figure: {said}",
        "코드가 끝까지 실행되지 않아서 숫자가 없어요: {said}",
    ),
    "other_output": (
        "The code printed something else than expected, so here it is as it stands:",
        "예상과 다른 출력이라 그대로 보여 드려요.",
    ),
    "no_value": ("no value", "값 없음"),
    "h_total": ("Total", "합계"),
    "h_mean": ("Mean", "평균"),
    "h_median": ("Median", "중앙값"),
    "h_smallest": ("Smallest", "최솟값"),
    "h_largest": ("Largest", "최댓값"),
    "h_count": ("Count", "개수"),
    "h_different": ("Different", "고윳값"),
    "h_rows": ("Rows", "행 수"),
    "h_share": ("Share", "비율"),
    "h_change": ("Change", "증감률"),
    "h_missing": ("Missing", "결측"),
    "h_day": ("day", "일"),
    "h_week": ("week", "주"),
    "h_month": ("month", "월"),
    "h_quarter": ("quarter", "분기"),
    "h_year": ("year", "연도"),
    "from_file": ("From `{file}`:", "`{file}` 기준이에요."),
    "only_table": ("There is one table, `{file}`:", "표가 하나 있어서 `{file}` 파일로 계산했어요."),
    "one_file": ("One file at a time: this is `{file}`.", "파일은 한 번에 하나씩 봐요. 이번에는 `{file}` 파일이에요."),
    "which_file": ("Which table do you mean?", "어느 표를 볼까요?"),
    "no_table": (
        "There is no table here. Put a CSV, TSV, Parquet or Excel file into this folder, then ask again.",
        "이 폴더에는 표가 없어요. CSV, TSV, Parquet, Excel 파일을 넣고 다시 물어보세요.",
    ),
    "files": ("These tables can be analysed:", "분석할 수 있는 표예요."),
    "other_files": ("Other files:", "다른 파일이에요."),
    "contents": ("This is in `{file}`:", "`{file}` 내용이에요."),
    "cut": ("The rest is left out here.", "뒷부분은 줄였어요."),
    "cannot_read": (
        "`{file}` can't be read here; tables can: CSV, TSV, Parquet and Excel.",
        "`{file}` 파일은 읽을 수 없어요. CSV, TSV, Parquet, Excel 표는 읽을 수 있어요.",
    ),
    "tool_said": ("That did not work: {said}", "계산하지 못했어요. 이유: {said}"),
    "unused": (
        "Not taken into account, because no column or value fits: {words}.",
        "맞는 열이나 값이 없어서 반영하지 못한 말: {words}.",
    ),
    "next": ("You could go on with: {questions}.", "이어서 이렇게 물어볼 수 있어요: {questions}."),
    "next_group": ("{value} by {key}", "{key}별 {value}"),
    "next_trend": ("monthly {value}", "월별 {value} 추이"),
    "next_profile": ("overview of {table}", "{table} 살펴보기"),
    "next_missing": ("missing values", "결측값"),
    # the analyst asks back
    "several_columns": ("Which column do you mean by “{word}”?", "“{word}”는 어느 열인가요?"),
    "no_column": (
        "`{file}` has no column for “{word}”. It has:",
        "`{file}` 파일에는 “{word}”에 맞는 열이 없어요. 있는 열이에요.",
    ),
    "no_numbers": (
        "`{word}` holds no numbers to calculate with. These do:",
        "`{word}` 열은 숫자가 아니라 계산할 수 없어요. 숫자 열이에요.",
    ),
    "no_number_column": ("`{file}` has no column of numbers.", "`{file}` 파일에는 숫자 열이 없어요."),
    "no_dates": (
        "`{file}` has no column of dates, so nothing can be followed over time.",
        "`{file}` 파일에는 날짜 열이 없어서 기간별로 볼 수 없어요.",
    ),
    "which_date": ("Which date do you mean?", "어느 날짜를 기준으로 할까요?"),
    "which_time": (
        "Name the year, quarter or month instead of “{word}”: `{column}` goes from {first} to {last}.",
        "“{word}” 대신 연도, 분기, 월을 알려 주세요. `{column}` 범위는 {first} ~ {last}이에요.",
    ),
    "by_data": (
        "“{word}” = {first}–{last}, counted from the last date in the data.",
        "{word} = {first}–{last}, 데이터의 마지막 날짜 기준이에요.",
    ),
    "by_today": ("“{word}” = {first}–{last}, counted from today.", "{word} = {first}–{last}, 오늘 날짜 기준이에요."),
    "lost": (
        ("I did not understand “{word}” in `{file}`, so nothing was calculated. If it is a value, put it in quotes behind its "
        "column: customer is “Kim”. These work:\n\n{works}"),
        ("`{file}` 파일에서 “{word}”(을)를 이해하지 못해서 계산하지 않았어요. 값이라면 열 이름 뒤에 따옴표로 적어 주세요. "
        "예: 고객 “김철수”. 이런 것은 할 수 있어요.\n\n{works}"),
    ),
    "doubtful": (
        "The rules of offline mode can't calculate “{word}”, so nothing was calculated. These work:\n\n{works}",
        "오프라인 모드의 규칙으로는 “{word}”(을)를 계산할 수 없어서 계산하지 않았어요. 이런 것은 할 수 있어요.\n\n{works}",
    ),
    "which_compared": (
        "Which column is meant by “{word}”? Name it before the number, for example “revenue over 1000”.",
        "“{word}”(은)는 어느 열의 조건인가요? “매출 1000 이상”처럼 숫자 앞에 열 이름을 적어 주세요.",
    ),
    "group_bound": (
        ("“{word}” may be about single rows or about each group's figure. Groups can't be filtered by their figure; ask for "
        "the ranking instead, or say “rows with …” if single rows are meant."),
        ("“{word}” 조건이 행마다인지 그룹 전체 값인지 분명하지 않아요. 그룹 값으로는 거를 수 없으니 순위로 물어보거나, 행마다라면 "
        "“… 인 행”이라고 알려 주세요."),
    ),
    "which_value": ("“{word}” stands in several columns. Which one is meant?", "“{word}” 값은 여러 열에 있어요. 어느 열인가요?"),
    "no_group": (
        "That can only be calculated over all rows together, not for each group. Averages, medians and counts can be grouped.",
        "이 계산은 그룹별로는 할 수 없고 전체 행으로만 할 수 있어요. 평균, 중앙값, 개수는 그룹별로 계산할 수 있어요.",
    ),
    "which_measure": ("Which column should be calculated?", "어느 열을 계산할까요?"),
    "what": (
        "What would you like to know about `{file}`? Its columns:",
        "`{file}` 파일에서 무엇을 알고 싶으세요? 있는 열이에요.",
    ),
    "more_columns": ("… and more", "… 그 밖에도 있어요"),
    # the writer
    "report_title": ("Report: {file}", "{file} 보고서"),
    "report_untitled": ("Report", "보고서"),
    "report_scope": ("What was looked at", "살펴본 것"),
    "report_key": ("Key figures", "핵심 숫자"),
    "report_findings": ("Findings", "결과"),
    "report_notes": ("Assumptions", "가정한 것"),
    "report_next": ("Next steps", "다음에 할 일"),
    "report_next_text": (
        ("- Check the missing values and duplicates before drawing conclusions.\n"
        "- Look into the largest and smallest groups one by one.\n"
        "- Connect a model for explanations: this report is made by rules."),
        ("- 결론을 내리기 전에 결측값과 중복을 확인하세요.\n"
        "- 가장 큰 그룹과 작은 그룹을 하나씩 자세히 보세요.\n"
        "- 해석이 필요하면 모델을 연결하세요. 이 보고서는 규칙으로 만들었어요."),
    ),
    "nothing_to_write": (
        ("There is nothing to write about yet: in offline mode a report is made from the analyst's results. Ask for "
        "“a report on sales.csv”."),
        "아직 쓸 내용이 없어요. 오프라인 모드에서는 분석 결과로 보고서를 써요. “sales.csv 보고서 써 줘”라고 물어보세요.",
    ),
}  # fmt: skip
"""Key → (English, Korean)."""


def say(language: Language, key: str, /, **values: str) -> str:
    """The sentence called `key`, with its `{…}` filled in."""
    return PHRASES[key][language == "ko"].format(**values)
