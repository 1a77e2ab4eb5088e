"""Rows that go in beside the caller: all of them, in their order, and what the database refuses comes back."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from xiangyue.base.bulk import insert_beside, stored
from xiangyue.checks.models import DayCount

FIELDS = ("village", "kind", "day", "n_checks", "n_faulty")


def counts(n: int) -> list[tuple[Any, ...]]:
    """Rows that differ in their village only."""
    return [(village, 1, stored(date(2026, 10, 1)), village % 97, 0) for village in range(n)]


@pytest.mark.django_db
@pytest.mark.parametrize("n", [0, 1, 181, 13_001])
def test_all_rows_arrive_whatever_is_left_over(n: int) -> None:
    """One statement takes thousands of rows, then some, then single ones."""
    wait = insert_beside(DayCount, FIELDS, iter(counts(n)))
    wait()
    held = list(DayCount.objects.order_by("id").values_list("village_id", "n_checks"))
    assert held == [(village, village % 97) for village in range(n)]


@pytest.mark.django_db
def test_what_the_database_refuses_is_raised_when_waited_for() -> None:
    """As nothing else in the transaction may go on, and the interpreter's own pace is back."""
    before = sys.getswitchinterval()
    twice = [*counts(3), *counts(3)]
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        insert_beside(DayCount, FIELDS, twice)()
    assert DayCount.objects.count() == 0
    assert sys.getswitchinterval() == before


@pytest.mark.django_db
def test_a_mistake_in_the_rows_is_raised_too() -> None:
    """The rows are made while they go in."""

    def broken() -> Any:
        yield counts(1)[0]
        raise LookupError("row")

    with pytest.raises(LookupError, match="row"), transaction.atomic():
        insert_beside(DayCount, FIELDS, broken())()
    model: type[Model] = DayCount
    assert model._default_manager.count() == 0
