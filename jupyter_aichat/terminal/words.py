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
    "made": (
        "Write the prompt below the second '---', then: jupyter aichat agent try {path} \"…\"",
        "두 번째 '---' 아래에 지시문을 쓴 다음: jupyter aichat agent try {path} \"…\"",
    ),
    "exists": (
        "{path} is there already and was left as it is. Choose another name.",
        "{path} 파일이 이미 있어서 그대로 두었어요. 다른 이름을 골라 주세요.",
    ),
    "unwritable": ("{path} cannot be written: {reason}", "{path} 파일을 쓸 수 없어요: {reason}"),
    "no_file": ("There is no file {path}.", "{path} 파일이 없어요."),
    "no_agents": (
        "There are no agents in {folder}. Make one with: jupyter aichat agent new NAME",
        "{folder} 폴더에 에이전트가 없어요. 만들기: jupyter aichat agent new NAME",
    ),
    "usable": ("{path}: {name} can be used.", "{path}: {name} 에이전트를 쓸 수 있어요."),
    "needs_model": (
        "A custom agent needs a model, and none is configured: {name} cannot answer. Set OPENAI_BASE_URL or OPENAI_API_KEY.",
        "직접 만든 에이전트에는 모델이 필요한데 설정된 모델이 없어요({name}). OPENAI_BASE_URL이나 OPENAI_API_KEY를 설정하세요.",
    ),
    "template": (
        """\
---
name: {name}
# The supervisor decides by this sentence what to ask it for; people read it too.
description: "{name}: say here in one or two sentences what it is good for."
# What it may use: inspect_variables, run_code, list_files, read_file, profile_table, analyse_table …
tools: [list_files, read_file]
# model: openai:gpt-5-mini
---
You are the {name}. You get a task; you see nothing else of the conversation.

- Look at the files with list_files and read_file before you say anything about them.
- Answer in the language of the task. Say what you could not find out.
""",
        """\
---
name: {name}
# 수퍼바이저는 이 설명을 보고 언제 일을 맡길지 정해요. 사람도 읽어요.
description: "{name}: 무엇을 잘하는지 한두 문장으로 적어 주세요."
# 쓸 수 있는 도구: inspect_variables, run_code, list_files, read_file, profile_table, analyse_table …
tools: [list_files, read_file]
# model: openai:gpt-5-mini
---
당신은 {name} 에이전트예요. 맡은 일만 보이고 대화의 나머지는 보이지 않아요.

- 파일에 대해 말하기 전에 list_files와 read_file로 먼저 확인하세요.
- 맡은 일에 쓰인 언어로 답하고, 알아내지 못한 것은 그렇다고 말하세요.
""",
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
