"""What an SQL text says, as far as that can be told without the database."""

from __future__ import annotations

import json
import re
from typing import Any

WRITING = frozenset(
    re.findall(
        r"\w+",
        "insert update delete merge upsert drop create alter truncate grant revoke copy call exec execute into attach "
        "detach pragma vacuum install load export import checkpoint lock do handler rename comment reindex analyze "
        "refresh set reset begin commit rollback savepoint declare prepare deallocate listen notify use kill shutdown",
    )
)
FIRST = frozenset(
    {"select", "with", "values", "table", "from", "show", "describe", "summarize", "explain", "("}
)
PARTS = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<text>'(?:[^']|'')*')
      | (?P<name>"(?:[^"]|"")*"|`[^`]*`|\[[^\]']*\])
      | (?P<word>[^\W\d]\w*)
      | (?P<end>;)
      | (?P<other>\S)""",
    re.VERBOSE | re.DOTALL,
)


class Refused(Exception):
    """The query cannot be carried out. The sentence says why and what to do; `kind` is a word for it."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


def words(sql: str) -> list[str]:
    """The words outside texts and comments, quoted names included."""
    found = []
    for part in PARTS.finditer(sql):
        if part.lastgroup == "word":
            found.append(part[0])
        elif part.lastgroup == "name" and part[0][0] != "[":
            found.append(part[0][1:-1].replace('""', '"'))
    return found


def require_reading(sql: str) -> None:
    """Raise `Refused` unless `sql` is plainly one statement that only reads. When in doubt it is not."""
    if "/*!" in sql or "\\'" in sql:
        raise Refused(
            "not_select", "The query holds a comment or a text that databases read differently. Rewrite it."
        )
    parts = [part for part in PARTS.finditer(sql) if part.lastgroup != "comment"]
    while parts and parts[-1].lastgroup == "end":
        parts.pop()
    if not parts:
        raise Refused("syntax", "The query is empty.")
    if any(part.lastgroup == "end" for part in parts):
        raise Refused("not_select", "Only a single statement is run. Send one SELECT.")
    first = parts[0][0].lower()
    if first not in FIRST:
        raise Refused("not_select", f"Only a SELECT is run here; this begins with {parts[0][0]!r}.")
    for part in parts:
        if part.lastgroup == "word" and part[0].lower() in WRITING:
            raise Refused(
                "not_select",
                f"Only a SELECT is run here; this has the word {part[0]!r}. Quote it if it is a name.",
            )


def tree_of(connection: Any, sql: str) -> Any | None:
    """DuckDB's own reading of a SELECT; `None` where it has none (other statements, no JSON in this DuckDB)."""
    try:
        [[text]] = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
        told = json.loads(text)
    except Exception:  # noqa: BLE001  each DuckDB fails in its own way
        return None
    return None if told.get("error") else told


def nodes(tree: Any) -> list[dict[str, Any]]:
    """All nodes of the tree, in the order of the text."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            found.append(node)
            waiting.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
    return found


def tables_of(tree: Any) -> list[str]:
    """The names that stand where a table stands, without those that the query itself defines."""
    found = nodes(tree)
    own = {
        str(item["key"]).lower()
        for node in found
        if isinstance(node.get("map"), list)
        for item in node["map"]
        if isinstance(item, dict) and isinstance(item.get("value"), dict) and "query" in item["value"]
    } | {
        str(item["key"]).lower()
        for node in found
        for item in (node.get("cte_map") or {}).get("map", [])
        if isinstance(item, dict) and "key" in item
    }
    names = [
        str(node["table_name"])
        for node in found
        if node.get("type") == "BASE_TABLE" and node.get("table_name") and not node.get("schema_name")
    ]
    return [name for name in dict.fromkeys(names) if name.lower() not in own]


def require_written_names(tree: Any) -> None:
    """Raise `Refused` where the name of a file could be put together in the query: only what is written is checked."""
    plain_classes, plain_functions = {"CONSTANT", "COMPARISON", "COLUMN_REF"}, {"list_value", "array_value"}
    for node in nodes(tree):
        function = node.get("function")
        if node.get("type") != "TABLE_FUNCTION" or not isinstance(function, dict):
            continue
        name = str(function.get("function_name", "")).lower()
        if name in {"range", "generate_series", "unnest"}:
            continue
        parts = [part for part in nodes(function) if part is not function and "class" in part]
        if name.startswith("query") or not all(
            part["class"] in plain_classes
            or part.get("type") == "ARRAY_CONSTRUCTOR"
            or part.get("function_name") in plain_functions
            for part in parts
        ):
            raise Refused(
                "forbidden", f"The files that {name}() reads must be written out in the query as plain text."
            )


def with_root(sql: str, root: str) -> str:
    """The query with names of files that stand where a table stands, or in read_…(), made absolute."""
    found, last, before, listed = "", 0, ["", ""], False
    for part in PARTS.finditer(sql):
        if part.lastgroup == "comment":
            continue
        called = before[-1] == "(" and before[-2].startswith(("read_", "glob"))
        listed = (called and part[0] == "[") or (listed and part[0] != "]")
        relative = part.lastgroup == "text" and not part[0].startswith(("'/", "'\\")) and ":" not in part[0]
        if relative and (called or listed or before[-1] in {"from", "join"}):
            found += sql[last : part.start()] + "'" + root.replace("'", "''") + part[0][1:]
            last = part.end()
        before.append(part[0].lower())
    return found + sql[last:]


def texts_of(sql: str) -> list[str]:
    """The texts in quotes, of both kinds: names of files are among them."""
    return [
        part[0][1:-1].replace("''", "'")
        for part in PARTS.finditer(sql)
        if part.lastgroup in {"text", "name"} and part[0][0] in "'\""
    ]
