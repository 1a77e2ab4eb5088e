"""Coverage and load: every layer, gaps counted and named, away and empty households apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import BEGIN, COUNTY, NOW, PEACH, TODAY, TOWN, WILLOW, Cast
from xiangyue.agreements.models import SchemeVersion
from xiangyue.duties.coverage import LayerCoverage, coverage_by, coverage_of, gaps_in
from xiangyue.duties.layers import group_of, layer_on, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.reading import bearers_of, targets_of
from xiangyue.places.actions.tree import set_household_state
from xiangyue.places.models import HouseholdState
from xiangyue.rules import duty as rule

pytestmark = pytest.mark.django_db


def covers(cast: Cast, code: str, day: date = TODAY) -> dict[str, LayerCoverage]:
    """Layer code → coverage at a place of the cast."""
    return {row.code: row for row in coverage_of(cast.places[code].path, day)}


def test_layers_that_exclude_each_other_are_covered_together(cast: Cast) -> None:
    found = covers(cast, WILLOW)
    members, committee = found["members"], found["committee"]
    assert (members.targets, members.covered, members.gaps, members.borne, members.bearers) == (8, 8, 0, 7, 2)
    assert (committee.targets, committee.covered, committee.borne) == (8, 8, 1)
    assert members.mark == committee.mark
    assert (members.load_min, members.load_median, members.load_max) == (3, 3, 4)


def test_a_townships_own_duties_are_borne_by_somebody(cast: Cast) -> None:
    whole, village = covers(cast, TOWN)["members"], covers(cast, WILLOW)["members"]
    assert whole.bearers > 0
    SchemeVersion.objects.filter(code="linjiang").update(ground=cast.places[TOWN])
    Duty.objects.filter(target__path__startswith=cast.places[TOWN].path).update(ground=cast.places[TOWN])
    assert covers(cast, TOWN)["members"] == whole
    assert covers(cast, WILLOW)["members"] == village


def test_gaps_are_counted_on_every_level(cast: Cast) -> None:
    assert covers(cast, COUNTY)["members"].gaps == 6
    assert covers(cast, COUNTY)["county_leaders"].gaps == 2
    assert covers(cast, COUNTY)["departments"].gaps == 3  # the community is no target of this layer
    assert "county_leaders" not in covers(cast, WILLOW)
    assert coverage_of("nowhere/", TODAY) == ()


def test_what_households_bear_themselves_is_derived(cast: Cast) -> None:
    own = covers(cast, COUNTY)["own_duty"]
    assert (own.derived, own.targets, own.covered, own.gaps) == (True, 14, 14, 0)


def test_away_and_empty_households_stand_apart(cast: Cast) -> None:
    for number, state in ((1, HouseholdState.State.AWAY), (8, HouseholdState.State.EMPTY)):
        set_household_state(None, cast.household(number), state, on=TODAY)
    set_household_state(None, cast.household(2), HouseholdState.State.HELP, on=TODAY)
    row = covers(cast, WILLOW)["members"]
    assert (row.targets, row.covered, row.apart) == (6, 6, 2)
    assert covers(cast, WILLOW)["own_duty"].targets == 6
    before = covers(cast, WILLOW, date(2026, 11, 20))["members"]
    assert (before.targets, before.apart) == (8, 0)


def test_it_is_what_the_rule_says(cast: Cast) -> None:
    """Rule 12 over the same facts gives the same figures."""
    Duty.objects.filter(target=cast.household(3)).update(to_on=date(2026, 11, 20))
    set_household_state(None, cast.household(4), HouseholdState.State.AWAY, on=TODAY)
    covered = set(Duty.objects.live(TODAY).values_list("target__code", flat=True))
    states = dict.fromkeys((cast.household(n).code for n in range(1, 9)), "living")
    states[cast.household(4).code] = "away"
    told = rule.coverage(states.items(), covered)
    row = covers(cast, WILLOW)["members"]
    assert (row.targets, row.covered, row.apart) == (told.targets, told.covered, told.apart)
    layers = layers_on(cast.places[WILLOW], TODAY)
    group = group_of(layers, layer_on(cast.places[WILLOW], TODAY, "members"))
    assert tuple(gaps_in(cast.places[WILLOW].path, TODAY, group).values_list("code", flat=True)) == told.gaps


def test_both_dates_are_inside(cast: Cast) -> None:
    Duty.objects.filter(target=cast.household(1)).update(from_on=date(2026, 3, 2), to_on=date(2026, 3, 5))
    gaps = {day: covers(cast, WILLOW, date(2026, 3, day))["members"].gaps for day in range(1, 7)}
    assert gaps == {1: 1, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1}


def test_by_village(cast: Cast) -> None:
    town = cast.places[TOWN]
    group = group_of(layers_on(town, TODAY), layer_on(town, TODAY, "members"))
    found = coverage_by(town.path, TODAY, group, "village")
    assert {pk: (count.targets, count.gaps) for pk, count in found.items()} == {
        cast.places[WILLOW].pk: (8, 0),
        cast.places[PEACH].pk: (6, 6),
    }


def test_fewer_bearers_than_the_scheme_wants_are_told(cast: Cast) -> None:
    Duty.objects.create(ground=cast.places[COUNTY], scheme="linjiang", layer="county_leaders", from_on=BEGIN,
                        person=cast.people["P01"], target=cast.places[TOWN], created_at=NOW)  # fmt: skip
    row = covers(cast, COUNTY)["county_leaders"]
    assert (row.covered, row.short, row.gaps) == (1, 1, 1)


def test_a_layer_for_some_places_alone_has_no_gaps(cast: Cast) -> None:
    """A model route: whoever is not on it is not missing."""
    place = cast.places[COUNTY]
    Duty.objects.create(ground=place, scheme="linjiang", layer="county_leaders", from_on=BEGIN,
                        person=cast.people["P01"], target=cast.places[TOWN], created_at=NOW)  # fmt: skip
    one = layer_on(place, TODAY, "county_leaders")
    assert one is not None
    assert (coverage_by(place.path, TODAY, (one,))[0].targets, gaps_in(place.path, TODAY, (one,)).count()) == (2, 1)
    some = replace(one, layer=replace(one.layer, partial=True))
    count = coverage_by(place.path, TODAY, (some,))[0]
    assert (count.targets, count.covered, count.gaps, count.apart) == (1, 1, 0, 0)
    assert not gaps_in(place.path, TODAY, (some,)).exists()


def test_over_the_limit(cast: Cast) -> None:
    for number in range(1, 7):
        Duty.objects.create(ground=cast.places[COUNTY], scheme="linjiang", layer="township_leaders", from_on=BEGIN,
                            person=cast.people["P03"], target=cast.household(number, PEACH),
                            created_at=NOW)  # fmt: skip
    row = covers(cast, COUNTY)["township_leaders"]
    assert (row.over_limit, row.limit, row.load_max) == (1, 3, 6)


def test_the_load_counts_what_a_bearer_has_elsewhere(cast: Cast) -> None:
    for code in (WILLOW, PEACH):
        Duty.objects.create(ground=cast.places[COUNTY], scheme="linjiang", layer="departments", from_on=BEGIN,
                            organisation=cast.organisations["D01"], target=cast.places[code],
                            created_at=NOW)  # fmt: skip
    assert covers(cast, WILLOW)["departments"].load_max == 2


def test_who_bears_and_what_a_person_bears(cast: Cast) -> None:
    home, other = cast.household(1), cast.household(5)
    Duty.objects.filter(target=other).update(stand_in=cast.people["P06"], stand_in_from=TODAY, stand_in_to=TODAY)
    found = bearers_of([home.pk, other.pk, cast.household(1, PEACH).pk], TODAY)
    assert {key: [bearer.name for bearer in those] for key, those in found.items()} == {
        home.pk: ["己党员"], other.pk: ["庚党员"],
    }  # fmt: skip
    assert found[other.pk][0].stand_in_id == cast.people["P06"].pk
    mine = targets_of(cast.people["P06"].pk, TODAY, ["members"])
    assert [(row.code[-1], row.stands_in) for row in mine] == [
        ("1", False), ("2", False), ("3", False), ("4", False), ("5", True),
    ]  # fmt: skip
    assert len(targets_of(cast.people["P06"].pk, date(2026, 11, 20))) == 4
