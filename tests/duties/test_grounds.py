"""A duty lies on the ground that its scheme is in force on: the county's, or that of a township with a scheme of its own."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from tests.cast import COUNTY, TODAY, TOWN, Cast
from tests.duties.visiting import went
from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.checks.models import Kind
from xiangyue.duties.actions.passing import hand_over
from xiangyue.duties.actions.single import Terms, assign
from xiangyue.duties.coverage import loads_of
from xiangyue.duties.layers import layer_on
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Visit
from xiangyue.duties.visits.keeping import duties_at, facts_of
from xiangyue.papers.lines import codes_for, offers_for
from xiangyue.rules.days import parse_period
from xiangyue.standings.burden import account

pytestmark = pytest.mark.django_db
MONTH = parse_period(f"{TODAY:%Y-%m}")


def moved() -> None:
    """What the migration does."""
    module = import_module("xiangyue.duties.migrations.0008_ground_of_the_scheme")
    module.move(None, SimpleNamespace(connection=connection))


@pytest.fixture
def town(cast: Cast) -> Cast:
    """The township governs itself inside its county: its scheme is its own, and what was kept under the county is moved."""
    SchemeVersion.objects.filter(code="linjiang").update(ground=cast.places[TOWN])
    Kind.objects.update(ground=cast.places[TOWN])
    went(cast, 1, layer="members")
    Visit.objects.update(ground=cast.places[COUNTY])
    moved()
    return cast


def given(cast: Cast, number: int = 2) -> Duty:
    """A household's duty of P06 ended the day before, and given to P07 by an act."""
    Duty.objects.filter(target=cast.household(number)).update(to_on=date.fromordinal(TODAY.toordinal() - 1))
    return assign(cast.users["village_office"], cast.household(number), "members", cast.people["P07"], Terms(TODAY))


def test_what_was_kept_under_the_county_is_moved(town: Cast) -> None:
    assert set(Duty.objects.values_list("ground", flat=True)) == {town.places[TOWN].pk}
    assert Visit.objects.get().ground == town.places[TOWN]


def test_nothing_is_moved_where_the_county_governs(cast: Cast) -> None:
    moved()
    assert set(Duty.objects.values_list("ground", flat=True)) == {cast.places[COUNTY].pk}


def test_what_acts_give_and_pass_on_lies_where_the_rest_does(town: Cast) -> None:
    assert given(town).ground == town.places[TOWN]
    hand_over(None, town.people["P07"], [town.people["P06"]], TODAY, reason="外出")
    assert set(Duty.objects.values_list("ground", flat=True)) == {town.places[TOWN].pk}
    went(town, 3, layer="members")
    assert set(Visit.objects.values_list("ground", flat=True)) == {town.places[TOWN].pk}


def test_it_counts_wherever_duties_are_counted(town: Cast) -> None:
    given(town)
    person, place = town.people["P07"], town.places[TOWN]
    one = layer_on(place, TODAY, "members")
    assert one.ground_id == place.pk
    assert {load.person_id: load.n for load in loads_of(place, TODAY, [one])}[person.pk] == 4
    offer = next(one for one in offers_for(person, TODAY, TODAY) if one.form == "round")
    assert town.household(2).code in codes_for(offer, person, TODAY, TODAY)
    scheme = scheme_of(SchemeVersion.objects.get(code="linjiang"))
    assert account(place, scheme, MONTH).planned
    went(town, 2, layer="members", who="village_office", person="P07")
    facts = facts_of(one, duties_at(one, place.path), MONTH.starts_on, MONTH.ends_on)
    seen = {came.target for visits in facts.visits.values() for came in visits}
    assert seen == {str(town.household(1).pk), str(town.household(2).pk)}
