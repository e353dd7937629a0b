"""`jupyter aichat`: the command line and its exit codes.

0: answered, made, nothing wrong. 1: the answer failed or was stopped by somebody else; an agent's file is wrong. 2: there
is no server to ask, no such file, or nothing was asked. 130: stopped here with Ctrl+C.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from jupyter_aichat.errors import AichatError, CommandRefused, ConfigurationError
from jupyter_aichat.terminal.answer import Answer
from jupyter_aichat.terminal.client import ASK, Asking, Unusable, health
from jupyter_aichat.terminal.drafts import Drafts
from jupyter_aichat.terminal.options import parse
from jupyter_aichat.terminal.screen import Screen
from jupyter_aichat.terminal.servers import Server, addressed, running, suited
from jupyter_aichat.terminal.started import NotStarted, started_server
from jupyter_aichat.terminal.words import Words, language_of

__all__ = ["Command", "main", "message_of", "parse"]

ANSWERED, FAILED, NO_SERVER, INTERRUPTED, PIPE_CLOSED, TERMINATED = 0, 1, 2, 130, 141, 143


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    options = parse(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show Korean still shows the rest
    command = Command(options, os.environ, Path.cwd(), sys.stdin, sys.stdout, sys.stderr)
    try:
        return asyncio.run(command.run())
    except KeyboardInterrupt:
        return INTERRUPTED
    except asyncio.CancelledError:
        return TERMINATED
    except BrokenPipeError:
        # whoever read has left; what Python flushes at its end must not fail a second time
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


class Command:
    """One call of the command, with all that it takes from outside."""

    def __init__(
        self,
        options: argparse.Namespace,
        env: Mapping[str, str],
        folder: Path,
        stdin: TextIO,
        stdout: TextIO,
        stderr: TextIO,
    ) -> None:
        self._options = options
        self._env = env
        self._folder = folder.resolve()
        self._stdin = stdin
        self._stdout = stdout
        self._words = Words(language_of(env))
        self._screen = Screen(stdout, stderr, verbose=options.verbose)

    async def run(self) -> int:
        """Do what was asked for. Cancelling it stops the answer first."""
        _end_at_sigterm()
        try:
            match self._options.command:
                case "ask":
                    return await self._ask()
                case "agent":
                    return await self._agent()
                case _:
                    return await self._health()
        except CommandRefused as refused:
            self._screen.failure(str(refused))
            return FAILED
        except NotStarted as error:
            self._screen.failure(self._words.say("not_started", reason=error))
            return NO_SERVER
        except AichatError as error:
            self._screen.failure(str(error))
            return NO_SERVER

    # -- ask --------------------------------------------------------------------------------------------------------

    async def _ask(self) -> int:
        question = " ".join(self._options.question).strip()
        if question in {"", "-"} and not self._stdin.isatty():
            question = self._stdin.read().strip()
        if not question or question == "-":
            raise ConfigurationError(self._words.say("no_question"))
        async with self._server() as server:
            return await self._ask_there(server, question, self._options.agent)

    async def _ask_there(self, server: Server, question: str, agent: str | None) -> int:
        asking = self._asking(server, question, agent)
        self._screen.note(self._words.say("server", url=server.url, thread=asking.thread))
        try:
            await asking.run()
        except (asyncio.CancelledError, BrokenPipeError):
            await _undisturbed(asking.stop())
            self._end(asking)
            raise
        return self._end(asking)

    def _asking(self, server: Server, question: str, agent: str | None) -> Asking:
        options = self._options
        client_id = secrets.token_urlsafe(12)
        wishes = {name: wish for name, wish in (("agent", agent), ("model", options.model)) if wish}
        message = message_of(question, client_id, self._words.language, wishes)
        thread = options.thread or secrets.token_urlsafe(12)
        shown = _Silent() if options.json else self._screen
        answer = Answer(client_id, shown, self._words)
        return Asking(server, thread, message, answer, self._screen, self._words, as_json=options.json)

    def _end(self, asking: Asking) -> int:
        ending = asking.answer.ending
        with contextlib.suppress(BrokenPipeError):
            self._screen.end()
        if ending is None:
            return INTERRUPTED
        if ending.outcome == "failed":
            self._screen.failure(ending.sentence)
            return FAILED
        if ending.outcome == "cancelled":
            self._screen.failure(self._words.say("stopped"))
            return FAILED
        if self._options.command == "ask":
            self._screen.note(self._words.say("go_on", thread=asking.thread))
        return ANSWERED

    @contextlib.asynccontextmanager
    async def _server(self) -> AsyncIterator[Server]:
        """Find the server to ask: the one that was named, one that runs here, or one for this call."""
        if self._options.server:
            yield self._named()
            return
        for server in suited(running(_runtime_dir()), self._folder):
            try:
                await health(server, self._words)
            except Unusable:
                continue  # another one may have it enabled, or let us in
            yield server
            return
        self._screen.note(self._words.say("starting"))
        async with started_server(self._folder, self._env) as server:
            yield server

    # -- agent ------------------------------------------------------------------------------------------------------

    async def _agent(self) -> int:
        options = self._options
        drafts = Drafts(options.folder, self._screen, self._words)
        match options.agent_command:
            case "new":
                return ANSWERED if drafts.new(options.name) else FAILED
            case "check":
                return ANSWERED if drafts.check(options.files) else FAILED
            case _:
                return await self._try(drafts, options.file, " ".join(options.question))

    async def _try(self, drafts: Drafts, file: str, question: str) -> int:
        """Ask an agent in a server of its own, where its file is the only one of the person's and nothing is kept."""
        checked = drafts.one(file)
        agent = checked.agent
        if agent is None:
            drafts.tell(checked)
            return FAILED
        self._screen.note(self._words.say("starting"))
        with tempfile.TemporaryDirectory(prefix="aichat-") as own:
            folder = Path(own) / "agents"
            folder.mkdir()
            shutil.copyfile(checked.path, folder / checked.path.name)
            traits = (
                f"--AiChatApp.agents_dir={folder}",
                f"--AiChatApp.db_url=sqlite:///{Path(own) / 'try.db'}",
            )
            async with started_server(self._folder, self._env, traits) as server:
                told = await health(server, self._words)
                if told["model"]["offline"] and not (agent.model or self._options.model):
                    self._screen.failure(self._words.say("needs_model", name=agent.name))
                    return FAILED
                for plugin in told["plugins"]:
                    if (plugin["kind"], plugin["name"]) == ("agent", agent.name) and plugin.get("error"):
                        self._screen.failure(plugin["error"])  # its own model, for one
                        return FAILED
                return await self._ask_there(server, question, agent.name)

    # -- health -----------------------------------------------------------------------------------------------------

    async def _health(self) -> int:
        server, told = await self._healthy()
        if self._options.json:
            self._screen.line(json.dumps(told, ensure_ascii=False))
        else:
            for line in _lines(server, told):
                self._screen.line(line)
        return ANSWERED if told["status"] == "ok" else FAILED

    async def _healthy(self) -> tuple[Server, dict[str, Any]]:
        if self._options.server:
            server = self._named()
            return server, await health(server, self._words)
        servers = running(_runtime_dir())
        here = suited(servers, self._folder)
        elsewhere = sorted(set(servers) - set(here), key=lambda server: server.started, reverse=True)
        for server in (*here, *elsewhere):
            with contextlib.suppress(Unusable):
                return server, await health(server, self._words)
        raise ConfigurationError(self._words.say("no_server"))

    def _named(self) -> Server:
        token = self._options.token or self._env.get("JUPYTER_TOKEN", "")
        return addressed(self._options.server, token, running(_runtime_dir()))


class _Silent:
    """Shows nothing: with `--json` the frames themselves are shown."""

    def text(self, message: str, text: str) -> None:
        """Nothing."""

    def aside(self, agent: str, message: str, text: str) -> None:
        """Nothing."""

    def note(self, sentence: str) -> None:
        """Nothing."""


def message_of(question: str, client_id: str, language: str, wishes: Mapping[str, str]) -> dict[str, Any]:
    """Make the command that asks; `wishes` are its `agent` and `model`. Nobody here can approve anything."""
    return {
        "type": "message",
        "id": ASK,
        "message": question,
        "client_id": client_id,
        "approvals": "deny",
        "language": language,
        **wishes,
    }


def _runtime_dir() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())


def _lines(server: Server, told: dict[str, Any]) -> list[str]:
    model, store = told["model"], told["store"]
    lines = [
        f"server   {server.url} · {told['status']} · version {told['version']}",
        f"model    {model['id']} · {model['reason']}",
        f"store    {store['url']} · {store['status']}",
        *(f"         {warning}" for warning in store.get("warnings", ())),
        f"open     {told['runs']} runs · {told['sockets']} sockets",
    ]
    lines += [f"plugin   {p['name']}: {p.get('error', '')}" for p in told["plugins"] if p["status"] != "ok"]
    return lines


async def _undisturbed(stopping: Any) -> None:
    """Finish something although this task is being cancelled."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
    await stopping


def _end_at_sigterm() -> None:
    """Treat being terminated like Ctrl+C: a server that was started for this call must not be left behind."""
    task = asyncio.current_task()
    with contextlib.suppress(
        NotImplementedError, RuntimeError, AttributeError
    ):  # where loops have no signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: task and task.cancel())


if __name__ == "__main__":
    sys.exit(main())
