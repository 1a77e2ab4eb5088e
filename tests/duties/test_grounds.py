"""A duty lies on the ground that its scheme is in force on: the county's, or that of a township with a scheme of its own."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import COUNTY, NOW, TODAY, TOWN, Cast
from tests.duties.rows import governs_itself, keep_by_scheme
from tests.duties.visiting import went
from xiangyue.agreements.in_force import digest_of, scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.duties.actions.passing import hand_over
from xiangyue.duties.actions.single import Terms, assign
from xiangyue.duties.coverage import loads_of
from xiangyue.duties.layers import layer_on
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Visit
from xiangyue.duties.visits.keeping import duties_at, facts_of
from xiangyue.field.offline_day import offline_day
from xiangyue.papers.lines import codes_for, offers_for
from xiangyue.people.grants import scope_of
from xiangyue.rules.days import parse_period
from xiangyue.standings.burden import account

pytestmark = pytest.mark.django_db
MONTH = parse_period(f"{TODAY:%Y-%m}")


@pytest.fixture
def town(cast: Cast) -> Cast:
    """The township governs itself inside its county: its scheme is its own, and what was kept under the county is moved."""
    went(cast, 1, layer="members")
    governs_itself(cast)
    return cast


def given(cast: Cast, number: int = 2) -> Duty:
    """A household's duty of P06 ended the day before, and given to P07 by an act."""
    Duty.objects.filter(target=cast.household(number)).update(to_on=date.fromordinal(TODAY.toordinal() - 1))
    return assign(cast.users["village_office"], cast.household(number), "members", cast.people["P07"], Terms(TODAY))


def test_what_was_kept_under_the_county_is_moved(town: Cast) -> None:
    assert set(Duty.objects.values_list("ground", flat=True)) == {town.places[TOWN].pk}
    assert Visit.objects.get().ground == town.places[TOWN]


def test_nothing_is_moved_where_the_county_governs(cast: Cast) -> None:
    keep_by_scheme()
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


def test_a_place_on_layers_of_both_grounds_has_both_on_the_phone(cast: Cast) -> None:
    county = SchemeVersion.objects.get(code="linjiang")
    text = county.text.replace('code = "linjiang"', 'code = "own"', 1).replace('"members"', '"own_members"')
    SchemeVersion.objects.create(
        ground=cast.places[TOWN], code="own", version=1, name="本镇办法", text=text, digest=digest_of(text),
        state=SchemeVersion.State.PUBLISHED, from_on=county.from_on, created_at=NOW, published_at=NOW,
    )  # fmt: skip
    assign(None, cast.household(2), "own_members", cast.people["P06"], Terms(TODAY), scheme="own")
    document = offline_day(scope_of(cast.users["bearer"]), cast.people["P06"], TODAY).as_json()
    assert document["places"][cast.household(2).code]["layers"] == ["linjiang/members", "own/own_members"]
