"""The documents say what there is: nothing is missing, and what they point to is there."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jupyter_aichat.agents.models.providers import PROVIDERS
from jupyter_aichat.gateway.app import AiChatApp
from tests.docs.blocks import DOCS, ROOT, anchors, blocks, links, pages

PAGES = [path.relative_to(ROOT).as_posix() for path in pages()]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ALL = "\n".join(path.read_text("utf-8") for path in DOCS.rglob("*.md"))

FAMILIES = {
    "Apache": "Apache",
    "BSD": "BSD",
    "MIT": "MIT",
    "MPL": "MPL|Mozilla",
    "LGPL": "LGPL",
    "PSF": "PSF",
}
"""Licences, and what metadata call them."""


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """To a file that is there, and to a heading that it has."""
    path = ROOT / page
    for link in links(path):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", link
            continue
        target = (path.parent / parts.path).resolve() if parts.path else path
        assert target.exists(), f"{page} points to {link}"
        assert not parts.fragment or parts.fragment in anchors(target), f"{page} points to {link}"


def test_every_page_can_be_reached() -> None:
    """The contents lead to each page, and the list of decisions to each decision."""
    for folder in (DOCS, DOCS / "decisions"):
        here = {path.name for path in folder.glob("*.md")} - {"README.md"}
        assert here <= {link.partition("#")[0] for link in links(folder / "README.md")}


def test_decisions_have_one_form_and_one_page() -> None:
    """Numbered without a gap; context, choice, and what was given up."""
    files = sorted((DOCS / "decisions").glob("0*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for number, path in enumerate(files, start=1):
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. "), path.name
        for part in ("**Context.**", "**Choice.**", "**Given up.**"):
            assert part in text, f"{path.name} has no {part}"
        assert len(text.split()) < 450, path.name


def test_every_setting_is_there() -> None:
    """Each trait of the server and each setting of JupyterLab has its row."""
    page = (DOCS / "settings.md").read_text("utf-8")
    lab = json.loads((ROOT / "labextension" / "schema" / "plugin.json").read_text("utf-8"))["properties"]
    names = [*AiChatApp.class_own_traits(config=True), *lab]
    assert [name for name in names if f"\n| `{name}` |" not in page] == []


def test_every_environment_variable_is_there() -> None:
    """Each that the code reads, by name or from the table of providers, is described."""
    read = {variable for provider in PROVIDERS.values() for variable in provider.variables}
    for path in (ROOT / "jupyter_aichat").rglob("*.py"):
        read |= set(re.findall(r"env(?:iron)?\.get\(\s*\"([A-Z_]+)\"", path.read_text("utf-8")))
    assert "OPENAI_API_KEY" in read
    assert sorted(name for name in read if f"`{name}`" not in ALL) == []


def test_every_entry_point_group_and_built_in_is_there() -> None:
    """Groups that plugins can use, and each agent and tool that comes with the package."""
    page = (DOCS / "plugins.md").read_text("utf-8")
    groups = {g: names for g, names in PROJECT["entry-points"].items() if g.startswith("jupyter_aichat.")}
    assert len(groups) == 2
    for group, names in groups.items():
        assert f"`{group}`" in page, group
        assert [name for name in names if f"\n| `{name}` |" not in page] == []


def test_every_command_of_the_palette_is_there() -> None:
    """What JupyterLab's palette offers is listed with the settings."""
    source = (ROOT / "labextension" / "src" / "lab" / "commands.ts").read_text("utf-8")
    offered = re.findall(r"'(aichat:[\w-]+)'", source)
    page = (DOCS / "settings.md").read_text("utf-8")
    assert offered
    assert [name for name in offered if f"`{name}`" not in page] == []


def test_every_folder_is_there() -> None:
    """The architecture names each folder of the package and of the front end, and none that is not there."""
    page = (DOCS / "architecture.md").read_text("utf-8")
    tables = page[page.index("## The house") : page.index("## The way of a message")]
    package, front = tables.split("folder of `labextension/src/`")
    root, source = ROOT / "jupyter_aichat", ROOT / "labextension" / "src"
    there = {path.parent.relative_to(root).as_posix() for path in root.rglob("__init__.py")} - {"."}
    there |= {"jupyter-config", "labextension", "static"}  # no Python in them; two are made by the build
    named = _first_column(package)
    assert {path for path in there if "/" not in path} <= named
    assert named <= there
    assert _first_column(front) == {path.name for path in source.iterdir() if path.is_dir()}


def _first_column(table: str) -> set[str]:
    cells = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return {name for cell in cells for name in re.findall(r"`([\w/-]+)/`", cell)}


@pytest.mark.parametrize("page", PAGES)
def test_code_can_be_read(page: str) -> None:
    """Python, JSON and TOML in the documents are what they say."""
    readers: dict[str, Callable[[str], object]] = {
        "python": ast.parse,
        "json": json.loads,
        "toml": tomllib.loads,
    }
    for block in blocks(ROOT / page):
        if block.language in readers:
            readers[block.language](block.code)


def test_licences_are_those_of_the_libraries() -> None:
    """Each library that we declare stands in the table, with the licence that its own metadata name."""
    table = dict(
        re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|", (DOCS / "decisions" / "0010-libraries-and-licences.md").read_text("utf-8"),
                   re.MULTILINE)
    )  # fmt: skip
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["lab"], *extras["postgres"]]
    for name in (re.split(r"[\[<>=]", requirement)[0] for requirement in wanted):
        assert name in table, name
        if name != "psycopg":  # an extra that is not installed for the tests
            assert _families(table[name]) <= _families(_of_package(name)), name
    front = json.loads((ROOT / "labextension" / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((ROOT / "labextension" / "package-lock.json").read_text("utf-8"))["packages"]
    for name in (n for n in front if not n.startswith(("@jupyterlab/", "@lumino/"))):
        assert table.get(name) == lock[f"node_modules/{name}"]["license"], name


def _of_package(name: str) -> str:
    told = distribution(name).metadata
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License")]
    fields = [(told.get_all(field) or [""])[0][:200] for field in ("License-Expression", "License")]
    return " ".join([*fields, *classifiers])


def _families(text: str) -> set[str]:
    return {family for family, words in FAMILIES.items() if re.search(rf"\b(?:{words})", text)}


def test_nothing_of_a_machine_is_in_the_documents() -> None:
    """No path of whoever wrote them."""
    for path in DOCS.rglob("*"):
        if path.suffix in {".md", ".py"}:
            assert not re.search(
                r"(?<![\w/.])/(?:home/(?!me\b)|work|root|tmp)/", Path(path).read_text("utf-8")
            ), path
