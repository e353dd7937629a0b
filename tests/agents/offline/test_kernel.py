"""Dataframes in the kernel: what the planner writes is run, and every figure of the answer is counted anew."""

import ast
import re
from typing import Any

import pandas as pd
import polars as pl
import pytest

from tests.agents.offline.datasets import FILES, ROWS
from tests.agents.offline.desk import SALES, Desk, Exchange
from tests.agents.offline.notebook import Notebook
from tests.agents.offline.test_wrong_numbers import CASES, Expected, figures, same

DATES = {
    "sales": "date",
    "매출": "날짜",
    "clinic": "admitted",
    "공장": "생산일",
    "bikes": "started",
    "직원": "입사일",
}
SPOKEN = {"매출": "주문", "직원": "인사"}
"""Names of variables that are words of the questions too say nothing new; these are other ones."""


def pandas_frame(name: str) -> Any:
    """A table as pandas, with its dates as dates."""
    frame = pd.DataFrame(ROWS[name])
    frame[DATES[name]] = pd.to_datetime(frame[DATES[name]])
    return frame


def frame_of(name: str, kind: str) -> Any:
    """A table in one of the forms that people have it in: pandas, pandas with dates as texts, polars."""
    if kind == "polars":
        return pl.DataFrame(ROWS[name])
    frame = pandas_frame(name)
    if kind == "texts":
        frame[DATES[name]] = frame[DATES[name]].dt.strftime("%Y-%m-%d")
    return frame


def asked(question: str, name: str, kind: str = "pandas", **others: Any) -> tuple[Notebook, Exchange]:
    """The answer to a question about a dataframe, and the notebook after it."""
    notebook = Notebook({f"df_{SPOKEN.get(name, name)}": frame_of(name, kind), **others})
    return notebook, notebook.ask(question)


ANSWERED = [(n, q, e) for n, q, e in CASES if e is not None]
REFUSED = [(n, q) for n, q, e in CASES if e is None and "order" not in q and "주문" not in q]


@pytest.mark.parametrize("kind", ["pandas", "texts", "polars"])
@pytest.mark.parametrize(("name", "question", "expected"), ANSWERED, ids=[f"{n}-{q}" for n, q, _ in ANSWERED])
def test_the_right_number(name: str, question: str, expected: Expected, kind: str) -> None:
    """The same questions as of files, in pandas and in polars: what plain Python counts, and it comes from the output."""
    notebook, exchange = asked(question, name, kind)
    assert same(figures(exchange.answer), expected), (exchange.answer, notebook.code)
    assert len(notebook.code) == 1


@pytest.mark.parametrize(("name", "question"), REFUSED, ids=[f"{n}-{q}" for n, q in REFUSED])
def test_no_number_where_nothing_is_understood(name: str, question: str) -> None:
    """No code is proposed for a question with a word or a calculation that the rules do not know."""
    notebook, exchange = asked(question, name)
    assert notebook.code == []
    assert figures(exchange.answer) is None


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_code_makes_new_names_and_changes_none(kind: str) -> None:
    """The person's variables stay as they are, also those that are called like what the code would make."""
    frame = frame_of("clinic", kind)
    mine = {
        "charge_by_ward": 1,
        "df_clinic_part": 2,
        "total_charge": 3,
        "fig": 4,
        "ax": 5,
        "best": 6,
        "best_name": 7,
    }
    notebook = Notebook({"df_clinic": frame, **mine})
    for question in (
        "charge by ward excluding Surgery",
        "total charge since 2026-03",
        "charge by ward as a chart",
    ):
        notebook.ask(question)
    assert {name: notebook.space[name] for name in mine} == mine
    assert notebook.space["df_clinic"] is frame
    assert frame.shape == frame_of("clinic", kind).shape
    assert len(notebook.code) == 4


def test_the_code_is_short_and_readable() -> None:
    """It is what a person would keep: one chain, the names of the columns, no helper of ours."""
    notebook, _ = asked("average wait minutes by ward", "clinic")
    [code] = notebook.code
    assert "jupyter_aichat" not in code
    assert 'df_clinic.groupby("ward", dropna=False)' in code
    assert len(code.splitlines()) < 10
    assert not any(
        isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import) for node in ast.walk(ast.parse(code))
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("last quarter total charge", "“last quarter” = 2026-04-01–2026-06-30, counted from the last date in the data."),
        ("지난 분기 charge 합계", "지난 분기 = 2026-04-01–2026-06-30, 데이터의 마지막 날짜 기준이에요."),
        ("지난달 charge 합계", "지난달 = 2026-08-01–2026-08-31, 데이터의 마지막 날짜 기준이에요."),
        ("올해 charge 합계", "올해 = 2026-01-01–2026-12-31, 데이터의 마지막 날짜 기준이에요."),
    ],
)  # fmt: skip
def test_relative_times_are_said(question: str, said: str) -> None:
    """Which days were meant, and what they were counted from."""
    assert said in asked(question, "clinic")[1].answer


def test_no_code_is_run_twice_and_two_questions_follow() -> None:
    """Each answer ends with two questions; asked as they stand, they are answered."""
    notebook, exchange = asked("charge by ward", "clinic")
    following = re.findall("“([^”]+)”", exchange.answer.rpartition("You could go on with")[2])
    assert len(following) == 2
    for question in following:
        assert "| " in notebook.ask(question).answer
    assert len(notebook.code) == 3


def test_two_questions_follow_answers_from_files_too() -> None:
    """Asked as they stand, they are answered."""
    desk = Desk({"clinic.csv": FILES["clinic"]})
    answer = desk.ask("charge by ward").answer
    following = re.findall("“([^”]+)”", answer.rpartition("You could go on with")[2])
    assert len(following) == 2
    assert all(desk.talk("charge by ward", question)[1].analyses for question in following)


def test_a_follow_up_stays_with_its_dataframe() -> None:
    """Also where another one would fit as well."""
    notebook = Notebook({"visits": frame_of("clinic", "pandas"), "rides": frame_of("bikes", "pandas")})
    _, second, third = notebook.talk("charge by ward", "and by physician?", "excluding Tanaka")
    assert set(figures(second.answer) or ()) == {"Okafor", "Lindqvist", "Tanaka"}  # type: ignore[arg-type]  # a table
    assert set(figures(third.answer) or ()) == {"Okafor", "Lindqvist"}  # type: ignore[arg-type]  # a table


def test_several_that_fit_are_asked_about() -> None:
    """By their names; nothing is run."""
    notebook = Notebook({"jan": frame_of("clinic", "pandas"), "feb": frame_of("clinic", "pandas")})
    answer = notebook.ask("charge by ward").answer
    assert "Which dataframe" in answer
    assert "`jan`" in answer
    assert "`feb`" in answer
    assert notebook.code == []


def test_denied_means_no_number() -> None:
    """It says so, with the reason, and proposes nothing else."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")}, deny="run_code")
    exchange = notebook.ask("charge by ward")
    assert exchange.answer.startswith(
        "The code was not run to its end, so there is no figure: The person declined"
    )
    assert "not now" in exchange.answer
    assert figures(exchange.answer) is None
    assert [name for _, name, _ in exchange.calls].count("run_code") == 1


def test_an_error_is_told_as_it_is() -> None:
    """A dataframe that is gone meanwhile."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")})
    inspect = notebook._inspect

    def gone(args: Any) -> str:
        told = inspect(args)
        notebook.space.pop("df", None)
        return told

    notebook._inspect = gone  # type: ignore[method-assign]  # the kernel changes behind the planner's back
    answer = notebook.ask("charge by ward").answer
    assert answer.startswith("The code was not run to its end")
    assert "NameError" in answer
    assert figures(answer) is None


@pytest.mark.parametrize("deny", ["inspect_variables", ""])
def test_without_a_dataframe_files_are_read_as_ever(deny: str) -> None:
    """No kernel, or nothing in it that the question is about."""
    notebook = Notebook({"x": 1, "tiny": pd.DataFrame({"a": [1]})}, {"sales.csv": SALES.encode()}, deny=deny)
    exchange = notebook.ask("revenue by region")
    assert exchange.args("analyse_table")["value"] == "revenue"
    assert notebook.code == []


def test_a_named_file_is_not_looked_for_in_the_kernel() -> None:
    """Nobody is asked to approve anything for it."""
    notebook = Notebook({"sales": frame_of("sales", "pandas")}, {"sales.csv": SALES.encode()})
    exchange = notebook.ask("revenue by region in sales.csv")
    assert "inspect_variables" not in {name for _, name, _ in exchange.calls}


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_two_dataframes_are_joined_by_their_key(kind: str) -> None:
    """Where the question needs a column of each; the total stays the total."""
    make = pl.DataFrame if kind == "polars" else pd.DataFrame
    orders = make({"plant": ["p1", "p2", "p1", "p3"], "tonnes": [5, 7, 11, 2]})
    plants = make({"plant": ["p1", "p2", "p3"], "province": ["North", "South", "South"]})
    notebook = Notebook({"orders": orders, "plants": plants})
    assert figures(notebook.ask("tonnes by province").answer) == {"North": 16.0, "South": 9.0}
    assert 'on="plant"' in notebook.code[0]


def test_output_that_is_not_the_codes_is_shown_and_not_read() -> None:
    """The person may edit the code: no figure is made of something else."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")})
    notebook._execute = lambda _: "4711 something else"  # type: ignore[method-assign, assignment]  # edited by the person
    answer = notebook.ask("charge by ward").answer
    assert "printed something else" in answer
    assert "4711 something else" in answer


@pytest.mark.parametrize("kind", ["pandas", "polars"])
@pytest.mark.parametrize("groups", [100, 800])
def test_what_is_left_out_of_a_long_table_is_not_judged(kind: str, groups: int) -> None:
    """Of 100 groups the largest and the smallest are told; of more than the code prints, neither is."""
    make = pl.DataFrame if kind == "polars" else pd.DataFrame
    notebook = Notebook(
        {"df": make({"plot": [f"p{i:04}" for i in range(groups)], "yield_kg": range(1, groups + 1)})}
    )
    answer = notebook.ask("yield by plot").answer
    assert f"| p{groups - 1:04} | {groups} |" in answer
    assert ("Highest: p0099, 100; lowest: p0000, 1." in answer) == (groups == 100)
    assert ("of 100." in answer) == (groups == 100)
    assert "lowest" not in answer or groups == 100


def test_output_with_a_piece_cut_out_is_not_read() -> None:
    """The middle of a long output is missing: no figure is made of the rest."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")})
    execute = notebook._execute

    def cut(code: str) -> str:
        lines = execute(code).splitlines()
        return "\n".join([*lines[:3], "[… 9,000 characters were left out …]", *lines[4:]])

    notebook._execute = cut  # type: ignore[method-assign]  # as a kernel's long output comes
    answer = notebook.ask("charge by ward").answer
    assert "printed something else" in answer
    assert figures(answer) is None


CHARTS = [
    ("clinic", "monthly charge as a chart", "ax.plot(", "Total charge by month: highest 2026-01"),
    ("clinic", "charge by ward as a bar chart", "ax.barh(", "Total charge by ward: highest "),
    ("clinic", "histogram of wait minutes", "ax.hist(", "wait_minutes: median "),
    ("clinic", "scatter of wait minutes and charge", "ax.scatter(", "wait_minutes and charge: r = "),
    ("clinic", "box plot of charge", "ax.boxplot(", "charge: median "),
    ("공장", "라인별 불량수 그래프로 보여줘", "ax.barh(", "라인별 불량수 합계: 가장 큼 "),
    ("공장", "월별 투입량 추이를 그래프로", "ax.plot(", "월별 투입량 합계: 가장 큼 "),
    ("공장", "투입량 히스토그램", "ax.hist(", "투입량: 중앙값 "),
]


@pytest.mark.parametrize("kind", ["pandas", "polars"])
@pytest.mark.parametrize(("name", "question", "draws", "title"), CHARTS, ids=[q for _, q, _, _ in CHARTS])
def test_charts(name: str, question: str, draws: str, title: str, kind: str) -> None:
    """The form that fits, labelled axes, a title that states the finding; every letter has a glyph."""
    notebook, exchange = asked(question, name, kind)
    code = notebook.code[-1]
    assert draws in code
    assert "set_ylabel(" in code or "set_xlabel(" in code
    [drawn] = notebook.charts
    assert drawn.startswith(title)
    assert drawn in exchange.answer


def test_the_last_answer_becomes_a_chart() -> None:
    """Said after a question, it draws what was asked, with its filters."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")})
    notebook.talk("charge by ward excluding Surgery", "as a chart")
    assert notebook.charts == [
        title for title in notebook.charts if title.startswith("Total charge by ward: highest ")
    ]
    assert '~df["ward"].isin(["Surgery"])' in notebook.code[-1]


@pytest.mark.parametrize("kind", ["pandas", "texts", "polars"])
def test_the_whole_way_to_a_report_in_a_cell(kind: str) -> None:
    """Analyst, visualizer, writer; then the report becomes a cell. Every figure of it was printed by the code."""
    notebook = Notebook({"df_매출": frame_of("매출", kind)})
    report, inserted = notebook.talk("지난 분기 매출 데이터를 분석하고 보고서 초안을 써줘", "셀로 넣어줘")
    assert [name for _, name, _ in report.calls if name.startswith("ask_")] == [
        "ask_analyst",
        "ask_visualizer",
        "ask_writer",
    ]
    assert "지난 분기 = 2026-07-01–2026-09-30, 데이터의 마지막 날짜 기준" in report.answer
    assert "셀로 넣어줘" in report.answer
    expected = sum(
        row["매출액"] for row in ROWS["매출"] if (row["날짜"].year, (row["날짜"].month + 2) // 3) == (2026, 3)
    )
    table = report.answer.partition("### 지역별 매출액 합계")[2].partition("###")[0]
    assert (
        sum(int(one.replace(",", "")) for one in re.findall(r"^\| \S+ \| ([\d,]+) \|", table, re.MULTILINE))
        == expected
    )
    [(source, cell_type)] = notebook.cells
    assert cell_type == "markdown"
    assert source.startswith("## ")
    assert source in report.answer
    assert "넣었어요" in inserted.answer


def test_a_report_without_a_chart_is_still_written() -> None:
    """The visualizer was denied; what the analyst found stands."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")})
    execute, runs = notebook._execute, []

    def once(code: str) -> str:
        runs.append(code)
        if len(runs) > 1:
            from jupyter_aichat.errors import ToolError

            raise ToolError("The person declined to run this code, so it was not done.")
        return execute(code)

    notebook._execute = once  # type: ignore[method-assign]  # denied from the second time on
    answer = notebook.ask("write a report on charge").answer
    assert answer.startswith("## Report: df")
    assert "### Total charge by ward" in answer


def test_nothing_to_insert_is_said() -> None:
    """No report, no cell."""
    notebook = Notebook({"df": frame_of("clinic", "pandas")})
    assert "no report" in notebook.ask("insert it as a cell").answer
    assert notebook.cells == []
