"""The command line: its commands and their options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

__all__ = ["parse"]

THREAD = re.compile(r"[A-Za-z0-9_-]{1,128}")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; like every command it explains itself and ends the process where it is wrong."""
    parser = argparse.ArgumentParser(
        prog="jupyter aichat",
        description="AI chat from the terminal: asks the Jupyter server that runs here, or starts one for the question.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="ask|health|agent")
    shown = argparse.ArgumentParser(add_help=False)
    shown.add_argument("--json", action="store_true", help="write JSON: one event per line, as it came")
    shown.add_argument(
        "-v", "--verbose", action="store_true", help="show on stderr what goes on, specialists included"
    )
    shared = argparse.ArgumentParser(add_help=False, parents=[shown])
    shared.add_argument(
        "--server", metavar="URL", help="the server's address (default: the one that runs here)"
    )
    shared.add_argument(
        "--token", default="", help="its token (default: JUPYTER_TOKEN, or what a server of yours left)"
    )
    ask = commands.add_parser(
        "ask",
        parents=[shared],
        help="ask, and read the answer as it is written",
        description="The answer goes to stdout as it is written, everything else to stderr. What would need your "
        "approval is denied: decide in JupyterLab.",
    )
    ask.add_argument("question", nargs="*", help='what to ask; "-" or nothing reads it from stdin')
    ask.add_argument(
        "--thread", type=_thread, metavar="ID", help="go on with this conversation (default: a new one)"
    )
    ask.add_argument("--agent", metavar="NAME", help="ask this specialist directly")
    ask.add_argument("--model", metavar="PROVIDER:NAME", help="answer with this model")
    commands.add_parser(
        "health", parents=[shared], help="tell which server and model answer, and how they are"
    )
    _agent(commands.add_parser("agent", help="make, check and try an agent that is a Markdown file"), shown)
    return parser.parse_args(argv)


def _agent(parser: argparse.ArgumentParser, shown: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="agent_command", required=True, metavar="new|check|try")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--folder",
        metavar="DIR",
        help="where your agents are (default: aichat/agents in Jupyter's configuration); as AiChatApp.agents_dir",
    )
    new = commands.add_parser(
        "new", parents=[where], help="write a file to begin with; never over another one"
    )
    new.add_argument("name", metavar="NAME", help="a letter a-z, then up to 39 of a-z, 0-9 and _")
    check = commands.add_parser(
        "check",
        parents=[where],
        help="tell what is wrong, with file and line",
        description="Ends with 0 if nothing is wrong, 1 otherwise. Without files: all that a server would read.",
    )
    check.add_argument("files", nargs="*", metavar="FILE")
    attempt = commands.add_parser(
        "try",
        parents=[where, shown],
        help="ask one, with the model that is configured",
        description="Starts a server for the question, in which the file is there and nothing is kept. What would need "
        "your approval is denied.",
    )
    attempt.add_argument("file", metavar="FILE")
    attempt.add_argument("question", nargs="+", help="what to ask it")
    attempt.add_argument("--model", metavar="PROVIDER:NAME", help="answer with this model")
    for command in (new, check):
        command.set_defaults(verbose=False, json=False)
    attempt.set_defaults(thread=None)


def _thread(text: str) -> str:
    if not THREAD.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no conversation: 1 to 128 of A-Z a-z 0-9 _ -")
    return text
