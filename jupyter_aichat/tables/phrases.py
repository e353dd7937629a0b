"""Every word of a rendered result, in English and in Korean.

Korean sentences put names where no particle depends on their last sound.
"""

from __future__ import annotations

from typing import Any, Final, Literal

__all__ = ["PHRASES", "Language", "Words", "words"]

Language = Literal["en", "ko"]

PHRASES: Final[dict[str, tuple[str, str]]] = {
    # titles
    "profile": ("{name}: {rows} × {columns}", "{name}: {rows} × {columns}"),
    "missing": ("Missing values in {name}", "{name} 결측값"),
    "duplicates": ("Duplicate rows in {name}", "{name} 중복 행"),
    "describe": ("Statistics of {name}", "{name} 기술통계"),
    "correlation": ("Correlation in {name}", "{name} 상관관계"),
    "group_by": ("{measure} by {keys}", "{keys}별 {measure}"),
    "top_groups": ("Top {n} by {measure}: {keys}", "{measure} 상위 {n}개: {keys}"),
    "bottom_groups": ("Lowest {n} by {measure}: {keys}", "{measure} 하위 {n}개: {keys}"),
    "top_rows": ("Top {n} rows by {measure}", "{measure} 상위 {n}개 행"),
    "bottom_rows": ("Lowest {n} rows by {measure}", "{measure} 하위 {n}개 행"),
    "trend": ("{measure} by {period}", "{period}별 {measure}"),
    # measures
    "sum": ("Total {value}", "{value} 합계"),
    "mean": ("Average {value}", "{value} 평균"),
    "median": ("Median {value}", "{value} 중앙값"),
    "min": ("Smallest {value}", "{value} 최솟값"),
    "max": ("Largest {value}", "{value} 최댓값"),
    "count": ("Count of {value}", "{value} 개수"),
    "distinct": ("Different values of {value}", "서로 다른 {value} 수"),
    "rows": ("Number of rows", "행 수"),
    # periods
    "day": ("day", "일"),
    "week": ("week", "주"),
    "month": ("month", "월"),
    "quarter": ("quarter", "분기"),
    "year": ("year", "연도"),
    "before_day": ("day", "전날"),
    "before_week": ("week", "전주"),
    "before_month": ("month", "전월"),
    "before_quarter": ("quarter", "전 분기"),
    "before_year": ("year", "전년"),
    # kinds
    "kind_integer": ("whole number", "정수"),
    "kind_number": ("number", "숫자"),
    "kind_date": ("date", "날짜"),
    "kind_datetime": ("date and time", "날짜·시간"),
    "kind_boolean": ("true/false", "참·거짓"),
    "kind_text": ("text", "텍스트"),
    # headings of columns
    "h_column": ("Column", "열"),
    "h_kind": ("Kind", "종류"),
    "h_missing": ("Missing", "결측"),
    "h_unique": ("Distinct", "고윳값"),
    "h_values": ("Values", "값"),
    "h_share": ("Share", "비율"),
    "h_rows": ("Rows", "행 수"),
    "h_used": ("Values", "값 수"),
    "h_count": ("Count", "개수"),
    "h_mean": ("Mean", "평균"),
    "h_std": ("Std. dev.", "표준편차"),
    "h_min": ("Min", "최솟값"),
    "h_max": ("Max", "최댓값"),
    "h_median": ("Median", "중앙값"),
    "h_change": ("Change", "증감률"),
    "h_times": ("Times", "횟수"),
    "h_pair": ("Columns", "열"),
    "all_different": ("all different", "모두 다름"),
    # sentences
    "complete": ("No value is missing.", "결측값이 없어요."),
    "some_missing": (
        "Missing values: {missing}, in {affected} of {columns} columns.",
        "결측값은 {columns}개 열 중 {affected}개 열에 모두 {missing}개 있어요.",
    ),
    "no_duplicates": ("No row occurs twice.", "중복 행이 없어요."),
    "some_duplicates": ("Rows that repeat an earlier one: {extra}.", "앞의 행과 똑같은 중복 행이 {extra}개 있어요."),
    "span": ("{column} goes from {first} to {last}.", "{column} 범위: {first} ~ {last}."),
    "missing_rows": (
        "Complete rows: {complete} of {rows}.",
        "전체 {rows}행 중 {complete}행에 빠진 값이 없어요.",
    ),
    "most_missing": (
        "Most values are missing in {column}: {count} ({share}).",
        "결측이 가장 많은 열: {column}, {count}개({share}).",
    ),
    "duplicate_rows": (
        "Rows that repeat an earlier one: {extra} of {rows}. Different rows that occur more than once: {groups}.",
        "전체 {rows}행 중 {extra}행이 앞의 행과 똑같아요. 두 번 이상 나오는 행은 {groups}가지예요.",
    ),
    "compared": ("Compared in {columns} only.", "비교한 열: {columns}."),
    "total": ("Over all {rows}: {value}.", "{rows} 전체: {value}."),
    "figure": ("{measure}: **{value}** (over all {rows}).", "{measure}: **{value}** ({rows} 전체)."),
    "rows_figure": ("{measure}: **{value}**.", "{measure}: **{value}**."),
    "n_rows": ("{count} rows", "{count}행"),
    "n_columns": ("{count} columns", "{count}열"),
    "one_column": ("1 column", "1열"),
    "one_row": ("1 row", "1행"),
    "used_rows": ("{count} rows with a value", "값이 있는 {count}행"),
    "one_used_row": ("1 row with a value", "값이 있는 1행"),
    "no_figure": ("{measure}: no row has a value.", "{measure}: 값이 있는 행이 없어요."),
    "extremes": ("Highest: {high}; lowest: {low}.", "가장 큼: {high}. 가장 작음: {low}."),
    "group_value": ("{key}, {value}", "{key}, {value}"),
    "group_value_share": ("{key}, {value} ({share})", "{key}, {value}({share})"),
    "ties": ("Further rows with the same last value: {ties}.", "마지막 값과 같은 행이 {ties}개 더 있어요."),
    "latest": (
        "Latest: {key}, {value} ({change} on the {period} before).",
        "마지막: {key}, {value}({period} 대비 {change}).",
    ),
    "latest_plain": ("Latest: {key}, {value}.", "마지막: {key}, {value}."),
    "open_end": (
        "The data end on {day}, so the last {period} may be incomplete.",
        "데이터가 {day}까지라서 마지막 {period}의 값은 아직 다 차지 않았을 수 있어요.",
    ),
    "undated": ("Rows without a date, left out: {rows}.", "날짜가 없는 {rows}행은 제외했어요."),
    "strongest": (
        "Strongest: {first} and {second}, r = {r} over {rows}.",
        "가장 강함: {first}·{second}, r = {r}({rows}).",
    ),
    "no_strongest": ("No pair of columns varies together in any rows.", "함께 변하는 열이 없어요."),
    "no_cause": ("A correlation does not show a cause.", "상관관계가 원인을 뜻하지는 않아요."),
    "empty_table": ("The table has column names but no rows.", "열 이름만 있고 행이 없어요."),
    "filtered": ("Only {conditions}: {rows} of {total} rows.", "조건: {conditions}. 전체 {total}행 중 {rows}행."),
    "condition": ("{column} {sign} {values}", "{column} {sign} {values}"),
    "or": (" or ", " 또는 "),
    "and": (" and ", ", "),
    "shown": ("Shown: {shown} of {of}.", "{of}개 중 {shown}개 표시."),
    "shown_last": ("Shown: the last {shown} of {of}.", "{of}개 중 마지막 {shown}개 표시."),
    "rounded": ("Long decimals are rounded for display.", "긴 소수는 반올림해 표시했어요."),
    "none": ("(missing)", "(결측)"),
    # how the file was read
    "notes": ("How the file was read", "파일을 읽은 방식"),
    "format": ("{format}.", "{format}."),
    "format_text": ("{format}, {encoding}, separated by {delimiter}.", "{format}, {encoding}, 구분 기호: {delimiter}."),
    "comma": ("commas", "쉼표"),
    "semicolon": ("semicolons", "세미콜론"),
    "tab": ("tabs", "탭"),
    "bar": ("vertical bars", "세로줄"),
    "sheet": ("Sheet {detail}; not read: {examples}.", "시트: {detail}. 읽지 않은 시트: {examples}."),
    "no_header": (
        "The first row looks like data, so the columns were named by number.",
        "첫 행이 데이터로 보여서 열에 번호로 이름을 붙였어요.",
    ),
    "rows_above_header": ("Rows above the header, left out: {values}.", "머리글 위의 {values}행은 제외했어요."),
    "empty_rows": ("Empty rows left out: {values}.", "빈 행 {values}개는 제외했어요."),
    "empty_columns": (
        "Empty columns without a name, left out: {values}.",
        "이름 없는 빈 열 {values}개는 제외했어요.",
    ),
    "renamed": (
        "{columns}: named so because the name in the file ({detail}) occurs before.",
        "{columns}: 파일의 이름({detail})이 앞에도 있어서 이렇게 바꿨어요.",
    ),
    "renamed_blank": (
        "{columns}: named by number because the file gives no name.",
        "{columns}: 파일에 이름이 없어서 번호로 이름을 붙였어요.",
    ),
    "trimmed": ("{columns}: spaces around values were removed.", "{columns}: 값 앞뒤의 공백을 없앴어요."),
    "missing_markers": (
        "{columns}: {examples} read as missing ({values} in all).",
        "{columns}: {examples} 표시는 결측으로 봤어요(모두 {values}개).",
    ),
    "numbers": ("{columns}: read as numbers (“{detail}”).", "{columns}: 숫자로 읽었어요(“{detail}”)."),
    "numbers_plain": ("{columns}: read as numbers.", "{columns}: 숫자로 읽었어요."),
    "dates": ("{columns}: read as dates (“{detail}”).", "{columns}: 날짜로 읽었어요(“{detail}”)."),
    "quarters": (
        "{columns}: read as quarters (“{detail}”), each as its first day.",
        "{columns}: 분기로 읽었어요(“{detail}”). 각 분기의 첫날로 계산해요.",
    ),
    "misfits": (
        "Values that did not fit and count as missing: {misfits} ({examples}).",
        "맞지 않는 값 {misfits}개는 결측으로 봤어요({examples}).",
    ),
    "day_first": ("{columns}: “{detail}” read as day/month/year.", "{columns}: “{detail}”을 일/월/연도로 읽었어요."),
    "month_first": (
        "{columns}: “{detail}” read as month/day/year; nothing in the file decides.",
        "{columns}: “{detail}” 형식은 월/일/연도로 읽었어요. 파일만으로는 확실하지 않아요.",
    ),
    "zone_dropped": (
        "{columns}: all times are in {detail}; they are shown as written there.",
        "{columns}: 모든 시각이 {detail} 기준이라 적힌 그대로 썼어요.",
    ),
    "zone_utc": (
        "{columns}: times from several time zones were brought to UTC.",
        "{columns}: 시간대가 섞여 있어 UTC로 맞췄어요.",
    ),
    "leading_zeros": (
        "{columns}: kept as text because of leading zeros ({examples}).",
        "{columns}: 0으로 시작하는 값({examples})이 있어 텍스트로 두었어요.",
    ),
    "long_digits": (
        "{columns}: kept as text; so many digits are identifiers ({examples}).",
        "{columns}: 자릿수가 길어 식별자로 보고 텍스트로 두었어요({examples}).",
    ),
    "mixed_units": (
        "{columns}: kept as text because units are mixed ({examples}).",
        "{columns}: 단위가 섞여 있어({examples}) 텍스트로 두었어요.",
    ),
    "mostly_numbers": (
        "{columns}: kept as text; not numbers: {misfits} ({examples}).",
        "{columns}: 숫자가 아닌 값이 {misfits}개 있어({examples}) 텍스트로 두었어요.",
    ),
    "mostly_dates": (
        "{columns}: kept as text; not dates: {misfits} ({examples}).",
        "{columns}: 날짜가 아닌 값이 {misfits}개 있어({examples}) 텍스트로 두었어요.",
    ),
}  # fmt: skip
"""Key → (English, Korean)."""


class Words:
    """The phrases of one language."""

    def __init__(self, language: str) -> None:
        self.language: Language = "ko" if language.lower().startswith("ko") else "en"
        self._index = 1 if self.language == "ko" else 0

    def __call__(self, key: str, /, **values: Any) -> str:
        """The phrase called `key` with its `{…}` filled in."""
        return PHRASES[key][self._index].format(**values)

    def rows(self, count: int, unused: int = 0) -> str:
        """A number of rows: "1 row", "1,234행"; if some are `unused`, of those that have a value."""
        one, many = ("one_used_row", "used_rows") if unused else ("one_row", "n_rows")
        return self(one) if count - unused == 1 else self(many, count=f"{count - unused:,}")

    def columns(self, count: int) -> str:
        """A number of columns: "1 column", "12열"."""
        return self("one_column") if count == 1 else self("n_columns", count=f"{count:,}")


def words(language: str) -> Words:
    """The phrases of `language` ("ko", "ko-KR"); English where there are none."""
    return Words(language)
