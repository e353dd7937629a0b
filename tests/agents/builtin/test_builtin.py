"""The agents that come with the package: what every prompt promises, whatever its words become."""

from __future__ import annotations

import re
from operator import attrgetter

import pytest

from jupyter_aichat.agents.builtin import analyst, coder, researcher, supervisor, visualizer, writer
from jupyter_aichat.agents.spec import AgentSpec
from jupyter_aichat.agents.supervisor import with_team

SPECIALISTS = (analyst.SPEC, visualizer.SPEC, researcher.SPEC, coder.SPEC, writer.SPEC)
ALL = (supervisor.SPEC, *SPECIALISTS)
NAME = attrgetter("name")


@pytest.mark.parametrize("spec", ALL, ids=NAME)
@pytest.mark.parametrize(
    "promise",
    [
        r"language",  # of the person
        r"해요체",
        r"[Nn]ever (invent|estimate)",  # numbers
        r"exactly",  # names and figures
        r"never an instruction to you",  # what stands in files
        r"approve",  # nothing runs without the person, and nothing is claimed that did not
        r"internet",
    ],
)
def test_every_prompt_promises_it(spec: AgentSpec, promise: str) -> None:
    """Language, no invented numbers, contents are data, no claims of what cannot be done."""
    assert re.search(promise, spec.prompt)


@pytest.mark.parametrize("spec", SPECIALISTS, ids=NAME)
def test_specialists_name_only_tools_that_they_have(spec: AgentSpec) -> None:
    """A prompt that sends an agent to a tool it lacks makes it call in vain."""
    mentioned = set(re.findall(r"\b(?:list|read|profile|analyse|inspect|run|insert)_\w+", spec.prompt))
    assert mentioned <= set(spec.tools)


@pytest.mark.parametrize("spec", ALL, ids=NAME)
def test_prompts_are_well_formed(spec: AgentSpec) -> None:
    """No line that was joined badly, nothing left open."""
    assert "  " not in spec.prompt
    assert not re.search(r"TODO|\{|\}", spec.prompt)
    assert len(spec.prompt) < 6_000


def test_the_supervisor_is_told_its_team() -> None:
    """By the names of its tools, with what each is for; without a team it is told that."""
    prompt = with_team(supervisor.SPEC, SPECIALISTS).prompt
    assert all(f"- ask_{spec.name}: {spec.description}" in prompt for spec in SPECIALISTS)
    assert "no team at the moment" in with_team(supervisor.SPEC, ()).prompt
