"""`jupyter aichat agent new|check`: agents as Markdown files, made and checked where no server runs.

The one place in the terminal that knows the server's side: a file is judged by the code that will load it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_aichat.errors import ConfigurationError

if TYPE_CHECKING:
    from jupyter_aichat.agents.checking import Checked
    from jupyter_aichat.terminal.screen import Screen
    from jupyter_aichat.terminal.words import Words

__all__ = ["Drafts"]


class Drafts:
    """The files of one person. `folder` is where their agents are; "" for Jupyter's configuration."""

    def __init__(self, folder: str | None, screen: Screen, words: Words) -> None:
        from jupyter_core.paths import jupyter_config_dir, jupyter_path

        self.folder = Path(folder) if folder else Path(jupyter_config_dir()) / "aichat" / "agents"
        self._folders = (self.folder, *map(Path, jupyter_path("aichat", "agents")))
        self._screen = screen
        self._words = words

    def new(self, name: str) -> bool:
        """Write a file to begin with; whether it was written."""
        from jupyter_aichat.agents.checking import problems_of

        path = self.folder / f"{name}.md"
        text = self._words.say("template", name=name)
        # its own folder may have the file already; that is told first
        if not _is_there(path) and (problems := problems_of(text, name, self._folders)):
            for problem in problems:
                self._screen.failure(problem.say(self._words.language))
            return False
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            self._screen.failure(self._words.say("exists", path=path))
            return False
        except OSError as error:
            self._screen.failure(self._words.say("unwritable", path=path, reason=error.strerror or error))
            return False
        self._screen.line(str(path))
        self._screen.note(self._words.say("made", path=path))
        return True

    def check(self, files: Sequence[str]) -> bool:
        """Tell what is wrong with files, or that nothing is; whether all can be used."""
        checked = self._checked([Path(file) for file in files])
        for one in checked:
            self.tell(one)
        if not checked:
            self._screen.line(self._words.say("no_agents", folder=self.folder))
        return all(one.agent is not None for one in checked)

    def one(self, file: str) -> Checked:
        """Check one file, and say nothing about it."""
        return self._checked([Path(file)])[0]

    def tell(self, one: Checked) -> None:
        """Say what is wrong with a file, a line for each thing, as compilers do."""
        for problem in one.problems:
            sentence = problem.say(self._words.language)
            self._screen.failure(f"{one.path}:{problem.line or 1}: {sentence}")
        if one.agent is not None:
            self._screen.line(self._words.say("usable", path=one.path, name=one.agent.name))

    def _checked(self, files: Sequence[Path]) -> list[Checked]:
        from jupyter_aichat.agents.checking import check

        for path in files:
            if not path.is_file():
                raise ConfigurationError(self._words.say("no_file", path=path))
        return check(files, self._folders)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False
