"""Rows that hold from a day to a day (`from_on`, `to_on`; open without the second), both days inside."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Model, Q, QuerySet


def not_over(day: Any, lookup: str = "") -> Q:
    """The condition that the rows at `lookup` (such as `members__`) are live on a day (or at an expression) or begin later."""
    return Q(**{f"{lookup}to_on": None}) | Q(**{f"{lookup}to_on__gte": day})


def held_on(day: date, lookup: str = "") -> Q:
    """The condition that the dates of the rows at `lookup` hold the day."""
    return not_over(day, lookup) & Q(**{f"{lookup}from_on__lte": day})


class DatedQuerySet[Row: Model](QuerySet[Row]):
    """Look-ups by day."""

    def live(self, day: date) -> Self:
        """Rows whose dates hold `day`."""
        return self.filter(held_on(day))

    def not_over(self, day: date) -> Self:
        """Rows that are live on `day` or begin later."""
        return self.filter(not_over(day))

    def meeting(self, from_on: date, to_on: date | None) -> Self:
        """Rows with a day in common with from_on … to_on (None: open)."""
        rows = self.not_over(from_on)
        return rows if to_on is None else rows.filter(from_on__lte=to_on)
