"""Consent, end to end: no file's content goes to a model beyond this machine before a person has said so."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.client import Client, Frame
from tests.fakes.openai_server import FakeOpenAI
from tests.gateway.conftest import Connect
from tests.gateway.test_rest import get

SECRET = "harvest-4711"
QUESTION = "ask=analyst: use=read_file:notes.txt words=3"


@pytest.fixture(autouse=True)
def notes(jp_root_dir: Path) -> Path:
    """A file whose content can be recognised wherever it goes."""
    path = jp_root_dir / "notes.txt"
    path.write_text(f"the code is {SECRET}\n")
    (jp_root_dir / "more.txt").write_text(f"the other code is {SECRET}-more\n")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    """Agents of the test's own."""
    return {"agents_dir": str(tmp_path / "agents")}


@pytest.fixture
def auditor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A specialist whose own model is at another host, beyond this machine too."""
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "auditor.md").write_text(
        "---\nname: auditor\ndescription: Checks.\ntools: [read_file]\nmodel: azure_openai:fake\n---\nCheck.\n"
    )
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "http://azure.example")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "sk-azure")


def told(model: FakeOpenAI, text: str = SECRET) -> list[str]:
    """Which requests to the model carried the content."""
    return [asked.who for asked in model.asked if text in json.dumps(asked.body)]


async def waiting(client: Client, question: str = QUESTION) -> Frame:
    """Ask, and read up to the question that comes back."""
    await client.send(type="message", message=question)
    return await client.until("approval_request")


async def decide(client: Client, request: Frame, **decision: Any) -> Frame:
    """Answer a question; its `ack` or `error`."""
    data = request["data"]
    command = {"approval_id": data["approval_id"], "digest": data["digest"], "decision": "approve"}
    return await client.send(type="approve", **{**command, **decision})


def of(client: Client, event_type: str) -> list[dict[str, Any]]:
    """The data of all events of a type."""
    return [e["data"] for e in client.events if e["event_type"] == event_type]


async def test_a_person_is_asked_before_anything_leaves(distant: FakeOpenAI, connect: Connect) -> None:
    """The question names the host, the file and the agent; until it is answered, no request has the content."""
    client = await connect("t1")
    request = await waiting(client)
    assert request["data"]["action"] == {
        "kind": "share_files",
        "host": "models.example",
        "files": ["notes.txt"],
    }
    assert request["data"]["agent"] == "analyst"
    assert of(client, "run_start")[0]["model"] == "openai:fake"
    assert {asked.host for asked in distant.asked} == {"models.example"}
    assert [asked.who for asked in distant.asked] == ["supervisor/0", "specialist/0"]
    assert told(distant) == []


async def test_approved_means_sent(distant: FakeOpenAI, connect: Connect) -> None:
    """The tool goes on where it stood, the specialist reads the content, and the run is completed."""
    client = await connect("t1")
    request = await waiting(client)
    assert (await decide(client, request))["event_type"] == "ack"
    done = await client.end()
    assert done["data"]["outcome"] == "completed"
    assert told(distant) == ["specialist/1"]
    assert of(client, "approval_end") == [
        {"approval_id": request["data"]["approval_id"], "decision": "approved", "scope": "once"}
    ]
    (read,) = (e["tool"] for e in of(client, "tool_end") if e["tool"]["name"] == "read_file")
    assert (read["status"], SECRET in read["output"]) == ("ok", True)


async def test_denied_means_not_sent_and_the_model_hears_why(distant: FakeOpenAI, connect: Connect) -> None:
    """The reason reaches the specialist, the content reaches nobody, and the run goes on to its answer."""
    client = await connect("t1")
    await decide(client, await waiting(client), decision="deny", reason="It names a customer.")
    done = await client.end()
    assert done["data"]["outcome"] == "completed"
    assert told(distant) == []
    assert told(distant, "It names a customer.") == ["specialist/1"]
    assert [e["decision"] for e in of(client, "approval_end")] == ["denied"]
    assert [e["tool"]["status"] for e in of(client, "tool_end")] == ["denied", "ok"]
    assert SECRET not in json.dumps(client.frames)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"digest": "0" * 64}, "digest_mismatch"),
        ({"digest": None}, "bad_request"),
        ({"digest": ""}, "bad_request"),
        ({"approval_id": "never-issued"}, "not_pending"),
        ({"decision": "approve", "code": "print()"}, "bad_request"),
        ({"decision": "edit"}, "bad_request"),
        ({"scope": "always"}, "bad_request"),
    ],
)
async def test_a_decision_that_does_not_fit_decides_nothing(
    distant: FakeOpenAI, connect: Connect, wrong: dict[str, Any], code: str
) -> None:
    """It is refused by its code, nothing is sent, and the question waits for the right answer."""
    client = await connect("t1")
    request = await waiting(client)
    assert (await decide(client, request, **wrong))["data"]["code"] == code
    assert of(client, "approval_end") == []
    assert told(distant) == []
    assert (await decide(client, request))["event_type"] == "ack"
    await client.end()
    assert told(distant) == ["specialist/1"]


async def test_a_decision_without_a_digest_is_refused(distant: FakeOpenAI, connect: Connect) -> None:
    """What is not bound to the question is no answer to it."""
    client = await connect("t1")
    approval_id = (await waiting(client))["data"]["approval_id"]
    refused = await client.send(type="approve", approval_id=approval_id, decision="approve")
    assert refused["data"]["code"] == "bad_request"
    assert told(distant) == []


@pytest.mark.parametrize("first", ["approve", "deny"])
async def test_of_two_decisions_the_first_one_counts(
    distant: FakeOpenAI, connect: Connect, first: str
) -> None:
    """Two tabs decide in the same moment: one is right, the other hears that it is too late, both see one end."""
    one, two = await connect("t1"), await connect("t1")
    request = await waiting(one)
    second = "deny" if first == "approve" else "approve"
    answers = await asyncio.gather(
        decide(one, request, decision=first), decide(two, request, decision=second)
    )
    assert sorted(a["event_type"] for a in answers) == ["ack", "error"]
    (loser,) = (a for a in answers if a["event_type"] == "error")
    assert loser["data"]["code"] == "not_pending"
    for client in (one, two):
        if not of(client, "done"):
            await client.end()
        assert len(of(client, "approval_end")) == 1
    assert of(one, "approval_end") == of(two, "approval_end")
    sent = of(one, "approval_end")[0]["decision"] == "approved"
    assert told(distant) == (["specialist/1"] if sent else [])
    assert (await decide(one, request))["data"]["code"] == "not_pending"


async def test_once_is_for_this_file_only(distant: FakeOpenAI, connect: Connect) -> None:
    """Another file of the same run, and the same file in the next run, are asked about anew."""
    client = await connect("t1")
    request = await waiting(client, "ask=analyst: use=read_file:notes.txt use=read_file:more.txt words=1")
    await decide(client, request)
    request = await client.until("approval_request")
    assert request["data"]["action"]["files"] == ["more.txt"]
    assert told(distant, f"{SECRET}-more") == []
    await decide(client, request)
    await client.end()
    assert (await waiting(client))["data"]["action"]["files"] == ["notes.txt"]


async def test_for_this_thread_is_for_this_thread_only(distant: FakeOpenAI, connect: Connect) -> None:
    """Not asked again in the thread, whatever the file; asked again in another one."""
    client = await connect("t1")
    await decide(client, await waiting(client), scope="thread")
    await client.end()
    done = await client.ask("ask=writer: use=read_file:more.txt words=1")
    assert done["data"]["outcome"] == "completed"
    assert len(of(client, "approval_request")) == 1
    assert told(distant, f"{SECRET}-more") != []
    distant.asked.clear()
    other = await connect("t2")
    await waiting(other)
    assert told(distant) == []


async def test_for_this_run_ends_with_the_run(distant: FakeOpenAI, connect: Connect) -> None:
    """Two files in the run are one question; the next run asks anew."""
    client = await connect("t1")
    question = "ask=analyst: use=read_file:notes.txt use=read_file:more.txt words=1"
    await decide(client, await waiting(client, question), scope="run")
    await client.end()
    assert len(of(client, "approval_request")) == 1
    await waiting(client)


async def test_one_answer_settles_the_questions_that_it_covers(distant: FakeOpenAI, connect: Connect) -> None:
    """Two files asked for at once are two questions; "for this run" answers both, each with its end."""
    client = await connect("t1")
    request = await waiting(client, "ask=analyst: use=read_file:notes.txt+read_file:more.txt words=1")
    await client.until("approval_request")
    await decide(client, request, scope="run")
    assert (await client.end())["data"]["outcome"] == "completed"
    assert [e["decision"] for e in of(client, "approval_end")] == ["approved", "approved"]


@pytest.mark.parametrize("address", ["api/chat/ws", "POST api/chat", "POST api/aichat/chat", "deny"])
async def test_where_nobody_can_answer_nothing_is_sent(
    distant: FakeOpenAI, connect: Connect, jp_fetch: Any, address: str
) -> None:
    """The seed's addresses, `POST`, and a message that says so: denied by themselves, nobody is asked."""
    client = await connect("t1", route="api/aichat/ws" if address == "deny" else "api/chat/ws")
    if address.startswith("POST"):
        path = address.removeprefix("POST ").split("/")
        body = json.dumps({"message": QUESTION, "thread_id": "t1"})
        answer = await jp_fetch(*path, method="POST", body=body)
        assert json.loads(answer.body)["content"]
        await client.end()
    else:
        await client.ask(QUESTION, **({"approvals": "deny"} if address == "deny" else {}))
    assert of(client, "approval_request") == []
    assert told(distant) == []
    assert told(distant, "nobody can be asked") == ["specialist/1"]
    (read,) = (e["tool"] for e in of(client, "tool_end") if e["tool"]["name"] == "read_file")
    assert read["status"] == "denied"


async def test_cancel_withdraws_the_question(distant: FakeOpenAI, connect: Connect) -> None:
    """Stop while a question waits: it ends `cancelled`, the run ends once, and a late yes is too late."""
    client = await connect("t1")
    request = await waiting(client)
    await client.send(type="cancel")
    done = await client.end() if not of(client, "done") else client.events[-1]
    assert done["data"]["outcome"] == "cancelled"
    assert [e["decision"] for e in of(client, "approval_end")] == ["cancelled"]
    assert (await decide(client, request))["data"]["code"] == "not_pending"
    assert told(distant) == []
    assert (await client.ask("hello"))["data"]["outcome"] == "completed"
    assert told(distant) == []


async def test_a_deleted_thread_asks_nothing_any_more(
    distant: FakeOpenAI, connect: Connect, jp_fetch: Any
) -> None:
    """Deleting the conversation while a question waits ends its run; the answer afterwards is refused."""
    client = await connect("t1")
    request = await waiting(client)
    await get(jp_fetch, "threads", "t1", method="DELETE")
    other = await connect("t2")
    assert (await decide(other, request))["data"]["code"] == "not_pending"
    assert (await get(jp_fetch, "health"))["runs"] == 0
    assert told(distant) == []


async def test_a_reload_finds_the_question(distant: FakeOpenAI, connect: Connect) -> None:
    """A new socket is told by `hello` what waits; from an earlier position the question is replayed as it was."""
    client = await connect("t1")
    request = await waiting(client)
    epoch = client.frames[0]["data"]["epoch"]
    client.close()
    again = await connect("t1", after=request["seq"] - 1, epoch=epoch)
    hello = await again.read()
    assert hello["data"]["approvals"] == [request["data"]]
    assert hello["data"]["run_id"] == request["run_id"]
    assert await again.read() == request
    fresh = await connect("t1")
    reload_ = (await fresh.read())["data"]["approvals"]
    assert reload_ == [request["data"]]
    await decide(fresh, {"data": reload_[0]})
    assert (await again.end())["data"]["outcome"] == "completed"
    assert (await (await connect("t1")).read())["data"]["approvals"] == []


async def test_a_message_settles_nothing(distant: FakeOpenAI, connect: Connect) -> None:
    """A message that says "yes, send it" is queued like any other message; the question still waits."""
    client = await connect("t1")
    request = await waiting(client)
    queued = await client.send(type="message", message="yes, I approve, send it")
    assert queued["data"]["queued"] == 1
    assert told(distant) == []
    await decide(client, request, decision="deny")
    while len(of(client, "done")) < 2:
        await client.read()
    assert told(distant) == []


@pytest.mark.parametrize("settings", [{"approval_timeout": 1.0}])
async def test_an_undecided_question_expires(distant: FakeOpenAI, connect: Connect) -> None:
    """After the time that the settings give it ends `expired`, which is a no; a late yes is too late."""
    client = await connect("t1")
    request = await waiting(client)
    assert request["data"]["expires_at"] > request["time"]
    await client.until("approval_end", decision="expired")
    assert (await client.end())["data"]["outcome"] == "completed"
    assert (await decide(client, request))["data"]["code"] == "not_pending"
    assert told(distant) == []


async def test_every_host_that_reads_along_is_asked_about(
    distant: FakeOpenAI, auditor: None, connect: Connect
) -> None:
    """A specialist with a model at another host: a yes for its host is none for the supervisor's."""
    client = await connect("t1")
    first = await waiting(client, "ask=auditor: use=read_file:notes.txt words=1")
    await decide(client, first)
    second = await client.until("approval_request")
    assert [r["data"]["action"]["host"] for r in (first, second)] == ["azure.example", "models.example"]
    assert told(distant) == []
    await decide(client, second, decision="deny")
    assert (await client.end())["data"]["outcome"] == "completed"
    assert told(distant) == []
