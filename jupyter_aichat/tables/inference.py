"""From text to numbers and dates, one column at a time, with everything assumed on the way written down.

What is written plainly (``1200``, ``2026-03-05``) is cast by Polars as a whole; only the other distinct values go
through the parsers of `values`. A column changes its kind only if at most `TOLERANCE` of its values do not fit:
those count as missing then, and the assumption says how many and which. Otherwise it stays text, untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar

import polars as pl

from jupyter_aichat.tables.table import Assumption, AssumptionCode, Column
from jupyter_aichat.tables.values import MISSING, Granularity, parse_day, parse_number

__all__ = ["TOLERANCE", "Inferred", "infer", "speaks_of_dates"]

TOLERANCE: Final = 0.05
"""The share of a column's values that may fail to fit before the column stays text."""

T = TypeVar("T")

_SAMPLE: Final = 500
_EXAMPLES: Final = 3
_LONGEST_NUMBER: Final = 15
"""Digits beyond which a number is taken for an identifier (card, account): a float could not hold it exactly."""

# Polars' \d would also match the digits of other scripts, which it then cannot cast
_DIGITS: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_PLAIN: Final = r"^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_COMMON: Final = rf"^(?:[+-]?(?:[₩￦$€£¥]{_DIGITS}|{_DIGITS}[원%]?))$"
"""The common ways of writing a number; `parse_number` knows the others."""
_ORNAMENT: Final = "[,₩￦$€£¥원%]"
_WHOLE: Final = r"^[+-]?[0-9]+$"
_ISO_DAY: Final = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_ISO_TIME: Final = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?$"
_DATE_NAME: Final = re.compile(
    r"date|day|month|year|quarter|period|날짜|일자|일시|년월|연월|기간|분기|(?:^|[^가-힣])[년월일]$",
    re.IGNORECASE,
)
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}", re.ASCII)
_FINENESS: Final[tuple[Granularity, ...]] = ("year", "quarter", "month", "day", "time")
_SAME_CURRENCY: Final = {"원": "₩"}


@dataclass(frozen=True, slots=True)
class Inferred:
    """A column as it will stand in the table."""

    series: pl.Series
    column: Column
    assumptions: tuple[Assumption, ...]


def speaks_of_dates(name: str) -> bool:
    """Whether a column's name makes "20260305" a date."""
    return _DATE_NAME.search(name) is not None


def infer(series: pl.Series, *, plain_numbers: bool = True) -> Inferred:
    """What the texts of `series` are.

    `plain_numbers=False` leaves digits alone: in a file with types of its own, text that looks like a number was
    meant to be text.
    """
    name = series.name
    notes: list[Assumption] = []
    stripped = series.str.strip_chars()
    texts, markers = _without_markers(stripped)
    if markers:
        notes.append(markers)
    present = texts.drop_nulls()
    hinted = speaks_of_dates(name)
    attempts: list[Callable[[], Inferred | None]] = [
        lambda: _numbers(texts, present, notes, plain_numbers=plain_numbers),
        lambda: _dates(texts, present, notes, hinted=hinted),
        lambda: _booleans(texts, present, notes),
    ]
    if hinted:
        attempts[:2] = attempts[1::-1]
    if len(present):
        for attempt in attempts:
            if found := attempt():
                return found
    trimmed = int((series.fill_null("") != stripped.fill_null("")).sum())
    if trimmed:
        notes.append(Assumption("trimmed", name, values=trimmed))
    return Inferred(texts, Column(name, "text"), tuple(notes))


def _without_markers(texts: pl.Series) -> tuple[pl.Series, Assumption | None]:
    """`texts` with null where a marker such as "N/A" stood, and what to say of it (nothing of blanks)."""
    marked = texts.is_in(list(MISSING - {""}))
    cleaned = texts.set(texts.is_in(list(MISSING)).fill_null(value=False), None)
    if not marked.any():
        return cleaned, None
    found = texts.filter(marked)
    examples = tuple(found.unique().sort().to_list())
    return cleaned, Assumption("missing_markers", texts.name, values=len(found), examples=examples)


# -------------------------------------------------------------------------------------------------------- numbers


def _numbers(
    texts: pl.Series, present: pl.Series, notes: list[Assumption], *, plain_numbers: bool
) -> Inferred | None:
    name = texts.name
    plain = texts.str.contains(_PLAIN).fill_null(value=False)
    if plain.any() and not plain_numbers:
        return None
    common = plain | texts.str.contains(_COMMON).fill_null(value=False)
    rest = texts.filter(~common & texts.is_not_null())
    if common.sum() < len(present) / 2 and not _promising(rest, parse_number):
        return None
    parsed, unfit, misfits = _parsed(rest, parse_number)
    if misfits * 2 > len(present):
        return None
    ornate = texts.filter(common & ~plain)
    bare = texts.set(~common, None).str.replace_all(_ORNAMENT, "")
    units = {number.unit for number in parsed.values()} | _units(ornate)
    if "%" in units and plain.any():
        units.add("")
    if refused := _refusal(name, bare, len(present), units, misfits=misfits, unfit=unfit):
        notes.append(refused)
        return None
    whole = all(isinstance(number.value, int) for number in parsed.values())
    whole = whole and bool(bare.drop_nulls().str.contains(_WHOLE).all())
    dtype = pl.Int64 if whole else pl.Float64
    series = bare.cast(dtype)
    if parsed:
        values = {text: number.value if whole else float(number.value) for text, number in parsed.items()}
        series = series.fill_null(texts.replace_strict(values, default=None, return_dtype=dtype))
    rewritten = len(present) - misfits - int(plain.sum())
    if rewritten or misfits:
        written = str(ornate[0]) if len(ornate) else next(iter(parsed), "")
        notes.append(Assumption("numbers", name, written, rewritten, misfits, unfit[:_EXAMPLES]))
    unit = min(units - {""}, default="", key=lambda unit: unit in _SAME_CURRENCY)
    return Inferred(series, Column(name, "integer" if whole else "number", unit), tuple(notes))


def _units(ornate: pl.Series) -> set[str]:
    """The currencies and percent signs in numbers that are written in a common way; "" where there is none."""
    marks = ornate.str.extract("([₩￦$€£¥원%])").fill_null("").unique()
    return {number.unit for mark in marks if (number := parse_number(f"1{mark}"))}


def _parsed(texts: pl.Series, parse: Callable[[str], T | None]) -> tuple[dict[str, T], tuple[str, ...], int]:
    """The meaning of each distinct text; the texts that have none, most frequent first; how many values those are."""
    meanings: dict[str, T] = {}
    misfits, unfit = 0, list[str]()
    counts = texts.alias("text").value_counts(name="count")
    for text, count in counts.sort("count", "text", descending=[True, False]).iter_rows():
        meaning = parse(text)
        if meaning is None:
            misfits += count
            unfit.append(text)
        else:
            meanings[text] = meaning
    return meanings, tuple(unfit), misfits


def _refusal(
    name: str, bare: pl.Series, present: int, units: set[str], *, misfits: int, unfit: tuple[str, ...]
) -> Assumption | None:
    """Why a column that is mostly numbers stays text, if it does."""
    if misfits > TOLERANCE * present:
        return Assumption("mostly_numbers", name, "", present - misfits, misfits, unfit[:_EXAMPLES])
    for code, pattern in _IDENTIFIERS:
        found = bare.filter(bare.str.contains(pattern).fill_null(value=False))
        if len(found):
            examples = tuple(found.unique(maintain_order=True).head(_EXAMPLES).to_list())
            return Assumption(code, name, values=len(found), examples=examples)
    currencies = {_SAME_CURRENCY.get(unit, unit) for unit in units if unit}
    if len(currencies) > 1 or {"", "%"} <= units:
        return Assumption("mixed_units", name, values=present, examples=tuple(sorted(units - {""})))
    return None


_IDENTIFIERS: Final[tuple[tuple[AssumptionCode, str], ...]] = (
    ("leading_zeros", r"^[+-]?0[0-9]+$"),
    ("long_digits", rf"^[+-]?[0-9]{{{_LONGEST_NUMBER + 1},}}$"),
)


# ---------------------------------------------------------------------------------------------------------- dates


def _dates(texts: pl.Series, present: pl.Series, notes: list[Assumption], *, hinted: bool) -> Inferred | None:
    name = texts.name
    iso_day = texts.str.contains(_ISO_DAY)
    iso_time = texts.str.contains(_ISO_TIME)
    moments = (
        texts.set(~(iso_day | iso_time), None)
        .str.replace("T", " ", literal=True)
        .str.replace(r"^(.{10})$", "${1} 00:00:00")
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    )
    rest = texts.filter(moments.is_null() & texts.is_not_null())
    if moments.count() < len(present) / 2 and not _promising(
        rest, lambda text: parse_day(text, hinted=hinted) or parse_day(text, day_first=True)
    ):
        return None
    day_first, ambiguous = _slash_order(rest.unique(maintain_order=True).to_list())
    parsed, unfit, misfits = _parsed(rest, lambda text: parse_day(text, day_first=day_first, hinted=hinted))
    fits = len(present) - misfits
    if misfits > TOLERANCE * len(present):
        if fits * 2 >= len(present):
            notes.append(Assumption("mostly_dates", name, "", fits, misfits, unfit[:_EXAMPLES]))
        return None
    whens, zone = _one_clock({text: day.when for text, day in parsed.items()})
    if whens:
        moments = moments.fill_null(texts.replace_strict(whens, default=None, return_dtype=pl.Datetime("us")))
    timed = bool((moments.dt.time() != time(0)).any())
    finest = _finest([day.granularity for day in parsed.values()], iso=bool(iso_day.any() or iso_time.any()))
    granularity: Granularity = "time" if timed else "day" if finest == "time" else finest
    written = next(iter(parsed), "") or str(present[0])
    code: AssumptionCode = "quarters" if granularity == "quarter" else "dates"
    notes.append(Assumption(code, name, written, fits, misfits, unfit[:_EXAMPLES]))
    if ambiguous:
        notes.append(Assumption("day_first" if day_first else "month_first", name, ambiguous))
    if zone:
        notes.append(Assumption("zone_utc" if zone == "several" else "zone_dropped", name, zone))
    series = moments if timed else moments.cast(pl.Date)
    return Inferred(series, Column(name, "datetime" if timed else "date", "", granularity), tuple(notes))


def _finest(granularities: list[Granularity], *, iso: bool) -> Granularity:
    if iso:
        granularities = [*granularities, "day"]
    return max(granularities, key=_FINENESS.index, default="day")


def _slash_order(texts: list[str]) -> tuple[bool, str]:
    """Whether "03/05/2026" is written day first, and an example that could be read both ways if none decides."""
    slashed = [(text, int(found[1]), int(found[2])) for text in texts if (found := _SLASHED.match(text))]
    if any(first > 12 for _, first, _ in slashed):
        return True, ""
    if not slashed or any(second > 12 for _, _, second in slashed):
        return False, ""
    return False, slashed[0][0]


def _one_clock(whens: dict[str, date | datetime]) -> tuple[dict[str, datetime], str]:
    """All moments on one clock, and what became of their zones: "" where none was written, the zone that was left
    out where there was one, "several" where they were brought to UTC.
    """
    moments = {
        text: when if isinstance(when, datetime) else datetime.combine(when, time())
        for text, when in whens.items()
    }
    zones = {moment.strftime("%z") for moment in moments.values() if moment.tzinfo}
    if len(zones) > 1:
        moments = {
            text: moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
            for text, moment in moments.items()
        }
        return moments, "several"
    bare = {text: moment.replace(tzinfo=None) for text, moment in moments.items()}
    return bare, next(iter(zones), "")


# ------------------------------------------------------------------------------------------------------- booleans


def _booleans(texts: pl.Series, present: pl.Series, notes: list[Assumption]) -> Inferred | None:
    words = present.unique().str.to_lowercase().unique().sort().to_list()
    if words not in (["false", "true"], ["true"], ["false"]):
        return None
    series = (texts.str.to_lowercase() == "true").alias(texts.name)
    return Inferred(series, Column(texts.name, "boolean"), tuple(notes))


def _promising(texts: pl.Series, parse: Callable[[str], object]) -> bool:
    """Whether at least half of a sample, taken evenly, parses: so that long text columns cost nothing."""
    sample = texts.gather_every(max(1, len(texts) // _SAMPLE)).to_list()
    return bool(sample) and 2 * sum(parse(text) is not None for text in sample) >= len(sample)
