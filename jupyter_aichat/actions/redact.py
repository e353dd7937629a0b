"""Takes secrets out of text before it becomes an event or goes to a model. Pure functions.

Known formats of keys, and the values of what it is given: environment variables whose names speak of a key, and tokens of
the server. Ordinary numbers, identifiers, hashes and text stay. A secret that is written in another way (reversed, in
base64) is not found: this is a net, not a wall; the wall is the consent to run and to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

__all__ = ["Redacted", "redact"]

_SHORTEST = 8
_NAMES = re.compile(
    r"key|token|secret|passw(?:or)?d|passphrase|credential|auth|private|(?:^|_)pw(?:d)?(?:_|$)|(?:^|_)pat(?:_|$)",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(?:_sock|_file|_path|_dir|_home|_url|_host|_port|_id|_type|_method|_agent_pid)$|^(?:path|pwd|oldpwd)$",
    re.IGNORECASE,
)
_ORDINARY = re.compile(r"[\d.,:/ -]+|[a-z]{1,15}|/[\w./-]+|true|false", re.IGNORECASE)

_EDGE = r"(?<![A-Za-z0-9])"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "private key",
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\Z)",
            re.DOTALL,
        ),
    ),
    ("password in an address", re.compile(r"(?<=://)([^\s/:@'\"⟨]{0,100}):([^\s/@'\"⟨]{1,200})(?=@[\w\[])")),
    ("API key", re.compile(_EDGE + r"sk-(?:proj-|ant-|or-|svcacct-)?[A-Za-z0-9_-]{20,}")),
    ("API key", re.compile(_EDGE + r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}")),
    ("API key", re.compile(_EDGE + r"AIza[A-Za-z0-9_-]{35}")),
    ("access token", re.compile(_EDGE + r"gh[pousr]_[A-Za-z0-9]{30,}")),
    ("access token", re.compile(_EDGE + r"github_pat_[A-Za-z0-9_]{22,}")),
    (
        "access token",
        re.compile(
            _EDGE
            + r"(?:glpat-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,})"
        ),
    ),
    ("access token", re.compile(_EDGE + r"xox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("AWS key", re.compile(_EDGE + r"(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])")),
    (
        "AWS key",
        re.compile(
            r"(?<=aws_secret_access_key)(\s{0,4}[=:]\s{0,4}['\"]?)[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])",
            re.IGNORECASE,
        ),
    ),
    ("JSON web token", re.compile(_EDGE + r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{5,}")),
    ("bearer token", re.compile(r"(?<=Bearer )[A-Za-z0-9._~+/-]{16,}=*", re.IGNORECASE)),
    (
        "Jupyter token",
        re.compile(
            r"(?<=[?&]token=)[0-9A-Za-z]{16,}|(?<=Authorization: token )[0-9A-Za-z]{16,}", re.IGNORECASE
        ),
    ),
)
_KINDS = (*dict.fromkeys(kind for kind, _ in _PATTERNS), "environment variable", "token")
_MARK = re.compile("(⟨redacted: (?:" + "|".join(map(re.escape, _KINDS)) + ")⟩)")


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text without secrets. `counts`: how many of which kind were taken out by this call."""

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.counts.values())


def redact(text: str, environment: Mapping[str, str] | None = None, tokens: Iterable[str] = ()) -> Redacted:
    """Take out known secrets. `tokens` are values that are secret wherever they stand, such as the server's own."""
    values = {v: "token" for v in tokens if len(v) >= _SHORTEST}
    for name, value in (environment or {}).items():
        if (
            _NAMES.search(name)
            and not _PLACES.search(name)
            and len(value) >= _SHORTEST
            and not _ORDINARY.fullmatch(value)
        ):
            values.setdefault(value, "environment variable")
    for value, kind in list(values.items()):
        values.setdefault(quote(value, safe=""), kind)
        values.setdefault(value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"'), kind)
    longest_first = sorted(values, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if values else None
    counts: Counter[str] = Counter()
    while True:
        parts = _MARK.split(text)
        parts[::2] = [_piece(part, known, values, counts) for part in parts[::2]]
        after = "".join(parts)
        if after == text:
            return Redacted(text, dict(counts))
        text = after


def _piece(text: str, known: re.Pattern[str] | None, values: Mapping[str, str], counts: Counter[str]) -> str:
    """One round over a part that holds no mark; the marks that it makes are not looked into."""
    if not text:
        return text
    if known is not None:

        def named(found: re.Match[str]) -> str:
            kind = values[found[0]]
            counts[kind] += 1
            return f"⟨redacted: {kind}⟩"

        text = known.sub(named, text)
    for kind, pattern in _PATTERNS:

        def mark(found: re.Match[str], kind: str = kind) -> str:
            if _MARK.search(found[0]) and kind != "private key":
                return found[0]
            counts[kind] += 1
            kept = f"{found[1]}:" if kind == "password in an address" else found[1] if found.re.groups else ""
            return f"{kept}⟨redacted: {kind}⟩"

        text = pattern.sub(mark, text)
    return text
