"""Whether something is done, asked or refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.actions.action import Action
from jupyter_aichat.actions.effects import CodeEffects, code_effects
from jupyter_aichat.actions.policy import (
    ActGrant,
    ActKind,
    Grant,
    Lock,
    Mode,
    Policy,
    Proposal,
    State,
    Verdict,
    digest,
    permitted,
    verdict,
)
from jupyter_aichat.actions.sql import SqlCheck, read_only_select
from tests.actions.snippets import EVASIONS

KERNEL = State(existing={"df", "df_sales", "pd", "total"}, dataframes={"df", "df_sales", "매출"})
HERE = {"thread_id": "t", "run_id": "r", "kernel_id": "k", "generation": "g"}


def code(text: str, **where: Any) -> Proposal:
    """A proposal to run code."""
    return Proposal("run_code", text, **{**HERE, **where})


def granted(kind: ActKind = "run_code", scope: Any = "thread", what: str = "", **where: Any) -> ActGrant:
    """A decision that a person took earlier."""
    return ActGrant(scope, kind, what, **{**HERE, **where})


def judge(text: str, *grants: ActGrant, state: State = KERNEL, policy: Policy | None = None) -> Verdict:
    """The verdict on running code."""
    return verdict(code(text), code_effects(text), state, grants, policy or Policy())


@pytest.mark.parametrize("kind", get_args(ActKind))
def test_by_default_only_what_reads_is_done_unasked(kind: ActKind) -> None:
    """Inspection, and SQL that is a single SELECT over dataframes; everything else asks."""
    effects: CodeEffects | SqlCheck | None = None
    content: Any = {"path": "a.md"} if kind == "write_file" else {}
    if kind == "run_sql":
        effects = read_only_select("SELECT 1 FROM df")
    elif kind in {"run_code", "run_cell"}:
        effects = code_effects("x = 1")
    found = verdict(Proposal(kind, content, **HERE), effects, KERNEL, [], Policy())
    assert found.decision == ("perform" if kind in {"inspect_variables", "run_sql"} else "ask")
    assert found.reason.endswith(".")


@pytest.mark.parametrize(
    ("sql", "decision", "word"),
    [
        ("SELECT * FROM df_sales JOIN 매출 USING (k)", "perform", "reads"),
        ("SELECT * FROM DF_SALES", "perform", "reads"),
        ("SELECT * FROM total", "ask", "total"),
        ("SELECT * FROM 'a.csv'", "ask", "a.csv"),
        ("DROP TABLE df", "ask", "DROP"),
        ("SELECT 1; SELECT 2", "ask", "2 statements"),
        ("SELECT * FROM read_csv('https://x.example/a')", "ask", "read_csv"),
    ],
)
def test_sql_runs_by_itself_only_over_dataframes(sql: str, decision: str, word: str) -> None:
    """A grant for the thread goes no further."""
    proposal = Proposal("run_sql", {"sql": sql}, **HERE)
    for grants in ([], [granted("run_sql")]):
        found = verdict(proposal, read_only_select(sql), KERNEL, grants, Policy())
        assert found.decision == decision
        assert word in found.reason


def test_a_grant_for_the_thread_covers_new_names() -> None:
    """Reading and giving values to names that nobody has yet."""
    text = "top = df.nlargest(5, 'a')\nprint(top)"
    assert judge(text).decision == "ask"
    assert judge(text, granted()) == Verdict("perform", "You allowed run_code for this thread.")
    assert judge(text, granted(scope="run")).decision == "perform"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("df = df.dropna()", "gives a new value to df"),
        ("import pandas as pd", "gives a new value to pd"),
        ("for total in [1]: pass", "gives a new value to total"),
        ("del df", "deletes df"),
        ("df['a'] = 1", "changes df"),
        ("y = df\ny.drop('a', axis=1, inplace=True)", "changes df"),
        ("open('a.txt', 'w')", "writes a.txt"),
        ("open('a.txt', m)", "may write a.txt"),
        ("open(p, 'w')", "a file that can not be told"),
        ("open('jupyter_server_config.py', 'w')", "configuration"),
        ("open('.env').read()", "hidden"),
        ("import requests", "network (requests)"),
        ("!id", "program (id)"),
        ("unknown(1)", "whose code is not here"),
        ("exec('1')", "text as code"),
    ],
)
def test_a_grant_covers_nothing_of_the_users(text: str, word: str) -> None:
    """New values, deletion, changes, files, network, other programs and what can't be told ask again."""
    found = judge(text, granted(), granted(scope="run"))
    assert found.decision == "ask"
    assert word in found.reason


@pytest.mark.parametrize("text", EVASIONS)
def test_no_evasion_runs_under_a_grant(text: str) -> None:
    """A person sees each of them."""
    state = State(
        existing={
            "df",
            "lst",
            "a",
            "x",
            "y",
            "obj",
            "lists",
            "pd",
            "np",
            "os",
            "plt",
            "Path",
            "fig",
            "generator",
        }
    )
    assert judge(text, granted(), granted(scope="run"), state=state).decision == "ask"


def test_names_that_the_run_made_itself_may_get_another_value() -> None:
    """But not a changed object: under a name of the agents there may be an object of the user's."""
    state = replace(KERNEL, existing={"df", "mine"}, own={"mine"})
    assert judge("mine = df.head()", granted(), state=state).decision == "perform"
    assert judge("del mine", granted(), state=state).decision == "perform"
    assert judge("mine['a'] = 1", granted(), state=state).decision == "ask"
    assert judge("mine = df.head()", granted()).decision == "perform"


def test_a_kernel_whose_names_are_not_known_asks() -> None:
    """What exists there can't be told, so that nothing that stores is covered."""
    assert judge("x = 1", granted(), state=State()).decision == "ask"
    assert judge("print(1)", granted(), state=State()).decision == "perform"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thread_id", "t2"),
        ("kernel_id", "k2"),
        ("generation", "g2"),
        ("kernel_id", None),
        ("generation", None),
    ],
)
def test_a_grant_is_for_one_thread_kernel_and_life_of_the_kernel(field: str, value: str | None) -> None:
    """Another thread, another kernel, the same after a restart: asked anew."""
    for scope in ("once", "run", "thread"):
        elsewhere: Any = {field: value}
        given_ = granted(scope=scope, what=code("x = 1").digest)
        assert verdict(code("x = 1"), code_effects("x = 1"), KERNEL, [given_], Policy()).decision == "perform"
        other = granted(scope=scope, what=given_.digest, **elsewhere)
        assert verdict(code("x = 1"), code_effects("x = 1"), KERNEL, [other], Policy()).decision == "ask"


def test_a_grant_of_one_kind_covers_no_other() -> None:
    """Code is not a cell, a cell not a file."""
    for kind in get_args(ActKind):
        if kind != "run_code":
            assert judge("x = 1", granted(kind)).decision == "ask"


def test_a_grant_for_a_run_ends_with_it() -> None:
    """One for the thread goes on."""
    later = code("x = 1", run_id="r2")
    effects = code_effects("x = 1")
    assert verdict(later, effects, KERNEL, [granted(scope="run")], Policy()).decision == "ask"
    assert verdict(later, effects, KERNEL, [granted(scope="thread")], Policy()).decision == "perform"


def test_once_covers_exactly_what_was_seen() -> None:
    """Whatever it does; and nothing that differs in a character."""
    text = "df = df.dropna()"
    seen = granted(scope="once", what=code(text).digest)
    assert judge(text, seen) == Verdict("perform", "You approved exactly this.")
    assert judge(text + " ", seen).decision == "ask"


def test_deny_and_locks_win_over_every_grant() -> None:
    """The administrator's reason is what the person reads."""
    policy = Policy(modes={"run_code": "deny"})
    assert judge("x = 1", granted(), policy=policy).decision == "deny"
    locked = Policy(modes={"run_code": "auto"}, locks={"run_code": Lock("deny", "No code on this server.")})
    seen = granted(scope="once", what=code("x = 1").digest)
    assert judge("x = 1", seen, policy=locked) == Verdict("deny", "No code on this server.")
    asks = Policy(modes={"run_code": "auto"}, locks={"run_code": Lock("ask", "Always ask.")})
    assert judge("x = 1", policy=asks).decision == "ask"


def test_auto_goes_no_further_than_a_grant() -> None:
    """A setting is no licence for what always asks."""
    policy = Policy(modes={"run_code": "auto", "write_file": "auto"})
    assert judge("x = 1", policy=policy).decision == "perform"
    assert judge("df = 1", policy=policy).decision == "ask"
    write = Proposal("write_file", {"path": "df.md"}, **HERE)
    assert verdict(write, None, State(existing=set()), [], policy).decision == "perform"
    assert verdict(write, None, State(existing={"df.md"}), [], policy).decision == "ask"


@pytest.mark.parametrize(
    ("path", "decision"),
    [
        ("jupyter_server_config.py", "deny"),
        ("overrides.json", "deny"),
        ("aichat.json", "deny"),
        (".bashrc", "deny"),
        ("jupyter_server_config.d/x.json", "deny"),
        ("other.ipynb", "ask"),
        ("pandas.py", "ask"),
        ("conftest.py", "ask"),
        ("../x.md", "deny"),
        ("report.md", "perform"),
        (None, "ask"),
    ],
)
def test_no_agent_writes_what_decides_about_agents(path: str | None, decision: str) -> None:
    """Refused, or asked each time, whatever was granted before."""
    policy = Policy(modes={"write_file": "auto"}, settings=["aichat.json"])
    proposal = Proposal("write_file", {"path": path}, **HERE)
    for grants in ([granted("write_file")], [granted("write_file", "run")], []):
        assert verdict(proposal, None, State(existing=set()), grants, policy).decision == decision


def test_a_report_of_the_run_may_be_written_again() -> None:
    """Its own file, and its own cell; not the user's."""
    proposal = Proposal("write_file", {"path": "a.md"}, **HERE)
    grants = [granted("write_file"), granted("replace_cell"), granted("insert_cell")]
    assert verdict(proposal, None, State({"a.md"}, own={"a.md"}), grants, Policy()).decision == "perform"
    assert verdict(proposal, None, State({"a.md"}), grants, Policy()).decision == "ask"
    assert verdict(proposal, None, State(), grants, Policy()).decision == "ask"
    cell = Proposal("replace_cell", {"cell_id": "c1", "source": "x"}, **HERE)
    assert verdict(cell, None, State(own={"c1"}), grants, Policy()).decision == "perform"
    assert verdict(cell, None, State(own={"c2"}), grants, Policy()).decision == "ask"
    new = Proposal("insert_cell", {"source": "# 보고서"}, **HERE)
    assert verdict(new, None, State(), grants, Policy()).decision == "perform"


def test_what_has_not_been_read_is_asked() -> None:
    """Without effects no grant covers code or SQL."""
    kinds: list[ActKind] = ["run_code", "run_cell", "run_sql"]
    for kind in kinds:
        proposal = Proposal(kind, "x = 1", **HERE)
        assert (
            verdict(proposal, None, KERNEL, [granted(kind)], Policy(modes={kind: "auto"})).decision == "ask"
        )


def test_policy_and_grants_cannot_be_changed() -> None:
    """What a person decided stays as it was."""
    with pytest.raises(FrozenInstanceError):
        Policy().settings = ["x"]  # type: ignore[misc]  # refused on purpose
    with pytest.raises(FrozenInstanceError):
        granted().scope = "thread"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        code("x").content = "y"  # type: ignore[misc]


WORDS = st.sampled_from(["a", "b", "c"])
WHERE = st.fixed_dictionaries({"thread_id": WORDS, "run_id": WORDS, "kernel_id": WORDS, "generation": WORDS})


@given(
    st.lists(
        st.tuples(st.sampled_from(["run", "thread"]), st.sampled_from(get_args(ActKind)), WHERE), max_size=4
    ),
    WHERE,
)
def test_only_a_grant_for_this_place_performs(
    given_: list[tuple[Any, ActKind, dict[str, str]]], where: dict[str, str]
) -> None:
    """Whatever else was granted elsewhere."""
    grants = [ActGrant(scope, kind, "", **place) for scope, kind, place in given_]
    fits = [
        kind == "run_code"
        and all(place[key] == where[key] for key in ("thread_id", "kernel_id", "generation"))
        and (scope == "thread" or place["run_id"] == where["run_id"])
        for scope, kind, place in given_
    ]
    found = verdict(Proposal("run_code", "x = 1", **where), code_effects("x = 1"), KERNEL, grants, Policy())
    assert (found.decision == "perform") == any(fits)


@given(st.dictionaries(st.sampled_from(get_args(ActKind)), st.sampled_from(get_args(Mode))))
def test_a_mode_that_is_not_set_is_the_default(modes: dict[ActKind, Mode]) -> None:
    """And one that is set is in force."""
    policy = Policy(modes=modes)
    for kind in get_args(ActKind):
        assert policy.mode(kind) == modes.get(kind, Policy().mode(kind))


# --------------------------------------------------------------------------------------------------- consent to tell


def share(host: str, *files: str) -> Action:
    """An agent would like to read files."""
    return Action("a", "share_files", "analyst", "c", {"host": host, "files": list(files)})


def test_files_may_go_where_a_person_let_them_go() -> None:
    """`once` for the named ones, `run` for the run, `thread` for all; never to another host."""
    once = Grant("h", ["a.csv"], "once", "r1")
    assert permitted(share("h", "a.csv"), [once], run_id="r1")
    assert not permitted(share("h", "a.csv", "b.csv"), [once], run_id="r1")
    assert not permitted(share("h", "a.csv"), [once], run_id="r2")
    assert permitted(share("h", "b.csv"), [Grant("h", [], "run", "r1")], run_id="r1")
    assert not permitted(share("h", "b.csv"), [Grant("h", [], "run", "r1")], run_id="r2")
    assert permitted(share("h", "b.csv"), [Grant("h", [], "thread", "r1")], run_id="r2")
    assert not permitted(share("other", "b.csv"), [Grant("h", [], "thread", "r1")], run_id="r1")


def test_a_decision_about_files_is_bound_to_host_and_files() -> None:
    """Another host or another file is another question."""
    assert digest(share("h", "a")) == digest(share("h", "a"))
    assert len({digest(share("h", "a")), digest(share("i", "a")), digest(share("h", "b"))}) == 3
