"""The command's side of the wire, against a real Jupyter server and over a way that breaks."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest

from jupyter_aichat.protocol.commands import Cancel, Message
from jupyter_aichat.protocol.frames import PROTOCOL as WIRE
from jupyter_aichat.protocol.parse import parse_command
from jupyter_aichat.terminal import client
from jupyter_aichat.terminal.answer import Answer
from jupyter_aichat.terminal.app import message_of
from jupyter_aichat.terminal.client import PROTOCOL, Asking
from jupyter_aichat.terminal.screen import Screen
from jupyter_aichat.terminal.servers import Server
from jupyter_aichat.terminal.words import Words
from tests.fakes.forwarder import Forwarder
from tests.fakes.openai_server import Cut, Fail, FakeOpenAI
from tests.terminal.conftest import Run, Said
from tests.terminal.streams import Pipe

ANSWER = "안녕하세요 🙂 " + " ".join(f"⟨{n}⟩" for n in range(60))


def test_it_speaks_the_servers_version() -> None:
    """The version that is spoken here is the wire's own; it is not imported, because that takes as long as all else."""
    assert PROTOCOL == WIRE


async def test_answer_is_streamed(here: list[str], provider: FakeOpenAI, run: Run) -> None:
    """The answer is on stdout, byte for byte and while the model still speaks; stderr of a script stays empty."""
    provider.delay = 0.02
    said = Said(Pipe(), Pipe())
    asking = asyncio.ensure_future(run("ask", *here, f"say={ANSWER}", said=said))
    async with asyncio.timeout(20):
        while "⟨3⟩" not in said.out.getvalue():
            await asyncio.sleep(0.005)
    assert provider.open == 1
    assert "⟨59⟩" not in said.out.getvalue()
    await asking
    assert (said.code, said.out.getvalue(), said.err.getvalue()) == (0, f"{ANSWER}\n", "")


async def test_events_can_be_had_as_they_are(here: list[str], run: Run, jp_fetch: Any) -> None:
    """With --json each line is one event of the run, exactly as the log has it."""
    said = await run("ask", *here, "--json", "--thread", "t1", "say=Twelve rows.")
    lines = said.out.getvalue().splitlines()
    kinds = [json.loads(line)["event_type"] for line in lines]
    assert (said.code, kinds[0], said.err.getvalue()) == (0, "run_start", "")
    assert "token" in kinds
    assert kinds[-1] == "done"
    log = json.loads((await jp_fetch("api/aichat/threads/t1/events")).body)["events"]
    assert [json.loads(line) for line in lines] == [e for e in log if e["seq"] <= len(lines)]


async def test_thread_goes_on(here: list[str], provider: FakeOpenAI, run: Run) -> None:
    """With --thread the model hears what was said before."""
    await run("ask", *here, "--thread", "t1", "say=Twelve rows.")
    await run("ask", *here, "--thread", "t1", "say=Yes.")
    said = [message["content"] for message in provider.asked[-1].body["messages"]]
    assert "say=Twelve rows." in said
    assert "Twelve rows." in said


async def test_what_goes_on_is_told_to_those_who_ask(here: list[str], run: Run) -> None:
    """Handoff, tools and the specialist's own words are on stderr with --verbose, and never on stdout."""
    said = await run("ask", *here, "-v", "ask=analyst: use=list_files say=I counted.")
    assert said.code == 0
    assert "→ analyst: use=list_files say=I counted." in said.err.getvalue()
    assert "· list_files(" in said.err.getvalue()
    assert "analyst:\nI counted." in said.err.getvalue()
    assert said.out.getvalue() == "I will delegate. \n\nSummary: I counted.\n"


async def test_failure_is_said_and_is_an_exit_code(here: list[str], provider: FakeOpenAI, run: Run) -> None:
    """A run that fails ends with the server's sentence on stderr and code 1."""
    provider.fail(Fail(401))
    said = await run("ask", *here, "hi")
    assert (said.code, said.out.getvalue()) == (1, "")
    assert "refused the API key" in said.err.getvalue()


async def test_half_an_answer_is_not_taken_for_a_whole_one(
    here: list[str], provider: FakeOpenAI, run: Run
) -> None:
    """An answer that breaks off is shown as far as it came, with code 1 and the reason."""
    provider.fail(Cut(4000))
    said = await run("ask", *here, f"say={ANSWER}")
    assert said.code == 1
    assert ANSWER.startswith(said.out.getvalue().removesuffix("\n"))
    assert "ended in the middle of the answer" in said.err.getvalue()


async def test_refused_message_is_said(here: list[str], run: Run) -> None:
    """A message that the server does not take ends with its reason."""
    said = await run("ask", *here, "x" * 200_001)
    assert said.code == 1
    assert "message" in said.err.getvalue()


async def test_wrong_token_is_said_and_not_shown(here: list[str], run: Run) -> None:
    """A token that is refused is code 2, with a sentence that does not have it."""
    said = await run("ask", "--server", here[1], "--token", "geheim", "hi")
    assert said.code == 2
    assert "refused the token" in said.err.getvalue()
    assert "geheim" not in said.err.getvalue()


async def test_token_may_come_from_the_environment(here: list[str], run: Run) -> None:
    """JUPYTER_TOKEN does, so that no token has to be on a command line."""
    said = await run("ask", "--server", here[1], "say=Yes.", env={"JUPYTER_TOKEN": here[3]})
    assert (said.code, said.out.getvalue()) == (0, "Yes.\n")


async def test_nobody_there_is_said(run: Run) -> None:
    """An address where nothing listens is code 2."""
    async with Forwarder(9) as way:
        port = way.port
    said = await run("ask", "--server", f"http://127.0.0.1:{port}", "hi")
    assert said.code == 2
    assert said.err.getvalue() == (
        f"Nothing answers at http://127.0.0.1:{port}/. Start Jupyter there, or give another --server.\n"
    )


async def test_server_without_the_extension_is_said(here: list[str], run: Run) -> None:
    """Where our routes are not, the sentence tells how to enable them."""
    said = await run("ask", "--server", f"{here[1]}elsewhere/", "--token", here[3], "hi")
    assert said.code == 2
    assert "jupyter server extension enable jupyter_aichat" in said.err.getvalue()


async def test_other_versions_are_refused(here: list[str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of another protocol is not talked to; both versions are named."""
    monkeypatch.setattr(client, "PROTOCOL", 7)
    for command in (["ask", *here, "hi"], ["health", *here]):
        said = await run(*command)
        assert said.code == 2
        assert f"version {WIRE} of the protocol, this command version 7" in said.err.getvalue()


async def test_broken_connection_costs_nothing(
    here: list[str], provider: FakeOpenAI, run: Run, jp_http_port: int
) -> None:
    """Wherever the connection breaks (before the acknowledgement, in mid-answer), nothing is lost and nothing doubled.

    The model is asked once: a message that is sent again is the same message. Only a first handshake that fails means
    that there is no server.
    """
    provider.delay = 0.005
    mended = 0
    async with Forwarder(jp_http_port) as way:
        url = here[1].replace(str(jp_http_port), str(way.port))
        for after in (100, *range(300, 1500, 100), 3000, 6000):
            provider.asked.clear()
            way.connections, way.cut_after = 0, after
            said = await run("ask", "--server", url, *here[2:], f"say={ANSWER}")
            if said.code == 2:
                assert (provider.asked, way.connections) == ([], 1)
                continue
            assert (said.code, said.out.getvalue()) == (0, f"{ANSWER}\n")
            assert (len(provider.asked), way.connections) == (1, 2)
            mended += 1
    assert mended > 8


async def test_it_comes_back_after_a_while(
    here: list[str], provider: FakeOpenAI, run: Run, jp_http_port: int
) -> None:
    """While the way is closed it goes on trying, and tells a person so."""
    provider.delay = 0.02
    said = Said(Pipe(), Pipe())
    async with Forwarder(jp_http_port) as way:
        url = here[1].replace(str(jp_http_port), str(way.port))
        asking = asyncio.ensure_future(
            run("ask", "-v", "--server", url, *here[2:], f"say={ANSWER}", said=said)
        )
        async with asyncio.timeout(20):
            while "⟨3⟩" not in said.out.getvalue():
                await asyncio.sleep(0.005)
            way.closed = True
            way.cut()
            await provider.until(lambda: provider.finished == 1)
            way.closed = False
            await asking
    assert (said.code, said.out.getvalue()) == (0, f"{ANSWER}\n")
    assert said.err.getvalue().count("Connection lost") == 1


async def test_lost_server_is_given_up(
    here: list[str], provider: FakeOpenAI, run: Run, jp_http_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a time it says where the answer goes on, with code 2."""
    monkeypatch.setattr(client, "GONE", 0.3)
    provider.delay = 0.02
    said = Said(Pipe(), Pipe())
    async with Forwarder(jp_http_port) as way:
        url = here[1].replace(str(jp_http_port), str(way.port))
        arguments = ["ask", "--thread", "t1", "--server", url, *here[2:], f"say={ANSWER}"]
        asking = asyncio.ensure_future(run(*arguments, said=said))
        async with asyncio.timeout(20):
            while "⟨3⟩" not in said.out.getvalue():
                await asyncio.sleep(0.005)
            way.closed = True
            way.cut()
            await asking
    assert said.code == 2
    assert "The answer goes on there, in the thread t1." in said.err.getvalue()


async def test_stopping_stops_the_model(
    here: list[str], provider: FakeOpenAI, run: Run, jp_fetch: Any
) -> None:
    """Whenever a call is cancelled, as Ctrl+C does, its run ends and its model's stream is closed."""
    await run("ask", *here, "say=Awake.")
    provider.delay = 0.02
    dice = random.Random(5)
    for number in range(15):
        asking = asyncio.ensure_future(run("ask", *here, "--thread", f"t{number}", f"say={ANSWER}"))
        await asyncio.sleep(dice.uniform(0, 0.8))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await provider.until(lambda: provider.open == 0, 2)
    threads = json.loads((await jp_fetch("api/aichat/threads")).body)["threads"]
    assert threads
    assert not any(thread["running"] for thread in threads)
    assert provider.closed_early > 3


async def test_thread_that_was_deleted_is_not_asked_for_ever(
    here: list[str], run: Run, jp_fetch: Any
) -> None:
    """A close code that asks to stay away is obeyed."""
    await run("ask", *here, "--thread", "t1", "say=Yes.")
    await jp_fetch("api/aichat/threads/t1", method="DELETE")
    said = await run("ask", *here, "--thread", "t1", "say=No.")
    assert said.code == 2
    assert "deleted" in said.err.getvalue()


async def test_health_tells_who_answers(here: list[str], provider: FakeOpenAI, run: Run) -> None:
    """Server, model and why, store and plugins, for people and as JSON; never a key."""
    said = await run("health", *here)
    assert said.code == 0
    assert here[1] in said.out.getvalue()
    assert "openai:fake" in said.out.getvalue()
    assert "OPENAI_BASE_URL is set to" in said.out.getvalue()
    told = json.loads((await run("health", *here, "--json")).out.getvalue())
    assert told["model"]["id"] == "openai:fake"
    assert here[3] not in said.out.getvalue() + json.dumps(told)


@pytest.mark.parametrize("options", [{}, {"agent": "analyst", "model": "openai:m"}])
def test_commands_are_those_of_the_wire(options: dict[str, str]) -> None:
    """What is sent passes the server's own strict parser, and denies what nobody here can approve."""
    command = parse_command(json.dumps(message_of("hi", "c1", "ko-KR", options)))
    assert isinstance(command, Message)
    assert (command.approvals, command.client_id, command.language, command.agent) == (
        "deny",
        "c1",
        "ko-KR",
        options.get("agent"),
    )


async def test_cancel_is_one_of_the_wire() -> None:
    """So is the command that stops a run."""
    sent: list[str] = []

    class Line:
        async def write_message(self, message: str, /) -> None:
            """Remember it."""
            sent.append(message)

    words = Words("en")
    screen = Screen(Pipe(), Pipe(), verbose=False)
    answer = Answer("c1", screen, words)
    answer.accepted("r1", 0)
    asking = Asking(Server("http://h/"), "t1", {}, answer, screen, words)
    await asking.cancel(Line())
    assert isinstance(parse_command(sent[0]), Cancel)
