"""What a failure of a model means to a person: against real servers, and against what providers are known to say."""

import asyncio
import json
from typing import Any

import pytest
from langchain_openai._compat import httpx
from pydantic import SecretStr

from jupyter_aichat.agents.models.build import ModelTiming, build
from jupyter_aichat.agents.models.choice import Credentials, ModelChoice, ModelSetting, choose
from jupyter_aichat.agents.models.decode import AnswerTooLong, StreamLimits
from jupyter_aichat.agents.models.failures import explain, redact
from jupyter_aichat.errors import ModelFailed, RunFailed
from tests.agents.models.closing import close
from tests.agents.models.recorded import ROLE, chunk, text, tool
from tests.fakes.raw_http import STREAM_HEAD, Cut, Hold, RawServer, Step, data, response

KEY = "sk-proj-geheim1234567890"
QUICK = ModelTiming(connect=0.3, limits=StreamLimits(first_token=0.3, idle=0.2), retries=0)


async def fail(url: str, **env: str) -> ModelFailed:
    """Ask a server and explain why it failed, as a team does."""
    found = choose(ModelSetting("m", url), {"OPENAI_API_KEY": KEY, **env}, {})
    model = build(found.choice, "supervisor", credentials=found.credentials, timing=QUICK)
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is, it gets explained
        await model.ainvoke("hi")
    await close(model)
    failed = explain(caught.value, found.choice, found.credentials)
    assert isinstance(failed, ModelFailed), (failed.code, failed, caught.value)
    assert failed.host == found.choice.host
    assert "geheim" not in str(failed)
    return failed


def refusal(status: int, message: Any, headers: dict[str, str] | None = None, **fields: Any) -> list[Step]:
    """Refuse with OpenAI's form of an error."""
    return [response(status, {"error": {"message": message, **fields}}, headers)]


SO_FAR = STREAM_HEAD + data(ROLE, text("so far"))
SERVER_CASES: dict[str, tuple[list[Step], str, bool, str]] = {
    # what the server does -> code, retryable, part of the sentence
    "401": (
        refusal(401, f"Incorrect API key provided: {KEY}"),
        "model_auth",
        False,
        "{host} refused the API key.",
    ),
    "403": (refusal(403, "not for you"), "model_auth", False, "{host} refused the API key."),
    "404 model": (
        refusal(404, "The model `m` does not exist"),
        "model_not_found",
        False,
        "{host} has no model 'm'.",
    ),
    "404 ollama": (
        refusal(404, 'model "m" not found, try pulling it first', type="api_error"),
        "model_not_found",
        False,
        "{host} has no model 'm'.",
    ),
    "404 vllm": (
        [response(404, {"object": "error", "message": "The model `m` does not exist.", "code": 404})],
        "model_not_found",
        False,
        "{host} has no model 'm'.",
    ),
    "404 route": ([response(404, b"404 page not found")], "model_error", False, "mostly ends in /v1"),
    "404 fastapi": ([response(404, {"detail": "Not Found"})], "model_error", False, "mostly ends in /v1"),
    "404 llama.cpp": (refusal(404, "File Not Found", code=404), "model_error", False, "mostly ends in /v1"),
    "429": (
        refusal(429, "slow down"),
        "model_rate",
        True,
        "{host} is limiting requests. Try again in a moment.",
    ),
    "429 with time": (
        refusal(429, "slow down", {"Retry-After": "42"}),
        "model_rate",
        True,
        "{host} is limiting requests. Try again in 42 s.",
    ),
    "429 quota": (
        refusal(429, "You exceeded your current quota", code="insufficient_quota"),
        "model_error",
        False,
        "the quota of this API key is used up",
    ),
    "402": (
        refusal(402, "Insufficient Balance"),
        "model_error",
        False,
        "the quota of this API key is used up",
    ),
    "500": (refusal(500, "no\nluck"), "model_error", True, "{host} failed (HTTP 500): no luck"),
    "503": (refusal(503, "Loading model"), "model_error", True, "{host} failed (HTTP 503): Loading model"),
    "500 page": ([response(502, b"<h1>Bad gateway</h1>")], "model_error", True, "{host} failed (HTTP 502)"),
    "504": (refusal(504, "gateway"), "model_timeout", True, "{host} did not answer in time (HTTP 504)."),
    "400": (
        refusal(400, "tools are unknown"),
        "model_error",
        False,
        "refused the request (HTTP 400): tools are unknown",
    ),
    "307": ([response(307, b"", {"Location": "http://127.0.0.1:9/"})], "model_error", False, "HTTP 307"),
    "silence": ([Hold()], "model_timeout", True, "{host} did not answer in time."),
    "silence after the head": (
        [STREAM_HEAD, Hold()],
        "model_timeout",
        True,
        "{host} sent nothing for 0.3 s.",
    ),
    "stall": (
        [SO_FAR, Hold()],
        "model_timeout",
        True,
        "{host} sent nothing for 0.2 s. The text so far is kept.",
    ),
    "cut": (
        [SO_FAR],
        "model_error",
        True,
        "{host} ended in the middle of the answer. The text so far is kept.",
    ),
    "reset": ([SO_FAR, Cut()], "model_error", True, "{host} ended in the middle of the answer."),
    "cut call": (
        [STREAM_HEAD + data(tool(0, '{"path": "s', "a", "read_file"), chunk({}, "length"), done=True)],
        "model_error",
        True,
        "in the middle of a call of the tool 'read_file', which was not run",
    ),
    "garbage": (
        [SO_FAR + data(b"{oops")],
        "model_error",
        True,
        "{host} sent something that is not an answer: '{oops'",
    ),
    "bad utf-8": ([SO_FAR + data(b'{"choices": "\xff"}')], "model_error", True, "not an answer"),
    "page": ([response(200, b"<html>Log in</html>")], "model_error", True, "'<html>Log in</html>'"),
    "error in the stream": (
        [SO_FAR + data({"error": {"message": f"overloaded, {KEY}"}})],
        "model_error",
        True,
        "{host} broke the answer off: overloaded, …",
    ),
    "429 in the stream": (
        [SO_FAR + data({"error": {"message": "slow down", "code": 429}})],
        "model_rate",
        True,
        "{host} is limiting requests.",
    ),
    "reset before the head": ([Cut()], "model_error", True, "The connection to {host} failed."),
}


@pytest.mark.parametrize("name", SERVER_CASES)
async def test_failure_of_a_server_is_explained(name: str) -> None:
    """Each way in which a server fails has its code, says whether trying again helps, and names the server."""
    script, code, retryable, sentence = SERVER_CASES[name]
    async with RawServer(script) as server:
        failed = await fail(server.url)
    assert (failed.code, failed.retryable) == (code, retryable), str(failed)
    assert sentence.replace("{host}", server.host) in str(failed)


async def test_wait_is_a_number_too() -> None:
    """The seconds that a server asks for travel beside the sentence, so that a client can count them down."""
    async with RawServer(refusal(429, "slow down", {"Retry-After": "3600"})) as server:
        assert (await fail(server.url)).retry_after == 3600
    async with RawServer(refusal(429, "slow down", {"Retry-After": "soon"})) as server:
        assert (await fail(server.url)).retry_after is None


TOO_LONG = {
    "OpenAI": (
        400,
        {
            "message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000.",
            "code": "context_length_exceeded",
        },
    ),
    "OpenAI, new": (400, {"message": "Input tokens exceed the configured limit of 272000 tokens."}),
    "OpenAI, one text": (
        400,
        {"message": "Invalid 'messages[1].content': string too long.", "code": "string_above_max_length"},
    ),
    "OpenAI, tokens per minute": (
        429,
        {"message": "Request too large for gpt-4o on tokens per min (TPM): Limit 30000"},
    ),
    "vLLM": (
        400,
        {
            "message": "This model's maximum context length is 4096 tokens. However, you requested 4500 tokens."
        },
    ),
    "vLLM, new": (
        400,
        {"message": "The decoder prompt (length 9000) is longer than the maximum model length of 4096."},
    ),
    "llama.cpp": (
        400,
        {
            "message": "the request exceeds the available context size (4096 tokens), try increasing it",
            "type": "exceed_context_size_error",
        },
    ),
    "Ollama": (400, {"message": "the input length exceeds the context length"}),
    "LM Studio": (
        400,
        {
            "message": "The number of tokens to keep from the initial prompt is greater than the context length."
        },
    ),
    "TGI": (422, {"message": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096"}),
    "Anthropic": (400, {"message": "prompt is too long: 210000 tokens > 200000 maximum"}),
    "Gemini": (
        400,
        {
            "message": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
        },
    ),
    "Mistral": (
        400,
        {
            "message": "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 context"
        },
    ),
    "LiteLLM": (400, {"message": "litellm.ContextWindowExceededError: too much"}),
    "Groq": (413, {"message": "Please reduce the length of the messages or completion."}),
}


@pytest.mark.parametrize("provider", TOO_LONG)
async def test_too_long_is_recognised(provider: str) -> None:
    """Every server has other words for a conversation that is too long; the run has to know them all."""
    status, error = TOO_LONG[provider]
    async with RawServer([response(status, {"error": error})]) as server:
        failed = await fail(server.url)
    assert (failed.code, failed.retryable) == ("model_context", False), str(failed)
    assert f"too long for 'm' at {server.host}" in str(failed)


async def test_too_long_in_the_stream_is_recognised() -> None:
    """Some servers begin the stream before they count."""
    error = {"error": {"message": "This model's maximum context length is 4096 tokens.", "code": 400}}
    async with RawServer([STREAM_HEAD + data(error)]) as server:
        assert (await fail(server.url)).code == "model_context"


async def test_nobody_listens() -> None:
    """A server that is not running is named, with what to do."""
    async with RawServer([b""]) as server:
        url, host = server.url, server.host
    failed = await fail(url)
    assert (failed.code, failed.retryable) == ("model_error", True)
    assert str(failed) == f"Nothing listens at {host}. Start the model server there, or correct the address."


async def test_connection_that_is_not_secure() -> None:
    """Plain HTTP behind an https address is said to be a matter of the secure connection."""

    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failed = await fail(f"https://127.0.0.1:{port}/v1")
    assert f"The connection to 127.0.0.1:{port} is not secure" in str(failed)


CHOICE = choose(ModelSetting("gpt-5"), {"OPENAI_API_KEY": KEY}, {}).choice


def other_providers_error(status: int, message: str) -> Exception:
    """What the libraries of other providers raise: an error with a status, or with an answer that has one."""
    request = httpx.Request("POST", "https://llm.example/")
    return httpx.HTTPStatusError(message, request=request, response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "model_auth"), (429, "model_rate"), (500, "model_error"), (408, "model_timeout")],
)
def test_errors_of_other_providers_are_told_by_their_status(status: int, code: str) -> None:
    """A provider's own library need not be known for its errors to be understood."""
    choice = choose(ModelSetting("anthropic:claude-sonnet-5"), {}, {}).choice
    failed = explain(other_providers_error(status, "no"), choice)
    assert failed.code == code
    assert "api.anthropic.com" in str(failed)
    assert "OPENAI_API_KEY" not in str(failed)


def test_caps_are_the_runs_limit() -> None:
    """An endless answer ends the run with `limit`, saying how much was taken."""
    failed = explain(AnswerTooLong("reasoning", 10_000_000), CHOICE)
    assert (failed.code, failed.retryable) == ("limit", False)
    assert "10,000,000 characters" in str(failed)


def test_what_is_explained_already_stays_as_it_is() -> None:
    """A failure that has a code keeps it."""
    failed = RunFailed("limit", "enough")
    assert explain(failed, CHOICE) is failed


def test_own_mistakes_are_not_blamed_on_the_model() -> None:
    """A bug of ours is `internal`, and its text, which may hold anything, is not shown."""
    failed = explain(KeyError("/home/anna/secret"), CHOICE)
    assert failed.code == "internal"
    assert "KeyError" in str(failed)
    assert "anna" not in str(failed)


@pytest.mark.parametrize(
    "said",
    [
        "Incorrect API key provided: sk-proj-abcd1234.",
        "key sk-abc***wxyz is wrong",
        "Authorization: Bearer abcdef123456",
        "authorization: basic YW5uYTpnZWhlaW0=",
        'api_key="abcdef123456"',
        "API key: abcdef123456",
        "api_key provided abcdef123456",
        "gsk_abcdef123456 not found",
        "AIzaSyabcdef123456 expired",
        "http://anna:abcdef@host/v1 failed",
        '{"token": "abcdef123456"}',
        "password=abcdef123456",
    ],
)
def test_what_looks_like_a_key_is_taken_out(said: str) -> None:
    """Keys in any provider's words do not reach a browser."""
    shown = redact(said)
    assert "abc" not in shown.lower()
    assert "anna" not in shown
    assert "YW5u" not in shown


def test_the_key_itself_is_taken_out_whatever_it_looks_like() -> None:
    """A key without any form is known, because it was used."""
    credentials = Credentials(SecretStr("plain text key"), SecretStr("anna:geheim"))
    assert redact("you said: plain text key, anna:geheim!", credentials) == "you said: …, …!"


@pytest.mark.parametrize(
    "words", ["The max_tokens is 4096", "tokens: 9000", "token count (1200) is high", "https://x.example/a"]
)
def test_ordinary_words_stay(words: str) -> None:
    """Numbers of tokens and addresses are no secrets."""
    assert redact(words) == words


def test_long_and_ugly_words_are_tamed() -> None:
    """What a provider says is quoted on one line, shortened, without control characters."""
    body = {"error": {"message": "a\x1b[31m\u202e\nb" + "x" * 1000}}
    request = httpx.Request("POST", "https://api.openai.com/")
    raw = httpx.Response(500, request=request, content=json.dumps(body))
    error: Any = httpx.HTTPStatusError("", request=request, response=raw)
    error.body = body  # as the SDK's errors have it
    sentence = str(explain(error, CHOICE))
    assert len(sentence) < 400
    assert sentence.isprintable()


def test_choice_without_a_host_is_named_by_its_provider() -> None:
    """There is always somebody to name."""
    choice: ModelChoice = choose(ModelSetting("bedrock:nova"), {}, {}).choice
    assert str(explain(other_providers_error(401, "no"), choice)).startswith("bedrock refused the API key.")
