"""What the command says by itself, in English and Korean. What agents say is theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["Words", "language_of"]

SENTENCES: dict[str, tuple[str, str]] = {
    "handoff": ("→ {agent}: {task}", "→ {agent}: {task}"),
    "tool": ("· {tool}", "· {tool}"),
    "tool_failed": ("✗ {tool}: {reason}", "✗ {tool}: {reason}"),
    "artifact": ("+ {title}", "+ {title}"),
    "denied": (
        "Something needed your approval and was denied: {what}. Ask in JupyterLab to decide about it.",
        "승인이 필요한 작업이 거부됐어요: {what}. JupyterLab에서 질문하면 직접 결정할 수 있어요.",
    ),
    "queued": ("Waiting for {count} answer(s) before this one.", "앞선 답변 {count}개를 기다리는 중이에요."),
    "starting": ("Starting a server for this question…", "이 질문을 위해 서버를 시작하는 중이에요…"),
    "server": ("Server: {url} · thread: {thread}", "서버: {url} · 대화: {thread}"),
    "go_on": ("Go on with: --thread {thread}", "이어서 질문하려면: --thread {thread}"),
    "lost": ("Connection lost; trying again…", "연결이 끊겼어요. 다시 연결하는 중이에요…"),
    "stopped": ("The answer was stopped.", "답변을 중지했어요."),
    "gone": (
        "The connection to {url} was lost for {seconds} s. The answer goes on there, in the thread {thread}.",
        "{url} 연결이 {seconds}초 동안 끊겼어요. 답변은 서버에서 계속돼요(대화 {thread}).",
    ),
    "unreachable": (
        "Nothing answers at {url}. Start Jupyter there, or give another --server.",
        "{url}에서 응답이 없어요. Jupyter를 시작하거나 다른 --server를 지정하세요.",
    ),
    "forbidden": (
        "{url} refused the token. Give it with --token, or in JUPYTER_TOKEN.",
        "{url}에서 토큰을 거부했어요. --token이나 JUPYTER_TOKEN으로 지정하세요.",
    ),
    "disabled": (
        "AI chat is not enabled at {url}. Enable it with: jupyter server extension enable jupyter_aichat",
        "{url}에 AI 채팅이 활성화되어 있지 않아요. 활성화: jupyter server extension enable jupyter_aichat",
    ),
    "broken": ("{url} failed: {reason}", "{url}에서 오류가 발생했어요: {reason}"),
    "version": (
        "{url} speaks version {theirs} of the protocol, this command version {ours}. Install the same version on both sides.",
        "{url}의 프로토콜은 버전 {theirs}, 이 명령은 버전 {ours}이에요. 양쪽에 같은 버전을 설치하세요.",
    ),
    "not_started": ("The server could not be started: {reason}", "서버를 시작할 수 없어요: {reason}"),
    "no_server": (
        "No Jupyter server with AI chat is running here. Start one with: jupyter lab",
        "AI 채팅을 쓸 수 있는 Jupyter 서버가 없어요. 시작: jupyter lab",
    ),
    "no_question": (
        'Nothing was asked. Say: jupyter aichat ask "What is in sales.csv?"',
        '질문이 없어요. 예: jupyter aichat ask "sales.csv에 뭐가 있어?"',
    ),
}
"""Key -> English, Korean."""

LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class Words:
    """The sentences in one language."""

    def __init__(self, language: str) -> None:
        """`language` is BCP 47; Korean has its own sentences, every other language gets English ones."""
        self.language = language
        self._column = 1 if language.partition("-")[0] == "ko" else 0

    def say(self, key: str, **values: object) -> str:
        """Fill in one sentence."""
        return SENTENCES[key][self._column].format(**values)


def language_of(env: Mapping[str, str]) -> str:
    """The language of a terminal, from its locale ("ko_KR.UTF-8" is "ko-KR"); "en" where there is none."""
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    name = locale.partition(".")[0].partition("@")[0]
    return name.replace("_", "-") if LANGUAGE.fullmatch(name) and name != "POSIX" else "en"
