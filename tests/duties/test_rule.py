"""Assigning by rule: balanced, not one's own, stable when run again, undone exactly."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import COUNTY, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.duties.refusals import refused
from tests.standings.rows import closing_of
from xiangyue.base.changes import history
from xiangyue.base.consequences import follow
from xiangyue.duties.actions.ruling import assign_by_rule, end_assignment, undo_assignment
from xiangyue.duties.coverage import coverage_of
from xiangyue.duties.facts import Weighing
from xiangyue.duties.models import Assignment, Duty
from xiangyue.duties.ruling import draft_assignment
from xiangyue.people.grants import scope_of
from xiangyue.places.actions.tree import set_household_state
from xiangyue.places.models import HouseholdState
from xiangyue.standings.models import Result, Standing

pytestmark = pytest.mark.django_db
BOTH = ("members", "committee")


def all_duties() -> list[tuple[Any, ...]]:
    """Every duty with what counts of it."""
    return sorted(
        Duty.objects.values_list("pk", "layer", "person_id", "target_id", "from_on", "to_on", "exclusion", "source")
    )


def loads(layer: str) -> Counter[str]:
    """Targets by bearer today."""
    return Counter(Duty.objects.live(TODAY).filter(layer=layer).values_list("person__code", flat=True))


def run(cast: Cast, place: str = WILLOW, **more: Any) -> Assignment | None:
    """The rule over both household layers, from today."""
    return assign_by_rule(cast.users["county_office"], cast.places[place], BOTH, today=TODAY, **more)


def test_an_empty_village_is_given_out(cast: Cast) -> None:
    Duty.objects.all().delete()
    row = run(cast, worst_percent=25)
    assert row is not None
    assert (row.n_begun, row.n_moved, row.n_kept) == (8, 0, 0)
    assert loads("committee") == {"P08": 2}
    assert loads("members") == {"P06": 3, "P07": 3}
    assert not Duty.objects.filter(person=cast.people["P06"], target=cast.household(1)).exists()
    assert not Duty.objects.filter(person=cast.people["P07"], target=cast.household(6)).exists()
    assert history(row).get().act == "duty.assigned_by_rule"
    assert {one.gaps for one in coverage_of(cast.places[WILLOW].path, TODAY) if one.code in BOTH} == {0}


def test_running_it_again_moves_nothing(cast: Cast) -> None:
    run(cast)
    before = all_duties()
    assert run(cast) is None
    assert assign_by_rule(None, cast.places[WILLOW], BOTH, today=TODAY + timedelta(days=30)) is None
    assert all_duties() == before


def test_a_bearer_who_leaves_hands_everything_on(cast: Cast) -> None:
    run(cast)
    gone = cast.people["P07"]
    gone.posts.update(to_on=TODAY)
    day = TODAY + timedelta(days=1)
    others = set(Duty.objects.live(TODAY).exclude(person=gone).values_list("pk", flat=True))
    row = assign_by_rule(None, cast.places[WILLOW], BOTH, today=TODAY, on=day)
    assert row is not None
    assert row.n_left == 1
    left = Duty.objects.live(day).filter(person=gone).values_list("target__code", flat=True)
    assert list(left) == [cast.household(1).code], "the other member's own house: nobody else is there"
    assert others <= set(Duty.objects.live(day).values_list("pk", flat=True))
    own_house = Duty.objects.live(day).get(target=cast.household(1))
    assert own_house.person != cast.people["P06"]


def test_the_worst_by_the_last_result_go_to_the_committee(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Duty.objects.all().delete()

    def weigh(event: str, weighing: Weighing) -> None:
        weighing.results.update({cast.household(n).pk: 9000 - 100 * n for n in range(1, 9)})

    monkeypatch.setattr("xiangyue.duties.facts.follow", weigh)
    run(cast, worst_percent=25)
    worst = Duty.objects.filter(layer="committee").values_list("target__code", flat=True)
    assert sorted(worst) == [cast.household(7).code, cast.household(8).code]


def test_the_last_closed_month_says_who_is_worst(cast: Cast) -> None:
    closing = closing_of(cast, True)
    standing = Standing.objects.create(
        closing=closing, composite="household_month", name="农户", level="household", digest="", n_subjects=8, n_rated=7
    )
    Result.objects.bulk_create(
        Result(standing=standing, subject=cast.household(n), result=None if n == 8 else 9000 - 100 * n)
        for n in range(1, 9)
    )
    weighing = Weighing(cast.places[WILLOW].path, "household", TODAY)
    follow("duties_weighing", weighing)
    assert weighing.results == {cast.household(n).pk: 9000 - 100 * n for n in range(1, 8)}
    elsewhere = Weighing(cast.places[PEACH].path, "household", TODAY)
    follow("duties_weighing", elsewhere)
    assert elsewhere.results == {}


def test_a_family_that_leaves_moves_nobody(cast: Cast) -> None:
    run(cast)
    set_household_state(None, cast.household(2), HouseholdState.State.AWAY, on=TODAY)
    assert run(cast) is None


def test_teams_and_later_duties_stay_as_they_are(cast: Cast) -> None:
    Duty.objects.filter(target=cast.household(1)).update(team="一排")
    Duty.objects.filter(target=cast.household(2)).update(from_on=TODAY + timedelta(days=9))
    draft = draft_assignment(cast.places[WILLOW], BOTH, TODAY)
    assert draft.set_aside == 2
    assert not {give.target.code for give in draft.gives} & {cast.household(1).code, cast.household(2).code}


def test_leaders_and_departments_are_shared_out(cast: Cast) -> None:
    county = cast.places[COUNTY]
    row = assign_by_rule(None, county, ["county_leaders", "township_leaders", "departments"], today=TODAY)
    assert row is not None
    found = {one.code: one for one in coverage_of(county.path, TODAY)}
    assert found["county_leaders"].gaps == found["departments"].gaps == 0
    assert found["township_leaders"].gaps == 1, "no leader has a post in the other township"
    assert found["departments"].bearers == 2
    assert row.n_left == 1
    assert assign_by_rule(None, county, ["county_leaders", "township_leaders", "departments"], today=TODAY) is None


@pytest.mark.parametrize("place", [WILLOW, TOWN, COUNTY])
def test_undo_puts_everything_back(cast: Cast, place: str) -> None:
    Duty.objects.filter(target=cast.household(3)).update(from_on=TODAY)
    Duty.objects.filter(target=cast.household(4)).update(person=cast.people["P07"])
    before = all_duties()
    row = run(cast, place, worst_percent=50)
    assert row is not None
    assert all_duties() != before
    undo_assignment(None, row, today=day_done(row))
    assert [line[1:] for line in all_duties()] == [line[1:] for line in sorted(before)] or {
        line[1:] for line in all_duties()
    } == {line[1:] for line in before}
    with refused("duty_undone"):
        undo_assignment(None, row, today=day_done(row))


def day_done(row: Assignment) -> Any:
    """The day on which the assignment was done, by the clock."""
    from django.utils import timezone

    return timezone.localdate(row.done_at)


def test_undo_is_refused_on_another_day_or_after_a_change(cast: Cast) -> None:
    row = run(cast, PEACH)
    assert row is not None
    with refused("duty_undo_late"):
        undo_assignment(None, row, today=day_done(row) + timedelta(days=1))
    first = Duty.objects.filter(assignment=row).first()
    assert first is not None
    Duty.objects.filter(pk=first.pk).update(to_on=TODAY)
    with refused("duty_undo_late"):
        undo_assignment(None, row, today=day_done(row))
    assert end_assignment(None, row, TODAY) == 5
    assert not Duty.objects.live(TODAY + timedelta(days=1)).filter(assignment=row).exists()


def test_what_was_looked_at_is_what_is_done(cast: Cast) -> None:
    place = cast.places[WILLOW]
    draft = draft_assignment(place, BOTH, TODAY)
    Duty.objects.filter(target=cast.household(8)).delete()
    before = all_duties()
    with refused("duty_plan_changed"):
        assign_by_rule(None, place, BOTH, today=TODAY, digest=draft.digest)
    assert all_duties() == before


@pytest.mark.parametrize(
    ("who", "place", "layers", "problem"),
    [
        ("township_office", TOWN, ["departments"], ""),
        ("village_office", WILLOW, ["township_leaders"], "duty_above"),
        ("village_office", PEACH, ["members"], "duty_above"),
        ("township_office", TOWN, ["county_leaders"], "duty_above"),
    ],
)
def test_nobody_chooses_their_own_overseer(cast: Cast, who: str, place: str, layers: list[str], problem: str) -> None:
    scope = scope_of(cast.users[who], TODAY)
    if not problem:
        cast.organisations["D01"].place = cast.places[TOWN]
        cast.organisations["D01"].save()
    for person in ("P01", "P03"):
        cast.people[person].posts.update(place=cast.places[place])
    if problem:
        with refused(problem):
            assign_by_rule(None, cast.places[place], layers, today=TODAY, scope=scope)
        assert not Assignment.objects.exists()
    else:
        assert assign_by_rule(None, cast.places[place], layers, today=TODAY, scope=scope) is not None


def test_what_nobody_can_be_given_is_refused_in_words(cast: Cast) -> None:
    place = cast.places[WILLOW]
    for layers, problem in ((["own_duty"], "duty_households_own"), (["nothing"], "duty_no_layer"),
                            (["county_leaders"], "duty_target_level"),
                            (["departments"], "duty_no_bearers")):  # fmt: skip
        with refused(problem):
            draft_assignment(place, layers, TODAY)
