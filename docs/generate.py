"""Writes the parts of these documents that come from the code: tables of the wire, of settings, providers, agents.

A part stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`. `make protocol` runs this module; a test
compares.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from docs.wire import WIRE, table
from jupyter_aichat.agents.models.providers import PROVIDERS
from jupyter_aichat.agents.registry import AGENTS, TOOLS
from jupyter_aichat.gateway.app import AiChatApp
from jupyter_aichat.runs.state import diagram

__all__ = ["DOCS", "SECTIONS", "main", "renewed"]

DOCS = Path(__file__).parent
ROOT = DOCS.parent


def settings_traits() -> str:
    """The traits that the extension adds to Jupyter's configuration."""
    words = {"Unicode": "text", "Int": "integer", "Float": "number", "Bool": "true or false"}
    own = AiChatApp.class_own_traits(config=True)
    rows = [
        [
            f"`{name}`",
            words[type(own[name]).__name__.removesuffix("eger")],
            f"`{own[name].default_value!r}`",
            str(own[name].help),
        ]
        for name in vars(AiChatApp)
        if name in own
    ]
    return table("`AiChatApp.…` | kind | default | what", rows)


def settings_lab() -> str:
    """JupyterLab's settings, from the schema that the settings editor shows."""
    plugin = json.loads((ROOT / "labextension" / "schema" / "plugin.json").read_text("utf-8"))
    rows = [
        [f"`{name}`", s["title"], f"`{json.dumps(s['default'])}`", s["description"]]
        for name, s in plugin["properties"].items()
    ]
    keys = "; ".join(f"`{' '.join(s['keys'])}`: `{s['command']}`" for s in plugin["jupyter.lab.shortcuts"])
    return f"{table('setting | title | default | what', rows)}\n\nShortcut: {keys}."


def models_providers() -> str:
    """The providers that a model's name may begin with."""
    rows = (
        [f"`{n}`", f"`{p.url}`" if p.url else "the provider's own", " ".join(f"`{v}`" for v in p.variables) or "–"]
        for n, p in PROVIDERS.items()
    )  # fmt: skip
    return table("provider | address | variable that changes it, the first that is set", rows)


def plugins_team() -> str:
    """The built-in agents and tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]

    def specs(group: str) -> list[Any]:
        return [EntryPoint(name, value, group).load() for name, value in project[group].items()]

    agents = (
        [f"`{a.name}`", " ".join(f"`{t}`" for t in a.tools) or "–", a.description] for a in specs(AGENTS)
    )
    tools = ([f"`{t.name}`", t.description.replace("|", "\\|")] for t in specs(TOOLS))
    return "\n\n".join([table("agent | tools | what the supervisor is told", agents),
                        table("tool | what agents are told", tools)])  # fmt: skip


def runs_states() -> str:
    """The life of a run."""
    return f"```mermaid\n{diagram()}\n```"


SECTIONS: dict[str, Callable[[], str]] = {
    **{f"protocol.md: {name}": make for name, make in WIRE.items()},
    "architecture.md: states": runs_states,
    "models.md: providers": models_providers,
    "plugins.md: team": plugins_team,
    "settings.md: lab": settings_lab,
    "settings.md: traits": settings_traits,
}
"""Each generated part, as "file: name"."""


def renewed(file: str, text: str) -> str:
    """The text of a document with its generated parts made anew. Raises `ValueError` where a part has no place."""
    for key, make in SECTIONS.items():
        wanted, _, name = key.partition(": ")
        if wanted != file:
            continue
        begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
        before, opened, rest_ = text.partition(begin)
        _, closed, after = rest_.partition(end)
        if not opened or not closed:
            msg = f"{file} has no {begin} … {end}"
            raise ValueError(msg)
        text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return text


def main() -> None:
    """Write all documents that have generated parts."""
    for file in sorted({key.partition(": ")[0] for key in SECTIONS}):
        path = DOCS / file
        path.write_text(renewed(file, path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
