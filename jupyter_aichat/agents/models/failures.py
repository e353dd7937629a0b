"""What a failure of a model means to a person: one code and one sentence that says whom to blame and what to do. Pure.

Providers' own words are quoted where they help, shortened, on one line and without anything that looks like a key.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator

from jupyter_aichat.agents.models.choice import Credentials, ModelChoice
from jupyter_aichat.agents.models.decode import AnswerCut, AnswerTooLong, AnswerUnreadable
from jupyter_aichat.agents.models.idle import ServerSilent
from jupyter_aichat.agents.models.retry import HOPELESS, retry_after
from jupyter_aichat.errors import ModelFailed, RunCode, RunFailed

__all__ = ["explain", "redact"]

TOO_LONG = re.compile(
    r"""context_length_exceeded | ContextWindowExceeded | string_above_max_length | exceed_context_size
    | maximum\ context\ length | context\ (window|length|size) | n_ctx
    | (prompt|input|request|conversation)\ (\(.*?\)\ )?(is\ )?(too\ (long|large)|longer\ than)
    | (input|prompt)\ tokens?.{0,40}exceed | input\ (length|token\ count).{0,60}exceed
    | prompt\ contains.{0,60}too\ large
    | reduce\ the\ length | inputs.{0,10}tokens.{0,40}must\ be\ <=""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""Says of OpenAI, Azure, vLLM, Ollama, llama.cpp, LM Studio, TGI, Anthropic, Gemini, Mistral and Bedrock: too long."""

NO_SUCH_ROUTE = re.compile(
    r"page not found|file not found|invalid url|cannot post|no route|unknown (endpoint|route)", re.IGNORECASE
)

SECRETS = (
    re.compile(r"\b(?:sk|pk|gsk|xai|hf|nvapi|key|AIza)[-_][\w*.…-]{4,}|\bAIza[\w-]{10,}"),
    re.compile(r"\b(bearer|basic)\s+[^\s\"',;]+", re.IGNORECASE),
    re.compile(
        r"(api[-_ ]?key|token|secret|password)(\W{1,4}(?:provided|is)?\W{0,3})[\w*.…/+=-]{6,}", re.IGNORECASE
    ),
    re.compile(r"(?<=://)[^/\s@]+@"),
)


def explain(error: BaseException, choice: ModelChoice, credentials: Credentials | None = None) -> RunFailed:
    """Say what a model's failure means. A `RunFailed` comes back as it is; what no provider caused is `internal`.

    `credentials` are those that were used, so that they are taken out of whatever is quoted.
    """
    if isinstance(error, RunFailed):
        return error
    return _Explanation(error, choice, credentials or Credentials()).failure()


def redact(text: str, credentials: Credentials | None = None) -> str:
    """Take out of a text what is, or looks like, a key or a password."""
    for secret in (credentials.key, credentials.login) if credentials else ():
        if secret is not None and len(secret.get_secret_value()) >= 4:
            text = text.replace(secret.get_secret_value(), "…")
    text = SECRETS[0].sub("…", text)
    text = SECRETS[1].sub(r"\1 …", text)
    text = SECRETS[2].sub(r"\1\2…", text)
    return SECRETS[3].sub("", text)


class _Explanation:
    def __init__(self, error: BaseException, choice: ModelChoice, credentials: Credentials) -> None:
        self.error = error
        self.choice = choice
        self.credentials = credentials
        self.host = choice.host or choice.provider

    def failure(self) -> RunFailed:
        error, host = self.error, self.host
        if isinstance(error, AnswerTooLong):
            unit = f"{error.limit:,} characters"
            what = "answer" if error.what == "answer" else "reasoning"
            return RunFailed(
                "limit", f"The {what} of {self.choice.name!r} is longer than {unit}. The text so far is kept."
            )
        if isinstance(error, ServerSilent):
            return self._failed(
                "model_timeout",
                f"{host} sent nothing for {error.seconds:g} s. The text so far is kept.",
                retryable=True,
            )
        if isinstance(error, AnswerCut):
            where = f"a call of the tool {error.tool!r}, which was not run" if error.tool else "the answer"
            return self._failed(
                "model_error",
                f"{host} ended in the middle of {where}. The text so far is kept.",
                retryable=True,
            )
        if isinstance(error, AnswerUnreadable):
            return self._failed(
                "model_error",
                f"{host} sent something that is not an answer: {self._quoted(str(error))}. Try again; if it happens "
                "again, check the address of the model server.",
                retryable=True,
            )
        status = _status(error)
        if status is not None:
            return self._refused(status)
        if _is_named(error, "APITimeoutError", "TimeoutException", "TimeoutError"):
            return self._failed("model_timeout", f"{host} did not answer in time.", retryable=True)
        if _is_named(error, "APIConnectionError", "ConnectError", "ConnectionError", "RequestError"):
            return self._unreachable()
        if _is_named(error, "APIError", "OpenAIError", "LangChainException", "JSONDecodeError"):
            return self._in_the_stream()
        return RunFailed(
            "internal",
            f"Something went wrong in the server ({type(error).__name__}). Its log has the details.",
        )

    def _refused(self, status: int) -> RunFailed:
        """Explain an HTTP status, or the number that an error in the stream carries."""
        host, said = self.host, _said(self.error)
        detail = self._quoted(said)
        if self._too_long(status, said):
            return self._context()
        if status in {401, 403}:
            advice = "Check the key in OPENAI_API_KEY, or store another one."
            if self.choice.provider != "openai":
                advice = f"Check the key for {self.choice.provider}."
            return self._failed("model_auth", f"{host} refused the API key. {advice}")
        if status == 402 or (status == 429 and any(word in said.lower() for word in HOPELESS)):
            return self._failed(
                "model_error",
                f"{host} says that the quota of this API key is used up. Check plan and billing there.",
            )
        if status == 404:
            return self._missing(said)
        if status == 429:
            seconds = retry_after(self.error)
            when = f"in {seconds:.0f} s" if seconds else "in a moment"
            return self._failed(
                "model_rate",
                f"{host} is limiting requests. Try again {when}.",
                retryable=True,
                retry_after=seconds,
            )
        if status in {408, 504}:
            return self._failed(
                "model_timeout", f"{host} did not answer in time (HTTP {status}).", retryable=True
            )
        if 300 <= status < 400:
            return self._failed(
                "model_error",
                f"{host} sends requests elsewhere (HTTP {status}), which is not followed. Set the final address.",
            )
        if status >= 500:
            return self._failed("model_error", f"{host} failed (HTTP {status}): {detail}", retryable=True)
        return self._failed("model_error", f"{host} refused the request (HTTP {status}): {detail}")

    def _in_the_stream(self) -> RunFailed:
        """Explain an error without a status: one that came in mid-answer, or one of a provider's own."""
        said = _said(self.error)
        if self._too_long(400, said):
            return self._context()
        code = getattr(self.error, "code", None)
        if isinstance(code, str) and code.isdigit() and 400 <= int(code) < 600:
            return self._refused(int(code))
        if "rate_limit" in said.lower():
            return self._refused(429)
        return self._failed(
            "model_error", f"{self.host} broke the answer off: {self._quoted(said)}", retryable=True
        )

    def _missing(self, said: str) -> RunFailed:
        body = getattr(self.error, "body", None)
        nowhere = isinstance(body, dict) and body.get("detail") == "Not Found"
        if (
            nowhere
            or not isinstance(body, dict)
            or ("model" not in said.lower() and NO_SUCH_ROUTE.search(said))
        ):
            return self._failed(
                "model_error",
                f"There is no chat at {self.choice.url or self.host} (HTTP 404). "
                "The address of an OpenAI-compatible server mostly ends in /v1.",
            )
        return self._failed(
            "model_not_found",
            f"{self.host} has no model {self.choice.name!r}. Choose another one, or set OPENAI_MODEL.",
        )

    def _unreachable(self) -> RunFailed:
        host = self.host
        for cause in _causes(self.error):
            if isinstance(cause, ConnectionRefusedError):
                sentence = f"Nothing listens at {host}. Start the model server there, or correct the address."
                break
            if isinstance(cause, socket.gaierror):
                sentence = f"The name of {host} cannot be resolved. Check the address and the network."
                break
            if isinstance(cause, ssl.SSLError):
                sentence = f"The connection to {host} is not secure: {self._quoted(str(cause))}"
                break
        else:
            sentence = f"The connection to {host} failed. Check the network, then try again."
        return self._failed("model_error", sentence, retryable=True)

    def _too_long(self, status: int, said: str) -> bool:
        overflow = _is_named(self.error, "ContextOverflowError")
        return overflow or (status in {400, 413, 422, 429, 500} and TOO_LONG.search(said) is not None)

    def _context(self) -> RunFailed:
        return self._failed(
            "model_context",
            f"This conversation is too long for {self.choice.name!r} at {self.host}. "
            "Start a new thread, or choose a model with a longer context.",
        )

    def _failed(
        self, code: RunCode, sentence: str, *, retryable: bool = False, retry_after: float | None = None
    ) -> ModelFailed:
        return ModelFailed(code, sentence, retryable=retryable, host=self.host, retry_after=retry_after)

    def _quoted(self, text: str) -> str:
        text = " ".join(
            "".join(c if c.isprintable() else " " for c in redact(text, self.credentials)).split()
        )
        return text if len(text) <= 300 else f"{text[:300]}…"


def _status(error: BaseException) -> int | None:
    for source in (error, getattr(error, "response", None)):
        status = getattr(source, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _said(error: BaseException) -> str:
    """Join what the server said, in its own words, with what may tell the kind of failure: its code and type."""
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        error_in_it = body.get("error")
        inner = error_in_it if isinstance(error_in_it, dict) else body
        words = [inner.get(key) for key in ("message", "detail", "code", "type")]
        if said := " · ".join(dict.fromkeys(str(word) for word in words if word)):
            return said
    return str(getattr(error, "message", "") or error)


def _is_named(error: BaseException, *names: str) -> bool:
    """Whether an error is of one of these classes, told by name: which library it comes from is the SDK's affair."""
    return any(kind.__name__ in names for kind in type(error).__mro__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend(cause for cause in (one.__cause__, one.__context__) if cause is not None)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
