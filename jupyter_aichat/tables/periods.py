"""Days, weeks, months, quarters and years: where a period begins, where the next one does, and what it is called."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

__all__ = ["Period", "next_start", "period_label", "start_of"]

Period = Literal["day", "week", "month", "quarter", "year"]
"""What a trend adds up over. A week begins on Monday."""


def start_of(day: date, period: Period) -> date:
    """The first day of the period that `day` lies in."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return day.replace(month=1, day=1) if period == "year" else day


def next_start(start: date, period: Period) -> date:
    """The first day of the period that follows the one beginning at `start`."""
    if period == "day":
        return start + timedelta(days=1)
    if period == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1)


def period_label(start: date, period: Period, language: str) -> str:
    """What a reader calls the period: "2026 Q3", "2026년 3분기"; days and weeks are their (first) day."""
    quarter = (start.month + 2) // 3
    if language == "ko":
        return {
            "year": f"{start.year}년",
            "quarter": f"{start.year}년 {quarter}분기",
            "month": f"{start.year}년 {start.month}월",
        }.get(period, start.isoformat())
    return {
        "year": f"{start.year}",
        "quarter": f"{start.year} Q{quarter}",
        "month": f"{start:%Y-%m}",
    }.get(period, start.isoformat())
