"""Rule 2, the days: periods, the local day, and whether a record counts, is early or is old."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from .settings import PeriodKind

LOCAL = timezone(timedelta(hours=8))
Belonging = Literal["counts", "early", "old"]
Answer = Literal["counts", "held", "late"]
_KEY = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A period: both days lie inside it."""

    key: str
    kind: PeriodKind
    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.starts_on <= day <= self.ends_on

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def name(self) -> str:
        """`2026年10月`, `2026年第3季度`, `2026年`."""
        year = f"{self.starts_on.year}年"
        if self.kind == "month":
            return f"{year}{self.starts_on.month}月"
        return year if self.kind == "year" else f"{year}第{(self.starts_on.month + 2) // 3}季度"


def runs_on(from_on: date, to_on: date | None, day: date) -> bool:
    """Whether what runs from a day to a day, both inside, runs on `day`; `to_on` None: it has no end."""
    return from_on <= day and (to_on is None or to_on >= day)


def month_of(day: date) -> Span:
    """The month that holds the day."""
    return _span("month", day.year, day.month, day.month)


def quarter_of(day: date) -> Span:
    """The quarter that holds the day."""
    last = (day.month + 2) // 3 * 3
    return _span("quarter", day.year, last - 2, last)


def year_of(day: date) -> Span:
    """The year that holds the day."""
    return _span("year", day.year, 1, 12)


def period_of(kind: PeriodKind, day: date) -> Span:
    """The period of that kind that holds the day."""
    return {"month": month_of, "quarter": quarter_of, "year": year_of}[kind](day)


def parse_period(key: str) -> Span:
    """The period of a key such as 2026-10, 2026-Q3 or 2026; ValueError in Chinese words otherwise."""
    match = _KEY.fullmatch(key)
    if match is None or not 1900 <= int(match[1]) <= 9998:
        raise ValueError(f"看不懂考核期“{key}”。请写成 2026-10（月）、2026-Q3（季度）或 2026（年）。")
    year = int(match[1])
    if match[2]:
        return _span("month", year, int(match[2]), int(match[2]))
    if match[3]:
        return _span("quarter", year, int(match[3]) * 3 - 2, int(match[3]) * 3)
    return _span("year", year, 1, 12)


def months_of(span: Span) -> tuple[Span, ...]:
    """The months of a period, first to last."""
    year = span.starts_on.year
    return tuple(_span("month", year, m, m) for m in range(span.starts_on.month, span.ends_on.month + 1))


def previous(span: Span) -> Span:
    """The period of the same kind just before."""
    return period_of(span.kind, span.starts_on - timedelta(days=1))


def following(span: Span) -> Span:
    """The period of the same kind just after."""
    return period_of(span.kind, span.ends_on + timedelta(days=1))


def local_day(instant: datetime, clock_error: timedelta = timedelta(0)) -> date:
    """The day (UTC+8) of an aware instant, corrected by how far the phone's clock ran ahead."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return (instant - clock_error).astimezone(LOCAL).date()


def belongs(made_on: date, today: date, limit_days: int = 31) -> Belonging:
    """Whether a record of that day counts on the server's day, or is kept for a person: early, or too old."""
    if made_on > today:
        return "early"
    return "old" if (today - made_on).days > limit_days else "counts"


def answer(made_on: date, today: date, closed: bool, limit_days: int = 31) -> Answer:
    """What a capture is answered: it counts, is held for a person, or is stored late for a closed period."""
    if belongs(made_on, today, limit_days) != "counts":
        return "held"
    return "late" if closed else "counts"


def _span(kind: PeriodKind, year: int, first: int, last: int) -> Span:
    key = {"month": f"{year:04d}-{first:02d}", "quarter": f"{year:04d}-Q{(last + 2) // 3}", "year": f"{year:04d}"}[kind]
    return Span(key, kind, date(year, first, 1), date(year, last, monthrange(year, last)[1]))
