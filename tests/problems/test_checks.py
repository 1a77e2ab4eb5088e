"""Faults of checks that open problems where the scheme asks for it: one a place and kind while it is on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.cast import COUNTY, NOW, PEACH, TODAY, WILLOW, Cast
from tests.problems.rows import sender, step
from xiangyue.checks.actions import record_round, record_sheet, undo
from xiangyue.checks.models import Check
from xiangyue.problems.checks_found import asked_on, open_from
from xiangyue.problems.models import Problem, Step
from xiangyue.rules.sheet import Entry

HEAP, STACK, DARK = Entry("D01-01", "heap", 2), Entry("D01-15", "stack", 1), Entry("D01-21", "dark", 1)


def inspected(cast: Cast, *entries: Entry, village: str = WILLOW, by: str = "P03", **more: Any) -> Any:
    """An open inspection of a village."""
    now = more.pop("now", NOW)
    return record_sheet(sender(cast, "county_office"), "village_open", village, entries=entries, inspector=by, now=now)


def test_faults_of_an_inspection_open_problems(cast: Cast) -> None:
    assert inspected(cast, HEAP, STACK).state == "stored"
    rows = {row.kind: row for row in Problem.objects.all()}
    assert set(rows) == {"rubbish", "firewood"}
    found = rows["rubbish"]
    assert (found.place, found.source, found.tier) == (cast.places[WILLOW], "check", "village")
    assert found.deadline == found.reported_on + timedelta(days=3)
    assert found.reported_by == cast.people["P03"]
    assert found.check_row == Check.objects.get()


def test_one_while_it_is_on_the_way_and_another_when_it_is_closed(cast: Cast) -> None:
    inspected(cast, HEAP)
    inspected(cast, HEAP, by="P09")
    found = Problem.objects.get()
    assert (found.n_found, found.n_steps) == (2, 2)
    step(cast, found, "village_office", "mended")
    step(cast, found, "township_office", "verified")
    inspected(cast, HEAP, by="P01", now=NOW + timedelta(days=1))
    assert Problem.objects.filter(kind="rubbish").count() == 2


def test_a_clean_sheet_and_a_fault_that_is_not_asked_for_open_nothing(cast: Cast) -> None:
    inspected(cast, village=PEACH)
    inspected(cast, Entry("D01-25", "below", 1))
    assert not Problem.objects.exists()


def test_daily_rounds_open_nothing_in_linjiang(cast: Cast, django_assert_max_num_queries: Any) -> None:
    from xiangyue.checks.actions import Fault

    fault = Fault(cast.household(1).code, (Entry("S01-3", "firewood", 1),))
    record_round(sender(cast, "bearer"), "daily", faults=[fault], now=NOW)
    assert not Problem.objects.exists()


def test_a_sheet_taken_back_takes_its_problem_back(cast: Cast) -> None:
    answer = inspected(cast, DARK)
    assert Problem.objects.get().state == "open"
    undo(sender(cast, "county_office"), UUID(answer.id), now=NOW + timedelta(minutes=3))
    assert Problem.objects.get().state == "dismissed"


def test_running_it_again_changes_nothing(cast: Cast) -> None:
    inspected(cast, HEAP, STACK)
    county = cast.places[COUNTY]
    asked = asked_on(county.pk, TODAY)
    before = (Problem.objects.count(), Step.objects.count())
    assert open_from(county.pk, asked, {cast.places[WILLOW].pk}, {202611}, now=NOW) == []
    assert (Problem.objects.count(), Step.objects.count()) == before


def test_many_subjects_cost_the_same(cast: Cast, django_assert_max_num_queries: Any) -> None:
    from django.core.cache import cache

    for village in (WILLOW, PEACH):
        inspected(cast, HEAP, STACK, DARK, village=village)
    Step.objects.all().delete()
    Problem.objects.all().delete()
    cache.clear()
    county = cast.places[COUNTY]
    asked = asked_on(county.pk, TODAY)
    subjects = {cast.places[village].pk for village in (WILLOW, PEACH)}
    with django_assert_max_num_queries(16):
        assert len(open_from(county.pk, asked, subjects, {202611}, now=NOW)) == 6
