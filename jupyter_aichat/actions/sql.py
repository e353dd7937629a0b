"""Whether a text of SQL is one SELECT that only reads, and from which tables. Parsed by sqlglot; nothing is run.

The rule is the same as for code: what is not known to be harmless is refused with a sentence. A function passes when
sqlglot knows it and its name speaks of no file, network or setting, or when it stands in a list here.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_aichat.actions.doubts import Doubt

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["SqlCheck", "read_only_select"]

_LONGEST = 100_000
_FILE = re.compile(
    r"[/\\*?\[]|\.(?:csv|tsv|txt|parquet|pq|json|jsonl|ndjson|xlsx?|arrow|feather|ipc|avro|db|duckdb|gz|zst|bz2)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"read|load|file|glob|http|url|env|setting|secret|sleep|lock|nextval|setval|setseed|query|exec|notify|copy|import|"
    r"export|write|delete|insert|update|attach|scan|sniff|pragma|session|current_user|^user$|pg_(?!typeof)|^lo_|dblink|"
    r"generate_?(?:embedding|text|table|bool|double|int)|^ai|^ml|predict|embedding|external|xmltable|openjson",
    re.IGNORECASE,
)
_FUNCTIONS = frozenset(
    """age array_agg array_to_string bar bit_count bool_and bool_or century corr covar_pop covar_samp date_diff date_part
    date_sub date_trunc datediff datepart datesub dayname dayofmonth dayofweek dayofyear epoch epoch_ms era even
    favg first format fsum geomean histogram instr isodow isoyear kahan_sum kurtosis last_day len list list_aggregate
    list_avg list_contains list_count list_distinct list_element list_extract list_filter list_max list_median list_min
    list_reverse list_slice list_sort list_sum list_transform list_unique list_value list_zip ltrim mad make_date
    make_time make_timestamp max_by median min_by mode monthname mode nfc_normalize nullif ordinality parse_date
    percent_rank pi printf product quantile quantile_cont quantile_disc quarter range regexp_extract regexp_full_match
    regexp_matches regexp_replace regr_intercept regr_r2 regr_slope repeat reservoir_quantile row round_even rtrim
    sem skewness string_agg string_split string_split_regex strip_accents strlen strptime struct_extract
    struct_pack suffix timezone_hour to_days to_hours to_minutes to_months to_seconds to_timestamp to_years today
    trunc try_strptime typeof unicode week weekday weekofyear year yearweek approx_count_distinct approx_quantile
    generate_series unnest bin hex concat_ws lpad rpad contains starts_with ends_with prefix suffix jaccard
    levenshtein damerau_levenshtein hamming""".split()
)
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_NONE = Doubt("")


@dataclass(frozen=True, slots=True)
class SqlCheck:
    """What a text of SQL is.

    `ok`: exactly one SELECT without effects. `why_not` says in a sentence why not. `tables`: as the text names them,
    without names that it defines itself; `files` and `network`: what it reads from elsewhere.
    """

    ok: bool
    why_not: Doubt = _NONE
    tables: tuple[str, ...] = ()
    files: tuple[str | None, ...] = ()
    network: tuple[str, ...] = ()


def read_only_select(sql: str, dialect: str = "duckdb") -> SqlCheck:
    """Check a text of SQL."""
    if trick := _trick(sql):
        return SqlCheck(ok=False, why_not=trick)
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of text that it can't read, and quotes it
    try:
        statements = [
            s for s in sqlglot.parse(sql, read=dialect) if s is not None and not isinstance(s, exp.Semicolon)
        ]
    except (SqlglotError, RecursionError, ValueError) as error:
        words = str(error).split("\n", maxsplit=1)[0]
        return SqlCheck(
            ok=False, why_not=Doubt("This is no SQL that can be read here: {why}", why=words[:200])
        )
    if len(statements) != 1:
        return SqlCheck(
            ok=False,
            why_not=Doubt("These are {count} statements; exactly one SELECT may run.", count=len(statements)),
        )
    tree = statements[0]
    try:
        return _Check(tree).result()
    except RecursionError:
        return SqlCheck(ok=False, why_not=Doubt("This is nested too deeply to be read here."))


def _trick(sql: str) -> Doubt | None:
    if len(sql) > _LONGEST:
        return Doubt("The text is longer than {most} characters.", most=_LONGEST)
    for char in sql:
        if char not in "\n\t\r" and (
            unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
            or (char != " " and unicodedata.category(char) == "Zs")
        ):
            return Doubt("The text has a hidden character ({code}).", code=f"U+{ord(char):04X}")
    if "/*!" in sql or "/*+" in sql or re.search(r"/\*(?:(?!\*/).)*/\*", sql, re.DOTALL):
        return Doubt("The text has a comment that databases read in different ways.")
    if "\\'" in sql or "$$" in sql:
        return Doubt("The text has quotes that databases read in different ways.")
    return None


class _Check:
    def __init__(self, tree: exp.Expr) -> None:
        self.tree = tree
        self.doubts: list[Doubt] = []
        self.tables: dict[str, None] = {}
        self.files: dict[str | None, None] = {}
        self.network: dict[str, None] = {}

    def result(self) -> SqlCheck:
        from sqlglot import exp

        if not isinstance(self.tree, exp.Query):
            kind = type(self.tree).__name__.upper()
            word = str(self.tree.this).upper() if isinstance(self.tree, exp.Command) else kind
            return SqlCheck(ok=False, why_not=Doubt("This is {word}; only a SELECT may run.", word=word))
        for node in self.tree.walk():
            self._node(node)
        if self.files or self.network:
            named = ", ".join(
                str(name or "a file that can't be told") for name in [*self.files, *self.network]
            )
            self.doubts.append(Doubt("It reads {names}, which is no table.", names=named))
        return SqlCheck(
            ok=not self.doubts,
            why_not=self.doubts[0] if self.doubts else _NONE,
            tables=tuple(self.tables),
            files=tuple(self.files),
            network=tuple(self.network),
        )

    def _node(self, node: exp.Expr) -> None:
        from sqlglot import exp

        if isinstance(node, (exp.DML, exp.DDL, exp.Command)) and not isinstance(node, exp.Query):
            self.doubts.append(
                Doubt("It contains {word}, which changes something.", word=type(node).__name__.upper())
            )
        elif isinstance(node, exp.Into):
            self.doubts.append(Doubt("SELECT … INTO makes a table."))
        elif isinstance(node, exp.Lock):
            self.doubts.append(Doubt("FOR UPDATE locks rows."))
        elif isinstance(node, (exp.Placeholder, exp.Parameter, exp.SessionParameter)):
            self.doubts.append(Doubt("It has parameters whose values are not here."))
        elif isinstance(node, exp.Table):
            self._table(node)
        elif isinstance(node, exp.Func):
            self._function(node)
        elif isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func):
            pass  # the function comes by itself
        elif isinstance(
            node, (exp.Set, exp.Use, exp.Pragma, exp.Attach, exp.Detach, exp.Copy, exp.Describe, exp.Show)
        ):
            self.doubts.append(Doubt("It contains {word}.", word=type(node).__name__.upper()))

    def _function(self, node: exp.Func) -> None:
        from sqlglot import exp

        anonymous = isinstance(node, (exp.Anonymous, exp.AnonymousAggFunc))
        name = str(node.this if isinstance(node.this, str) else node.name) if anonymous else node.sql_name()
        in_from = isinstance(node.parent, exp.Table)
        if anonymous and name.lower() not in _FUNCTIONS:
            harmless = False
        else:
            harmless = not _OUTSIDE.search(name) and not _OUTSIDE.search(type(node).__name__)
        if in_from and name.lower() not in _TABLE_FUNCTIONS:
            harmless = False
        if harmless:
            return
        if re.search(r"read|glob|file|scan|sniff|load", name, re.IGNORECASE):
            paths: list[str | None] = [a.name for a in node.find_all(exp.Literal) if a.is_string]
            for path in paths or [None]:
                self._outside(path)
        if re.search(r"http|url", name, re.IGNORECASE):
            self.network[name.lower()] = None
        self.doubts.append(Doubt("It calls {name}(), which is not known to be harmless.", name=name.lower()))

    def _table(self, node: exp.Table) -> None:
        from sqlglot import exp

        if isinstance(node.this, exp.Func):
            return
        if not isinstance(node.this, exp.Identifier):
            if isinstance(node.this, exp.Literal):
                self._outside(node.this.name)
            else:
                self.doubts.append(Doubt("It reads from something that is no table."))
            return
        parts = [part.name for part in node.parts]
        whole = ".".join(parts)
        if len(parts) == 1 and _defined(node, parts[0]):
            return
        if _FILE.search(whole) or _ADDRESS.match(whole):
            self._outside(whole)
        else:
            self.tables[whole] = None

    def _outside(self, path: str | None) -> None:
        if path is not None and _ADDRESS.match(path):
            self.network[path] = None
        else:
            self.files[path] = None


def _defined(table: exp.Table, name: str) -> bool:
    """Whether the name is one that a WITH around the table defines for it."""
    from sqlglot import exp

    node: exp.Expr | None = table
    inside: exp.Expr | None = None
    while node is not None:
        if isinstance(node, exp.CTE):
            inside = node
        with_ = node.args.get("with_") or node.args.get("with")
        if isinstance(with_, exp.With):
            for cte in with_.expressions:
                if cte is inside and not with_.recursive:
                    break
                if cte.alias.casefold() == name.casefold():
                    return True
                if cte is inside:
                    break
        node = node.parent
    return False
