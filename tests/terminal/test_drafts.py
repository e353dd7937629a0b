"""`jupyter aichat agent`: a file to begin with, what is wrong with one, and a first answer from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.terminal.conftest import Run, Said

KOREAN = {"LANG": "ko_KR.UTF-8"}


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration and data of the test's own; where agents are, there."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    return tmp_path / "config" / "aichat" / "agents"


@pytest.fixture
def file(config: Path) -> Callable[..., Path]:
    """Save an agent's file."""

    def save(text: str, name: str = "auditor.md", folder: Path = config) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        return folder / name

    return save


def lines(said: Said) -> list[str]:
    """What was complained of."""
    return said.err.getvalue().splitlines()


@pytest.mark.parametrize(("env", "prompt"), [({}, "You are the auditor."), (KOREAN, "당신은 auditor")])
async def test_a_new_file_is_in_the_right_folder_and_nothing_is_wrong_with_it(
    env: dict[str, str], prompt: str, run: Run, config: Path
) -> None:
    """In the person's configuration; its path is the output, and it can be used as it is, in both languages."""
    said = await run("agent", "new", "auditor", env=env)
    path = config / "auditor.md"
    assert (said.code, said.out.getvalue()) == (0, f"{path}\n")
    assert prompt in path.read_text("utf-8")
    checked = await run("agent", "check")
    assert (checked.code, checked.out.getvalue()) == (0, f"{path}: auditor can be used.\n")


async def test_no_file_is_written_over(run: Run, file: Callable[..., Path]) -> None:
    """Whatever stands in it."""
    path = file("mine")
    said = await run("agent", "new", "auditor")
    assert (said.code, path.read_text()) == (1, "mine")
    assert lines(said) == [f"{path} is there already and was left as it is. Choose another name."]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("analyst", "'analyst' is given by jupyterlab-aichat and by analyst.md"),
        ("supervisor", "'supervisor' is given by jupyterlab-aichat"),
        ("../auditor", "'../auditor' does not fit"),
        ("Auditor", "'Auditor' does not fit"),
        ("'auditor'", "does not fit"),
        ("no", "does not fit"),
    ],
)
async def test_a_name_that_cannot_be_is_refused(name: str, told: str, run: Run, config: Path) -> None:
    """Taken, or no name, or one that leads elsewhere: nothing is written."""
    said = await run("agent", "new", name)
    assert said.code == 1
    assert told in said.err.getvalue()
    assert not config.exists()


async def test_another_folder_can_be_given(run: Run, tmp_path: Path) -> None:
    """For servers that have `AiChatApp.agents_dir` set."""
    said = await run("agent", "new", "auditor", "--folder", str(tmp_path / "agents"))
    assert (said.code, (tmp_path / "agents" / "auditor.md").exists()) == (0, True)


BROKEN = "---\nname: auditor\ndescription: d\ntools: [read_fil]\ntemperature: 1\n---\nYou audit.\n"


@pytest.mark.parametrize(
    ("env", "tool", "field"),
    [
        ({}, "It wants the tool 'read_fil'", "has a field 'temperature'"),
        (KOREAN, "'read_fil' 도구가 없어요. 혹시 'read_file'인가요?", "'temperature' 항목은 알 수 없어요"),
    ],
)
async def test_what_is_wrong_is_told_with_file_and_line(
    env: dict[str, str], tool: str, field: str, run: Run, file: Callable[..., Path]
) -> None:
    """A line for each thing, as editors read them, in the terminal's language; the others are told to be right."""
    path, good = file(BROKEN), file("---\nname: good\ndescription: d\n---\np", "good.md")
    said = await run("agent", "check", env=env)
    assert said.code == 1
    first, second = lines(said)
    assert first.startswith(f"{path}:4: ")
    assert tool in first
    assert second.startswith(f"{path}:5: ")
    assert field in second
    assert str(good) in said.out.getvalue()


async def test_a_file_anywhere_is_checked_beside_those_that_are_installed(
    run: Run, file: Callable[..., Path], tmp_path: Path
) -> None:
    """A clash is seen; a file of the same name is a newer version and no clash."""
    file("---\nname: same\ndescription: d\n---\np", "old.md")
    draft = file("---\nname: same\ndescription: d\n---\np", "new.md", tmp_path / "drafts")
    said = await run("agent", "check", str(draft))
    assert said.code == 1
    assert lines(said) == [
        f"{draft}:2: The name 'same' is given by old.md and by new.md; rename one of them."
    ]
    draft = draft.rename(draft.with_name("old.md"))
    assert (await run("agent", "check", str(draft))).code == 0


async def test_shared_agents_are_checked_too(
    run: Run, file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without files, all that a server would read."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    path = file(BROKEN, "ours.md", tmp_path / "share" / "aichat" / "agents")
    said = await run("agent", "check")
    assert said.code == 1
    assert lines(said)[0].startswith(f"{path}:4: ")


async def test_no_agents_and_no_file_are_told(run: Run, config: Path) -> None:
    """Nothing to check is nothing wrong; a file that is not there is a wrong command."""
    said = await run("agent", "check")
    assert (said.code, str(config) in said.out.getvalue()) == (0, True)
    said = await run("agent", "check", "nope.md")
    assert (said.code, lines(said)) == (2, ["There is no file nope.md."])


AUDITOR = "---\nname: auditor\ndescription: d\ntools: [list_files]\n---\nYou are the strict auditor.\n"


async def test_an_agent_is_tried_with_the_model_that_is_configured(
    run: Run, file: Callable[..., Path], tmp_path: Path, provider: FakeOpenAI
) -> None:
    """It answers itself, from a file that is not installed; nothing of it is kept."""
    draft = file(AUDITOR, "draft.md", tmp_path / "drafts")
    said = await run("agent", "try", "-v", str(draft), "use=list_files", "say=All", "fine.")
    assert (said.code, said.out.getvalue()) == (0, "Working. \n\nAll fine.\n"), said.err.getvalue()
    assert "list_files" in said.err.getvalue()
    assert provider.asked[-1].body["messages"][0]["content"].startswith("You are the strict auditor.")
    assert not list((tmp_path / "data").rglob("*.db"))


@pytest.mark.parametrize(
    ("env", "told"),
    [({}, "A custom agent needs a model, and none is configured"), (KOREAN, "모델이 필요한데")],
)
async def test_without_a_model_it_is_said_that_one_is_needed(
    env: dict[str, str], told: str, run: Run, file: Callable[..., Path]
) -> None:
    """Rules know nothing of agents of one's own."""
    said = await run("agent", "try", str(file(AUDITOR)), "hello", env=env)
    assert (said.code, said.out.getvalue()) == (1, "")
    assert told in said.err.getvalue()


async def test_a_file_with_mistakes_is_not_tried(run: Run, file: Callable[..., Path]) -> None:
    """They are told instead, before any server starts."""
    path = file(BROKEN)
    said = await run("agent", "try", str(path), "hello")
    assert said.code == 1
    assert [line.partition(": ")[0] for line in lines(said)] == [f"{path}:4", f"{path}:5"]


async def test_a_model_of_its_own_that_cannot_be_used_is_told(run: Run, file: Callable[..., Path]) -> None:
    """Why the server has left the agent out, and nothing beside it."""
    path = file(AUDITOR.replace("tools:", "model: openai:gpt-5-mini\ntools:"))
    said = await run("agent", "try", str(path), "hello")
    assert said.code == 1, said.err.getvalue()
    assert lines(said) == ["There is no API key for api.openai.com. Set OPENAI_API_KEY, or store a key."]
